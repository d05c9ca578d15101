use super::*;
use crate::i18n::Lang;
use jiff::civil::date;
use karton_api::{Currency, FactValue, Money};
use proptest::prelude::*;

fn words() -> Words {
    Words::of(Lang::CNR)
}
fn ctx(words: &Words) -> Ctx<'_> {
    Ctx {
        today: date(2025, 3, 10),
        words,
    }
}
fn field(id: &str, kind: Kind) -> Field {
    Field::new(id, Say::raw(id), kind)
}
fn choices(list: &[(&str, &str)]) -> std::sync::Arc<[Choice]> {
    list.iter().map(|(c, l)| Choice::new(*c, Say::raw(*l))).collect()
}
fn visit() -> Form {
    let money = Kind::Money {
        currency: Currency::EUR,
        places: 2,
    };
    Form::new(vec![
        Page {
            id: "a".into(),
            title: Say::Nothing,
            fields: vec![
                field(
                    "jmbg",
                    Kind::Digits {
                        len: 13,
                        check: Some(check::Check::Jmbg),
                        mask: "",
                    },
                )
                .required(),
                field("born", Kind::Date { past: true }),
                field(
                    "pay",
                    Kind::Code(choices(&[
                        ("bank", "Banka"),
                        ("post", "Pošta"),
                        ("cash", "Blagajna"),
                    ])),
                ),
            ],
        },
        Page {
            id: "b".into(),
            title: Say::Nothing,
            fields: vec![
                field("income", money),
                field("works", Kind::Bool),
                field("born", Kind::Date { past: true }),
            ],
        },
    ])
}
fn press(form: &mut Form, keys: &str, ctx: &Ctx<'_>) -> Did {
    let mut did = Did::Ignored;
    for chord in crate::app::keymap::chords(keys) {
        did = form.key(chord, ctx);
    }
    did
}

#[test]
fn a_full_field_moves_on_and_enter_does_too() {
    let (w, mut form) = (words(), visit());
    let ctx = ctx(&w);
    press(&mut form, "1506990205137", &ctx);
    assert_eq!(form.current().unwrap().id, "born");
    press(&mut form, "150690<Enter>", &ctx);
    assert_eq!(form.find("a", "born").unwrap().text(), "15.06.1990");
    press(&mut form, "poš<Enter>", &ctx);
    assert_eq!(form.find("a", "pay").unwrap().text(), "post");
    assert_eq!((form.page(), form.current().unwrap().id.as_str()), (1, "income"));
    press(&mut form, "89,84*2<Enter>d", &ctx);
    assert_eq!(
        form.find("b", "income").unwrap().value(&ctx),
        Ok(Some(FactValue::Money(Money::new(17_968, Currency::EUR))))
    );
    assert_eq!(form.find("b", "works").unwrap().text(), "true");
    assert_eq!(press(&mut form, "<Enter>", &ctx), Did::Finished);
}

#[test]
fn a_wrong_answer_is_said_at_its_field_and_never_blocks() {
    let (w, mut form) = (words(), visit());
    let ctx = ctx(&w);
    press(&mut form, "1506990205138", &ctx);
    assert_eq!(
        form.find("a", "jmbg").unwrap().error(),
        &Say::key("error-check-digit")
    );
    press(&mut form, "31.02.<Tab>", &ctx);
    assert_eq!(
        form.find("a", "born").unwrap().error(),
        &Say::key("error-no-such-day")
    );
    assert_eq!(form.current().unwrap().id, "pay");
    assert_eq!(form.check(&ctx), Err(Say::key("error-check-digit")));
    assert_eq!(form.current().unwrap().id, "jmbg");
    assert!(matches!(press(&mut form, "x", &ctx), Did::Refused(_)));
}

#[test]
fn an_answer_is_repeated_and_taken_back() {
    let (w, mut form) = (words(), visit());
    let ctx = ctx(&w);
    press(&mut form, "<Tab>t<Tab><PageDown><Tab><Tab><F6>", &ctx);
    assert_eq!(form.find("b", "born").unwrap().text(), "10.03.2025");
    press(&mut form, "<C-z>", &ctx);
    assert_eq!(form.find("b", "born").unwrap().text(), "");
    press(&mut form, "<C-z>", &ctx);
    assert_eq!(form.find("a", "born").unwrap().text(), "");
    assert_eq!(
        press(&mut form, "<C-z>", &ctx),
        Did::Refused(Say::key("error-nothing-to-undo"))
    );
}

#[test]
fn a_required_field_is_asked_for_and_the_servers_word_goes_to_its_field() {
    let (w, mut form) = (words(), visit());
    let ctx = ctx(&w);
    press(&mut form, "<PageDown>", &ctx);
    assert_eq!(form.check(&ctx), Err(Say::key("error-required")));
    assert_eq!((form.page(), form.field_index()), (0, 0));
    assert!(form.fault("b", "works", Say::raw("ne može")));
    assert_eq!((form.page(), form.field_index(), form.errors_on(1)), (1, 1, 1));
    assert!(!form.fault("b", "nowhere", Say::Nothing));
}

