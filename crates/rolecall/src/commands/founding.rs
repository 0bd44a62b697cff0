//! An account in a data folder: opened as it was made, or made.

use std::sync::Arc;
use std::time::Duration;

use account::{Partition, State, sample};

use crate::cli;
use crate::clock;
use crate::failure::Failure;
use crate::store::{self, Entities, Folder, Store};

/// What a new account is made with. An account that is there was made with the same, where it is
/// said at all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) account_id: Option<&'a str>,
    pub(super) region: Option<&'a str>,
    /// With the sample world in it.
    pub(super) sample: bool,
}

/// The folder that the flags name, made if it is not there.
pub(super) fn folder(flags: &cli::DataFolder) -> Result<Folder, Failure> {
    let folder = Folder::prepare(flags.data.clone(), flags.root_key.source())?;
    Ok(folder.accepting_rollback(flags.accept_rollback))
}

/// The same, or the cluster, where the flags name one.
pub(super) fn kept(flags: &cli::DataFolder, etcd: &cli::Etcd) -> Result<Folder, Failure> {
    let shared = etcd.shared(MAX_STALENESS)?;
    Ok(folder(flags)?.sharing(shared))
}

/// Opened, and kept apart from the ledger until everything is bound.
pub(super) type Opened = (Store, Partition);

impl Wanted<'_> {
    /// Refuses what can make no account, before anything is made.
    pub(super) fn check(&self) -> Result<(), Failure> {
        sample::check(self.account_id(), self.region()).map_err(|error| {
            Failure::wrong(error.to_string()).hint(format!(
                "leave out `--account-id` and `--region` for {ACCOUNT_ID_DEFAULT} in \
                 {REGION_DEFAULT}"
            ))
        })
    }

    /// Opens the account of a folder, or makes one.
    pub(super) fn open(&self, folder: &Folder) -> Result<Opened, Failure> {
        let accept = |records: Entities| {
            let partition = Partition::load_batches(records.into_batches())
                .map_err(|error| folder.damaged(&error))?;
            self.check_fixed(&partition, folder).map(|()| partition)
        };
        match Store::open(folder, accept)? {
            store::Opened::Account(store, partition) => Ok((store, partition)),
            store::Opened::New(store) => self.make(store, folder),
        }
    }

    /// Makes an account in a folder that has none.
    pub(super) fn make_new(&self, folder: &Folder) -> Result<Opened, Failure> {
        let refuse = |_| {
            let name = folder.name();
            Err(
                Failure::wrong(format!("there is an account in `{name}` already")).hint(
                    "serve it with `rolecall account serve`, or name another folder with `--data`",
                ),
            )
        };
        match Store::open::<Partition>(folder, refuse)? {
            store::Opened::Account(store, partition) => Ok((store, partition)),
            store::Opened::New(store) => self.make(store, folder),
        }
    }

    /// What an account was made with stays.
    fn check_fixed(&self, partition: &Partition, folder: &Folder) -> Result<(), Failure> {
        let home = partition.home();
        let asked = [
            ("--account-id", self.account_id, home.account()),
            ("--region", self.region, home.region()),
        ];
        let other = asked.into_iter().find_map(|(flag, asked, held)| {
            asked
                .filter(|asked| *asked != held)
                .map(|asked| (flag, asked, held))
        });
        let Some((flag, asked, held)) = other else {
            return Ok(());
        };
        let name = folder.name();
        Err(Failure::wrong(format!(
            "`{flag} {asked}` cannot be: the account in `{name}` was made with `{held}`"
        ))
        .hint(format!(
            "leave out `{flag}`, or name another folder with `--data`"
        )))
    }

    fn make(&self, store: Store, folder: &Folder) -> Result<Opened, Failure> {
        let account = if self.sample {
            sample::sample
        } else {
            sample::empty
        };
        let made = account(
            self.account_id(),
            self.region(),
            clock::now(),
            clock::random()?,
        )
        .map_err(|error| Failure::wrong(error.to_string()))?;
        store.commit(&made.changes).map_err(|error| {
            Failure::unfinished(format!("the new account cannot be kept: {error}"))
        })?;
        let partition = made.into_partition();
        let partition = partition.map_err(|error| folder.damaged(&error))?;
        Ok((store, partition))
    }

    fn account_id(&self) -> &str {
        self.account_id.unwrap_or(ACCOUNT_ID_DEFAULT)
    }

    fn region(&self) -> &str {
        self.region.unwrap_or(REGION_DEFAULT)
    }
}

/// The view from where the folder was made.
pub(super) fn founding_state(partition: &Partition) -> Result<State, Failure> {
    let state = Arc::new(partition.clone()).founding_state();
    state.ok_or_else(|| Failure::unfinished("the account's own region is not there"))
}

/// Opens the account of a folder that has one.
pub(super) fn open_existing(folder: &Folder) -> Result<Opened, Failure> {
    let accept = |records: Entities| {
        Partition::load_batches(records.into_batches()).map_err(|error| folder.damaged(&error))
    };
    Store::open_existing(folder, accept)
}

/// How old the state of a server may be for calls to be decided on it.
pub(super) const MAX_STALENESS: Duration = Duration::from_secs(2);
const ACCOUNT_ID_DEFAULT: &str = "123456789012";
const REGION_DEFAULT: &str = "us-east-1";
