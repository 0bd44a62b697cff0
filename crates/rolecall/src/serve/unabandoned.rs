//! Work that is done on its caller's task, and goes on by itself if the caller goes away.
//!
//! A task of its own from the start would cost each call two changes of thread. Knows nothing of
//! what is done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;

/// Work that comes to its end, whoever waits for it.
pub(super) struct Unabandoned<T: Send + 'static> {
    work: Option<Work<T>>,
    runtime: Handle,
}

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The work panicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Panicked;

impl<T: Send + 'static> Unabandoned<T> {
    /// Takes up work; within a runtime.
    pub(super) fn new(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self {
            work: Some(Box::pin(work)),
            runtime: Handle::current(),
        }
    }
}

impl<T: Send + 'static> Future for Unabandoned<T> {
    type Output = Result<T, Panicked>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(work) = &mut self.work else {
            return Poll::Ready(Err(Panicked));
        };
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        let done = match polled {
            Ok(polled) => Ok(ready!(polled)),
            Err(_) => Err(Panicked),
        };
        self.work = None;
        Poll::Ready(done)
    }
}

impl<T: Send + 'static> Drop for Unabandoned<T> {
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            self.runtime.spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn work_is_done_where_it_is_waited_for() {
        assert_eq!(Unabandoned::new(async { 1 }).await, Ok(1));
        let panics = Unabandoned::new(async { panic!("a mistake") });
        let done: Result<(), Panicked> = panics.await;
        assert_eq!(done, Err(Panicked));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_goes_on() {
        let (allow, allowed) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel();
        let mut work = Unabandoned::new(async move {
            allowed.await.unwrap();
            tell.send("done").unwrap();
        });
        let polled = std::future::poll_fn(|context| {
            Poll::Ready(Pin::new(&mut work).poll(context).is_pending())
        });
        assert!(polled.await);
        drop(work);
        allow.send(()).unwrap();
        assert_eq!(told.await, Ok("done"));
    }

    #[tokio::test]
    async fn work_that_was_never_begun_is_done_too() {
        let (tell, told) = oneshot::channel();
        drop(Unabandoned::new(async move { tell.send("done") }));
        assert_eq!(told.await, Ok("done"));
    }
}
