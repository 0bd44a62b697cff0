//! The guard's control socket: what it has counted, for the user whose it is and for root.
//!
//! One for each network, beside the guard's lock. Whoever connects is sent one line of JSON.

use std::io::{ErrorKind, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use agent::guard::Counts;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;
use tokio::time::timeout;

use super::server::check;
use crate::failure::Failure;
use crate::guard::Only;
use crate::serve::{Records, Stop, stopped};

/// Tells until told to stop. `only` says that no other guard has the socket.
pub(crate) fn tell(only: &Only, records: Records, stop: Stop) -> Result<(), Failure> {
    let path = only.beside("sock");
    let failed = |error: std::io::Error| {
        let path = path.display();
        Failure::unfinished(format!(
            "the control socket `{path}` cannot be made: {error}"
        ))
    };
    // Of a guard that was killed.
    let _left_over = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).map_err(failed)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    tokio::spawn(serve(listener, records, stop));
    Ok(())
}

/// One after the other: those who ask are few, and root.
async fn serve(listener: UnixListener, records: Records, mut stop: Stop) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stop) => return,
        };
        let Ok((mut stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        if let Err(reason) = check(&stream) {
            tracing::warn!(reason, "a connection to the control socket is turned away");
            continue;
        }
        let mut line = serde_json::to_vec(&records.counts()).unwrap_or_default();
        line.push(b'\n');
        let _gone = timeout(TIME_MAX, stream.write_all(&line)).await;
    }
}

/// Asks the guard of this network. Blocks.
pub(crate) fn ask() -> Result<Counts, Failure> {
    let path = Only::path("sock").map_err(|error| {
        Failure::unfinished(format!("the network of this process is not known: {error}"))
    })?;
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::PermissionDenied => {
            Failure::wrong(format!("the guard tells root alone: {error}"))
                .hint("`sudo rolecall guard stats`")
        }
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => {
            Failure::unfinished("no guard runs in this network")
                .hint("`rolecall guard run --config FILE` starts one")
        }
        _ => Failure::unfinished(format!("the guard does not answer: {error}")),
    };
    let line = read(&path).map_err(failed)?;
    serde_json::from_slice(&line).map_err(|_| {
        Failure::unfinished("the guard of this network is another version of Rolecall")
            .hint("start the guard again with this version")
    })
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(TIME_MAX))?;
    let mut line = Vec::new();
    stream.take(LINE_BYTES_MAX).read_to_end(&mut line)?;
    Ok(line)
}

// All callers that have a place, with the longest names.
const LINE_BYTES_MAX: u64 = 16 << 20;
const TIME_MAX: Duration = Duration::from_secs(10);
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
