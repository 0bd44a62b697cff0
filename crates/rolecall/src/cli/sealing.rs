//! The flags that say where a root key comes from: of a folder, and of a folder that gets another.

use std::path::PathBuf;

use clap::Args;

use crate::store::KeySource;

/// Where the root key comes from, which seals the data.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
#[group(multiple = false)]
pub(crate) struct Sealing {
    /// A file of 32 bytes in base64 that seals the data [default: `root.key` in the data folder].
    #[arg(id = "root_key_file", long = "root-key-file", value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// The same, handed over by systemd under a name [default name: rolecall-root-key].
    #[arg(
        id = "root_key_credential",
        long = "root-key-credential",
        value_name = "NAME"
    )]
    #[arg(num_args = 0..=1, default_missing_value = CREDENTIAL)]
    pub(crate) credential: Option<String>,

    /// A file with a passphrase that seals the data.
    #[arg(
        id = "root_key_passphrase_file",
        long = "root-key-passphrase-file",
        value_name = "FILE"
    )]
    pub(crate) passphrase_file: Option<PathBuf>,

    /// Ask for the passphrase that seals the data, on the terminal.
    #[arg(id = "root_key_passphrase", long = "root-key-passphrase")]
    pub(crate) passphrase: bool,

    /// A program that has the root key wrapped: `CMD wrap` and `CMD unwrap`, bytes in, bytes out.
    #[arg(id = "root_key_command", long = "root-key-command", value_name = "CMD")]
    pub(crate) command: Option<String>,
}

/// Where the new root key comes from.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
#[group(multiple = false)]
pub(crate) struct NewSealing {
    /// A new root key: a file of 32 bytes in base64, made if it is not there.
    #[arg(
        id = "new_root_key_file",
        long = "new-root-key-file",
        value_name = "FILE"
    )]
    pub(crate) file: Option<PathBuf>,

    /// The same, handed over by systemd under a name [default name: rolecall-root-key].
    #[arg(
        id = "new_root_key_credential",
        long = "new-root-key-credential",
        value_name = "NAME"
    )]
    #[arg(num_args = 0..=1, default_missing_value = CREDENTIAL)]
    pub(crate) credential: Option<String>,

    /// A new root key: a file with a passphrase.
    #[arg(
        id = "new_root_key_passphrase_file",
        long = "new-root-key-passphrase-file",
        value_name = "FILE"
    )]
    pub(crate) passphrase_file: Option<PathBuf>,

    /// A new root key: ask for a passphrase, on the terminal.
    #[arg(id = "new_root_key_passphrase", long = "new-root-key-passphrase")]
    pub(crate) passphrase: bool,

    /// A new root key: a program that has it wrapped.
    #[arg(
        id = "new_root_key_command",
        long = "new-root-key-command",
        value_name = "CMD"
    )]
    pub(crate) command: Option<String>,
}

impl Sealing {
    /// What the flags say; `None` where they say nothing.
    pub(crate) fn source(&self) -> Option<KeySource> {
        let file = self.file.clone().map(KeySource::File);
        let credential = self.credential.clone().map(KeySource::Credential);
        let passphrase = self.passphrase_file.clone();
        let passphrase = passphrase.map(KeySource::PassphraseFile);
        let prompt = self.passphrase.then_some(KeySource::Prompt);
        let command = self.command.clone().map(KeySource::Command);
        file.or(credential).or(passphrase).or(prompt).or(command)
    }
}

impl NewSealing {
    /// What the flags say; `None` where they say nothing.
    pub(crate) fn source(self) -> Option<KeySource> {
        let Self {
            file,
            credential,
            passphrase_file,
            passphrase,
            command,
        } = self;
        let same = Sealing {
            file,
            credential,
            passphrase_file,
            passphrase,
            command,
        };
        same.source()
    }
}

const CREDENTIAL: &str = "rolecall-root-key";
