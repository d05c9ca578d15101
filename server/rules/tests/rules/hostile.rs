//! Packs that mean harm, or whose author's cat walked over the keyboard: what does not end is stopped, at load or by a bound, and says so;
//! nothing runs out of stack or memory, and no byte anywhere makes the loader panic.

use crate::{common::files, fixtures::countries};
use karton_rules::{Input, Pack, assess::assess, show};
use std::{collections::BTreeMap, fmt::Write, sync::LazyLock, thread};

type Files = BTreeMap<String, String>;

const AID: &str = "catalogue/aid/benefit.toml";
const CASES: &str = "catalogue/aid/cases.toml";

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::load(&files("tests/small")).unwrap());

/// On a thread with three quarters of the stack that threads usually have.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(3 << 19).spawn(work);
    thread.unwrap().join().unwrap()
}

/// Loads the small pack with something more in a file; what is said.
fn with(file: &'static str, more: String) -> Vec<String> {
    on_a_small_stack(move || {
        let mut files = files("tests/small");
        files.get_mut(file).unwrap().push_str(&more);
        let found = Pack::load(&files).err().unwrap_or_default();
        found.iter().map(|it| it.message.clone()).collect()
    })
}

fn condition(when: &str) -> String {
    format!(
        "\n[[condition]]\nid = \"hostile\"\nlaw = \"ACT 2\"\nconfidence = \"law\"\nsays = {{ en = \"x\", cnr = \"x\" }}\nwhen = '{when}'\n"
    )
}

/// Works an expression out over a household of so many members of whom nothing is known but rows of income.
fn worked_out(expression: &str, members: usize, rows: usize) -> String {
    let expression = expression.to_owned();
    on_a_small_stack(move || {
        let row = "{ month = 2025-01-01, kind = \"wage\", net = \"1.00\" }, ";
        let one = format!(
            "{{ relationship = \"child\", income = [{}] }}, ",
            row.repeat(rows)
        );
        let text = format!(
            "on = 2025-05-10\napplicant = {{}}\nmembers = [{}]",
            one.repeat(members)
        );
        let input: Input = PACK
            .read_facts("family.toml", &text, PACK.country.covers_from)
            .unwrap();
        match show::explain_text(&PACK, &expression, &input, "en") {
            Ok(found) => found.value.value,
            Err(wrong) => wrong.iter().map(ToString::to_string).collect(),
        }
    })
}

#[test]
fn loops_inside_loops_over_people_and_months_are_stopped_and_say_so() {
    for expression in [
        // A list of lists of lists …
        "count(for a in household.members return for b in household.members return for c in household.members return for d in household.members return d)",
        "count(for a in household.members.income return for b in household.members.income return for c in household.members.income return c)",
        "sum(for a in household.members.income return average(household.members.income.net, last 1200 months))",
        "count(household.members.income[count(household.members.income[count(household.members.income[net > EUR 0.00 per month]) > 0]) > 0])",
        // Terms of years for everybody and everybody else.
        "count(for a in household.members return for b in household.members return working days after(on, 20000))",
        "max(for a in household.members.income return count months(for b in household.members.income return b.month + 1 month))",
    ] {
        assert_eq!(
            worked_out(expression, 60, 50),
            "? (a list is too long)",
            "{expression}"
        );
    }
}

#[test]
fn what_is_missing_a_thousand_times_over_takes_no_more_room_than_once() {
    // Each pair lacks the birth dates of two others.
    let expression = "every a in household.members satisfies every b in household.members satisfies every c in household.members satisfies a.age + b.age > c.age";
    assert_eq!(worked_out(expression, 190, 0), "? (a list is too long)");
    let expression = "every a in household.members satisfies a.age > 1";
    let found = worked_out(expression, 190, 0);
    assert!(found.starts_with('?') && !found.contains("too long"), "{found}");
}

#[test]
fn a_long_list_of_codes_is_paid_for() {
    let codes = "date(\"2020-01-01\"), ".repeat(150);
    let expression = format!(
        "count(for a in household.members.income return for b in household.members.income return a.month in [{codes}on])"
    );
    assert_eq!(worked_out(&expression, 40, 20), "? (a list is too long)");
}

