//! A passphrase as root key: stretched by Argon2id, with parameters that the store keeps.
//!
//! It comes from a file or from the terminal, never from the command line or the environment, which
//! other processes may read. The parameters are the second recommendation of RFC 9106, section 4.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::Secret;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::KEY_BYTES;
use crate::clock;
use crate::failure::Failure;

/// How a passphrase becomes a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Stretch {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: [u8; SALT_BYTES],
}

impl Stretch {
    pub(super) fn new() -> Result<Self, Failure> {
        Ok(Self {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: clock::random()?,
        })
    }

    pub(super) fn key(&self, passphrase: &Secret) -> Result<Secret, Failure> {
        let unusable = |error| {
            Failure::unfinished(format!("the passphrase cannot be stretched: {error}")).hint(
                format!("{} MiB of memory are needed", self.memory_kib / 1024),
            )
        };
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY_BYTES));
        let params = params.map_err(unusable)?;
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose(), &self.salt, &mut *key)
            .map_err(unusable)?;
        Ok(Secret::new(*key))
    }

    /// Reads what `Display` writes; nothing that would take more than this host should give.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(ALGORITHM)?.split(' ');
        let mut part = |name: &str| parts.next()?.strip_prefix(name);
        let stretch = Self {
            memory_kib: part("m=")?.parse().ok()?,
            passes: part("t=")?.parse().ok()?,
            lanes: part("p=")?.parse().ok()?,
            salt: STANDARD.decode(part("salt=")?).ok()?.try_into().ok()?,
        };
        let is_bearable = stretch.memory_kib <= MEMORY_KIB_MAX
            && stretch.passes <= PASSES_MAX
            && stretch.lanes <= LANES_MAX;
        (is_bearable && parts.next().is_none()).then_some(stretch)
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            memory_kib,
            passes,
            lanes,
            salt,
        } = self;
        let salt = STANDARD.encode(salt);
        write!(
            f,
            "{ALGORITHM}m={memory_kib} t={passes} p={lanes} salt={salt}"
        )
    }
}

/// The passphrase in a file, without the line's end.
pub(super) fn of_file(path: &Path) -> Result<Secret, Failure> {
    let wrong = |why: &dyn fmt::Display| {
        let path = path.display();
        Failure::wrong(format!(
            "the passphrase file `{path}` cannot be used: {why}"
        ))
    };
    let mut text = Zeroizing::new(Vec::with_capacity(PASSPHRASE_BYTES_MAX + 3));
    let file = File::open(path).map_err(|error| wrong(&error))?;
    let limit = u64::try_from(PASSPHRASE_BYTES_MAX + 3).unwrap_or(u64::MAX);
    let read = file.take(limit).read_to_end(&mut text);
    read.map_err(|error| wrong(&error))?;
    let passphrase = without_line_end(&text);
    match passphrase.len() {
        0 => Err(wrong(&"it is empty")),
        PASSPHRASE_BYTES_OVER.. => Err(wrong(&"it is too long")),
        _ => Ok(Secret::new(passphrase)),
    }
}

/// Asks for the passphrase of a folder.
pub(super) fn asked(folder: &Path) -> Result<Secret, Failure> {
    ask(&format!("passphrase of `{}`: ", folder.display()))
}

/// Asks for a new passphrase.
pub(super) fn asked_twice() -> Result<Secret, Failure> {
    let passphrase = ask("new passphrase: ")?;
    check_new(&passphrase)?;
    if ask("the same again: ")? == passphrase {
        return Ok(passphrase);
    }
    Err(Failure::wrong("the two passphrases are not the same").hint("try again"))
}

/// Refuses a new passphrase that is soon guessed.
pub(super) fn check_new(passphrase: &Secret) -> Result<(), Failure> {
    let is_long = passphrase.expose().len() >= PASSPHRASE_BYTES_MIN;
    is_long.then_some(()).ok_or_else(|| {
        Failure::wrong(format!(
            "the passphrase is too short: {PASSPHRASE_BYTES_MIN} characters at least"
        ))
        .hint("five words that have nothing to do with each other are easy to remember")
    })
}

/// Asks on the terminal, which does not show what is typed.
fn ask(prompt: &str) -> Result<Secret, Failure> {
    let no_terminal = |error: &dyn fmt::Display| {
        Failure::wrong(format!(
            "there is no terminal to ask for the passphrase: {error}"
        ))
        .hint("name a file that holds it with `--root-key-passphrase-file FILE`")
    };
    let mut terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")
        .map_err(|error| no_terminal(&error))?;
    let shown = tcgetattr(&terminal).map_err(|error| no_terminal(&error))?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &hidden).map_err(|error| no_terminal(&error))?;
    let mut line = Zeroizing::new(Vec::with_capacity(PASSPHRASE_BYTES_MAX + 3));
    let limit = u64::try_from(PASSPHRASE_BYTES_MAX + 3).unwrap_or(u64::MAX);
    let read = terminal.write_all(prompt.as_bytes()).and_then(|()| {
        BufReader::new(&terminal)
            .take(limit)
            .read_until(b'\n', &mut line)
    });
    let _gone = tcsetattr(&terminal, OptionalActions::Flush, &shown);
    let _gone = terminal.write_all(b"\n");
    read.map_err(|error| no_terminal(&error))?;
    match without_line_end(&line) {
        [] => Err(Failure::wrong("no passphrase was given")),
        passphrase => Ok(Secret::new(passphrase)),
    }
}

fn without_line_end(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}

const ALGORITHM: &str = "argon2id v=19 ";
const MEMORY_KIB: u32 = 64 * 1_024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
const MEMORY_KIB_MAX: u32 = 1_024 * 1_024;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 16;
const SALT_BYTES: usize = 16;
const PASSPHRASE_BYTES_MIN: usize = 12;
const PASSPHRASE_BYTES_MAX: usize = 1_024;
const PASSPHRASE_BYTES_OVER: usize = PASSPHRASE_BYTES_MAX + 1;
