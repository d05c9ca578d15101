//! Writes one administrative decision as text, HTML and PDF, to look at: `cargo run -p karton-letters --example decision -- FOLDER`.
//! With a number after the folder it sets the PDF that many times, for a profiler or `time`.

use std::path::PathBuf;

use jiff::civil::date;
use karton_letters::{Letter, render_markdown};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| ".".into()));
    let times: usize = arguments.next().map_or(Ok(1), |times| times.parse())?;
    let context = json!({
        "number": "UPI 02-305/24-1187",
        "place": "Podgorica",
        "issued_on": "31. 5. 2024. godine",
        "applicant": "Đorđe Šćepanović",
        "number_of_person": "0101990210017",
        "granted": true,
        "amount": "87,14 €",
        "from": "2. 5. 2024. godine.",
        "total": "80,00 €",
        "head": "Ljiljana Đurišić",
        "incomes": [
            { "who": "Đorđe Šćepanović", "what": "povremeni rad", "source": "izjava stranke, potvrđena izviđajem od 12. 5. 2024.", "amount": "60,00 €" },
            { "who": "Милица Шћепановић", "what": "stipendija", "source": "Poreska uprava", "amount": "20,00 €" },
            { "who": "Țurcanu Ioniță", "what": "bez prihoda", "source": "Poreska uprava", "amount": "0,00 €" },
            { "who": "Їжакевич Ґалина Єва", "what": "bez prihoda", "source": "Poreska uprava", "amount": "0,00 €" },
        ],
        "reasons": "Porodica nema u svojini poslovni prostor, drugi stan ni motorno vozilo, što je utvrđeno uvidom u katastar nepokretnosti i evidenciju Ministarstva unutrašnjih poslova.\nKako su ispunjeni svi uslovi propisani zakonom, odlučeno je kao u izreci ovog rješenja.",
    });
    let markdown = render_markdown(include_str!("decision.md"), &context)?;
    let letter = Letter {
        title: "Rješenje UPI 02-305/24-1187".into(),
        language: "cnr".into(),
        date: date(2024, 5, 31),
        markdown,
    };
    std::fs::write(folder.join("decision.txt"), letter.to_text(80))?;
    std::fs::write(folder.join("decision.html"), letter.to_html())?;
    let mut pdf = Vec::new();
    for _ in 0..times {
        pdf = letter.to_pdf()?;
    }
    std::fs::write(folder.join("decision.pdf"), pdf)?;
    Ok(())
}
