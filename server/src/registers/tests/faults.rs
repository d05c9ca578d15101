//! What goes wrong when a fault is switched on.

use super::*;

#[tokio::test]
async fn faults_do_what_they_say() {
    let house = House::open(
        "faults",
        r#"
        [[fault]]
        service = "tax.income"
        kind = "slow"
        ms = 120
        [[fault]]
        service = "cadastre.property"
        kind = "down"
        [[fault]]
        service = "pension.payments"
        kind = "status"
        status = 503
        [[fault]]
        service = "mup.vehicles"
        kind = "garbage"
        [[fault]]
        service = "mup.person"
        kind = "wrong-person"
        national_id = "1403978200126"
        [[fault]]
        service = "education.enrolment"
        kind = "huge"
        "#,
    )
    .await;
    let asked = json!({ "national_id": MARKO });
    let started = std::time::Instant::now();
    house.asks(INCOME, MARKO).await;
    assert!(started.elapsed() >= Duration::from_millis(120));

    let down = house.request(PROPERTY, &asked).send().await.unwrap_err();
    assert!(down.is_request(), "{down:?}");
    assert!(down.status().is_none());

    let status = house.request(PENSION, &asked).send().await.unwrap();
    assert_eq!(status.status(), 503);
    assert!(status.headers().get("x-road-error").is_none());

    let garbage = house.request(VEHICLES, &asked).send().await.unwrap();
    assert_eq!(garbage.status(), 200);
    assert!(garbage.json::<Value>().await.is_err());

    let wrong = house.asks(PERSON, MARKO).await;
    assert_eq!(wrong["found"], json!(true));
    assert_ne!(wrong["national_id"], json!(MARKO));
    assert_eq!(
        house.asks(PERSON, JELENA).await["national_id"],
        json!(JELENA),
        "only about the one"
    );

    let mut huge = house.request(EDUCATION, &asked).send().await.unwrap();
    let mut length = 0;
    while let Some(piece) = huge.chunk().await.unwrap() {
        length += piece.len();
    }
    assert!(length > 100_000_000, "{length}");
    house.close().await;
}

#[tokio::test]
async fn the_faults_file_is_read_again_when_it_changes() {
    let house = House::open("reread", "").await;
    let status = async || {
        let asked = json!({ "national_id": MARKO });
        house
            .request(VEHICLES, &asked)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(status().await, 200);
    let write = |contents: &str| std::fs::write(&house.faults, contents).unwrap();
    write("[[fault]]\nservice = \"*\"\nkind = \"status\"\nonce = true\n");
    assert_eq!([status().await, status().await], [500, 200], "once");
    write("[[fault]]\nservice = \"mup.vehicles\"\nkind = \"status\"\npercent = 25\n");
    let mut seen = Vec::new();
    for _ in 0..8 {
        seen.push(status().await);
    }
    assert_eq!(seen, [200, 200, 200, 500, 200, 200, 200, 500]);
    write("[[fault]]\nservice = \"mup.vehicles\"\nkind = \"on fire\"\n");
    assert!(
        house.health().await["faults"]
            .as_str()
            .unwrap()
            .contains("on fire")
    );
    seen.clear();
    for _ in 0..4 {
        seen.push(status().await);
    }
    assert_eq!(
        seen,
        [200, 200, 200, 500],
        "a mistake leaves the faults as they were"
    );
    std::fs::remove_file(&house.faults).unwrap();
    assert_eq!(status().await, 200, "no file, no faults");
    assert_eq!(house.health().await["faults"], "ok");
    write("");
    house.close().await;
}

#[test]
fn a_mistake_in_the_file_is_said_before_listening() {
    let file = std::env::temp_dir().join(format!("karton-faults-{}-mistake.toml", std::process::id()));
    std::fs::write(
        &file,
        "[[fault]]\nservice = \"*\"\nkind = \"slow\"\nms = 999999999\n",
    )
    .unwrap();
    assert!(
        super::super::faults::Faults::new(Some(file.clone()))
            .unwrap_err()
            .to_string()
            .contains("600000")
    );
    std::fs::remove_file(file).unwrap();
    let example = include_str!("../../../../fixtures/me/people/faults.example.toml");
    let on: String = example
        .lines()
        .map(|line| {
            line.strip_prefix('#')
                .filter(|line| !line.starts_with(' '))
                .unwrap_or(line)
        })
        .fold(String::new(), |all, line| all + line + "\n");
    assert_eq!(on.matches("[[fault]]").count(), 6);
    let file = std::env::temp_dir().join(format!("karton-faults-{}-example.toml", std::process::id()));
    std::fs::write(
        &file,
        on.lines()
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>()
            .join("\n"),
    )
    .unwrap();
    super::super::faults::Faults::new(Some(file.clone())).unwrap();
    std::fs::remove_file(file).unwrap();
}
