//! What a connection's task waits for beside its work: polled only when it was woken itself.
//!
//! In a plain `select!` each packet polls all branches, and a timer or a channel that is polled
//! takes a lock to note the same waker again; beside a cached answer that is much. Knows nothing of
//! what is waited for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A future with a waker of its own.
pub(super) struct Aside<F> {
    work: Pin<Box<F>>,
    bell: Option<(Arc<Bell>, Waker)>,
}

/// Says that the work may go on, and wakes the task that it is a part of.
struct Bell {
    is_rung: AtomicBool,
    task: Waker,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

impl<F: Future> Aside<F> {
    pub(super) fn new(work: F) -> Self {
        Self {
            work: Box::pin(work),
            bell: None,
        }
    }
}

impl<F: Future> Future for Aside<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let known = this.bell.take();
        let known = known.filter(|(bell, _)| bell.task.will_wake(context.waker()));
        let (bell, waker) = match known {
            Some((bell, waker)) if !bell.is_rung.load(Ordering::Acquire) => {
                this.bell = Some((bell, waker));
                return Poll::Pending;
            }
            Some(known) => known,
            None => {
                let bell = Arc::new(Bell {
                    is_rung: AtomicBool::new(false),
                    task: context.waker().clone(),
                });
                (Arc::clone(&bell), Waker::from(bell))
            }
        };
        // Before the work looks: what happens after that rings again.
        bell.is_rung.store(false, Ordering::Release);
        let polled = this.work.as_mut().poll(&mut Context::from_waker(&waker));
        this.bell = Some((bell, waker));
        polled
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn work_is_polled_when_it_is_woken_and_only_then() {
        let polls = Rc::new(Cell::new(0));
        let (tell, mut told) = oneshot::channel();
        let own_polls = Rc::clone(&polls);
        let mut aside = Aside::new(poll_fn(move |context| {
            own_polls.set(own_polls.get() + 1);
            Pin::new(&mut told).poll(context)
        }));
        for _ in 0..10 {
            let polled = poll_fn(|context| Poll::Ready(Pin::new(&mut aside).poll(context))).await;
            assert!(polled.is_pending());
        }
        assert_eq!(polls.get(), 1);

        tell.send(7).unwrap();
        assert_eq!(aside.await, Ok(7));
        assert_eq!(polls.get(), 2);
    }

    #[tokio::test]
    async fn work_that_moves_to_another_task_wakes_that_one() {
        let (tell, told) = oneshot::channel();
        let mut aside = Aside::new(told);
        let first = poll_fn(|context| Poll::Ready(Pin::new(&mut aside).poll(context))).await;
        assert!(first.is_pending());

        let elsewhere = tokio::spawn(aside);
        tokio::task::yield_now().await;
        tell.send(7).unwrap();
        let found = tokio::time::timeout(Duration::from_secs(9), elsewhere).await;
        assert_eq!(found.unwrap().unwrap(), Ok(7));
    }

    #[tokio::test]
    async fn time_passes_aside_as_well() {
        let slept = Aside::new(tokio::time::sleep(Duration::from_millis(1)));
        tokio::time::timeout(Duration::from_secs(9), slept)
            .await
            .unwrap();
    }
}
