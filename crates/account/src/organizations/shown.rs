//! How the parts of an organization are shown.

use protocol::{Record, Secret, Value};

use super::tree::Tree;
use crate::entity::{ControlType, MemberAccount, OrganizationalUnit};
use crate::state::{Account, HeldControlPolicy, State};

pub(super) fn organization(state: &State, tree: Tree<'_>) -> Record {
    let management = state.account_by_id(tree.management);
    let email = management.map(|account| sensitive(&account.record().email));
    let id = tree.record.id.as_str();
    let arn = super::tree::arn(tree.management, &format!("organization/{id}"));
    Record::new()
        .with("Id", id)
        .with("Arn", arn)
        .with("FeatureSet", "ALL")
        .with("MasterAccountArn", tree.arn("account", tree.management))
        .with("MasterAccountId", tree.management)
        .with_some("MasterAccountEmail", email)
        // Of the feature set, as AWS has it; what counts the root says.
        .with(
            "AvailablePolicyTypes",
            vec![policy_type(ControlType::Service)],
        )
}

pub(super) fn root(tree: Tree<'_>) -> Record {
    let enabled = tree.record.enabled.iter();
    let enabled: Vec<Value> = enabled.map(|of| policy_type(*of)).collect();
    Record::new()
        .with("Id", tree.record.root_id.as_str())
        .with("Arn", tree.arn("root", &tree.record.root_id))
        .with("Name", ROOT_NAME)
        .with("PolicyTypes", enabled)
}

fn policy_type(of: ControlType) -> Value {
    let shown = Record::new().with("Type", of.as_str());
    Value::from(shown.with("Status", "ENABLED"))
}

pub(super) fn account(state: &State, tree: Tree<'_>, member: &MemberAccount) -> Record {
    let record = state.account_by_id(&member.id).map(Account::record);
    let standing = if member.closed.is_some() {
        "SUSPENDED"
    } else {
        "ACTIVE"
    };
    let joined = if member.is_created {
        "CREATED"
    } else {
        "INVITED"
    };
    let path = tree.held.path(&member.parent);
    let path = path.map(|path| vec![Value::from(format!("{path}{}/", member.id))]);
    Record::new()
        .with("Id", member.id.as_str())
        .with("Arn", tree.arn("account", &member.id))
        .with_some("Email", record.map(|record| sensitive(&record.email)))
        .with_some("Name", record.map(|record| sensitive(&record.name)))
        .with("Status", standing)
        .with("State", standing)
        .with_some("Paths", path)
        .with("JoinedMethod", joined)
        .with("JoinedTimestamp", member.joined)
}

/// What the model marks sensitive: it stands in no record of calls.
pub(super) fn sensitive(text: &str) -> Secret {
    Secret::from_text(text.to_owned())
}

pub(super) fn unit(tree: Tree<'_>, unit: &OrganizationalUnit) -> Record {
    Record::new()
        .with("Id", unit.id.as_str())
        .with("Arn", tree.arn("ou", &unit.id))
        .with("Name", unit.name.as_str())
        .with_some("Path", tree.held.path(&unit.id))
}

pub(super) fn policy_summary(held: &HeldControlPolicy) -> Record {
    let policy = &held.policy;
    Record::new()
        .with("Id", policy.id.as_str())
        .with("Arn", policy.arn.as_str())
        .with("Name", policy.name.as_str())
        .with("Description", policy.description.as_str())
        .with("Type", policy.of.as_str())
        .with("AwsManaged", held.is_aws_managed())
}

pub(super) fn policy(held: &HeldControlPolicy) -> Record {
    let shown = Record::new()
        .with("PolicySummary", policy_summary(held))
        .with("Content", held.policy.content.as_str());
    Record::new().with("Policy", shown)
}

/// The one root has always this name.
pub(super) const ROOT_NAME: &str = "Root";
