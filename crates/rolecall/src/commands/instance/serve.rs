//! `rolecall instance serve`: the metadata service of an instance on an address of this host, for
//! clients that take another address than EC2's.

use std::io::Read;
use std::net::TcpListener;

use tokio::io::Interest;

use crate::cli::ServeInstance;
use crate::commands::block_on;
use crate::control::{Control, Purpose};
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::term;

/// Runs until told to stop, or until the account ends.
pub(super) fn run(flags: ServeInstance) -> Result<Exit, Failure> {
    let control = Control::connect(flags.running.data)?;
    control.enter(&flags.id)?;
    let refused = |error: std::io::Error| {
        Failure::wrong(format!(
            "the metadata service cannot listen on `{}`: {error}",
            flags.listen
        ))
        .hint("choose another address with `--listen`; port 0 takes a free one")
    };
    let listener = TcpListener::bind(flags.listen).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    control.serve(&[(Purpose::Metadata, listener.into())])?;
    term::data(&format!(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://{address}\n"
    ));
    block_on(wait(control))?
}

async fn wait(control: Control) -> Result<Exit, Failure> {
    let signals = Signals::listen()?;
    let gone = |error: std::io::Error| {
        Failure::unfinished(format!("the account cannot be listened to: {error}"))
    };
    let mut stream = control.into_stream();
    stream.set_nonblocking(true).map_err(gone)?;
    let watched = tokio::net::UnixStream::from_std(stream.try_clone().map_err(gone)?);
    let watched = watched.map_err(gone)?;
    // Nothing more is said on it, so what can be read is its end.
    let ended = watched.async_io(Interest::READABLE, || stream.read(&mut [0]));
    tokio::select! {
        () = signals.wait() => Ok(Exit::Done),
        _ = ended => Err(Failure::unfinished("the account has ended")),
    }
}
