//! `rolecall get`: a secret, or a part of it, on standard output.

use agent::{Entry, Moment};
use zeroize::Zeroizing;

use crate::cli::{Format, Get};
use crate::client::{Way, part};
use crate::failure::{Exit, Failure};
use crate::term;

/// Prints the bytes, with a line's end only for a person.
pub(super) async fn run(flags: Get) -> Result<Exit, Failure> {
    let (reference, json) = (&flags.reference, flags.format == Format::Json);
    if json && reference.key().is_some() {
        return Err(Failure::wrong("a key has no JSON of its own")
            .hint("leave the key out, or leave out `--format json`"));
    }
    let way = Way::find().await?;
    let version = way.read(reference.ask(), flags.refresh).await?;
    if json {
        let entry = Entry::new(reference.ask(), version, Moment::default(), 0);
        term::bytes(&entry.body())?;
        term::bytes(b"\n")?;
        return Ok(Exit::Done);
    }
    let part = part(reference, &version)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(part.len() + 1));
    bytes.extend_from_slice(part.expose());
    if term::is_terminal() {
        if part.expose_text().is_none() {
            return Err(
                Failure::wrong("the secret is binary, and this is a terminal")
                    .hint("send it into a file or a pipe, or add `--format json`"),
            );
        }
        if !part.expose().ends_with(b"\n") {
            bytes.push(b'\n');
        }
    }
    term::bytes(&bytes)?;
    Ok(Exit::Done)
}
