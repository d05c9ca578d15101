//! Damage to the log: whatever is done to it behind the server's back is found, and named with its place.

use karton_tests::told_on_both;

told_on_both! {
    /// An entry is changed.
    a_changed_entry_is_found;
    /// An entry is taken out of the middle.
    a_removed_entry_is_found;
    /// An entry is put in that nobody made.
    an_inserted_entry_is_found;
    /// Two entries change places.
    entries_in_another_order_are_found;
    /// The last entries are cut off, and the head of the lane is set back to match.
    the_loss_of_the_last_entries_is_found;
    /// The last entries are cut off with the seals that knew them.
    the_loss_of_the_last_entries_with_their_seals_is_found;
}

mod tell {
    use karton_server::{
        audit::{Damage, Kind, SealKey, seal, verify},
        problem::Error,
        store::Tx,
    };
    use karton_tests::{
        house::{Engine, House},
        officer::Officer,
    };

    /// A house in which Ana has looked for people often enough to fill a lane.
    async fn a_days_work(engine: Engine) -> Option<(House, Officer)> {
        let house = House::open(engine).await?;
        let ana = house.ana().await;
        for word in [
            "Marković",
            "Popović",
            "Vuković",
            "Radović",
            "Jovanović",
            "Petrović",
            "Knežević",
        ] {
            ana.finds(word).await;
            house.waits(jiff::SignedDuration::from_mins(2));
        }
        let key = SealKey::of_folder(house.folder()).unwrap();
        seal(&house.inside.store, &house.clock, &key)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(look(&house).await, Vec::new(), "whole before the damage");
        Some((house, ana))
    }

    /// What a verification finds.
    async fn look(house: &House) -> Vec<Damage> {
        let key = SealKey::of_folder(house.folder()).unwrap();
        verify(&house.inside.store, &key, None).await.unwrap().damages
    }

    /// Does something to the longest lane behind the server's back: given its SQL condition and its last sequence.
    async fn damage(house: &House, act: fn(&mut Tx, &str, i64) -> Result<(), Error>) -> i64 {
        house
            .inside
            .store
            .write(move |tx| {
                let rows = tx.query(
                    "SELECT office, lane, sequence FROM audit_lane ORDER BY sequence DESC LIMIT 1",
                    &[],
                )?;
                let row = &rows[0];
                let office: karton_api::Id<karton_api::value::Office> = row.get(0)?;
                let (lane, last): (i64, i64) = (row.get(1)?, row.get(2)?);
                assert!(last >= 6, "the lane has enough entries: {last}");
                let office = office_literal(tx, office);
                act(tx, &format!("office = {office} AND lane = {lane}"), last)?;
                Ok::<_, Error>(last)
            })
            .await
            .unwrap()
    }

    fn office_literal(tx: &Tx, office: karton_api::Id<karton_api::value::Office>) -> String {
        match tx.dialect() {
            karton_server::store::Dialect::Sqlite => format!("x'{}'", office.uuid().simple()),
            karton_server::store::Dialect::Postgres => format!("'{}'", office.uuid()),
        }
    }

    fn kinds(found: &[Damage]) -> Vec<(Kind, i64)> {
        found
            .iter()
            .map(|damage| (damage.kind, damage.sequence))
            .collect()
    }

    pub(super) async fn a_changed_entry_is_found(engine: Engine) {
        let Some((mut house, _)) = a_days_work(engine).await else {
            return;
        };
        let last = damage(&house, |tx, lane, last| {
            tx.exec(
                &format!(
                    "UPDATE audit_entry SET what = 'looked-away' WHERE {lane} AND sequence = {}",
                    last - 3
                ),
                &[],
            )?;
            Ok(())
        })
        .await;
        assert_eq!(kinds(&look(&house).await), [(Kind::Changed, last - 3)]);
        house.leave(false).await;
    }

    pub(super) async fn a_removed_entry_is_found(engine: Engine) {
        let Some((mut house, _)) = a_days_work(engine).await else {
            return;
        };
        let last = damage(&house, |tx, lane, last| {
            tx.exec(
                &format!("DELETE FROM audit_entry WHERE {lane} AND sequence = {}", last - 2),
                &[],
            )?;
            Ok(())
        })
        .await;
        assert_eq!(kinds(&look(&house).await), [(Kind::Removed, last - 2)]);
        house.leave(false).await;
    }

