//! A stream of households over several threads, a bounded number of them at a time.

use super::{batch::Batch, input::Input, run::Result};
use std::num::NonZeroUsize;

/// Households that a thread holds at a time.
pub const AT_A_TIME: usize = 256;

impl Batch<'_> {
    /// Works all households of a stream out and folds the results of each thread, which are given in no particular order.
    ///
    /// `next` puts up to [`AT_A_TIME`] households (or as many as it likes, but they are held in memory together) into the emptied list, and
    /// none when there are no more; it is asked by all threads. What is in memory does not grow with the length of the stream.
    pub fn fold<T: Send>(
        &self,
        threads: NonZeroUsize,
        next: impl Fn(&mut Vec<Input>) + Sync,
        begin: impl Fn() -> T + Sync,
        fold: impl Fn(&mut T, &Input, &Result) + Sync,
    ) -> Vec<T> {
        let work = || {
            let mut found = begin();
            let mut inputs = Vec::with_capacity(AT_A_TIME);
            loop {
                inputs.clear();
                next(&mut inputs);
                if inputs.is_empty() {
                    return found;
                }
                let results = self.run(&self.lay_out(&inputs));
                for (input, result) in inputs.iter().zip(&results) {
                    fold(&mut found, input, result);
                }
            }
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(work)).collect();
            let mut found = vec![work()];
            for other in others {
                match other.join() {
                    Ok(one) => found.push(one),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            found
        })
    }
}
