//! Waiting for something with a bound.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// Asks again and again until there is an answer; fails after `bound`.
pub(crate) fn until<T>(what: &str, bound: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            start.elapsed() < bound,
            "no {what} within {} s",
            bound.as_secs()
        );
        pause();
    }
}

/// The end of a process.
pub(crate) fn exit(child: &mut Child, bound: Duration) -> ExitStatus {
    until("exit of a process", bound, || child.try_wait().unwrap())
}

#[expect(
    clippy::disallowed_methods,
    reason = "neither a file that appears nor a process that ends can be waited for with a bound"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(10));
}