#[test]
fn a_table_is_typed_line_by_line_and_none_is_an_answer() {
    let w = words();
    let ctx = ctx(&w);
    let columns: std::sync::Arc<[Column]> = vec![
        Column {
            id: "month".into(),
            label: Say::raw("Mjesec"),
            kind: Kind::Date { past: true },
        },
        Column {
            id: "net".into(),
            label: Say::raw("Neto"),
            kind: Kind::Money {
                currency: Currency::EUR,
                places: 2,
            },
        },
    ]
    .into();
    let mut income = field("income", Kind::Rows(columns));
    assert_eq!(income.value(&ctx), Ok(None));
    let mut editor = RowsEditor::open(&income).unwrap();
    for chord in crate::app::keymap::chords("0102<Enter>450,5<Enter>0103<Enter>10+20<Enter>") {
        assert!(matches!(editor.key(chord, &ctx), RowsDid::Form(_)));
    }
    let RowsDid::Done(rows) = editor.key(Chord::of(Key::F(10)), &ctx) else {
        panic!("not done")
    };
    assert_eq!(rows, [["01.02.2025", "450,50"], ["01.03.2025", "30,00"]]);
    let mut hurried = RowsEditor::open(&income).unwrap();
    for chord in crate::app::keymap::chords("31.02.2025") {
        assert!(matches!(hurried.key(chord, &ctx), RowsDid::Form(_)));
    }
    let left = hurried.key(Chord::of(Key::Enter), &ctx);
    assert!(
        matches!(&left, RowsDid::Wrong(says) if w.say(says).starts_with("Mjesec: ")),
        "{left:?}"
    );
    income.put_rows(rows);
    let Ok(Some(FactValue::Rows(records))) = income.value(&ctx) else {
        panic!("no rows")
    };
    assert_eq!(
        records[1]["net"],
        FactValue::Money(Money::new(3_000, Currency::EUR))
    );
    let looked_into = field("income", income.kind.clone());
    let mut form = Form::single(vec![looked_into]);
    form.put_rows(Vec::new());
    assert_eq!(form.current().unwrap().value(&ctx), Ok(None), "opened and closed");
    let mut form = Form::single(vec![income]);
    press(&mut form, "0", &ctx);
    assert_eq!(
        form.current().unwrap().value(&ctx),
        Ok(Some(FactValue::Rows(vec![])))
    );
}

#[test]
fn a_draft_gives_everything_back() {
    let (w, mut form) = (words(), visit());
    let ctx = ctx(&w);
    press(&mut form, "15069<Tab>150690<Tab>banka<PageDown>12", &ctx);
    let kept: BTreeMap<String, Kept> =
        serde_json::from_str(&serde_json::to_string(&form.kept()).unwrap()).unwrap();
    let mut again = visit();
    again.restore(&kept);
    assert_eq!(again.kept(), form.kept());
    assert_eq!(again.find("b", "income").unwrap().text(), "12");
}

fn any_key() -> impl Strategy<Value = Chord> {
    prop_oneof![
        8 => any::<char>().prop_map(|c| Chord::of(Key::Char(c))),
        8 => prop::sample::select("0123456789dnt+,.-".chars().collect::<Vec<_>>()).prop_map(|c| Chord::of(Key::Char(c))),
        6 => prop::sample::select(vec![
            Key::Tab, Key::BackTab, Key::Enter, Key::Left, Key::Right, Key::Home, Key::End, Key::Backspace, Key::Delete,
            Key::PageUp, Key::PageDown, Key::F(4), Key::F(6), Key::Up, Key::Down
        ]).prop_map(Chord::of),
        1 => Just(Chord::ctrl('z')),
    ]
}

proptest! {
    #[test]
    fn whatever_is_pressed_the_cursor_stays_in_a_field(keys in prop::collection::vec(any_key(), 0..120)) {
        let (w, mut form) = (words(), visit());
        let ctx = ctx(&w);
        for key in keys {
            form.key(key, &ctx);
            prop_assert!(form.current().is_some());
            let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 60, 8));
            let area = buffer.area;
            let cursor = view::draw(&form, &mut buffer, area, &ctx, crate::theme::Theme::default());
            prop_assert!(cursor.is_some_and(|c| area.contains(c)));
        }
    }
    #[test]
    fn taking_everything_back_gives_the_empty_form(keys in prop::collection::vec(any_key(), 0..60)) {
        let (w, mut form) = (words(), visit());
        let ctx = ctx(&w);
        for key in keys {
            form.key(key, &ctx);
        }
        while form.key(Chord::ctrl('z'), &ctx) == Did::Changed {}
        prop_assert_eq!(form.kept(), visit().kept());
    }
    #[test]
    fn typing_in_a_text_field_loses_nothing(text in "[a-zčćžšđA-Z љњ]{1,30}") {
        let w = words();
        let ctx = ctx(&w);
        let mut form = Form::single(vec![field("name", Kind::Text { max: 60 })]);
        for c in text.chars() {
            form.key(Chord::of(Key::Char(c)), &ctx);
        }
        prop_assert_eq!(form.current().unwrap().text(), text);
    }
}
