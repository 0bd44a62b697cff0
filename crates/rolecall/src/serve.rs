//! The listeners. Each reads bytes within bounds, asks a pure package, and writes the answer.

mod accept;
mod api;
mod aside;
mod audit;
mod authority;
mod aws_http;
mod certificates;
mod connection;
mod container;
mod gate;
mod guard;
mod http1;
mod limited;
mod management;
mod metadata;
mod meter;
mod names;
mod reads;
mod s3;
mod secret_agent;
mod source;
mod supplies;
mod tally;
mod tls;
mod unabandoned;
mod unit_credentials;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;

use agent::config::Socket;
use tokio::net::{TcpListener, TcpSocket, UnixListener};

pub(crate) use api::Api;
pub(crate) use audit::{AuditLog, settle as settle_audit};
pub(crate) use authority::Authority;
pub(crate) use aws_http::AwsHttp;
pub(crate) use certificates::{Offer, certificates};
pub(crate) use container::{Container, TokenFile};
pub(crate) use guard::{Change, Guarding, InForce, Proven, Records, Scraped, Services};
pub(crate) use management::Management;
pub(crate) use metadata::{Metadata, WithoutToken};
pub(crate) use meter::Module;
pub(crate) use names::Names;
pub(crate) use reads::{Live, Reads};
pub(crate) use s3::{Domains, S3};
pub(crate) use secret_agent::SecretAgent;
pub(crate) use source::{AnySource, CredentialsAnswer, CredentialsSource};
pub(crate) use supplies::new_rsa_key;
pub(crate) use tls::Transport;
pub(crate) use unit_credentials::UnitCredentials;

use crate::failure::Failure;

/// Told once, when the process should end.
pub(crate) type Stop = tokio::sync::watch::Receiver<bool>;

/// A bound socket and the address it got.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) listener: TcpListener,
    pub(crate) address: SocketAddr,
}

/// Binds a listener of the guard for one family alone, so that there can be one for each; `key`
/// says whose port it is.
pub(crate) fn bind_one_family(address: SocketAddr, key: &str) -> Result<TcpListener, Failure> {
    let bound = || {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()?
        } else {
            let socket = TcpSocket::new_v6()?;
            rustix::net::sockopt::set_ipv6_v6only(&socket, true)?;
            socket
        };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bound().map_err(|error: std::io::Error| {
        Failure::unfinished(format!("the guard cannot listen on `{address}`: {error}"))
            .hint(format!("choose another port with {key}"))
    })
}

/// Binds a listener; `what` and `flag` say whose it is when it cannot be.
pub(crate) async fn bind(address: SocketAddr, what: &str, flag: &str) -> Result<Bound, Failure> {
    let refused = |error: std::io::Error| {
        let message = format!("{what} cannot listen on `{address}`: {error}");
        // Who has the port may end, and the address may come: a service manager tries again.
        let failure = match error.kind() {
            ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable => Failure::unfinished(message),
            _ => Failure::wrong(message),
        };
        failure.hint(format!(
            "choose another address with {flag}; port 0 takes a free one"
        ))
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok(Bound { listener, address })
}

/// Binds a Unix socket, in place of one that nobody listens on any more.
pub(crate) fn bind_unix(socket: &Socket, key: &str) -> Result<UnixListener, Failure> {
    let path = Path::new(&socket.path);
    let message =
        |why: &dyn std::fmt::Display| format!("the socket `{}` cannot be made: {why}", socket.path);
    let refused = |why: &dyn std::fmt::Display| {
        Failure::wrong(message(why)).hint(format!(
            "let {key} name a path in a folder that the agent's user may write, 107 bytes at most"
        ))
    };
    if let Ok(found) = std::fs::symlink_metadata(path) {
        if !found.file_type().is_socket() {
            return Err(refused(&"something else is there"));
        }
        if std::os::unix::net::UnixStream::connect(path).is_ok() {
            let failure = Failure::unfinished(message(&"another process listens there"));
            return Err(failure.hint(format!("end that process, or let {key} name another path")));
        }
    }
    // Under another name first: whoever connects finds the mode as it should be.
    let made = path.with_extension(format!("{}.new", std::process::id()));
    let _left_over = std::fs::remove_file(&made);
    let bound = UnixListener::bind(&made).and_then(|listener| {
        std::fs::set_permissions(&made, std::fs::Permissions::from_mode(socket.mode))?;
        std::fs::rename(&made, path)?;
        Ok(listener)
    });
    bound.map_err(|error| refused(&error))
}

/// Resolves when the process should end.
pub(crate) async fn stopped(stop: &mut Stop) {
    // A sender that is gone ends the process too.
    let _gone = stop.wait_for(|stop| *stop).await;
}

// As tokio has it for others.
const BACKLOG: u32 = 1_024;
