//! An organization as its management account and its members see it.

use protocol::sigv4::Credentials;
use protocol::{Fault, Record, Value};

use crate::testing::{ACCOUNT, World, fails, policy, statements, texts};

/// A world whose account manages an organization, with both types of policy enabled.
struct Organization {
    world: World,
    root: String,
}

const SCP: &str = "SERVICE_CONTROL_POLICY";
const RCP: &str = "RESOURCE_CONTROL_POLICY";
const FULL: &str = "p-FullAWSAccess";
const MEMBER: &str = "210987654321";

impl Organization {
    fn new() -> Self {
        let mut own = Self::without_types();
        for of in [SCP, RCP] {
            let input = texts(&[("RootId", &own.root.clone()), ("PolicyType", of)]);
            own.ok("EnablePolicyType", &input);
        }
        own
    }

    fn without_types() -> Self {
        let mut world = World::new();
        let (service, none) = ("organizations", Record::new());
        world.admin(service, "CreateOrganization", &none).unwrap();
        let roots = world.admin(service, "ListRoots", &none).unwrap();
        let root = roots.records("Roots").next().unwrap();
        let root = root.text("Id").unwrap().to_owned();
        Self { world, root }
    }

    fn call(&mut self, operation: &str, members: &[(&'static str, &str)]) -> Result<Record, Fault> {
        self.world
            .admin("organizations", operation, &texts(members))
    }

    fn ok(&mut self, operation: &str, input: &Record) -> Record {
        self.world.admin("organizations", operation, input).unwrap()
    }

    #[track_caller]
    fn fails(&mut self, operation: &str, members: &[(&'static str, &str)], code: &str) {
        let answer = self.call(operation, members);
        let fault = answer.expect_err(code);
        assert_eq!((&*fault.code, fault.status), (code, 400), "{fault}");
    }

    /// A new account; its number.
    fn account(&mut self, name: &str) -> String {
        let email = format!("{name}@example.org");
        let input = sensitive(&[("AccountName", name), ("Email", &email)]);
        let made = self.ok("CreateAccount", &input);
        let request = made.record("CreateAccountStatus").unwrap();
        let id = request.text("Id").unwrap();
        let input = texts(&[("CreateAccountRequestId", id)]);
        let told = self.ok("DescribeCreateAccountStatus", &input);
        let told = told.record("CreateAccountStatus").unwrap();
        assert_eq!(told.text("State"), Some("SUCCEEDED"));
        told.text("AccountId").unwrap().to_owned()
    }

    /// A session of the role by which the management account gets into an account.
    fn enter(&mut self, account: &str) -> Credentials {
        let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
        let input = texts(&[("RoleArn", &role), ("RoleSessionName", "session")]);
        let admin = self.world.admin.clone();
        self.world.assume(&admin, &input)
    }

    fn unit(&mut self, parent: &str, name: &str) -> String {
        let input = texts(&[("ParentId", parent), ("Name", name)]);
        let made = self.ok("CreateOrganizationalUnit", &input);
        let unit = made.record("OrganizationalUnit").unwrap();
        unit.text("Id").unwrap().to_owned()
    }

    fn move_to(&mut self, account: &str, from: &str, to: &str) {
        let input = texts(&[
            ("AccountId", account),
            ("SourceParentId", from),
            ("DestinationParentId", to),
        ]);
        self.ok("MoveAccount", &input);
    }

    fn policy(&mut self, of: &str, name: &str, content: &str) -> String {
        let members = [
            ("Type", of),
            ("Name", name),
            ("Description", ""),
            ("Content", content),
        ];
        let made = self.ok("CreatePolicy", &texts(&members));
        let summary = made.record("Policy").unwrap().record("PolicySummary");
        summary.unwrap().text("Id").unwrap().to_owned()
    }

    fn attach(&mut self, policy: &str, target: &str) {
        let input = texts(&[("PolicyId", policy), ("TargetId", target)]);
        self.ok("AttachPolicy", &input);
    }

    fn ids(
        &mut self,
        operation: &str,
        members: &[(&'static str, &str)],
        list: &str,
    ) -> Vec<String> {
        let answer = self.call(operation, members).unwrap();
        let id = |record: &Record| record.text("Id").unwrap().to_owned();
        answer.records(list).map(id).collect()
    }
}

/// An input of members that the model marks sensitive.
fn sensitive(members: &[(&'static str, &str)]) -> Record {
    let set = |record: Record, (name, text): &(&'static str, &str)| {
        record.with(name, protocol::Secret::from_text((*text).to_owned()))
    };
    members.iter().fold(Record::new(), set)
}

fn deny(action: &str) -> String {
    policy("Deny", action, "*")
}

mod accounts;
mod attachments;
mod control;
mod handshakes;
mod policies;
mod units;

#[test]
fn an_organization_is_made_shown_and_deleted() {
    let mut world = World::new();
    let none = Record::new();
    let not_in_use = ("AWSOrganizationsNotInUseException", 400);
    for operation in [
        "DescribeOrganization",
        "DeleteOrganization",
        "ListRoots",
        "ListAccounts",
        "LeaveOrganization",
    ] {
        let answer = world.admin("organizations", operation, &none);
        fails(answer, not_in_use, "not a member of an organization");
    }
    let input = texts(&[("FeatureSet", "CONSOLIDATED_BILLING")]);
    let answer = world.admin("organizations", "CreateOrganization", &input);
    fails(answer, ("InvalidInputException", 400), "only ALL");

    let made = world
        .admin("organizations", "CreateOrganization", &none)
        .unwrap();
    let shown = made.record("Organization").unwrap();
    let id = shown.text("Id").unwrap().to_owned();
    assert!(id.starts_with("o-"), "{id}");
    assert_eq!(shown.text("MasterAccountId"), Some(ACCOUNT));
    let arn = format!("arn:aws:organizations::{ACCOUNT}:organization/{id}");
    assert_eq!(shown.text("Arn"), Some(arn.as_str()));
    let again = world.admin("organizations", "CreateOrganization", &none);
    let already = ("AlreadyInOrganizationException", 400);
    fails(again, already, "already a member");
    world
        .admin("organizations", "DeleteOrganization", &none)
        .unwrap();
    let answer = world.admin("organizations", "DescribeOrganization", &none);
    fails(answer, not_in_use, "");
    assert!(world.partition.membership(ACCOUNT).is_none());
    // Nothing of the old one stands in the way of another.
    let made = world
        .admin("organizations", "CreateOrganization", &none)
        .unwrap();
    let shown = made.record("Organization").unwrap();
    assert_ne!(shown.text("Id"), Some(id.as_str()));
}

#[test]
fn what_has_members_is_not_deleted_and_what_has_none_goes_with_all_that_is_in_it() {
    let mut own = Organization::new();
    let member = own.account("a");
    own.fails("DeleteOrganization", &[], "OrganizationNotEmptyException");
    let root = own.root.clone();
    let unit = own.unit(&root, "u");
    let scp = own.policy(SCP, "p", &deny("s3:*"));
    own.attach(&scp, &unit);
    own.call("RemoveAccountFromOrganization", &[("AccountId", &member)])
        .unwrap();
    own.call("DeleteOrganization", &[]).unwrap();
    own.call("CreateOrganization", &[]).unwrap();
    assert_eq!(
        own.ids("ListPolicies", &[("Filter", SCP)], "Policies"),
        [FULL]
    );
    own.fails(
        "DescribeOrganizationalUnit",
        &[("OrganizationalUnitId", &unit)],
        "OrganizationalUnitNotFoundException",
    );
    // The account outlives it.
    assert!(own.world.partition.account(&member).is_some());
}

#[test]
fn policy_types_are_enabled_once_and_disabled_with_what_was_attached() {
    let mut own = Organization::without_types();
    let root = own.root.clone();
    let on_root = |of| [("RootId", root.as_str()), ("PolicyType", of)];
    let target = [("TargetId", root.as_str()), ("Filter", SCP)];
    assert!(
        own.ids("ListPoliciesForTarget", &target, "Policies")
            .is_empty()
    );
    own.fails(
        "DisablePolicyType",
        &on_root(SCP),
        "PolicyTypeNotEnabledException",
    );
    let scp = own.policy(SCP, "p", &deny("s3:*"));
    let both = [("PolicyId", scp.as_str()), ("TargetId", root.as_str())];
    own.fails("AttachPolicy", &both, "PolicyTypeNotEnabledException");

    own.call("EnablePolicyType", &on_root(SCP)).unwrap();
    own.fails(
        "EnablePolicyType",
        &on_root(SCP),
        "PolicyTypeAlreadyEnabledException",
    );
    own.fails(
        "EnablePolicyType",
        &on_root("TAG_POLICY"),
        "PolicyTypeNotAvailableForOrganizationException",
    );
    let elsewhere = [("RootId", "r-none"), ("PolicyType", RCP)];
    own.fails("EnablePolicyType", &elsewhere, "RootNotFoundException");
    assert_eq!(
        own.ids("ListPoliciesForTarget", &target, "Policies"),
        [FULL]
    );
    own.attach(&scp, &root);
    assert_eq!(
        own.ids("ListPoliciesForTarget", &target, "Policies").len(),
        2
    );
    own.call("DisablePolicyType", &on_root(SCP)).unwrap();
    assert!(
        own.ids("ListPoliciesForTarget", &target, "Policies")
            .is_empty()
    );
    own.call("EnablePolicyType", &on_root(SCP)).unwrap();
    assert_eq!(
        own.ids("ListPoliciesForTarget", &target, "Policies"),
        [FULL]
    );
}

#[test]
fn what_nobody_can_have_made_here_is_not_there() {
    let mut own = Organization::new();
    for (operation, list) in [
        (
            "ListAWSServiceAccessForOrganization",
            "EnabledServicePrincipals",
        ),
        ("ListDelegatedAdministrators", "DelegatedAdministrators"),
    ] {
        let answer = own.call(operation, &[]).unwrap();
        assert!(answer.list(list).is_empty(), "{operation}");
    }
}

#[test]
fn only_the_management_account_asks_for_more_than_the_organization_itself() {
    let mut own = Organization::new();
    let account = own.account("a");
    let member = own.enter(&account);
    let shown = own
        .world
        .call(
            &member,
            "organizations",
            "DescribeOrganization",
            &Record::new(),
        )
        .unwrap();
    let shown = shown.record("Organization").unwrap();
    assert_eq!(shown.text("MasterAccountId"), Some(ACCOUNT));
    let open = [
        "AcceptHandshake",
        "CreateOrganization",
        "CancelHandshake",
        "DeclineHandshake",
        "DescribeHandshake",
        "DescribeOrganization",
        "LeaveOrganization",
        "ListHandshakesForAccount",
    ];
    let service = protocol::shape::Service::find("organizations").unwrap();
    for operation in service.operations {
        if open.contains(&operation.name) {
            continue;
        }
        let input = crate::testing::least_input(operation);
        let answer = own
            .world
            .call(&member, "organizations", operation.name, &input);
        let denied = ("AccessDeniedException", 400);
        let words = "You don't have permissions to access this resource.";
        fails(answer, denied, words);
    }
}

#[test]
fn a_need_names_what_it_is_about() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let (unit, other) = (own.unit(&root, "u"), own.unit(&root, "v"));
    let allow = format!(
        r#"{{"Effect":"Allow","Action":"organizations:*",
            "Resource":"arn:aws:organizations::{ACCOUNT}:ou/*/{unit}"}}"#
    );
    let user = own.world.user("u", &statements(&allow));
    let mut describe = |id: &str| {
        let input = texts(&[("OrganizationalUnitId", id)]);
        let operation = "DescribeOrganizationalUnit";
        own.world.call(&user, "organizations", operation, &input)
    };
    describe(&unit).unwrap();
    let denied = ("AccessDeniedException", 400);
    fails(describe(&other), denied, "no identity-based policy allows");
}

#[test]
fn tags_are_kept_on_whatever_has_an_id() {
    let mut own = Organization::new();
    let root = own.root.clone();
    let (unit, account) = (own.unit(&root, "u"), own.account("a"));
    let scp = own.policy(SCP, "p", &deny("s3:*"));
    let tag = |key: &str| {
        let tag = texts(&[("Key", key), ("Value", "red")]);
        Value::List(vec![tag.into()])
    };
    for id in [&root, &unit, &account, &scp] {
        let input = texts(&[("ResourceId", id)]).with("Tags", tag("team"));
        own.ok("TagResource", &input);
        let listed = own.call("ListTagsForResource", &[("ResourceId", id)]);
        let listed = listed.unwrap();
        let shown = listed.records("Tags").next().unwrap();
        assert_eq!(
            shown.text("Key").zip(shown.text("Value")),
            Some(("team", "red"))
        );
        let keys = Value::List(vec![Value::from("team")]);
        let input = texts(&[("ResourceId", id)]).with("TagKeys", keys);
        own.ok("UntagResource", &input);
        let listed = own.call("ListTagsForResource", &[("ResourceId", id)]);
        assert!(listed.unwrap().list("Tags").is_empty());
    }
    let input = texts(&[("ResourceId", &unit)]).with("Tags", tag("aws:team"));
    let answer = own.world.admin("organizations", "TagResource", &input);
    fails(answer, ("InvalidInputException", 400), "aws:");
    let nowhere = [("ResourceId", FULL)];
    own.fails("ListTagsForResource", &nowhere, "TargetNotFoundException");
}