    pub(super) async fn an_inserted_entry_is_found(engine: Engine) {
        let Some((mut house, _)) = a_days_work(engine).await else {
            return;
        };
        let last = damage(&house, |tx, lane, last| {
            // Room is made, and a copy of an entry put in: everything a forger without the chain's care would do.
            let columns = "at, office, lane, officer, what, person, matter, purpose, detail, previous, hash";
            for sequence in ((last - 2)..=last).rev() {
                tx.exec(
                    &format!(
                        "UPDATE audit_entry SET sequence = {} WHERE {lane} AND sequence = {sequence}",
                        sequence + 1
                    ),
                    &[],
                )?;
            }
            let id = match tx.dialect() {
                karton_server::store::Dialect::Sqlite => "x'0195700000007000800000000000beef'",
                karton_server::store::Dialect::Postgres => "'01957000-0000-7000-8000-00000000beef'",
            };
            tx.exec(
                &format!(
                    "INSERT INTO audit_entry (id, sequence, {columns})
                     SELECT {id}, {}, {columns} FROM audit_entry WHERE {lane} AND sequence = {}",
                    last - 2,
                    last - 3
                ),
                &[],
            )?;
            tx.exec(
                &format!("UPDATE audit_lane SET sequence = sequence + 1 WHERE {lane}"),
                &[],
            )?;
            Ok(())
        })
        .await;
        let found = kinds(&look(&house).await);
        assert!(found.contains(&(Kind::Inserted, last - 2)), "{found:?}");
        house.leave(false).await;
    }

    pub(super) async fn entries_in_another_order_are_found(engine: Engine) {
        let Some((mut house, _)) = a_days_work(engine).await else {
            return;
        };
        let last = damage(&house, |tx, lane, last| {
            for (from, to) in [(last - 1, -1), (last - 3, last - 1), (-1, last - 3)] {
                tx.exec(
                    &format!("UPDATE audit_entry SET sequence = {to} WHERE {lane} AND sequence = {from}"),
                    &[],
                )?;
            }
            Ok(())
        })
        .await;
        let found = kinds(&look(&house).await);
        for sequence in [last - 3, last - 1] {
            assert!(found.contains(&(Kind::Reordered, sequence)), "{found:?}");
        }
        house.leave(false).await;
    }

    /// Cuts off the last two entries of the lane as if they had never been.
    fn cut(tx: &mut Tx, lane: &str, last: i64) -> Result<(), Error> {
        tx.exec(
            &format!("DELETE FROM audit_entry WHERE {lane} AND sequence > {}", last - 2),
            &[],
        )?;
        tx.exec(
            &format!(
                "UPDATE audit_lane SET sequence = {0},
                    hash = (SELECT e.hash FROM audit_entry e WHERE e.sequence = {0}
                            AND e.office = audit_lane.office AND e.lane = audit_lane.lane) WHERE {lane}",
                last - 2
            ),
            &[],
        )?;
        Ok(())
    }

    pub(super) async fn the_loss_of_the_last_entries_is_found(engine: Engine) {
        let Some((mut house, _)) = a_days_work(engine).await else {
            return;
        };
        let last = damage(&house, cut).await;
        let found = kinds(&look(&house).await);
        assert_eq!(found, [(Kind::LastRemoved, last - 1)]);
        house.leave(false).await;
    }

    pub(super) async fn the_loss_of_the_last_entries_with_their_seals_is_found(engine: Engine) {
        let Some((mut house, _)) = a_days_work(engine).await else {
            return;
        };
        damage(&house, |tx, lane, last| {
            cut(tx, lane, last)?;
            tx.exec("DELETE FROM audit_seal", &[])?;
            Ok(())
        })
        .await;
        let found = look(&house).await;
        assert!(
            found.iter().any(|damage| damage.kind == Kind::SealRemoved),
            "the newest seal is remembered beside the key: {found:?}"
        );
        house.leave(false).await;
    }
}
