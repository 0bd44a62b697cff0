//! What a connection's task waits for beside its work: polled only when it was woken itself.
//!
//! In a plain `select!` each packet polls all branches, and a timer or a channel that is polled
//! takes a lock to note the same waker again; beside a cached answer that is much. Knows nothing of
//! what is waited for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, RawWakerVTable, Wake, Waker};

/// A future with a waker of its own.
pub(super) struct Aside<F> {
    work: Pin<Box<F>>,
    hung: Option<Hung>,
}

/// A bell, and the task that hears it.
struct Hung {
    bell: Arc<Bell>,
    waker: Waker,
    task: Identity,
}

/// Which task a waker wakes, as the task's runtime names it.
///
/// `Waker::will_wake` beside a clone says "another" wherever the compiler made the table of a
/// waker's functions twice, and the work would be polled each time. The bell holds a clone, so
/// nobody else has the address meanwhile. Never followed, only compared.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Identity {
    data: usize,
    functions: usize,
}

impl Identity {
    fn of(waker: &Waker) -> Self {
        Self {
            data: waker.data().addr(),
            functions: std::ptr::from_ref::<RawWakerVTable>(waker.vtable()).addr(),
        }
    }
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
            hung: None,
        }
    }
}

impl<F: Future> Future for Aside<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let task = Identity::of(context.waker());
        let hung = match this.hung.take().filter(|hung| hung.task == task) {
            Some(hung) if !hung.bell.is_rung.load(Ordering::Acquire) => {
                this.hung = Some(hung);
                return Poll::Pending;
            }
            Some(hung) => hung,
            None => Hung::new(context.waker(), task),
        };
        // Before the work looks: what happens after that rings again.
        hung.bell.is_rung.store(false, Ordering::Release);
        let polled = this
            .work
            .as_mut()
            .poll(&mut Context::from_waker(&hung.waker));
        this.hung = Some(hung);
        polled
    }
}

impl Hung {
    fn new(waker: &Waker, task: Identity) -> Self {
        let bell = Arc::new(Bell {
            is_rung: AtomicBool::new(false),
            task: waker.clone(),
        });
        Self {
            waker: Waker::from(Arc::clone(&bell)),
            bell,
            task,
        }
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
