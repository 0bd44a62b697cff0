//! Tests: accounts that are there are invited, and join when they say so.

use protocol::sigv4::Credentials;
use protocol::{Fault, Record};

use super::{MEMBER, Organization, sensitive};
use crate::testing::{ACCOUNT, World, fails, seconds, texts};

const OUTSIDER: &str = "555555555555";

fn target(id: &str) -> Record {
    Record::new().with("Target", sensitive(&[("Id", id)]).with("Type", "ACCOUNT"))
}

/// Invites an account; the invitation's id.
fn invite(own: &mut Organization, account: &str) -> String {
    let sent = own.ok("InviteAccountToOrganization", &target(account));
    let shown = sent.record("Handshake").unwrap();
    assert_eq!(shown.text("State"), Some("OPEN"));
    shown.text("Id").unwrap().to_owned()
}

fn answer(world: &mut World, as_: &Credentials, what: &str, id: &str) -> Result<Record, Fault> {
    world.call(as_, "organizations", what, &texts(&[("HandshakeId", id)]))
}

#[test]
fn an_account_joins_when_its_owner_accepts() {
    let mut own = Organization::new();
    let member = own.world.account(MEMBER);
    let outsider = own.world.account(OUTSIDER);
    let id = invite(&mut own, MEMBER);
    let again = own.world.admin(
        "organizations",
        "InviteAccountToOrganization",
        &target(MEMBER),
    );
    fails(
        again,
        ("DuplicateHandshakeException", 400),
        "already exists",
    );
    let denied = ("AccessDeniedException", 400);
    for what in ["AcceptHandshake", "DescribeHandshake", "DeclineHandshake"] {
        fails(answer(&mut own.world, &outsider, what, &id), denied, "");
    }
    let admin = own.world.admin.clone();
    fails(
        answer(&mut own.world, &admin, "AcceptHandshake", &id),
        denied,
        "",
    );
    assert_eq!(own.ids("ListAccounts", &[], "Accounts"), [ACCOUNT]);
    let (service, none) = ("organizations", Record::new());
    let list = "ListHandshakesForAccount";
    let listed = own.world.call(&member, service, list, &none).unwrap();
    assert_eq!(listed.list("Handshakes").len(), 1);
    let listed = own.world.call(&outsider, service, list, &none).unwrap();
    assert!(listed.list("Handshakes").is_empty());

    let accepted = answer(&mut own.world, &member, "AcceptHandshake", &id).unwrap();
    let shown = accepted.record("Handshake").unwrap();
    assert_eq!(shown.text("State"), Some("ACCEPTED"));
    assert_eq!(own.ids("ListAccounts", &[], "Accounts").len(), 2);
    let shown = own.call("DescribeAccount", &[("AccountId", MEMBER)]);
    let shown = shown.unwrap();
    let shown = shown.record("Account").unwrap();
    assert_eq!(shown.text("JoinedMethod"), Some("INVITED"));
    let again = answer(&mut own.world, &member, "AcceptHandshake", &id);
    fails(again, ("HandshakeAlreadyInStateException", 400), "");
    let again = own.world.admin(
        "organizations",
        "InviteAccountToOrganization",
        &target(MEMBER),
    );
    let words = "already a member";
    fails(again, ("HandshakeConstraintViolationException", 400), words);
}

#[test]
fn an_invitation_that_came_to_an_end_counts_no_more() {
    let mut own = Organization::new();
    let member = own.world.account(MEMBER);
    let admin = own.world.admin.clone();
    let ended = ("InvalidHandshakeTransitionException", 400);

    let declined = invite(&mut own, MEMBER);
    let denied = ("AccessDeniedException", 400);
    fails(
        answer(&mut own.world, &admin, "DeclineHandshake", &declined),
        denied,
        "",
    );
    answer(&mut own.world, &member, "DeclineHandshake", &declined).unwrap();
    let canceled = invite(&mut own, MEMBER);
    fails(
        answer(&mut own.world, &member, "CancelHandshake", &canceled),
        denied,
        "",
    );
    answer(&mut own.world, &admin, "CancelHandshake", &canceled).unwrap();
    let expired = invite(&mut own, MEMBER);
    own.world.now = seconds(15 * 86_400);
    for id in [&declined, &canceled, &expired] {
        let late = answer(&mut own.world, &member, "AcceptHandshake", id);
        fails(late, ended, "");
    }
    let shown = answer(&mut own.world, &admin, "DescribeHandshake", &expired).unwrap();
    let shown = shown.record("Handshake").unwrap();
    assert_eq!(shown.text("State"), Some("EXPIRED"));
    let listed = own.call("ListHandshakesForOrganization", &[]).unwrap();
    assert_eq!(listed.list("Handshakes").len(), 3);
    // Long after, there is nothing left of them.
    own.world.now = seconds(46 * 86_400);
    invite(&mut own, MEMBER);
    let listed = own.call("ListHandshakesForOrganization", &[]).unwrap();
    assert_eq!(listed.list("Handshakes").len(), 1);
}

#[test]
fn only_accounts_of_this_server_are_invited_and_by_their_number() {
    let mut own = Organization::new();
    let input = Record::new().with(
        "Target",
        sensitive(&[("Id", "a@example.org")]).with("Type", "EMAIL"),
    );
    for (input, words) in [(input, "ACCOUNT"), (target(OUTSIDER), "doesn't exist")] {
        let operation = "InviteAccountToOrganization";
        let answer = own.world.admin("organizations", operation, &input);
        fails(answer, ("InvalidInputException", 400), words);
    }
    let none = [("HandshakeId", "h-00000000")];
    own.fails("AcceptHandshake", &none, "HandshakeNotFoundException");
}

#[test]
fn an_account_is_in_one_organization() {
    let mut own = Organization::new();
    let member = own.world.account(MEMBER);
    let id = invite(&mut own, MEMBER);
    let (service, none) = ("organizations", Record::new());
    own.world
        .call(&member, service, "CreateOrganization", &none)
        .unwrap();
    let late = answer(&mut own.world, &member, "AcceptHandshake", &id);
    let words = "already a member";
    fails(late, ("HandshakeConstraintViolationException", 400), words);
}
