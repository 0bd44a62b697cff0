//! The account's end of the control socket: who may connect, and line by line what is asked.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use account::hosts;
use rustix::process::geteuid;
use tokio::io::Interest;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::follow::Following;
use super::message::{Answer, Request, Shown};
use super::session::{Session, unknown};
use super::{LINE_BYTES_MAX, SOCKET};
use crate::cli::ImdsOption;
use crate::failure::Failure;
use crate::host::{passing, peer, short};
use crate::serve::{Api, Stop, stopped};
use crate::store::Ledger;

/// Answers on the control socket of a data folder.
#[derive(Debug)]
pub(crate) struct Controls {
    ledger: Ledger,
    api: Api,
    bound: Option<(UnixListener, PathBuf)>,
}

impl Controls {
    /// Where the folder takes no socket, the account goes on without one.
    pub(crate) fn bind(data: &Path, ledger: Ledger, api: Api) -> Self {
        let path = data.join(SOCKET);
        let bound = match bind(data, &path) {
            Ok(listener) => Some((listener, path)),
            Err(error) => {
                let socket = path.display();
                tracing::warn!(%socket, %error, "`rolecall instance` will not find this account");
                None
            }
        };
        Self { ledger, api, bound }
    }

    /// Answers until told to stop; whatever was served by it has ended then.
    pub(crate) async fn run(self, mut stop: Stop) {
        let Some((listener, path)) = &self.bound else {
            return stopped(&mut stop).await;
        };
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                Some(_) = connections.join_next() => continue,
                () = stopped(&mut stop) => break,
            };
            // Out of file descriptors, or the peer is gone already.
            let Ok((stream, _)) = accepted else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                tracing::warn!("too many connections to the control socket, one is dropped");
                continue;
            };
            if let Err(why) = check(&stream) {
                tracing::warn!(why, "a connection to the control socket is refused");
                continue;
            }
            let session = Session::new(self.ledger.clone(), self.api.clone(), stop.clone());
            let stop = stop.clone();
            connections.spawn(async move {
                converse(stream, session, stop).await;
                drop(place);
            });
        }
        let _not_there = std::fs::remove_file(path);
        while connections.join_next().await.is_some() {}
    }
}

/// In place of a socket that a server left which was killed: the folder's lock is this process's.
fn bind(data: &Path, path: &Path) -> io::Result<UnixListener> {
    let found = std::fs::metadata(data)?;
    if found.uid() != geteuid().as_raw() {
        return Err(io::Error::other("the data folder is another user's"));
    }
    let made = data.join(format!("{SOCKET}.new"));
    let _left_over = std::fs::remove_file(&made);
    let listener = short(&made, |path: &Path| UnixListener::bind(path))?;
    std::fs::set_permissions(&made, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&made, path)?;
    Ok(listener)
}

/// The socket's mode keeps others out; this holds where the folder's rights were widened.
pub(super) fn check(stream: &UnixStream) -> Result<(), String> {
    let process = peer::of_unix(stream).map_err(|reason| reason.to_string())?;
    match process.uid {
        0 => Ok(()),
        uid if uid == geteuid().as_raw() => Ok(()),
        uid => Err(format!("user {uid} is neither the owner nor root")),
    }
}

async fn converse(stream: UnixStream, mut session: Session, mut stop: Stop) {
    loop {
        let asked = tokio::select! {
            asked = read(&stream) => asked,
            () = stopped(&mut stop) => break,
        };
        let Ok(Some((line, passed))) = asked else {
            break;
        };
        let (answer, back) = match serde_json::from_slice(&line) {
            Ok(_) if !session.ledger().is_in_bound() => (Answer::refusal(too_old()), Vec::new()),
            Ok(Request::Follow {
                instance,
                imds_options,
            }) => {
                let manner = ImdsOption::manner(&imds_options);
                let following = Following::new(session.ledger().clone(), instance, manner);
                following.tell(&stream, &mut stop).await;
                break;
            }
            Ok(request) => answer(&mut session, request, passed).await,
            Err(_) => break,
        };
        if write(&stream, &answer, &back).await.is_err() {
            break;
        }
    }
    session.end().await;
}

async fn answer(
    session: &mut Session,
    request: Request,
    passed: Vec<OwnedFd>,
) -> (Answer, Vec<OwnedFd>) {
    let partition = session.ledger().partition();
    let answer = match request {
        Request::List => Ok(Answer::Instances {
            instances: hosts::all(&partition).iter().map(Shown::of).collect(),
        }),
        Request::Show { instance } => match hosts::find(&partition, &instance) {
            Some(host) => Ok(Answer::Instance {
                instance: Box::new(Shown::of(&host)),
            }),
            None => Err(unknown(&instance)),
        },
        Request::Enter {
            instance,
            imds_options,
        } => session.enter(&instance, ImdsOption::manner(&imds_options)),
        // It takes the connection over, and does not come here.
        Request::Follow { .. } => Ok(Answer::Done),
        Request::UserData => match session.user_data() {
            Ok(file) => return (Answer::Done, vec![file]),
            Err(failure) => Err(failure),
        },
        Request::Serve { sockets } => session.serve(&sockets, passed),
        Request::Console => session.console(passed).await,
        Request::Keys { step } => match session.ledger().keys(step).await {
            Ok(kept) => Ok(Answer::Keys { kept }),
            Err(failure) => Err(failure),
        },
        Request::Announce { instance, what } => session.announce(instance, what).await,
    };
    (answer.unwrap_or_else(Answer::refusal), Vec::new())
}

/// Nothing of an instance is told or opened on a state that others may have left long ago.
fn too_old() -> Failure {
    Failure::unfinished("the account does not know whether its state is the newest")
        .hint("it goes on when etcd answers it again")
}

/// A line and what came with it; `None` at the end.
pub(super) async fn read(stream: &UnixStream) -> io::Result<Option<(Vec<u8>, Vec<OwnedFd>)>> {
    let (mut line, mut passed) = (Vec::new(), Vec::new());
    let mut buffer = [0; 4_096];
    while !line.ends_with(b"\n") {
        let take = || Ok(passing::receive(stream, &mut buffer, &mut passed)?);
        let read = stream.async_io(Interest::READABLE, take).await?;
        if read == 0 {
            return Ok(None);
        }
        if line.len() > LINE_BYTES_MAX || passed.len() > passing::DESCRIPTORS_MAX {
            return Err(io::Error::other("it is too long"));
        }
        line.extend_from_slice(buffer.get(..read).unwrap_or_default());
    }
    Ok(Some((line, passed)))
}

pub(super) async fn write(
    stream: &UnixStream,
    answer: &Answer,
    back: &[OwnedFd],
) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer).map_err(io::Error::other)?;
    line.push(b'\n');
    let mut sent = 0;
    while let Some(rest) = line.get(sent..).filter(|rest| !rest.is_empty()) {
        let back: Vec<_> = match sent {
            0 => back.iter().map(AsFd::as_fd).collect(),
            _ => Vec::new(),
        };
        let put = || Ok(passing::start(stream, rest, &back)?);
        sent += stream.async_io(Interest::WRITABLE, put).await?;
    }
    Ok(())
}

// Of one user; a command that runs has two.
const CONNECTIONS_MAX: usize = 512;
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
