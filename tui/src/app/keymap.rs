//! Everything that can be done, once: the footer, the menu (F9), the palette (F2, Ctrl-P), the help (F1) and the keys
//! themselves all read this list, so that none of them says what another does not.

use crate::term::{
    Chord, Key,
    keys::{Cyrillic, means},
};

/// Something a clerk can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is described by its words, `act-…` in words/")]
pub enum Act {
    Help,
    Palette,
    Menu,
    Back,
    Open,
    List,
    Refresh,
    Repeat,
    Undo,
    Previous,
    Next,
    Submit,
    /// F10 where nothing is sent: it is only worked out.
    Reckon,
    Home,
    Find,
    Register,
    Apply,
    Complete,
    Dossier,
    Join,
    Change,
    Household,
    Facts,
    Applications,
    Timeline,
    Panel,
    Why,
    Evidence,
    Tell,
    /// How a matter runs.
    Course,
    /// A step that was done.
    Reopen,
    Assess,
    Recommend,
    Decide,
    Return,
    Withdraw,
    Dismiss,
    HandIn,
    Receipt,
    Mark,
    Phone,
    WhatIf,
    /// Cross-checks that ask for a look.
    Signals,
    Beside,
    Then,
    /// Look into the country's classifier.
    Classifier,
    /// Employers and providers.
    Organisations,
    NewOrganisation,
    /// Choose the provider who is paid.
    Provider,
    Replace,
    Record,
    Letter,
    SecondLetter,
    /// A running matter to the version of the pack that is in force.
    MoveVersion,
    SavePdf,
    Documents,
    FileDocument,
    FindDocuments,
    SaveFile,
    NewVersion,
    CorrectDocument,
    Deliver,
    DeliverOther,
    Slip,
    Correct,
    Annul,
    Amend,
    DecideMore,
    RecommendMore,
    Many,
    Deputies,
    HandOver,
    Doubles,
    Merges,
    Transfers,
    Judge,
    ProposeMerge,
    Agree,
    Refuse,
    UndoMerge,
    Take,
    Mine,
    Office,
    Overdue,
    Drafts,
    Cases,
    ReportCase,
    WriteDown,
    CorrectNote,
    EndStanding,
    Discard,
    AdminNew,
    AdminReset,
    AdminSwitch,
    AdminRelatives,
    AdminTakeBack,
    AdminRetry,
    AdminAccept,
    AdminWithdraw,
    AdminReport,
    AdminPropose,
    AdminActivate,
    Imports,
    Language,
    SwitchOfficer,
    SwitchOffice,
    Profile,
    Password,
    Lock,
    SignOut,
    Quit,
}

/// How an action is reached.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// What it does.
    pub act: Act,
    /// Its words.
    pub words: &'static str,
    /// The key that works everywhere, also while typing.
    pub chord: Option<Chord>,
    /// The letter that works where nothing is being typed, on Latin and Cyrillic layouts.
    pub letter: Option<char>,
}

const fn f(act: Act, words: &'static str, n: u8) -> Action {
    Action {
        act,
        words,
        chord: Some(Chord::of(Key::F(n))),
        letter: None,
    }
}
const fn letter(act: Act, words: &'static str, letter: char) -> Action {
    Action {
        act,
        words,
        chord: None,
        letter: Some(letter),
    }
}
const fn both(act: Act, words: &'static str, ctrl: char, letter: char) -> Action {
    Action {
        act,
        words,
        chord: Some(Chord::ctrl(ctrl)),
        letter: Some(letter),
    }
}
const fn named(act: Act, words: &'static str) -> Action {
    Action {
        act,
        words,
        chord: None,
        letter: None,
    }
}

