//! The listeners. Each reads bytes within bounds, asks a pure package, and writes the answer.

mod accept;
mod api;
mod aws_http;
mod http1;
mod metadata;
mod secret_agent;
mod supplies;
mod tls;
mod unabandoned;

use std::net::SocketAddr;

use tokio::net::TcpListener;

pub(crate) use api::Api;
pub(crate) use aws_http::AwsHttp;
pub(crate) use metadata::Metadata;
pub(crate) use secret_agent::SecretAgent;
pub(crate) use tls::{Transport, certificates};

use crate::failure::Failure;

/// Told once, when the process should end.
pub(crate) type Stop = tokio::sync::watch::Receiver<bool>;

/// A bound socket and the address it got.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
}

/// Binds a listener; `what` and `flag` say whose it is when it cannot be.
pub(crate) async fn bind(address: SocketAddr, what: &str, flag: &str) -> Result<Bound, Failure> {
    let refused = |error: std::io::Error| {
        Failure::wrong(format!("{what} cannot listen on `{address}`: {error}")).hint(format!(
            "choose another address with {flag}; port 0 takes a free one"
        ))
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok(Bound { listener, address })
}

/// Resolves when the process should end.
pub(crate) async fn stopped(stop: &mut Stop) {
    // A sender that is gone ends the process too.
    let _gone = stop.wait_for(|stop| *stop).await;
}