#[test]
fn names_that_double_each_other_neither_fill_the_memory_nor_the_explanation() {
    let mut lets = String::new();
    for n in 1..60 {
        let _ = write!(lets, "\n[[let]]\nname = \"n{n}\"\nis = \"n{0} + n{0}\"\n", n - 1);
        let _ = write!(
            lets,
            "\n[[let]]\nname = \"l{n}\"\nis = \"concatenate(l{0}, l{0})\"\n",
            n - 1
        );
    }
    let first = "\n[[let]]\nname = \"n0\"\nis = \"count(household.members.income)\"\n\n[[let]]\nname = \"l0\"\nis = \"household.members.income\"\n";
    for (when, said) in [
        ("n59 >= 0", None),
        ("count(l12) >= 0", None),
        ("count(l59) = 0", Some("a list is too long")),
    ] {
        let found = with(AID, format!("{first}{lets}{}", condition(when)));
        match said {
            // The only thing that is wrong is that no example says no.
            None => assert_eq!(
                found,
                ["no case ever finds the condition `hostile` not met"],
                "{when}"
            ),
            Some(said) => assert!(found.iter().any(|it| it.contains(said)), "{when}: {found:#?}"),
        }
    }
}

#[test]
fn numbers_and_days_beyond_all_measure_are_faults_and_no_panics() {
    for (expression, said) in [
        ("9223372036854775807 + 1", "? (a number is too large)"),
        ("-9223372036854775807 - 2", "? (a number is too large)"),
        (
            "9223372036854775807 * 9223372036854775807",
            "? (a number is too large)",
        ),
        (
            "92233720368547758.07 * 92233720368547758.07 * 92233720368547758.07",
            "? (a number is too large)",
        ),
        (
            "0.000000000000000001 * 0.000000000000000001 * 0.000000000000000001",
            "? (a number is too large)",
        ),
        ("1 / (1 - 1)", "? (division by zero)"),
        ("floor(1 / (1 - 1))", "? (division by zero)"),
        ("EUR 92233720368547758.07 + EUR 0.01", "? (a number is too large)"),
        ("date(\"9999-12-31\") + 1 day", "? (a number is too large)"),
        ("date(\"9999-12-31\") + 100000 years", "? (a number is too large)"),
        ("date(\"0001-01-01\") - 100000 years", "? (a number is too large)"),
        ("working days after(on, 20001)", "? (a number is too large)"),
        ("working days after(on, -1)", "? (a number is too large)"),
        ("min(household.members.age)", "? "),
        (
            "years between(date(\"0001-01-01\"), date(\"9999-12-31\"))",
            "9998",
        ),
        (
            "working days between(date(\"0001-01-01\"), date(\"9999-12-31\"))",
            "2,60",
        ),
    ] {
        let found = worked_out(expression, 1, 1);
        assert!(found.starts_with(said.trim_end()), "{expression}: {found}");
    }
    for (expression, said) in [
        (format!("{} > 1", "9".repeat(400)), "this number is too large"),
        (format!("1.{} > 1", "9".repeat(400)), "at most 18 decimals"),
        (format!("EUR {}.00 > EUR 1.00", "9".repeat(60)), "decimal number"),
        (
            "round half up(1.5, 400) > 1".to_owned(),
            "a number from -12 to 12",
        ),
        ("last 99999 months".to_owned(), "from 1 to 1200"),
        (
            "on + 99999999999 years > on".to_owned(),
            "a duration this long has no meaning",
        ),
        ("date(\"2025-02-29\") > on".to_owned(), "there is no such day"),
        ("date(\"-999999-01-01\") > on".to_owned(), "there is no such day"),
    ] {
        let found = with(AID, condition(&expression));
        assert!(
            found.iter().any(|it| it.contains(said)),
            "{expression}: {found:#?}"
        );
    }
}

