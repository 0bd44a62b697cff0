//! Another root key while a server has the store: the data key is kept under both for as long as
//! it takes to see that the new one opens it.
//!
//! A command of the owner has the root keys, the server has the store. Step by step, each one
//! commit: it shows how the data key is kept; it keeps it under the next root key as well; it keeps
//! it under that one alone. Whatever ends in between, both keys open the store, and the command
//! that is run again goes on from there. What is shown and kept is wrapped, and no secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::root_key::{Made, RootKey};
use super::seal::DataKey;
use super::summary::{Envelope, Envelopes, Meta};
use super::{CommitError, Damage, Folder, KeySource, Revision, Store};
use crate::failure::Failure;

/// The data key as it is kept under a root key, in text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrapped {
    made: String,
    key: String,
}

/// How the data key is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Keys {
    pub(crate) now: Wrapped,
    /// Of a root key that comes to be.
    pub(crate) next: Option<Wrapped>,
}

/// What the owner of a running server asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyStep {
    /// Nothing: show how it is kept.
    Look,
    /// Keep it under this one as well.
    Add(Wrapped),
    /// Keep it under this one alone, which was added before.
    Take(Wrapped),
}

impl Wrapped {
    fn of(envelope: &Envelope) -> Self {
        Self {
            made: envelope.made.text(),
            key: STANDARD.encode(&envelope.wrapped),
        }
    }

    fn envelope(&self) -> Result<Envelope, CommitError> {
        let made = Made::parse(&self.made);
        let wrapped = STANDARD.decode(&self.key).ok();
        match (made, wrapped) {
            (Some(made), Some(wrapped)) => Ok(Envelope { made, wrapped }),
            _ => Err(CommitError::Keys("it is no wrapped key")),
        }
    }
}

impl Keys {
    fn of(kept: &Envelopes) -> Self {
        Self {
            now: Wrapped::of(&kept.now),
            next: kept.next.as_ref().map(Wrapped::of),
        }
    }
}

impl Store {
    /// Takes a step; tells how the data key is kept then, and the commit of that.
    pub(super) fn key_step(&self, step: KeyStep) -> Result<(Keys, Revision), CommitError> {
        let kept = self.envelopes()?;
        let kept = match step {
            KeyStep::Look => return Ok((Keys::of(&kept), self.revision())),
            KeyStep::Add(next) => Envelopes {
                now: kept.now,
                next: Some(next.envelope()?),
            },
            KeyStep::Take(next) => {
                let next = next.envelope()?;
                if kept.next.as_ref() != Some(&next) {
                    return Err(CommitError::Keys("another key came in between"));
                }
                Envelopes {
                    now: next,
                    next: None,
                }
            }
        };
        let written = self.records.keep(&kept)?;
        self.write_head(written.summary.generation);
        Ok((Keys::of(&kept), written.revision))
    }

    fn envelopes(&self) -> Result<Envelopes, CommitError> {
        let unreadable = |Damage(why)| CommitError::Unavailable(why);
        let view = self.records.engine.view().map_err(unreadable)?;
        let meta = Meta::read(&*view).map_err(unreadable)?;
        meta.and_then(|meta| meta.envelopes)
            .ok_or(CommitError::Broken)
    }
}

/// Exchanges the root key of a store that a server has; `ask` has the server take a step.
pub(crate) fn rekey_beside(
    folder: &Folder,
    new: &KeySource,
    ask: impl Fn(KeyStep) -> Result<Keys, Failure>,
) -> Result<(), Failure> {
    let nonsense = |_| folder.damaged(&"it does not say what its root key is");
    let kept = ask(KeyStep::Look)?;
    let envelopes = Envelopes {
        now: kept.now.envelope().map_err(nonsense)?,
        next: kept
            .next
            .as_ref()
            .map(Wrapped::envelope)
            .transpose()
            .map_err(nonsense)?,
    };
    let opened = envelopes.open(folder)?;
    let with_new = folder.with_key_source(new.clone());
    // One that was added before, by a command that did not come to its end.
    let added = envelopes.next.filter(|next| {
        let root = RootKey::open(&with_new, &next.made).ok();
        root.is_some_and(|root| DataKey::unwrap(&root, &next.made, &next.wrapped).is_some())
    });
    if let Some(added) = added {
        return ask(KeyStep::Take(Wrapped::of(&added))).map(drop);
    }
    let (root, made) = RootKey::make(new)?;
    if root.expose() == opened.root.expose() {
        return Err(super::same_key());
    }
    let wrapped = opened.key.wrap(&root, &made)?;
    let next = Envelope { made, wrapped };
    ask(KeyStep::Add(Wrapped::of(&next)))?;
    if *new != KeySource::Prompt {
        // As the next start will do it.
        let root = RootKey::open(&with_new, &next.made)?;
        let opens = DataKey::unwrap(&root, &next.made, &next.wrapped).is_some();
        if !opens {
            return Err(with_new.foreign_root_key());
        }
    }
    ask(KeyStep::Take(Wrapped::of(&next))).map(drop)
}
