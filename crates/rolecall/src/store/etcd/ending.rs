//! Requests that say with their last bytes that they are the last.
//!
//! tonic tells the end of a request in an empty frame of its own, which is a packet more for each
//! commit, and one more time that a member is woken.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::transport::Channel;

/// A channel whose requests end with their last bytes, where these are at hand.
#[derive(Debug, Clone)]
pub(super) struct Ending(pub(super) Channel);

/// A body that is read one frame ahead.
struct Ahead {
    body: Body,
    next: Option<Frame<Bytes>>,
    has_ended: bool,
}

impl GrpcService<Body> for Ending {
    type ResponseBody = Body;
    type Error = <Channel as GrpcService<Body>>::Error;
    type Future = <Channel as GrpcService<Body>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        GrpcService::poll_ready(&mut self.0, context)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let ahead = |body| Body::new(Ahead::new(body));
        GrpcService::call(&mut self.0, request.map(ahead))
    }
}

impl Ahead {
    fn new(body: Body) -> Self {
        Self {
            body,
            next: None,
            has_ended: false,
        }
    }

    fn poll_body(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }
}

impl HttpBody for Ahead {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.has_ended {
            return Poll::Ready(self.next.take().map(Ok));
        }
        let frame = match self.next.take() {
            Some(frame) => frame,
            None => match std::task::ready!(self.poll_body(context)) {
                Some(Ok(frame)) => frame,
                end => {
                    self.has_ended = true;
                    return Poll::Ready(end);
                }
            },
        };
        match self.poll_body(context) {
            Poll::Ready(Some(Ok(next))) => self.next = Some(next),
            Poll::Ready(Some(Err(status))) => {
                self.has_ended = true;
                return Poll::Ready(Some(Err(status)));
            }
            Poll::Ready(None) => self.has_ended = true,
            Poll::Pending => {}
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.has_ended && self.next.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;
    use http_body_util::{BodyExt as _, StreamBody};

    fn frames(count: usize) -> Body {
        let frames = (0..count).map(|at| Ok(Frame::data(Bytes::from(at.to_string()))));
        let frames = futures_util::stream::iter(frames.collect::<Vec<Result<_, Status>>>());
        Body::new(StreamBody::new(frames))
    }

    #[tokio::test]
    async fn the_last_frame_is_known_to_be_the_last() {
        for count in [1, 2, 5] {
            let mut ahead = Ahead::new(frames(count));
            for at in 0..count {
                assert!(!ahead.is_end_stream());
                let frame = ahead.frame().await.unwrap().unwrap();
                assert_eq!(frame.into_data().unwrap(), at.to_string());
            }
            assert!(ahead.is_end_stream());
            assert!(ahead.frame().await.is_none());
        }
    }

    #[tokio::test]
    async fn what_does_not_end_is_not_waited_for() {
        let one = futures_util::stream::once(async {
            Ok::<_, Status>(Frame::data(Bytes::from_static(b"watch")))
        });
        let endless = one.chain(futures_util::stream::pending());
        let mut ahead = Ahead::new(Body::new(StreamBody::new(endless)));
        let frame = ahead.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), "watch");
        assert!(!ahead.is_end_stream());
    }
}
