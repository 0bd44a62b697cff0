//! Invitations: an account that is there joins an organization when its owner accepts.

use std::time::Duration;

use jiff::Timestamp;
use protocol::{Fault, Record, Value};

use super::faults::{access_denied, constraint, invalid_input};
use super::invitation::{Found, INVITE, all, find, show};
use super::needs::{on_all, tagging};
use super::tree::Tree;
use super::{pages, tags};
use crate::entity::{Attachments, Entity, Handshake, HandshakeState, Key, MemberAccount};
use crate::gate::{Caller, Need};
use crate::home::Home;
use crate::ids;
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "InviteAccountToOrganization",
        needs: |transaction, _, input| {
            let needs = on_all("organizations:InviteAccountToOrganization");
            Ok(tagging(transaction, needs, "account", input))
        },
        run: invite,
    },
    Row {
        operation: "AcceptHandshake",
        needs: |t, _, i| on_handshake("organizations:AcceptHandshake", t, i),
        run: accept,
    },
    Row {
        operation: "DeclineHandshake",
        needs: |t, _, i| on_handshake("organizations:DeclineHandshake", t, i),
        run: |t, _, i| close(t, i, Side::Account, HandshakeState::Declined),
    },
    Row {
        operation: "CancelHandshake",
        needs: |t, _, i| on_handshake("organizations:CancelHandshake", t, i),
        run: |t, _, i| close(t, i, Side::Organization, HandshakeState::Canceled),
    },
    Row {
        operation: "DescribeHandshake",
        needs: |t, _, i| on_handshake("organizations:DescribeHandshake", t, i),
        run: describe,
    },
    Row {
        operation: "ListHandshakesForAccount",
        needs: |_, _, _| Ok(on_all("organizations:ListHandshakesForAccount")),
        run: list_for_account,
    },
    Row {
        operation: "ListHandshakesForOrganization",
        needs: |_, _, _| Ok(on_all("organizations:ListHandshakesForOrganization")),
        run: list_for_organization,
    },
];

/// Who may do something with an invitation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// The account invited.
    Account,
    /// Who invited it.
    Organization,
}

fn on_handshake(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let found = find(transaction.state(), required(input, "HandshakeId")?);
    let arn = found.map_or("*".to_owned(), |found| found.arn());
    Ok(vec![Need::new(action, arn)])
}

/// The invitation that a call names, if whoever calls is one of those it concerns.
fn load<'a>(state: &'a State, input: &Record) -> Result<(Found<'a>, Side), Fault> {
    let found = find(state, required(input, "HandshakeId")?);
    let found = found.ok_or_else(|| {
        Fault::new(
            "HandshakeNotFoundException",
            "You specified a handshake that doesn't exist.",
        )
    })?;
    let account = state.account_id();
    if account == found.handshake.account {
        Ok((found, Side::Account))
    } else if account == found.tree.management {
        Ok((found, Side::Organization))
    } else {
        Err(access_denied())
    }
}

fn check_open(handshake: &Handshake, wanted: HandshakeState, now: Timestamp) -> Result<(), Fault> {
    if handshake.state == wanted {
        return Err(Fault::new(
            "HandshakeAlreadyInStateException",
            "The specified handshake is already in the requested state.",
        ));
    }
    if handshake.state != HandshakeState::Open || handshake.expires <= now {
        return Err(Fault::new(
            "InvalidHandshakeTransitionException",
            "You can't perform this operation on the handshake in its current state.",
        ));
    }
    Ok(())
}

fn invite(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let tree = Tree::managed(&state)?;
    let account = invited(&state, input)?;
    let now = transaction.now;
    let mut open = tree.held.handshakes().values();
    let is_open = |it: &Handshake| it.state == HandshakeState::Open && it.expires > now;
    if open.any(|it| it.account == account && is_open(it)) {
        return Err(Fault::new(
            "DuplicateHandshakeException",
            "A handshake with the same action and target already exists.",
        ));
    }
    if state.partition().membership(&account).is_some() {
        return Err(already_in_organization());
    }
    forget_old(transaction, tree)?;
    let expires = now.checked_add(OPEN_FOR).map_err(|_| internal_failure())?;
    let notes = input.secret("Notes").and_then(|notes| notes.expose_text());
    let handshake = Handshake {
        id: ids::organizations_id::<12>("h-", &mut transaction.entropy),
        account,
        requested: now,
        expires,
        state: HandshakeState::Open,
        notes: notes.or(input.text("Notes")).map(str::to_owned),
        tags: tags::given(input)?,
    };
    put(transaction, tree.management, handshake)
}

fn already_in_organization() -> Fault {
    Fault::new(
        "HandshakeConstraintViolationException",
        "The account is already a member of an organization.",
    )
}

