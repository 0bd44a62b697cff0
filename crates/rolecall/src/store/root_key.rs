//! The root key: 32 bytes that wrap the data key, and the ways to come by them.
//!
//! The store says which way it was made with ([`Made`]), so that another one is refused with the
//! right words. A key in a file and one that systemd hands over are the same 32 bytes in base64; a
//! passphrase is stretched to a key; an external key service unwraps one. What the store keeps of
//! it is associated data of the wrapped data key.

mod command;
mod passphrase;

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::Secret;
use zeroize::Zeroizing;

use self::passphrase::Stretch;
use super::folder::{Folder, write_private};
use crate::clock;
use crate::failure::Failure;

/// What wraps the data key. It is never stored beside anything but itself.
#[derive(Debug)]
pub(crate) struct RootKey(Secret);

/// Where a root key comes from, as the user says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// 32 bytes in base64.
    File(PathBuf),
    /// The same, handed over by systemd under this name.
    Credential(String),
    /// A file with a passphrase.
    PassphraseFile(PathBuf),
    /// A passphrase, asked for on the terminal.
    Prompt,
    /// A program in front of a key service: `CMD wrap` and `CMD unwrap`, on its standard input and
    /// output.
    Command(String),
}

/// What a store says of the root key that it was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Made {
    File,
    Credential,
    Passphrase(Stretch),
    /// The root key as the program wrapped it.
    Command(Vec<u8>),
}

impl RootKey {
    /// The key of a store that was made with one.
    pub(super) fn open(folder: &Folder, made: &Made) -> Result<Self, Failure> {
        match (made, folder.key_source()) {
            (Made::File | Made::Credential, KeySource::File(path)) => Self::read(folder, path),
            (Made::File | Made::Credential, KeySource::Credential(name)) => {
                Self::read(folder, &credential(name)?)
            }
            (Made::Passphrase(stretch), KeySource::PassphraseFile(path)) => {
                stretch.key(&passphrase::of_file(path)?).map(Self)
            }
            (Made::Passphrase(stretch), KeySource::Prompt) => {
                stretch.key(&passphrase::asked(folder.path())?).map(Self)
            }
            (Made::Command(wrapped), KeySource::Command(line)) => {
                Self::checked(&command::run(line, "unwrap", wrapped)?).ok_or_else(|| {
                    Failure::wrong(format!(
                        "`{line} unwrap` answers with no key of {KEY_BYTES} bytes"
                    ))
                    .hint("it must write what `wrap` read, and nothing else")
                })
            }
            (made, _) => Err(
                Failure::wrong(format!("{} is sealed with {made}", folder.place()))
                    .hint(made.flag())
                    .hint("`rolecall account rekey` changes what it is sealed with"),
            ),
        }
    }

    /// The key of a new store, or a new one for it: what is there already, or made.
    pub(super) fn make(source: &KeySource) -> Result<(Self, Made), Failure> {
        match source {
            KeySource::File(path) => Ok((Self::read_or_make(path)?, Made::File)),
            KeySource::Credential(name) => {
                let path = credential(name)?;
                let key = Self::load(&path)?.ok_or_else(|| missing(&path))?;
                Ok((key, Made::Credential))
            }
            KeySource::PassphraseFile(path) => Self::stretched(&passphrase::of_file(path)?),
            KeySource::Prompt => Self::stretched(&passphrase::asked_twice()?),
            KeySource::Command(line) => {
                let bytes = Zeroizing::new(clock::random::<KEY_BYTES>()?);
                let wrapped = command::run(line, "wrap", &*bytes)?;
                let opened = command::run(line, "unwrap", &wrapped)?;
                if wrapped.is_empty() || **opened != *bytes {
                    return Err(Failure::wrong(format!(
                        "`{line}` does not unwrap what it has wrapped"
                    ))
                    .hint("`unwrap` must write what `wrap` read, and nothing else"));
                }
                Ok((Self(Secret::new(*bytes)), Made::Command(wrapped.to_vec())))
            }
        }
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.0.expose()
    }

    fn stretched(passphrase: &Secret) -> Result<(Self, Made), Failure> {
        passphrase::check_new(passphrase)?;
        let stretch = Stretch::new()?;
        let key = Self(stretch.key(passphrase)?);
        Ok((key, Made::Passphrase(stretch)))
    }

