//! An invitation: by its id, whoever sent it, and as it is shown.

use jiff::Timestamp;
use protocol::{Record, Value};

use super::shown::sensitive;
use super::tree::Tree;
use crate::entity::{Handshake, HandshakeState};
use crate::state::{Account, State};

/// An invitation and the organization that sent it.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) tree: Tree<'a>,
    pub(super) handshake: &'a Handshake,
}

impl Found<'_> {
    pub(super) fn arn(&self) -> String {
        let id = format!("invite/{}", self.handshake.id);
        self.tree.arn("handshake", &id)
    }
}

pub(super) fn all(state: &State) -> impl Iterator<Item = Found<'_>> {
    let accounts = state.partition().accounts().keys();
    let trees = accounts.filter_map(|account| Tree::managed_by(state, account));
    trees.flat_map(|tree| {
        let handshakes = tree.held.handshakes().values();
        handshakes.map(move |handshake| Found { tree, handshake })
    })
}

pub(super) fn find<'a>(state: &'a State, id: &str) -> Option<Found<'a>> {
    all(state).find(|found| found.handshake.id == id)
}

pub(super) fn show(state: &State, found: Found<'_>, now: Timestamp) -> Record {
    let Found { tree, handshake } = found;
    let party = |kind: &str, id: &str| {
        Value::from(Record::new().with("Id", sensitive(id)).with("Type", kind))
    };
    let of = |kind: &str, value: &str| {
        Record::new()
            .with("Value", sensitive(value))
            .with("Type", kind)
    };
    let management = state.account_by_id(tree.management);
    let management = management.map(Account::record);
    let mut about = vec![Value::from(of("ORGANIZATION_FEATURE_SET", "ALL"))];
    if let Some(record) = management {
        about.push(of("MASTER_EMAIL", &record.email).into());
        about.push(of("MASTER_NAME", &record.name).into());
    }
    let organization = of("ORGANIZATION", &tree.record.id).with("Resources", about);
    let mut resources = vec![
        Value::from(organization),
        Value::from(of("ACCOUNT", &handshake.account)),
    ];
    if let Some(notes) = &handshake.notes {
        resources.push(of("NOTES", notes).into());
    }
    let standing = match handshake.state {
        HandshakeState::Open if handshake.expires <= now => "EXPIRED",
        HandshakeState::Open => "OPEN",
        HandshakeState::Accepted => "ACCEPTED",
        HandshakeState::Declined => "DECLINED",
        HandshakeState::Canceled => "CANCELED",
    };
    let parties = vec![
        party("ORGANIZATION", &tree.record.id),
        party("ACCOUNT", &handshake.account),
    ];
    Record::new()
        .with("Id", handshake.id.as_str())
        .with("Arn", found.arn())
        .with("Parties", parties)
        .with("State", standing)
        .with("RequestedTimestamp", handshake.requested)
        .with("ExpirationTimestamp", handshake.expires)
        .with("Action", INVITE)
        .with("Resources", resources)
}

pub(super) const INVITE: &str = "INVITE";
