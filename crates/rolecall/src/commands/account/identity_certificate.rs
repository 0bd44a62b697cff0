//! `rolecall account identity-certificate`: what identity documents of instances are verified with.

use super::super::founding;
use crate::cli;
use crate::failure::{Exit, Failure};
use crate::identity;
use crate::term;

/// Prints the certificate in PEM; where there is none yet, it is made.
pub(super) fn run(flags: &cli::Kept) -> Result<Exit, Failure> {
    let folder = founding::kept(&flags.folder, &flags.etcd)?.beside_server();
    let (store, mut partition) = founding::open_existing(&folder)?;
    identity::establish(&store, &mut partition)?;
    term::data(partition.identity_certificate().unwrap_or_default());
    Ok(Exit::Done)
}
