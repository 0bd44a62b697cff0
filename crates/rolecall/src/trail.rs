//! The durable record of calls: lines in segment files below the data folder, chained by hashes.
//!
//! One thread writes ([`Recorder`]), whoever may read the folder reads ([`Reader`]), with or
//! without a server. What a record says is `account`'s to know. The chain shows what was changed,
//! cut out or cut off by accident or by hand, not by somebody who writes a whole new chain and its
//! head: the hashes have no key. Whoever has to be sure of that keeps copies elsewhere
//! (`--follow`).

mod chain;
mod files;
mod lookup;
mod queue;
mod reader;
mod writer;

use std::path::{Path, PathBuf};

pub(crate) use chain::Link;
pub(crate) use lookup::newest;
pub(crate) use reader::Reader;
pub(crate) use writer::{NotRecorded, Recorder, Recording};

/// Where the trail of a data folder is.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join("trail")
}

#[cfg(test)]
mod tests;
