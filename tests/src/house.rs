//! A house for one story: a real server on a port of its own, a store of its own, a clock in the story's hands.

use crate::{officer::Officer, registers::Registers};
use jiff::{
    SignedDuration,
    civil::{Date, date},
    tz::TimeZone,
};
use karton_api::{
    client::{Client, Settings as ClientSettings},
    session::Role,
    users::{NewUser, OfficeRoles},
};
use karton_server::{
    access::{Actor, Scope},
    audit::{self, SealKey},
    clock::Clock,
    demo::population,
    gateway,
    generate::{Population, Settings as People, pack_text},
    house::{self, Settings},
    pack,
    reading::Reader,
    registers::deliver_to,
    serve::{Running, Serving, start},
    store::{self, Options, Store, StoreUrl, testing},
    users,
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// Where a house keeps things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// In a file.
    Sqlite,
    /// On the throw-away PostgreSQL server.
    Postgres,
}

impl Engine {
    /// Both.
    pub const ALL: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];
}

/// Tells a story on both engines, as two tests: `told_on_both!(name, story)` with `async fn story(engine: Engine)`. Without PostgreSQL the
/// second one says loudly that it was skipped.
#[macro_export]
macro_rules! told_on_both {
    ($($(#[$doc:meta])* $story:ident;)*) => {
        $(
            $(#[$doc])*
            mod $story {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_sqlite() {
                    super::tell::$story($crate::house::Engine::Sqlite).await;
                }
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_postgres() {
                    super::tell::$story($crate::house::Engine::Postgres).await;
                }
            }
        )*
    };
}

/// A country whose pack a house serves.
#[derive(Debug, Clone, Copy)]
pub struct Country {
    /// The pack's id.
    pub pack: &'static str,
    /// Its time zone.
    zone: &'static str,
    /// The day of its demo.
    day: Date,
    /// As whom it asks registers.
    client: &'static str,
}

impl Country {
    /// Montenegro, on 10 March 2025.
    pub const ME: Country = Country {
        pack: "me",
        zone: "Europe/Podgorica",
        day: date(2025, 3, 10),
        client: "ME/GOV/MRSS/karton",
    };
    /// Romania, on 16 February 2026.
    pub const RO: Country = Country {
        pack: "ro",
        zone: "Europe/Bucharest",
        day: date(2026, 2, 16),
        client: "RO/GOV/MMFTSS/karton",
    };
    /// Ukraine, on 16 March 2026.
    pub const UA: Country = Country {
        pack: "ua",
        zone: "Europe/Kyiv",
        day: date(2026, 3, 16),
        client: "SEVDEIR-TEST/GOV/59999016/ESOCIAL",
    };
    /// The same on another day.
    pub const fn on(self, day: Date) -> Country {
        Country { day, ..self }
    }
}

/// How a house is to be opened.
pub struct Plan {
    engine: Engine,
    country: Country,
    registers: Option<(PathBuf, u64)>,
    people: u64,
    on_file: bool,
    serving: Serving,
    running: bool,
}

impl Plan {
    /// An empty house without registers.
    pub fn on(engine: Engine) -> Plan {
        Plan {
            engine,
            country: Country::ME,
            registers: None,
            people: 0,
            on_file: false,
            serving: Serving::default(),
            running: false,
        }
    }
    /// In another country than Montenegro.
    pub fn country(mut self, country: Country) -> Plan {
        self.country = country;
        self
    }
    /// With the named families of the pack and more fictional people, so many together at least.
    pub fn people(mut self, people: u64) -> Plan {
        self.people = people;
        self
    }
    /// And with what an office has on file of them.
    pub fn on_file(mut self) -> Plan {
        self.on_file = true;
        self
    }
    /// With the simulated registers beside it, which know the same people.
    pub fn registers(mut self, program: &str) -> Plan {
        self.people = self.people.max(40);
        self.registers = Some((program.into(), self.people));
        self
    }
    /// With other bounds for connections.
    pub fn serving(mut self, serving: Serving) -> Plan {
        self.serving = serving;
        self
    }
    /// With a clock that runs on from the demo day, for measuring.
    pub fn running_clock(mut self) -> Plan {
        self.running = true;
        self
    }
    /// Opens it; nothing where the engine is not there.
    pub async fn open(self) -> Option<House> {
        House::of(self).await
    }
}

/// A house at work.
pub struct House {
    /// Its clock: it stands at nine in the morning of the country's day (10 March 2025 in Montenegro) until the story moves it.
    pub clock: Clock,
    /// The house itself, for what no officer can do.
    pub inside: house::House,
    /// The registers, where they were asked for.
    pub registers: Option<Registers>,
    /// Where it listens.
    pub address: SocketAddr,
    stranger: Client,
    running: Option<Running>,
    stage: Option<testing::Stage>,
    folder: TempDir,
    closed: bool,
}

/// The server's own program, which stands beside the story's: it reads the text of documents in a process of its own.
fn server_program() -> PathBuf {
    let story = std::env::current_exe().unwrap();
    story
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("karton-server-tested")
}

/// With which the gateway brings messages of other institutions.
pub const GATEWAY_KEY: &str = "most preko reke u magli 12";
/// The password of every officer in a story.
pub const PASSWORD: &str = "kestenje i magla 47";

impl House {
    /// An empty house without registers.
    pub async fn open(engine: Engine) -> Option<House> {
        Plan::on(engine).open().await
    }

    async fn of(plan: Plan) -> Option<House> {
        let folder = tempfile::tempdir().unwrap();
        let stage = match plan.engine {
            Engine::Sqlite => testing::Stage {
                name: "SQLite",
                url: StoreUrl::Sqlite(folder.path().join("karton.db")),
                options: Options::default(),
            },
            Engine::Postgres => testing::Stage {
                name: "PostgreSQL",
                url: StoreUrl::Postgres(testing::database().await?),
                options: Options {
                    connections: 6,
                    ..Options::default()
                },
            },
        };
        let country = plan.country;
        let zone = TimeZone::get(country.zone).unwrap();
        let clock = if plan.running {
            Clock::system_at(country.day, zone).unwrap()
        } else {
            Clock::fixed(format!("{}T08:00:00Z", country.day).parse().unwrap(), zone)
        };
        let registers = plan
            .registers
            .map(|(program, persons)| Registers::of(&program, persons, country.pack));
        let store: Store = testing::open(&stage).await;
        let settings = Settings {
            clock: Some(clock.clone()),
            gateway: gateway::Settings {
                key: Some(gateway::GatewayKey::of(GATEWAY_KEY.as_bytes())),
                address: registers.as_ref().map(|there| there.url.clone()),
                client: country.client.into(),
            },
            seal_key: SealKey::of_folder(folder.path()).unwrap(),
            demo: true,
            reader: Some(Reader::program(server_program())),
            ..Settings::new(store, pack::files(country.pack).unwrap())
        };
        let inside = house::open(settings)
            .await
            .unwrap_or_else(|error| panic!("{error:?}"))
            .house;
        if plan.people > 0 {
            let text = pack_text(country.pack).unwrap();
            let people = People::read(&text).unwrap();
            let all = Population {
                seed: 1,
                persons: plan.people,
                today: country.day,
            };
            let loaded = match plan.on_file {
                true => population::load_on_file(&inside, (&people, &text), all, |_| ()).await,
                false => population::load(&inside, &people, all, |_| ()).await,
            };
            loaded.unwrap();
        }
        // Bound before anybody is told where: nobody guesses and nobody waits.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let running = start(inside.clone(), listener, plan.serving).unwrap();
        if let Some(there) = &registers {
            // Stories do not wait as long as institutions let wait.
            deliver_to(&there.url, &running.url(), GATEWAY_KEY, Some(40))
                .await
                .unwrap();
        }
        let stranger = Client::new(&running.url(), &ClientSettings::default()).unwrap();
        Some(House {
            clock,
            inside,
            registers,
            address: running.address,
            stranger,
            running: Some(running),
            stage: Some(stage),
            folder,
            closed: false,
        })
    }

    /// A client that is not signed in.
    pub fn stranger(&self) -> &Client {
        &self.stranger
    }
    /// Where its store is.
    pub fn place(&self) -> &StoreUrl {
        &self.stage.as_ref().unwrap().url
    }
    /// A folder that goes with the house.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Takes somebody on in an office, and signs them in.
    pub async fn officer(&self, account: &str, office: &str, roles: &[Role]) -> Officer {
        let top = self.inside.offices.top().unwrap();
        let actor = Actor {
            officer: None,
            office: top.id,
        };
        let new = NewUser {
            user: account.to_owned(),
            name: format!("{}{} Probna", account[..1].to_uppercase(), &account[1..]),
            roles: vec![OfficeRoles {
                office: office.to_owned(),
                roles: roles.to_vec(),
            }],
        };
        let scope = Scope::under(top.id);
        let password = Some(PASSWORD.to_owned());
        users::open_account(&self.inside, actor, scope, &new, password)
            .await
            .unwrap();
        self.signs_in(account).await
    }
    /// Somebody who works here signs in again.
    pub async fn signs_in(&self, account: &str) -> Officer {
        Officer::sign_in(self, account, PASSWORD).await
    }
    /// Ana, who takes applications and assesses them in Podgorica.
    pub async fn ana(&self) -> Officer {
        self.officer("ana", "CSR-01", &[Role::Clerk, Role::Caseworker])
            .await
    }
    /// Petar, the head of the same office.
    pub async fn petar(&self) -> Officer {
        self.officer("petar", "CSR-01", &[Role::Approver]).await
    }
    /// Jelena, who does Ana's work in Nikšić.
    pub async fn jelena(&self) -> Officer {
        self.officer("jelena", "CSR-04", &[Role::Clerk, Role::Caseworker])
            .await
    }

    /// How many rows each table has.
    pub async fn rows(&self) -> Vec<(String, i64)> {
        let url = self.stage.as_ref().map(|stage| stage.url.clone());
        let tables = match url {
            Some(StoreUrl::Postgres(_)) => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
            }
            _ => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
        };
        self.inside
            .store
            .read(move |tx| {
                let mut rows = Vec::new();
                for table in tx.query(tables, &[])? {
                    let name: String = table.get(0)?;
                    let count = tx.one(&format!("SELECT count(*) FROM {name}"), &[])?.get(0)?;
                    rows.push((name, count));
                }
                Ok::<_, store::StoreError>(rows)
            })
            .await
            .unwrap()
    }
    /// How many rows a table has.
    pub async fn count(&self, table: &'static str) -> i64 {
        let counted = self.inside.store.read(move |tx| {
            tx.one(&format!("SELECT count(*) FROM {table}"), &[])?
                .get::<i64>(0)
        });
        counted.await.unwrap()
    }

    /// Lets time go by.
    pub fn waits(&self, time: SignedDuration) {
        self.clock.advance(time);
    }
    /// Waits until something is so that the house does by itself; while nothing moves, time goes by, ten seconds at a look, so that what is
    /// to be tried again later is tried again.
    pub async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        for turn in 0_u32..3_000 {
            if let Some(found) = look().await {
                return found;
            }
            if turn % 10 == 9 {
                self.clock.advance(SignedDuration::from_secs(5));
                // A look is a call at the worker's door too: it need not wait for its own round.
                self.knock().await;
            }
            tick.tick().await;
        }
        panic!("waited in vain for {what}")
    }
    /// Posts a job nobody does, which wakes whoever waits for jobs, and takes it away.
    async fn knock(&self) {
        let (now, id) = (self.clock.now(), self.clock.id());
        let posted = self.inside.store.write(move |tx| {
            store::jobs::post(tx, &store::jobs::NewJob::new(id, "knock", now))?;
            tx.exec("DELETE FROM job WHERE queue = 'knock'", &[])
        });
        posted.await.unwrap();
    }

    /// Closes the house: nothing is left to be done, and the log is whole.
    pub async fn close(mut self) {
        self.until("the work to be done", async || {
            let left = self.inside.store.read(store::jobs::count).await.unwrap();
            assert_eq!(left.dead, 0, "nothing is given up");
            (left.waiting + left.running == 0).then_some(())
        })
        .await;
        self.leave(true).await;
    }
    /// Closes a house whose log was damaged, or whose work was left undone, on purpose.
    pub async fn leave(&mut self, whole: bool) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        if whole {
            let report = audit::verify(&self.inside.store, &self.inside.seal_key, None)
                .await
                .unwrap();
            assert!(
                report.damages.is_empty(),
                "the log is damaged: {:?}",
                report.damages
            );
            assert!(report.entries > 0);
        }
        self.closed = true;
        if let Some(stage) = self.stage.take() {
            testing::leave(stage).await;
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // A story that fails on the way is told by its own message.
        if !self.closed && !std::thread::panicking() {
            panic!("the story ended without closing the house");
        }
    }
}
