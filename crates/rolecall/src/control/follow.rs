//! What an instance is known by, told to whoever answers for it when the account ends.
//!
//! A connection of its own, on which a line is sent at once and whenever something of the instance
//! changes, its credentials among it. Answers nobody else, and serves nothing.

use std::time::Duration;

use account::hosts;
use account::metadata::{Kept, Manner, keep};
use tokio::net::UnixStream;
use tokio::time::{sleep, timeout};

use super::message::Answer;
use super::server::{read, write};
use super::session::unknown;
use crate::clock;
use crate::identity;
use crate::serve::{Stop, stopped};
use crate::store::Ledger;

/// Of one instance.
#[derive(Debug)]
pub(super) struct Following {
    ledger: Ledger,
    instance: String,
    manner: Manner,
}

impl Following {
    pub(super) fn new(ledger: Ledger, instance: String, manner: Manner) -> Self {
        Self {
            ledger,
            instance,
            manner,
        }
    }

    /// Until either end goes.
    pub(super) async fn tell(self, stream: &UnixStream, stop: &mut Stop) {
        if hosts::find(&self.ledger.partition(), &self.instance).is_none() {
            let refusal = Answer::refusal(unknown(&self.instance));
            let _gone = write(stream, &refusal, &[]).await;
            return;
        }
        // Whoever answers alone cannot sign. What comes of it is news.
        let ledger = self.ledger.clone();
        tokio::spawn(async move { identity::established(&ledger).await });
        let mut news = self.ledger.news();
        let mut told = None;
        loop {
            news.mark_unchanged();
            if self.tell_news(stream, &mut told).await.is_err() {
                return;
            }
            let is_over = tokio::select! {
                () = stopped(stop) => true,
                // Nothing more is asked here, so what can be read is the end.
                _ = read(stream) => return,
                Ok(()) = news.changed() => timeout(PAUSE, stopped(stop)).await.is_ok(),
                () = sleep(LOOK_AGAIN) => false,
            };
            if is_over {
                let _gone = self.tell_news(stream, &mut told).await;
                return;
            }
        }
    }

    async fn tell_news(&self, stream: &UnixStream, told: &mut Told) -> std::io::Result<()> {
        if !self.ledger.is_in_bound() {
            return Ok(());
        }
        let kept = self.known();
        if told.as_ref() == Some(&kept) {
            return Ok(());
        }
        let answer = Answer::Known {
            kept: kept.clone().map(Box::new),
        };
        *told = Some(kept);
        write(stream, &answer, &[]).await
    }

    fn known(&self) -> Option<Kept> {
        let partition = self.ledger.partition();
        let host = hosts::find(&partition, &self.instance)?;
        let state = partition.state(&host.home)?;
        keep(&state, &self.instance, clock::now(), self.manner)
    }
}

/// What was told last, if anything was.
type Told = Option<Option<Kept>>;

// An account that is written to all the time does not look at an instance each time.
const PAUSE: Duration = Duration::from_millis(20);
// New credentials come by themselves, hours before the old ones end.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