#[test]
fn texts_that_are_deep_or_long_or_end_nowhere_are_refused() {
    for (expression, said) in [
        ("(".repeat(3_000) + "1", "nested too deeply"),
        ("not(".repeat(900) + "true", "nested too deeply"),
        ("if true then ".repeat(200) + "true", "nested too deeply"),
        ("applicant".to_owned() + &".age".repeat(300), "nested too deeply"),
        ("[".repeat(3_000), "nested too deeply"),
        ("1 + ".repeat(600) + "1 > 0", "nested too deeply"),
        ("1 = 1 and ".repeat(300) + "true", "nested too deeply"),
        ("x".repeat(4_001), "at most 4000 bytes"),
        ("\"abc".to_owned(), "has no closing"),
        ("\"abc\\q\" = \"\"".to_owned(), "after a backslash"),
        ("\u{202E}true".to_owned(), "has no meaning here"),
        ("тrue".to_owned(), "has no meaning here"),
    ] {
        let found = with(AID, condition(&expression));
        assert!(found.iter().any(|it| it.contains(said)), "{said}: {found:#?}");
    }
    // TOML itself, and what stands in it.
    for (file, more) in [
        (AID, format!("\nx = {}", "[".repeat(100_000))),
        (
            AID,
            format!("\nx = {}1{}", "{ a = ".repeat(50_000), " }".repeat(50_000)),
        ),
        (AID, format!("\n{} = 1", "a.".repeat(50_000) + "b")),
        (AID, format!("\nx = \"{}", "\\".repeat(100_001))),
        (AID, format!("\n{}", "x".repeat(2_000_000))),
        (
            CASES,
            format!("\n[[case]]\nname = \"{}\"\n", "ž".repeat(1_000_000)),
        ),
        (
            CASES,
            "\n[[case]]\nname = \"\\u0000\"\non = 2025-01-01\n".to_owned(),
        ),
        (CASES, "\u{0}\u{FEFF}\u{202E}".to_owned()),
        ("codes/sexes.csv", format!("\"{}", "x,".repeat(500_000))),
        ("codes/sexes.csv", "\u{0},\"\"\"\n".to_owned()),
        ("words/en.ftl", "=".repeat(1_000_000)),
    ] {
        let found = with(file, more);
        assert!(!found.is_empty(), "{file}");
    }
}

#[test]
fn more_of_a_kind_than_any_pack_has_is_refused_without_waiting() {
    let many = |text: &dyn Fn(usize) -> String, n: usize| (0..n).map(text).collect::<String>();
    for (file, more, said) in [
        (
            CASES,
            many(
                &|n| {
                    format!(
                        "\n[[case]]\nname = \"c{n}\"\non = 2025-01-01\nexpect = {{ outcome = \"refuse\" }}\n"
                    )
                },
                5_001,
            ),
            "at most 5000 [[case]]",
        ),
        (
            "facts.toml",
            many(
                &|n| {
                    format!(
                        "\n[[fact]]\nname = \"f{n}\"\ntype = \"int\"\nholder = \"person\"\nquestion = {{ en = \"x\", cnr = \"x\" }}\n"
                    )
                },
                5_001,
            ),
            "at most 5000 [[fact]]",
        ),
        (
            "procedures/standard.toml",
            many(
                &|n| {
                    format!(
                        "\n[[step]]\nid = \"s{n}\"\nkind = \"form\"\nname = {{ en = \"x\", cnr = \"x\" }}\nrole = \"clerk\"\nnext = [\"s{}\"]\n",
                        n + 1
                    )
                },
                2_000,
            ),
            "at most 200 steps",
        ),
        ("codes/sexes.csv", many(&|n| format!("c{n},x,x,,\n"), 20_000), ""),
    ] {
        let found = with(file, more);
        assert!(
            found.iter().any(|it| it.contains(said)) || said.is_empty(),
            "{said}: {:#?}",
            found.first()
        );
    }
    // A tree as deep as it is long, and one that bites its tail.
    for last in ["", "t0"] {
        let mut tree = format!(
            "code,en,cnr,parent\nt0,x,x,{}\n",
            if last.is_empty() { "" } else { "t4999" }
        );
        tree.push_str(&many(&|n| format!("t{},x,x,t{n}\n", n + 1), 4_999));
        let found = on_a_small_stack(move || {
            let mut files = files("tests/small");
            files.insert("codes/tree.csv".to_owned(), tree);
            Pack::load(&files).unwrap_err()
        });
        assert!(
            found.iter().any(|it| it.message.contains("levels above it")),
            "{:#?}",
            found.first()
        );
    }
}

/// Drawn from a seed, so that what fails fails again.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        // Knuth's MMIX; its upper bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Pieces that mean something to one of the readers.
const PIECES: [&str; 32] = [
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "\n",
    "#",
    "..",
    ".",
    "(",
    ")",
    "-",
    "9",
    "99999999999",
    "\u{0}",
    "ž",
    "\u{202E}",
    "[[step]]",
    "\"\"\"",
    "\\",
    "{{",
    "%}",
    "if ",
    " in ",
    "true",
    "2025-02-30",
    "household.members",
    "for x in ",
    " return ",
];

