use super::*;
use crate::{
    audit::{self, Damage, Entry, Kind, Seal},
    problem::Error,
    store::{Tx, testing::on_both_with},
    vals,
};
use karton_api::{Id, value::Office};

/// Its name, what somebody does to the lane of an office, and what has to be found.
type Case = (&'static str, &'static [&'static str], Vec<(Kind, i64)>);

/// Writes `count` entries, one after another, so that they stand in one lane.
async fn written(store: &Store, clock: &Clock, count: i64) -> Id<Office> {
    let office = clock.id();
    for number in 0..count {
        let entry = Entry::of("tested").value("number", number).person(clock.id());
        audit::enter(
            store,
            Actor {
                officer: None,
                office,
            },
            clock.now(),
            entry,
        )
        .await
        .unwrap();
    }
    office
}

async fn spoil(store: &Store, office: Id<Office>, statements: &'static [&'static str]) {
    let spoiled = store.write(move |tx: &mut Tx| {
        for sql in statements {
            tx.exec(sql, vals![office])?;
        }
        Ok::<_, Error>(())
    });
    spoiled.await.unwrap();
}

fn of(damages: &[Damage], office: Id<Office>) -> Vec<(Kind, i64)> {
    damages
        .iter()
        .filter(|it| it.office == Some(office))
        .map(|it| (it.kind, it.sequence))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_damage_of_the_log_is_found_and_named() {
    on_both_with(&crate::migrations::all(), async |store| {
        let clock = Clock::fixed("2025-03-10T08:00:00Z".parse().unwrap(), TimeZone::UTC);
        let key = audit::SealKey::passing();
        let mut cases: Vec<Case> = vec![
            ("whole", &[], vec![]),
            (
                "changed",
                &["UPDATE audit_entry SET what = 'other' WHERE office = $1 AND sequence = 3"],
                vec![(Kind::Changed, 3)],
            ),
            (
                "another officer put in",
                &["UPDATE audit_entry SET officer = office WHERE office = $1 AND sequence = 8"],
                vec![(Kind::Changed, 8)],
            ),
            ("removed", &["DELETE FROM audit_entry WHERE office = $1 AND sequence = 4"], vec![(Kind::Removed, 4)]),
            ("the first removed", &["DELETE FROM audit_entry WHERE office = $1 AND sequence = 1"], vec![(Kind::Removed, 1)]),
            (
                "two exchanged",
                &[
                    "UPDATE audit_entry SET sequence = 100 WHERE office = $1 AND sequence = 2",
                    "UPDATE audit_entry SET sequence = 2 WHERE office = $1 AND sequence = 5",
                    "UPDATE audit_entry SET sequence = 5 WHERE office = $1 AND sequence = 100",
                ],
                vec![(Kind::Reordered, 2), (Kind::Reordered, 5)],
            ),
            ("the last removed", &["DELETE FROM audit_entry WHERE office = $1 AND sequence > 6"], vec![(Kind::LastRemoved, 7)]),
            (
                "the last removed and the head put back",
                &[
                    "DELETE FROM audit_entry WHERE office = $1 AND sequence > 6",
                    "UPDATE audit_lane SET sequence = 6, hash = (SELECT e.hash FROM audit_entry e WHERE e.office = $1 AND e.sequence = 6)
                     WHERE office = $1 AND sequence = 8",
                ],
                vec![(Kind::LastRemoved, 7)],
            ),
            (
                "all of it removed, the head too",
                &["DELETE FROM audit_entry WHERE office = $1", "DELETE FROM audit_lane WHERE office = $1"],
                vec![(Kind::LastRemoved, 1)],
            ),
        ];
        let mut expected = Vec::new();
        for (name, statements, damages) in cases.drain(..) {
            expected.push((name, written(&store, &clock, 8).await, statements, damages));
        }
        // One put in between, those after it moved up; and one written anew with a right hash of its own.
        let (inserted, anew) = (written(&store, &clock, 8).await, written(&store, &clock, 8).await);
        let sealed = audit::seal(&store, &clock, &key).await.unwrap().unwrap();
        let report = audit::verify(&store, &key, Some(sealed.clone())).await.unwrap();
        assert_eq!((report.damages, report.seals), (vec![], 2), "whole before anybody touched it");

        for (_, office, statements, _) in &expected {
            spoil(&store, *office, statements).await;
        }
        store
            .write(move |tx| {
                for place in (4..=8).rev() {
                    let sql = "UPDATE audit_entry SET sequence = $2 + 1 WHERE office = $1 AND sequence = $2";
                    tx.exec(sql, vals![inserted, i64::from(place)])?;
                }
                audit::forge(tx, inserted, 3, 4)?;
                tx.exec("UPDATE audit_lane SET sequence = 9 WHERE office = $1 AND sequence = 8", vals![inserted])?;
                audit::rewrite(tx, anew, 5)
            })
            .await
            .unwrap();

        let report = audit::verify(&store, &key, None).await.unwrap();
        for (name, office, _, damages) in &expected {
            assert_eq!(of(&report.damages, *office), *damages, "{name}");
        }
        let found = of(&report.damages, inserted);
        assert!(found.contains(&(Kind::Inserted, 4)), "{found:?}");
        assert!(found.iter().all(|(kind, place)| *kind == Kind::Reordered && *place > 4 || *kind == Kind::Inserted), "{found:?}");
        let found = of(&report.damages, anew);
        assert_eq!(found.first(), Some(&(Kind::Changed, 5)), "{found:?}");

        seals(&store, &key, sealed).await;
    })
    .await;
}

/// What happens to seals is seen too.
async fn seals(store: &Store, key: &audit::SealKey, kept: Seal) {
    let kinds = |report: audit::Report| -> Vec<(Kind, i64)> {
        report
            .damages
            .iter()
            .filter(|it| it.office.is_none())
            .map(|it| (it.kind, it.sequence))
            .collect()
    };
    let change = |sql: &'static str| store.write(move |tx| tx.exec(sql, &[]).map_err(Error::from));
    change("UPDATE audit_seal SET at = at + 1").await.unwrap();
    assert_eq!(
        kinds(audit::verify(store, key, None).await.unwrap()),
        [(Kind::SealBroken, 1)]
    );
    change("DELETE FROM audit_seal").await.unwrap();
    assert_eq!(
        kinds(audit::verify(store, key, Some(kept.clone())).await.unwrap()),
        [(Kind::SealRemoved, 1)]
    );
    let another = audit::SealKey::passing();
    assert_eq!(
        kinds(audit::verify(store, &another, Some(kept)).await.unwrap()),
        [(Kind::SealBroken, 1)]
    );
}