    fn read(folder: &Folder, path: &Path) -> Result<Self, Failure> {
        let hint = format!(
            "without it the data in `{}` cannot be opened by anybody",
            folder.path().display()
        );
        let loaded = Self::load(path);
        let loaded = loaded.and_then(|key| key.ok_or_else(|| missing(path)));
        loaded.map_err(|failure| failure.hint(hint))
    }

    fn read_or_make(path: &Path) -> Result<Self, Failure> {
        if let Some(key) = Self::load(path)? {
            return Ok(key);
        }
        let bytes = Zeroizing::new(clock::random::<KEY_BYTES>()?);
        let text = Zeroizing::new(format!("{}\n", *Zeroizing::new(STANDARD.encode(*bytes))));
        write_private(path, text.as_bytes())?;
        Ok(Self(Secret::new(*bytes)))
    }

    fn load(path: &Path) -> Result<Option<Self>, Failure> {
        let text = match std::fs::read(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let message = format!("the root key `{}` cannot be read: {error}", path.display());
                return Err(Failure::wrong(message));
            }
        };
        let bytes = STANDARD.decode(text.trim_ascii()).map(Zeroizing::new);
        match bytes.ok().and_then(|bytes| Self::checked(&bytes)) {
            Some(key) => Ok(Some(key)),
            None => Err(Failure::wrong(format!(
                "`{}` is no root key: {KEY_BYTES} bytes in base64 are needed",
                path.display(),
            ))
            .hint("for a new folder, `openssl rand -base64 32` makes one")
            .hint("a folder that is in use already needs the key that it was made with")),
        }
    }

    fn checked(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == KEY_BYTES).then(|| Self(Secret::new(bytes)))
    }
}

fn missing(path: &Path) -> Failure {
    Failure::wrong(format!("the root key `{}` is missing", path.display()))
        .hint("put the file back, or name it with `--root-key-file`")
}

/// Where systemd puts a credential of this service.
fn credential(name: &str) -> Result<PathBuf, Failure> {
    if name.is_empty() || name.contains('/') || name.starts_with('.') {
        return Err(Failure::wrong(format!(
            "`--root-key-credential {name}` is no name of a credential"
        ))
        .hint("it is the name in the unit's `LoadCredential=NAME:...`"));
    }
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty());
    let folder = folder.ok_or_else(|| {
        Failure::wrong(format!(
            "there is no credential `{name}`: `CREDENTIALS_DIRECTORY` is not set"
        ))
        .hint(format!(
            "systemd sets it for a unit with `LoadCredentialEncrypted={name}`"
        ))
    })?;
    Ok(Path::new(&folder).join(name))
}

impl Made {
    /// The flag that names a key of this kind.
    fn flag(&self) -> &'static str {
        match self {
            Self::File => "name the file with `--root-key-file FILE`",
            Self::Credential => "name it with `--root-key-credential NAME`",
            Self::Passphrase(_) => {
                "name a file that holds it with `--root-key-passphrase-file FILE`, or be asked for \
                 it with `--root-key-passphrase`"
            }
            Self::Command(_) => "name the program with `--root-key-command CMD`",
        }
    }

    /// As the store keeps it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::File => "file".to_owned(),
            Self::Credential => "credential".to_owned(),
            Self::Passphrase(stretch) => format!("passphrase {stretch}"),
            Self::Command(wrapped) => format!("command {}", STANDARD.encode(wrapped)),
        }
    }

    /// Reads what `text` writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None if text == "file" => Some(Self::File),
            None if text == "credential" => Some(Self::Credential),
            Some(("passphrase", rest)) => Stretch::parse(rest).map(Self::Passphrase),
            Some(("command", rest)) => STANDARD.decode(rest).ok().map(Self::Command),
            _ => None,
        }
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File => "a root key in a file",
            Self::Credential => "a root key from systemd's credentials",
            Self::Passphrase(_) => "a passphrase",
            Self::Command(_) => "a root key that a program unwraps",
        })
    }
}

const KEY_BYTES: usize = 32;

#[cfg(test)]
mod tests;
