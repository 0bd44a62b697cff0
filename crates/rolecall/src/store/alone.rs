//! What one server of several does alone: it holds something in the engine, and says so again and
//! again. One that has been silent for too long does it no more, and then another one may.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use tokio::sync::Notify;

use super::engine::Hold;
use crate::clock;

/// Tries to hold it as long as this lives.
#[derive(Debug)]
pub(crate) struct Alone {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    /// Milliseconds of the host's clock that never stands still.
    until: AtomicU64,
    stop: AtomicBool,
    told: Notify,
}

impl Alone {
    pub(super) fn start(hold: Box<dyn Hold>) -> std::io::Result<Self> {
        let state = Arc::<State>::default();
        let of_thread = Arc::clone(&state);
        let thread = std::thread::Builder::new().name("alone".to_owned());
        let thread = thread.spawn(move || of_thread.run(hold))?;
        Ok(Self {
            state,
            thread: Some(thread),
        })
    }

    /// Whether it is this server that does it, now.
    pub(crate) fn is_ours(&self) -> bool {
        self.state.is_ours()
    }

    /// Returns after the first attempt, and whenever it has become this server's or another's.
    pub(crate) async fn turned(&self) {
        self.state.told.notified().await;
    }

    /// Lets another server do it at once.
    pub(crate) async fn give_up(mut self) {
        self.state.stop.store(true, Ordering::Release);
        let Some(thread) = self.thread.take() else {
            return;
        };
        thread.thread().unpark();
        let _panicked = tokio::task::spawn_blocking(|| thread.join()).await;
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::Release);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl State {
    fn is_ours(&self) -> bool {
        clock::boot_millis() < self.until.load(Ordering::Acquire)
    }

    fn run(&self, mut hold: Box<dyn Hold>) {
        let mut before = None;
        while !self.stop.load(Ordering::Acquire) {
            // It counts from before the question, and ends before the engine lets others have it.
            let begun = clock::boot_millis();
            let silence = u64::try_from(hold.silence().as_millis()).unwrap_or_default();
            match hold.hold() {
                Ok(true) => self.until.store(begun + silence / 5 * 4, Ordering::Release),
                Ok(false) => self.until.store(0, Ordering::Release),
                Err(error) => tracing::debug!(%error, "it is not known who does it"),
            }
            let is_ours = self.is_ours();
            if before != Some(is_ours) {
                before = Some(is_ours);
                self.told.notify_one();
            }
            if !self.stop.load(Ordering::Acquire) {
                std::thread::park_timeout(hold.silence() / HELD_IN_SILENCE);
            }
        }
        self.until.store(0, Ordering::Release);
        hold.give_up();
    }
}

// How often it is said in the time after which it is another's.
const HELD_IN_SILENCE: u32 = 5;

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::Duration;

    use super::*;
    use crate::store::engine::CommitError;

    #[derive(Debug)]
    struct Told {
        answers: Mutex<Receiver<Result<bool, CommitError>>>,
        gone: Sender<()>,
    }

    impl Hold for Told {
        fn hold(&mut self) -> Result<bool, CommitError> {
            let away = || CommitError::Unavailable("the test is over".to_owned());
            let answer = self.answers.get_mut().unwrap().recv();
            answer.unwrap_or_else(|_| Err(away()))
        }

        fn silence(&self) -> Duration {
            Duration::from_millis(500)
        }

        fn give_up(&mut self) {
            self.gone.send(()).unwrap();
        }
    }

    #[tokio::test]
    async fn it_is_ours_as_long_as_the_engine_has_said_so() {
        let (answer, answers) = channel();
        let (gone, is_gone) = channel();
        let answers = Mutex::new(answers);
        let alone = Alone::start(Box::new(Told { answers, gone })).unwrap();
        assert!(!alone.is_ours());
        answer.send(Ok(true)).unwrap();
        alone.turned().await;
        assert!(alone.is_ours());
        // The engine does not answer any more: it ends by itself.
        let ended = async {
            while alone.is_ours() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), ended)
            .await
            .unwrap();
        let away = || Err(CommitError::Unavailable("test".to_owned()));
        answer.send(away()).unwrap();
        alone.turned().await;
        answer.send(Ok(true)).unwrap();
        alone.turned().await;
        assert!(alone.is_ours());
        answer.send(Ok(false)).unwrap();
        alone.turned().await;
        assert!(!alone.is_ours());
        drop(answer);
        alone.give_up().await;
        is_gone.recv().unwrap();
    }
}
