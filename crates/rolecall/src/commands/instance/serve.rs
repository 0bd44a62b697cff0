//! `rolecall instance serve`: the metadata service of an instance on an address of this host, for
//! clients that take another address than EC2's.
//!
//! The account answers there; while it is gone, this process does, of what was last known.

use std::net::TcpListener;

use super::keeper::{Keeper, Turn};
use crate::cli::ServeInstance;
use crate::commands::block_on;
use crate::control::{Control, Purpose};
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::term;

/// Runs until told to stop.
pub(super) fn run(flags: ServeInstance) -> Result<Exit, Failure> {
    let control = Control::connect(flags.running.data.clone())?;
    control.enter(&flags.id, &flags.imds_option)?;
    let refused = |error: std::io::Error| {
        Failure::wrong(format!(
            "the metadata service cannot listen on `{}`: {error}",
            flags.listen
        ))
        .hint("choose another address with `--listen`; port 0 takes a free one")
    };
    let listener = TcpListener::bind(flags.listen).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let handed = listener.try_clone().map_err(refused)?;
    control.serve(&[(Purpose::Metadata, handed.into())])?;
    let keeper = Keeper {
        data: flags.running.data,
        id: flags.id,
        imds_options: flags.imds_option,
        listeners: vec![listener],
        says,
    };
    let end = keeper.start();
    term::data(&format!(
        "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://{address}\n"
    ));
    let exit = block_on(async {
        let signals = Signals::listen()?;
        tokio::select! {
            () = signals.wait() => Ok(Exit::Done),
            _ = end => Err(Failure::unfinished("the account has ended, and told nothing")),
        }
    });
    drop(control);
    exit?
}

fn says(turn: Turn) {
    term::talk(match turn {
        Turn::Gone => "the account has ended; what was last known is answered",
        Turn::Back => "the account is there again",
    });
}
