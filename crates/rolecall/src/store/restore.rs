//! Restoring: an export becomes the account of an empty folder.

use std::path::Path;

use account::entity::Located;

use super::export::Export;
use super::folder::Folder;
use super::records::{Damage, Records, Summary};
use super::root_key::RootKey;
use super::seal::{DataKey, Sealer};
use crate::failure::Failure;

/// What was restored.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) count: u64,
    pub(crate) made: jiff::Timestamp,
}

/// Makes the account of an export in a folder that has nothing but a root key. Everything is
/// verified before anything is written; `accept` is asked too.
pub(crate) fn restore(
    folder: &Folder,
    from: &Path,
    accept: impl FnOnce(Vec<Located>) -> Result<(), Failure>,
) -> Result<Restored, Failure> {
    let damaged = |Damage(why): Damage| {
        Failure::wrong(format!(
            "the export `{}` cannot be used: {why}",
            from.display()
        ))
        .hint("take another one; nothing was written")
    };
    let lock = folder.lock()?;
    folder.check_empty()?;
    let file = std::fs::read(from).map_err(|error| {
        Failure::wrong(format!(
            "the export `{}` cannot be read: {error}",
            from.display()
        ))
    })?;
    let export = Export::parse(&file).map_err(damaged)?;
    let root = RootKey::open(folder, &export.envelope.made)?;
    let key = DataKey::unwrap(&root, &export.envelope.made, &export.envelope.wrapped);
    let sealer = Sealer::new(&key.ok_or_else(|| folder.foreign_root_key())?);
    let records = export.records(sealer.mac()).map_err(damaged)?;
    let mut entities = Vec::with_capacity(records.len());
    for (key, sealed) in &records {
        let bytes = sealed.as_deref().and_then(|bytes| sealer.open(key, bytes));
        let entity = bytes
            .ok_or_else(|| Damage(format!("record `{key}` does not open with its key")))
            .and_then(|bytes| Located::decode(key, &bytes).map_err(Damage::from));
        entities.push(entity.map_err(damaged)?);
    }
    accept(entities)?;
    let (count, made) = (export.header.count, export.header.made);
    let before = Summary::of_generation(export.header.generation);
    let database = folder.open_database()?;
    let written = Records::opened(database, sealer, export.envelope, before).write(&records, None);
    drop(lock);
    match written {
        Ok(_) => Ok(Restored { count, made }),
        Err(error) => {
            folder.remove_database();
            Err(Failure::unfinished(format!(
                "the export is not restored: {error}"
            )))
        }
    }
}
