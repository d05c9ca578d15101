//! What the stories and the benchmarks share.
