//! Each country's main means-tested benefit worked out for a million households on all cores, by the pack's rules and by the same rule written
//! by hand in Rust, in the same run.
//!
//!     cargo bench -p karton-rules                      everything (two to three minutes, half as many to build)
//!     cargo bench -p karton-rules -- --quick           fifty times less, to see that it works
//!     cargo bench -p karton-rules -- me ro             some countries
//!
//! Both work on facts laid out beforehand, each in its own shape, a few hundred households at a time, twice; the faster time counts. Household
//! by household what comes out has to be the same: outcome, amount and first day. That a rule decides otherwise than its copy fails the run;
//! being slow does not, an aim that is missed is marked.

mod family;
mod folder;
mod hand;
mod me;
mod ro;
mod ua;

use family::Family;
use hand::Country;
use karton_rules::{
    Input, Pack,
    assess::{AT_A_TIME, Batch, Outcome},
    lang::{Scratch, World},
};
use std::{
    collections::BTreeMap,
    error::Error,
    hint::black_box,
    num::NonZeroUsize,
    panic::resume_unwind,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

const SEED: u64 = 1;
/// Households of which each thread takes some at a time.
const CHUNK: u64 = AT_A_TIME as u64;
/// Of so many chunks one is also worked out household by household.
const SAMPLE: u64 = 8;
/// Chunks of a thread that make one ratio, of which the middle one is said.
const BLOCK: usize = 40;
/// At most so many times the time of the rule written by hand, in hundredths.
const AIM: u128 = 800;

fn main() -> Measured<()> {
    let (mut quick, mut wanted) = (false, Vec::new());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quick" => quick = true,
            // What cargo itself says.
            "--bench" => {}
            "me" | "ro" | "ua" => wanted.push(argument),
            other => {
                eprintln!("there is no `{other}`: --quick, me, ro, ua");
                std::process::exit(2);
            }
        }
    }
    let households = if quick { 20_000 } else { 1_000_000 };
    let threads = std::thread::available_parallelism()?;
    println!("{households} households, {threads} threads");
    let wants = |country: &str| wanted.is_empty() || wanted.iter().any(|it| it == country);
    if wants("me") {
        measure::<me::Montenegro>(households, threads)?;
    }
    if wants("ro") {
        measure::<ro::Romania>(households, threads)?;
    }
    if wants("ua") {
        measure::<ua::Ukraine>(households, threads)?;
    }
    Ok(())
}

/// What cannot be measured ends the run.
type Measured<T> = Result<T, Box<dyn Error>>;

/// What a thread found.
#[derive(Debug, Default)]
struct Times {
    done: u64,
    laid_out: Duration,
    rules: Duration,
    hand: Duration,
    /// Nanoseconds of the rules and of the copy by hand, a block of chunks each.
    blocks: Vec<(u128, u128)>,
    /// Households worked out one by one, the time of the rules alone, and of the copy for the same households.
    sampled: u64,
    one_by_one: Duration,
    hand_of_sample: Duration,
    outcomes: BTreeMap<&'static str, u64>,
}

fn measure<C: Country>(households: u64, threads: NonZeroUsize) -> Measured<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let pack = Pack::load(&folder::files(&fixtures.join(C::PACK))?).map_err(|wrong| format!("{wrong:?}"))?;
    let batch = pack.batch(C::BENEFIT).ok_or("there is no such benefit")?;
    assert!(
        batch.at_once(),
        "{} is not worked out for many at once",
        C::BENEFIT
    );
    let next = AtomicU64::new(0);
    let work = || a_thread::<C>(&pack, &batch, &next, households);
    let found: Vec<Times> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.get()).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    let done: u64 = found.iter().map(|it| it.done).sum();
    assert_eq!(done, households);
    let sum = |of: fn(&Times) -> Duration| found.iter().map(of).sum::<Duration>();
    let (rules, hand, laid_out) = (sum(|it| it.rules), sum(|it| it.hand), sum(|it| it.laid_out));
    let each = |time: Duration, of: u64| time.as_nanos() / u128::from(of.max(1));
    // The thread that took longest.
    let longest =
        |of: fn(&Times) -> Duration| found.iter().map(of).max().unwrap_or_default().as_nanos().max(1);
    let a_second = |longest: u128| u128::from(done) * 1_000_000_000 / longest;
    let mut outcomes: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, count) in found.iter().flat_map(|it| &it.outcomes) {
        *outcomes.entry(name).or_default() += count;
    }
    let outcomes: Vec<String> = outcomes
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let mut ratios: Vec<u128> = found
        .iter()
        .flat_map(|it| &it.blocks)
        .map(|(rules, hand)| rules * 100 / (*hand).max(1))
        .collect();
    ratios.sort_unstable();
    let middle = ratios.get(ratios.len() / 2).copied().unwrap_or(0);
    let whole = rules.as_nanos() * 100 / hand.as_nanos().max(1);
    let sampled: u64 = found.iter().map(|it| it.sampled).sum();
    let alone = sum(|it| it.one_by_one).as_nanos() * 100 / sum(|it| it.hand_of_sample).as_nanos().max(1);
    println!("\n{} {} ({})", C::PACK, C::BENEFIT, outcomes.join(", "));
    println!(
        "  by hand                     {:>6} ns a household",
        each(hand, done)
    );
    println!(
        "  the pack's rules            {:>6} ns a household, {} times by hand (middle of {}: {}); aim at most 8: {}",
        each(rules, done),
        times(whole),
        ratios.len(),
        times(middle),
        if whole <= AIM { "held" } else { "MISSED" }
    );
    println!(
        "  one household at a time     {:>6} ns a household, {} times by hand (of {sampled})",
        each(sum(|it| it.one_by_one), sampled),
        times(alone)
    );
    println!(
        "  facts laid out              {:>6} ns a household",
        each(laid_out, done)
    );
    println!(
        "  households a second         {:>9} by the rules, {} with their facts laid out, {} by hand",
        a_second(longest(|it| it.rules)),
        a_second(longest(|it| it.rules + it.laid_out)),
        a_second(longest(|it| it.hand))
    );
    for many in [households / 10, households] {
        memory::<C>(&batch, many, threads);
    }
    Ok(())
}