/// Edits a text of bytes as a slip would: a byte lost, doubled or another one, two places swapped, a piece of something put in.
fn slip(draw: &mut Draw, text: &mut String) {
    let mut bytes = std::mem::take(text).into_bytes();
    let at = draw.below(bytes.len() + 1);
    match draw.below(6) {
        0 if at < bytes.len() => drop(bytes.remove(at)),
        1 if at < bytes.len() => bytes[at] = u8::try_from(draw.below(256)).unwrap(),
        2 if at < bytes.len() => bytes.insert(at, bytes[at]),
        3 if bytes.len() > 1 => {
            let (a, b) = (draw.below(bytes.len()), draw.below(bytes.len()));
            bytes.swap(a, b);
        }
        4 => {
            let (from, to) = (draw.below(bytes.len() + 1), draw.below(40));
            bytes.drain(from..(from + to).min(bytes.len()));
        }
        _ => {
            let piece = PIECES[draw.below(PIECES.len())];
            bytes.splice(at..at, piece.bytes());
        }
    }
    *text = String::from_utf8_lossy(&bytes).into_owned();
}

/// Loads, and works everything out where it loads after all.
fn suffer(files: &Files) -> bool {
    match Pack::load(files) {
        Ok(pack) => {
            for benefit in &pack.benefits {
                for case in benefit.cases.iter().take(1) {
                    assert!(assess(&pack, &benefit.code, &case.input).is_some());
                }
            }
            true
        }
        Err(mistakes) => {
            for mistake in &mistakes {
                assert!(mistake.line > 0 && mistake.column > 0 && !mistake.message.is_empty());
                assert!(!mistake.to_string().is_empty());
            }
            false
        }
    }
}

#[test]
fn thousands_of_slips_in_a_small_pack_never_panic_and_never_hang() {
    let whole = files("tests/small");
    let names: Vec<&String> = whole.keys().collect();
    let mut draw = Draw(2026);
    let mut still = 0;
    for _ in 0..3_000 {
        let mut files = whole.clone();
        let name = names[draw.below(names.len())];
        slip(&mut draw, files.get_mut(name).unwrap());
        still += usize::from(suffer(&files));
    }
    // A slip in a word of a text is none to the loader; most others are.
    assert!((100..2_000).contains(&still), "{still}");
}

#[test]
fn thousands_of_slips_in_the_packs_of_all_countries_never_panic_and_never_hang() {
    for (n, folder) in countries().into_iter().enumerate() {
        on_a_small_stack(move || {
            let whole = files(&folder);
            let names: Vec<&String> = whole.keys().filter(|name| !name.starts_with("people/")).collect();
            let mut draw = Draw(u64::try_from(n).unwrap());
            for round in 0..16 {
                let mut files = whole.clone();
                // Mostly many files at once, each with a slip; now and then a single one, so that the examples are run.
                for _ in 0..if round % 4 == 0 { 1 } else { 60 } {
                    let name = names[draw.below(names.len())];
                    slip(&mut draw, files.get_mut(name).unwrap());
                }
                suffer(&files);
            }
        });
    }
}

#[test]
fn what_takes_its_full_measure_is_tried_in_one_example_and_not_in_all() {
    let mut files = crate::common::files("../../fixtures/ro");
    let mut nested = "sum([a0, a1, a2, a3, a4, a5, a6, a7]) < 0".to_owned();
    for depth in (0..8).rev() {
        nested = format!("some a{depth} in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] satisfies {nested}");
    }
    files.get_mut("catalogue/VMI/benefit.toml").unwrap().push_str(&format!(
        "\n[[condition]]\nid = \"hostile\"\nlaw = \"L196/2016\"\nconfidence = \"memory\"\nsays = {{ ro = \"x\", en = \"x\" }}\nwhen = \"{nested}\"\n"
    ));
    let mistakes = karton_rules::Pack::load(&files).unwrap_err();
    let said: Vec<String> = mistakes.iter().map(|it| it.message.clone()).collect();
    assert!(
        said.iter().any(|it| it.contains("a list is too long")),
        "{said:#?}"
    );
    assert!(said.iter().all(|it| it.starts_with("the case \"")), "{said:#?}");
    let cases: std::collections::BTreeSet<&str> = said.iter().filter_map(|it| it.split('"').nth(1)).collect();
    assert_eq!(cases.len(), 1, "{said:#?}");
}
