//! Somebody who believes the description and nothing else: schemathesis makes requests from it, right ones and wrong ones, and holds every
//! answer against it. No answer is a fault of ours, and none is one that the description does not know.

use karton_tests::{
    house::{Engine, Plan},
    told_on_both,
};

told_on_both! {
    /// Every operation, with everything the description allows and much that it does not.
    no_answer_is_a_fault_and_none_is_undocumented;
}

mod tell {
    use super::*;
    use std::{io::Write as _, process::Command};

    /// What is held against the description. That what the description allows may still be refused for its content (an unknown code, a wrong
    /// checksum) is no mistake.
    const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance";

    pub(super) async fn no_answer_is_a_fault_and_none_is_undocumented(engine: Engine) {
        if !Command::new("schemathesis")
            .arg("--version")
            .output()
            .is_ok_and(|it| it.status.success())
        {
            // Straight to the terminal: the test runner keeps what is printed by a test that succeeds.
            let _ =
                std::io::stderr().write_all(b"NOT TESTED WITH SCHEMATHESIS, which is not installed here\n");
            return;
        }
        let Some(house) = Plan::on(engine).people(40).open().await else {
            return;
        };
        let everybody = house.officer("svi", "CSR-01", karton_server::access::ROLES).await;
        let url = format!("http://{}/openapi.json", house.address);
        let token = format!("Authorization: Bearer {}", everybody.token);
        let folder = house.folder().to_owned();
        let run = tokio::task::spawn_blocking(move || {
            Command::new("schemathesis")
                .args([
                    "run",
                    &url,
                    "-H",
                    &token,
                    "--checks",
                    CHECKS,
                    "--seed",
                    "1",
                    "--max-examples",
                    "4",
                ])
                .args(["--phases", "examples,coverage,fuzzing", "--no-color"])
                // These would end the session that asks.
                .args(["--exclude-path-regex", "^/v1/session"])
                .current_dir(folder)
                .output()
        });
        let output = run.await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let made = said
            .lines()
            .find_map(|line| line.trim().split_once(" generated")?.0.parse::<u32>().ok());
        assert!(
            made.is_some_and(|made| made > 500),
            "it has hardly asked anything: {said}"
        );
        house.close().await;
    }
}
