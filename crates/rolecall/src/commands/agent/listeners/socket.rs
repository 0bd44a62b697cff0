//! Sockets that several listeners may be served on, one after the other.
//!
//! Whoever serves gets a copy of the descriptor, so that a listener is exchanged with no moment at
//! which nobody listens. Knows no protocol.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::place::Place;
use crate::failure::Failure;
use crate::host::notify::{self, Passed};
use crate::serve;

/// A bound socket. Of a Unix socket that was made here the file goes with it.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp {
        listener: TcpListener,
        address: SocketAddr,
    },
    Unix {
        listener: UnixListener,
        path: PathBuf,
        /// Device and inode of the file that was made.
        made: Option<(u64, u64)>,
    },
}

/// A socket of the service manager, with its name.
pub(super) fn handed(passed: Passed) -> Result<(String, Arc<Socket>), Failure> {
    let Passed { name, listener } = passed;
    let unusable = |error: std::io::Error| {
        Failure::unfinished(format!(
            "socket `{name}` of the service manager does not say its address: {error}"
        ))
    };
    let socket = match listener {
        notify::Listener::Tcp(listener) => Socket::Tcp {
            address: listener.local_addr().map_err(unusable)?,
            listener,
        },
        notify::Listener::Unix(listener) => {
            let address = listener.local_addr().map_err(unusable)?;
            let path = address.as_pathname().unwrap_or(Path::new(""));
            Socket::Unix {
                path: path.to_owned(),
                listener,
                made: None,
            }
        }
    };
    Ok((name, Arc::new(socket)))
}

impl Socket {
    /// Binds one; `what` and `key` say whose it is when it cannot be.
    pub(super) async fn bind(place: &Place, what: &str, key: &str) -> Result<Self, Failure> {
        let key = format!("`{key}`");
        match place {
            Place::Tcp(endpoint) => {
                let bound = serve::bind(*endpoint, what, &key).await?;
                Ok(Self::Tcp {
                    address: bound.address,
                    listener: bound
                        .listener
                        .into_std()
                        .map_err(|error| unserved(&error))?,
                })
            }
            Place::Unix(socket) => {
                let listener = serve::bind_unix(socket, &key)?;
                let path = PathBuf::from(&socket.path);
                Ok(Self::Unix {
                    listener: listener.into_std().map_err(|error| unserved(&error))?,
                    made: identity(&path),
                    path,
                })
            }
        }
    }

    /// To serve on.
    pub(super) fn tcp(&self) -> Result<tokio::net::TcpListener, Failure> {
        match self {
            Self::Tcp { listener, .. } => {
                let copy = listener.try_clone();
                let copy = copy.and_then(tokio::net::TcpListener::from_std);
                copy.map_err(|error| unserved(&error))
            }
            Self::Unix { .. } => Err(lost()),
        }
    }

    /// To serve on.
    pub(super) fn unix(&self) -> Result<tokio::net::UnixListener, Failure> {
        match self {
            Self::Unix { listener, .. } => {
                let copy = listener.try_clone();
                let copy = copy.and_then(tokio::net::UnixListener::from_std);
                copy.map_err(|error| unserved(&error))
            }
            Self::Tcp { .. } => Err(lost()),
        }
    }

    /// Of TCP, port included.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp { address, .. } => Some(*address),
            Self::Unix { .. } => None,
        }
    }

    /// Whether it is bound where the place is.
    pub(super) fn is_at(&self, place: &Place) -> bool {
        match (self, place) {
            (Self::Tcp { address, .. }, Place::Tcp(endpoint)) => address == endpoint,
            (Self::Unix { path, .. }, Place::Unix(socket)) => path == Path::new(&socket.path),
            _ => false,
        }
    }

    /// Whether it is of the kind that the place is of.
    pub(super) fn fits(&self, place: &Place, name: &str) -> Result<(), Failure> {
        match (self, place) {
            (Self::Tcp { .. }, Place::Tcp(_)) | (Self::Unix { .. }, Place::Unix(_)) => Ok(()),
            _ => Err(Failure::wrong(format!(
                "socket `{name}` of the service manager, at `{self}`, is of another kind than \
                 the configuration asks for"
            ))
            .hint("let `ListenStream=` of the socket unit say what the configuration says")),
        }
    }

    /// The mode that the place asks for now. That of the service manager's is its own.
    pub(super) fn set_mode(&self, place: &Place) {
        let (Self::Unix { path, made, .. }, Place::Unix(socket)) = (self, place) else {
            return;
        };
        if made.is_none() || identity(path) != *made {
            return;
        }
        let mode = std::fs::Permissions::from_mode(socket.mode);
        if let Err(error) = std::fs::set_permissions(path, mode) {
            let path = path.display();
            tracing::error!(%path, %error, "a socket's mode cannot be changed");
        }
    }
}

impl Drop for Socket {
    /// The file goes, unless another process has put its own there meanwhile.
    fn drop(&mut self) {
        if let Self::Unix { path, made, .. } = self
            && made.is_some()
            && identity(path) == *made
        {
            let _gone_already = std::fs::remove_file(path);
        }
    }
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { address, .. } => address.fmt(f),
            Self::Unix { path, .. } => path.display().fmt(f),
        }
    }
}

/// A listener without what it is made of, which `Ready` always has.
pub(super) fn lost() -> Failure {
    Failure::unfinished("a listener has no socket or token of its kind")
}

fn unserved(error: &std::io::Error) -> Failure {
    Failure::unfinished(format!("a socket cannot be served: {error}"))
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}
