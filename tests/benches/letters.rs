//! Letters: one decision with its reasoning, from the template and its values to text and to PDF.

use crate::{
    place::Size,
    table::{Figure, Share, Table},
    time::{a_second, grouped, said, timed},
};
use jiff::civil::date;
use karton_letters::{Letter, render_markdown};
use serde_json::json;
use std::{hint::black_box, time::Instant};

const TEMPLATE: &str = include_str!("../../server/letters/examples/decision.md");

/// Text and PDF.
pub(crate) fn measure(size: &Size, table: &mut Table) {
    table.group("letters, one thread, a decision of a page");
    let markdown = rate(size, || {
        black_box(written());
    });
    let letter = written();
    // The first one reads the fonts.
    let (pdf, first) = timed(|| letter.to_pdf().unwrap());
    assert!(pdf.starts_with(b"%PDF-"), "a PDF begins like one");
    assert!(letter.to_text(80).contains("UPI 02-305/24-1187"));
    let text = rate(size, || {
        black_box(written().to_text(80));
    });
    let pdfs = rate(size, || {
        black_box(written().to_pdf().unwrap());
    });
    table.add(Figure::new("as text, in a second", grouped(text)).limit(
        format!("{}/s the template alone", grouped(markdown)),
        Share::of(text, markdown),
    ));
    // 84,000 letters in a quarter of an hour on two cores.
    table.add(
        Figure::new("as PDF, in a second", grouped(pdfs))
            .limit(
                format!("{}/s the template alone", grouped(markdown)),
                Share::of(pdfs, markdown),
            )
            .aim("≥ 47", pdfs >= 47),
    );
    table.add(Figure::new(
        format!("the first PDF of a process ({} bytes)", grouped(pdf.len() as u64)),
        said(first),
    ));
}

fn rate(size: &Size, mut work: impl FnMut()) -> u64 {
    let (began, mut many) = (Instant::now(), 0);
    while began.elapsed() < size.long {
        work();
        many += 1;
    }
    a_second(many, began.elapsed())
}

fn written() -> Letter {
    let values = json!({
        "number": "UPI 02-305/24-1187",
        "place": "Podgorica",
        "issued_on": "31. 5. 2024. godine",
        "applicant": "Đorđe Šćepanović",
        "number_of_person": "0101990900017",
        "granted": true,
        "amount": "87,14 €",
        "from": "2. 5. 2024. godine.",
        "total": "80,00 €",
        "head": "Ljiljana Đurišić",
        "incomes": [
            { "who": "Đorđe Šćepanović", "what": "povremeni rad", "source": "izjava stranke", "amount": "60,00 €" },
            { "who": "Милица Шћепановић", "what": "stipendija", "source": "Poreska uprava", "amount": "20,00 €" },
            { "who": "Petar Šćepanović", "what": "bez prihoda", "source": "Poreska uprava", "amount": "0,00 €" },
        ],
        "reasons": "Porodica nema u svojini poslovni prostor, drugi stan ni motorno vozilo, što je utvrđeno uvidom u katastar nepokretnosti.\nKako su ispunjeni svi uslovi propisani zakonom, odlučeno je kao u izreci ovog rješenja.",
    });
    Letter {
        title: "Rješenje UPI 02-305/24-1187".into(),
        language: "cnr".into(),
        date: date(2024, 5, 31),
        markdown: render_markdown(TEMPLATE, &values).unwrap(),
    }
}