fn times(hundredths: u128) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn a_thread<C: Country>(pack: &Pack, batch: &Batch<'_>, next: &AtomicU64, households: u64) -> Times {
    let mut times = Times::default();
    let mut block = (0, 0, 0);
    let mut scratch = Scratch::default();
    loop {
        let begin = next.fetch_add(CHUNK, Ordering::Relaxed);
        if begin >= households {
            return times;
        }
        let end = (begin + CHUNK).min(households);
        let families: Vec<Family> = (begin..end)
            .map(|index| Family::of(SEED, index, &C::LAND))
            .collect();
        let inputs: Vec<Input> = families.iter().map(C::input).collect();
        let typed: Vec<C::Household> = families.iter().map(C::typed).collect();
        let (laid, laid_out) = timed(|| batch.lay_out(&inputs));
        let by_rules = || timed(|| batch.run(black_box(&laid)));
        let by_hand = || timed(|| typed.iter().map(|it| C::rule(black_box(it))).collect::<Vec<_>>());
        let ((found, first_rules), (copied, first_hand)) = (by_rules(), by_hand());
        let ((_, second_rules), (_, second_hand)) = (by_rules(), by_hand());
        let (rules, hand) = (first_rules.min(second_rules), first_hand.min(second_hand));
        for ((index, rules), hand) in (begin..end).zip(&found).zip(&copied) {
            let said = (rules.outcome, rules.amount_minor, rules.starts);
            assert_eq!(
                said,
                (hand.outcome, hand.amount_minor, hand.starts),
                "household {index} of {}: the rules say one thing, their copy by hand another: {:#?}",
                C::PACK,
                Family::of(SEED, index, &C::LAND)
            );
            *times.outcomes.entry(name(rules.outcome)).or_default() += 1;
        }
        if (begin / CHUNK).is_multiple_of(SAMPLE) {
            let worlds: Vec<World> = inputs.iter().map(|input| pack.prepare(input)).collect();
            let mut one_by_one = || {
                timed(|| {
                    for (world, found) in worlds.iter().zip(&found) {
                        let alone = pack.run(C::BENEFIT, black_box(world), &mut scratch);
                        assert_eq!(alone.as_ref(), Some(found));
                    }
                })
            };
            let (((), first), ((), second)) = (one_by_one(), one_by_one());
            times.one_by_one += first.min(second);
            times.hand_of_sample += hand;
            times.sampled += end - begin;
        }
        times.done += end - begin;
        times.laid_out += laid_out;
        times.rules += rules;
        times.hand += hand;
        block = (block.0 + 1, block.1 + rules.as_nanos(), block.2 + hand.as_nanos());
        if block.0 == BLOCK {
            times.blocks.push((block.1, block.2));
            block = (0, 0, 0);
        }
    }
}

/// The peak of memory while so many households go through, from made up to folded.
fn memory<C: Country>(batch: &Batch<'_>, households: u64, threads: NonZeroUsize) {
    forget_peak();
    let before = peak();
    let next = AtomicU64::new(0);
    let (found, took) = timed(|| {
        batch.fold(
            threads,
            |inputs| {
                let begin = next.fetch_add(CHUNK, Ordering::Relaxed).min(households);
                let end = (begin + CHUNK).min(households);
                inputs.extend((begin..end).map(|index| C::input(&Family::of(SEED, index, &C::LAND))));
            },
            || (0_u64, 0_i64),
            |(count, sum), _, result| {
                *count += 1;
                *sum += result.amount_minor.unwrap_or(0);
            },
        )
    });
    let count: u64 = found.iter().map(|(count, _)| count).sum();
    let sum: i64 = found.iter().map(|(_, sum)| sum).sum();
    assert_eq!(count, households);
    println!(
        "  peak memory                 {:>9} KiB for {households} (before {before}); made up, laid out, worked out and folded in {} ms: {sum}",
        peak(),
        took.as_millis()
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let value = work();
    (value, began.elapsed())
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Grant => "granted",
        Outcome::Refuse => "refused",
        Outcome::Unknown => "unknown",
        Outcome::Confirm => "to confirm",
    }
}

/// Has the system count the peak anew. Where that cannot be done, the peak is that of the whole run.
fn forget_peak() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// KiB that this process held at most; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}
