//! Standard input that is a secret: a file without a name, in memory, read from its start.

use std::fs::File;
use std::io::{Seek, Write};
use std::process::Stdio;

use protocol::Secret;
use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::Errno;

use crate::failure::Failure;

/// Bytes for a process to read. A file and not a pipe: however long, nobody needs to feed it.
pub(crate) fn in_memory(bytes: &Secret) -> Result<Stdio, Failure> {
    unnamed("stdin", bytes).map(Stdio::from)
}

/// A file without a name, in memory, to be read from its start. What it is for shows in /proc.
pub(crate) fn unnamed(what: &str, bytes: &Secret) -> Result<File, Failure> {
    let create = |flags| memfd_create(format!("rolecall-{what}"), flags);
    let plain = MemfdFlags::CLOEXEC;
    // Kernels before 6.3 do not know the flag; some later ones insist on it.
    let made = match create(plain | MemfdFlags::NOEXEC_SEAL) {
        Err(Errno::INVAL) => create(plain),
        made => made,
    };
    let unmade = |error: std::io::Error| {
        Failure::unfinished(format!("a file in memory cannot be made: {error}"))
    };
    let mut file = File::from(made.map_err(|error| unmade(error.into()))?);
    file.write_all(bytes.expose())
        .and_then(|()| file.rewind())
        .map_err(unmade)?;
    Ok(file)
}