/// The registry.
pub static ACTIONS: &[Action] = &[
    f(Act::Help, "act-help", 1),
    f(Act::Palette, "act-palette", 2),
    Action {
        act: Act::Open,
        words: "act-open",
        chord: Some(Chord::of(Key::Enter)),
        letter: None,
    },
    f(Act::Submit, "act-submit", 10),
    f(Act::Reckon, "act-reckon", 10),
    f(Act::List, "act-list", 4),
    f(Act::Refresh, "act-refresh", 5),
    f(Act::Repeat, "act-repeat", 6),
    Action {
        act: Act::Undo,
        words: "act-undo",
        chord: Some(Chord::ctrl('z')),
        letter: None,
    },
    f(Act::Previous, "act-previous", 7),
    f(Act::Next, "act-next", 8),
    letter(Act::Find, "act-find", 'f'),
    Action {
        act: Act::Register,
        words: "act-register",
        chord: Some(Chord::of(Key::F(10))),
        letter: Some('n'),
    },
    letter(Act::Apply, "act-apply", 'a'),
    letter(Act::Complete, "act-complete", 'q'),
    letter(Act::Dossier, "act-dossier", 'd'),
    both(Act::Join, "act-join", 'n', 'j'),
    letter(Act::Change, "act-change", '*'),
    letter(Act::Household, "act-household", 'h'),
    letter(Act::Facts, "act-facts", 'c'),
    letter(Act::Applications, "act-applications", 'z'),
    letter(Act::Timeline, "act-timeline", 't'),
    f(Act::Panel, "act-panel", 3),
    both(Act::Why, "act-why", 'r', 'w'),
    letter(Act::Evidence, "act-evidence", 'e'),
    letter(Act::Tell, "act-tell", '&'),
    letter(Act::Course, "act-course", '<'),
    letter(Act::Reopen, "act-reopen", 'r'),
    letter(Act::Assess, "act-assess", 's'),
    letter(Act::Recommend, "act-recommend", 'r'),
    letter(Act::Decide, "act-decide", 'o'),
    letter(Act::Return, "act-return", 'v'),
    letter(Act::Withdraw, "act-withdraw", '-'),
    letter(Act::Dismiss, "act-dismiss", '!'),
    Action {
        act: Act::HandIn,
        words: "act-hand-in",
        chord: Some(Chord::ctrl('o')),
        letter: None,
    },
    letter(Act::Receipt, "act-receipt", '#'),
    Action {
        act: Act::Phone,
        words: "act-phone",
        chord: Some(Chord::ctrl('k')),
        letter: None,
    },
    letter(Act::WhatIf, "act-what-if", '$'),
    letter(Act::Signals, "act-signals", '\''),
    letter(Act::Beside, "act-beside", '@'),
    letter(Act::Then, "act-then", '"'),
    letter(Act::Classifier, "act-classifier", '^'),
    letter(Act::Organisations, "act-organisations", '"'),
    f(Act::NewOrganisation, "title-organisation-new", 10),
    named(Act::Provider, "act-provider"),
    Action {
        act: Act::Mark,
        words: "act-mark",
        chord: Some(Chord::of(Key::Insert)),
        letter: None,
    },
    Action {
        act: Act::Replace,
        words: "act-replace",
        chord: Some(Chord::of(Key::Enter)),
        letter: None,
    },
    letter(Act::Record, "act-record", '+'),
    letter(Act::Letter, "act-letter", 'l'),
    letter(Act::SecondLetter, "act-second-letter", '>'),
    named(Act::MoveVersion, "act-move-version"),
    letter(Act::SavePdf, "act-save-pdf", 'p'),
    letter(Act::Documents, "act-documents", '.'),
    letter(Act::FileDocument, "act-file-document", ','),
    letter(Act::FindDocuments, "act-find-documents", '/'),
    letter(Act::SaveFile, "act-save-file", '%'),
    letter(Act::NewVersion, "act-new-version", ':'),
    letter(Act::CorrectDocument, "act-correct-document", 'e'),
    letter(Act::Deliver, "act-deliver", 'y'),
    named(Act::DeliverOther, "act-deliver-other"),
    named(Act::Slip, "act-slip"),
    named(Act::Correct, "act-correct"),
    named(Act::Annul, "act-annul"),
    letter(Act::Amend, "act-amend", '_'),
    named(Act::DecideMore, "act-decide-more"),
    named(Act::RecommendMore, "act-recommend-more"),
    letter(Act::Many, "act-many", ';'),
    named(Act::Deputies, "act-deputies"),
    named(Act::HandOver, "act-hand-over"),
    letter(Act::Doubles, "act-doubles", '('),
    named(Act::Merges, "act-merges"),
    letter(Act::Transfers, "act-transfers", ')'),
    letter(Act::Judge, "act-judge", 'o'),
    letter(Act::ProposeMerge, "act-propose-merge", 's'),
    letter(Act::Agree, "act-agree", 'p'),
    letter(Act::Refuse, "act-refuse", 'v'),
    letter(Act::UndoMerge, "act-undo-merge", 'x'),
    letter(Act::Take, "act-take", 'u'),
    letter(Act::Mine, "act-mine", 'm'),
    letter(Act::Office, "act-office", 'i'),
    letter(Act::Overdue, "act-overdue", 'k'),
    letter(Act::Drafts, "act-drafts", 'b'),
    letter(Act::Cases, "act-cases", '='),
    letter(Act::ReportCase, "act-report-case", '?'),
    letter(Act::WriteDown, "act-write-down", '+'),
    letter(Act::CorrectNote, "act-correct-note", 'e'),
    letter(Act::EndStanding, "act-end-standing", 'x'),
    letter(Act::Discard, "act-discard", 'x'),
    letter(Act::AdminNew, "act-admin-new", 'n'),
    letter(Act::AdminReset, "act-admin-reset", 'r'),
    letter(Act::AdminSwitch, "act-admin-switch", 'x'),
    letter(Act::AdminRelatives, "act-admin-relatives", 'v'),
    f(Act::AdminTakeBack, "act-admin-take-back", 7),
    letter(Act::AdminRetry, "act-admin-retry", 'u'),
    letter(Act::AdminAccept, "act-admin-accept", 'o'),
    letter(Act::AdminWithdraw, "act-admin-withdraw", '-'),
    letter(Act::AdminReport, "act-admin-report", 'p'),
    letter(Act::AdminPropose, "act-admin-propose", 'a'),
    letter(Act::AdminActivate, "act-admin-activate", 'k'),
    named(Act::Imports, "act-imports"),
    Action {
        act: Act::Back,
        words: "act-back",
        chord: Some(Chord::of(Key::Esc)),
        letter: None,
    },
    f(Act::Menu, "act-menu", 9),
    f(Act::Home, "act-home", 12),
    f(Act::SwitchOfficer, "act-switch-officer", 11),
    named(Act::SwitchOffice, "act-switch-office"),
    named(Act::Profile, "act-profile"),
    letter(Act::Password, "act-password", 'g'),
    named(Act::Language, "act-language"),
    Action {
        act: Act::Lock,
        words: "act-lock",
        chord: Some(Chord::ctrl('l')),
        letter: None,
    },
    named(Act::SignOut, "act-sign-out"),
    Action {
        act: Act::Quit,
        words: "act-quit",
        chord: Some(Chord::ctrl('q')),
        letter: None,
    },
];