/// The account that is asked, which has to be one of this server's.
fn invited(state: &State, input: &Record) -> Result<String, Fault> {
    let target = input.record("Target");
    let kind = target.and_then(|target| target.text("Type"));
    if kind != Some("ACCOUNT") {
        return Err(invalid_input(
            "This server invites accounts by their number alone: Type must be ACCOUNT.",
        ));
    }
    let id = target.and_then(|target| {
        let sensitive = target.secret("Id").and_then(|id| id.expose_text());
        sensitive.or(target.text("Id"))
    });
    let known = id.filter(|id| state.partition().account(id).is_some());
    known
        .map(str::to_owned)
        .ok_or_else(|| invalid_input("You specified an account that doesn't exist."))
}

/// Invitations are remembered for a while after they have come to something.
fn forget_old(transaction: &mut Transaction, tree: Tree<'_>) -> Result<(), Fault> {
    let now = transaction.now;
    let is_old = |it: &&Handshake| it.expires.checked_add(KEPT_FOR).is_ok_and(|end| end <= now);
    let all = tree.held.handshakes().values().map(AsRef::as_ref);
    let old: Vec<&Handshake> = all.filter(is_old).collect();
    if tree.held.handshakes().len() - old.len() >= HANDSHAKES_MAX {
        return Err(constraint(format!(
            "An organization has at most {HANDSHAKES_MAX} invitations."
        )));
    }
    for handshake in old {
        transaction.delete(Key::Handshake(handshake.id.clone()))?;
    }
    Ok(())
}

fn put(
    transaction: &mut Transaction,
    management: &str,
    handshake: Handshake,
) -> Result<Record, Fault> {
    let home = Home::new(management, transaction.state().region());
    let id = handshake.id.clone();
    transaction.put_in(home, Entity::Handshake(handshake))?;
    let state = transaction.state();
    let found = find(state, &id).ok_or_else(internal_failure)?;
    Ok(Record::new().with("Handshake", show(state, found, transaction.now)))
}

fn accept(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let (found, side) = load(&state, input)?;
    if side != Side::Account {
        return Err(access_denied());
    }
    check_open(found.handshake, HandshakeState::Accepted, transaction.now)?;
    if state.partition().membership(state.account_id()).is_some() {
        return Err(already_in_organization());
    }
    let member = MemberAccount {
        id: state.account_id().to_owned(),
        parent: found.tree.record.root_id.clone(),
        is_created: false,
        joined: transaction.now,
        closed: None,
        attached: Attachments::default(),
        tags: found.handshake.tags.clone(),
    };
    let home = Home::new(found.tree.management, state.region());
    transaction.put_in(home, Entity::MemberAccount(member))?;
    let mut handshake = found.handshake.clone();
    handshake.state = HandshakeState::Accepted;
    put(transaction, found.tree.management, handshake)
}

fn close(
    transaction: &mut Transaction,
    input: &Record,
    by: Side,
    to: HandshakeState,
) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let (found, side) = load(&state, input)?;
    if side != by {
        return Err(access_denied());
    }
    check_open(found.handshake, to, transaction.now)?;
    let mut handshake = found.handshake.clone();
    handshake.state = to;
    put(transaction, found.tree.management, handshake)
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state();
    let (found, _) = load(state, input)?;
    Ok(Record::new().with("Handshake", show(state, found, transaction.now)))
}

fn list_for_account(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let state = transaction.state();
    let own = all(state).filter(|found| found.handshake.account == state.account_id());
    list(transaction, input, own.collect())
}

fn list_for_organization(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let handshakes = tree.held.handshakes().values();
    let own = handshakes.map(|handshake| Found { tree, handshake });
    list(transaction, input, own.collect())
}

fn list(
    transaction: &Transaction,
    input: &Record,
    mut found: Vec<Found<'_>>,
) -> Result<Record, Fault> {
    let filter = input.record("Filter");
    let is_in = |member: &&&str| filter.is_some_and(|filter| filter.get(member).is_some());
    if let Some(member) = REFUSED_OF_FILTERS.iter().find(is_in) {
        return Err(invalid_input(format!(
            "This server does not support {member}."
        )));
    }
    // There are no handshakes but invitations.
    let action = filter.and_then(|filter| filter.text("ActionType"));
    found.retain(|_| action.is_none_or(|action| action == INVITE));
    found.sort_by_key(|found| &found.handshake.id);
    let state = transaction.state();
    pages::page(
        input,
        "Handshakes",
        found.into_iter(),
        |found| found.handshake.id.clone(),
        |found| Value::from(show(state, *found, transaction.now)),
    )
}

// Source: AWS Organizations User Guide, "Quotas", and API Reference, "ListHandshakesForAccount".
const OPEN_FOR: Duration = Duration::from_hours(15 * 24);
const KEPT_FOR: Duration = Duration::from_hours(30 * 24);
const HANDSHAKES_MAX: usize = 1_000;
/// There are no handshakes that belong to others.
pub(super) const REFUSED_OF_FILTERS: &[&str] = &["ParentHandshakeId"];
