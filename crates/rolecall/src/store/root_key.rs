//! The root key: 32 bytes in a file that only the owner reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::Secret;
use zeroize::Zeroizing;

use super::folder::{Folder, write_private};
use crate::clock;
use crate::failure::Failure;

/// What wraps the data key. It is never stored beside anything but itself.
#[derive(Debug)]
pub(super) struct RootKey(Secret);

impl RootKey {
    /// The key of a folder that holds an account already.
    pub(super) fn read(folder: &Folder) -> Result<Self, Failure> {
        let path = folder.root_key_path();
        match Self::load(folder)? {
            Some(key) => Ok(key),
            None => Err(
                Failure::wrong(format!("the root key `{}` is missing", path.display()))
                    .hint("put the file back, or name it with `--root-key-file`")
                    .hint("without it the data cannot be opened by anybody"),
            ),
        }
    }

    /// The key of a new folder: the one that is there, or a new one.
    pub(super) fn read_or_make(folder: &Folder) -> Result<Self, Failure> {
        let path = folder.root_key_path();
        if let Some(key) = Self::load(folder)? {
            return Ok(key);
        }
        let bytes = Zeroizing::new(clock::random::<KEY_BYTES>()?);
        let text = Zeroizing::new(format!("{}\n", *Zeroizing::new(STANDARD.encode(*bytes))));
        write_private(path, text.as_bytes())?;
        Ok(Self(Secret::new(*bytes)))
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.0.expose()
    }

    fn load(folder: &Folder) -> Result<Option<Self>, Failure> {
        let path = folder.root_key_path();
        let text = match std::fs::read(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let message = format!("the root key `{}` cannot be read: {error}", path.display());
                return Err(Failure::wrong(message));
            }
        };
        let bytes = STANDARD.decode(text.trim_ascii()).map(Zeroizing::new);
        match bytes {
            Ok(bytes) if bytes.len() == KEY_BYTES => Ok(Some(Self(Secret::new(bytes.as_slice())))),
            _ => Err(Failure::wrong(format!(
                "`{}` is no root key for `{}`: {KEY_BYTES} bytes in base64 are needed",
                path.display(),
                folder.path().display()
            ))
            .hint("for a new folder, `openssl rand -base64 32` makes one")
            .hint("a folder that is in use already needs the key that it was made with")),
        }
    }
}

const KEY_BYTES: usize = 32;