/// The entry of an action.
pub fn action(act: Act) -> &'static Action {
    ACTIONS.iter().find(|a| a.act == act).unwrap_or(&ACTIONS[0])
}

/// What a key means among the actions that are open now. Letters count only where nothing is being typed.
pub fn meaning(chord: Chord, open: &[Act], typing: bool, layout: Cyrillic) -> Option<Act> {
    let fits = |a: &&Action| {
        a.chord == Some(chord)
            || (a.act == Act::Palette && chord == Chord::ctrl('p'))
            || matches!((typing, chord.ctrl, chord.key, a.letter), (false, false, Key::Char(c), Some(l)) if means(c, l, layout))
    };
    open.iter().map(|act| action(*act)).find(fits).map(|a| a.act)
}

/// The key of an action, as the footer names it.
pub fn key_name(action: &Action, typing: bool) -> String {
    match (action.letter, action.chord) {
        (Some(letter), _) if !typing => letter.to_string(),
        (_, Some(chord)) => chord.to_string(),
        _ => String::new(),
    }
}

/// Keys as tests and documents write them: `abc<Enter><F10><C-z>`.
#[cfg(test)]
pub(crate) fn chords(text: &str) -> Vec<Chord> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some(end) = rest.find('>')
        {
            out.push(chord_named(&rest[1..end]));
            rest = &rest[end + 1..];
        } else {
            out.push(Chord::of(Key::Char(c)));
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}
#[cfg(test)]
fn chord_named(name: &str) -> Chord {
    if let Some(letter) = name.strip_prefix("C-") {
        return Chord::ctrl(letter.chars().next().unwrap());
    }
    if let Some(n) = name.strip_prefix('F').and_then(|n| n.parse().ok()) {
        return Chord::of(Key::F(n));
    }
    let keys = [
        Key::Enter,
        Key::Tab,
        Key::BackTab,
        Key::Esc,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::Home,
        Key::End,
        Key::PageUp,
        Key::PageDown,
        Key::Insert,
        Key::Delete,
        Key::Backspace,
    ];
    Chord::of(
        keys.into_iter()
            .find(|k| format!("{k:?}") == name)
            .unwrap_or_else(|| panic!("no key {name}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AltGr, Alt, the mouse and the chords that tmux, screen and terminals take are never needed.
    #[test]
    fn no_command_needs_a_key_that_others_take() {
        let taken = ['b', 'a', 's', 'c', 'd', 'w', 't', 'v'];
        for a in ACTIONS {
            if let Some(Chord {
                key: Key::Char(c),
                ctrl: true,
            }) = a.chord
            {
                assert!(!taken.contains(&c), "{:?}", a.act);
            }
        }
    }

    /// An administrator's desk has nothing of a clerk's on it, the desk of cases no facts, and where two cards are judged or a dossier changes
    /// hands no application: there the same letters are free again.
    fn desk(act: Act) -> u8 {
        if matches!(act, Act::WriteDown | Act::CorrectNote | Act::EndStanding) {
            return 2;
        }
        // Where it is told what stands beside an application no organisation is looked for.
        if act == Act::Then {
            return 5;
        }
        // Among the steps of a matter nothing is recommended.
        if act == Act::Reopen {
            return 6;
        }
        // Among documents nothing is asked of registers.
        if act == Act::CorrectDocument {
            return 4;
        }
        if matches!(
            act,
            Act::Judge | Act::ProposeMerge | Act::Agree | Act::Refuse | Act::UndoMerge
        ) {
            return 3;
        }
        u8::from(matches!(
            act,
            Act::AdminNew
                | Act::AdminReset
                | Act::AdminSwitch
                | Act::AdminRelatives
                | Act::AdminRetry
                | Act::AdminAccept
                | Act::AdminWithdraw
                | Act::AdminReport
                | Act::AdminPropose
                | Act::AdminActivate
        ))
    }

    #[test]
    fn every_action_stands_once_and_no_letter_twice_at_one_desk() {
        for (i, a) in ACTIONS.iter().enumerate() {
            assert!(!ACTIONS[..i].iter().any(|b| b.act == a.act), "{:?}", a.act);
            assert!(
                a.letter.is_none()
                    || !ACTIONS[..i]
                        .iter()
                        .any(|b| b.letter == a.letter && desk(b.act) == desk(a.act)),
                "{:?}",
                a.act
            );
        }
    }

    #[test]
    fn letters_mean_the_same_on_a_cyrillic_layout_and_nothing_while_typing() {
        let open = [Act::Find, Act::Register];
        assert_eq!(
            meaning(Chord::of(Key::Char('ф')), &open, false, Cyrillic::Serbian),
            Some(Act::Find)
        );
        // The key R writes к on ЙЦУКЕН; к on ЉЊЕРТ lies on K.
        let these = [Act::Recommend, Act::Overdue];
        let by = |layout| meaning(Chord::of(Key::Char('к')), &these, false, layout);
        assert_eq!(by(Cyrillic::Ukrainian), Some(Act::Recommend));
        assert_eq!(by(Cyrillic::Serbian), Some(Act::Overdue));
        assert_eq!(
            meaning(Chord::of(Key::Char('N')), &open, false, Cyrillic::Serbian),
            Some(Act::Register)
        );
        assert_eq!(
            meaning(Chord::of(Key::Char('n')), &open, true, Cyrillic::Serbian),
            None
        );
        assert_eq!(
            meaning(Chord::ctrl('p'), &[Act::Palette], true, Cyrillic::Serbian),
            Some(Act::Palette)
        );
    }
}
