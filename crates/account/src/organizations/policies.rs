//! Service and resource control policies: made, changed, described, deleted, listed.

use policy::Policy;
use protocol::{Fault, Record, Value};

use super::faults::{constraint, invalid_input, policy_not_found};
use super::needs::on_policy;
use super::tree::Tree;
use super::{attachments, pages, shown, tags};
use crate::entity::{ControlPolicy, ControlType, Entity, Key};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::state::{HeldControlPolicy, default_policy, kind_of};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreatePolicy",
        needs: |t, _, i| Ok(create_needs(t, i)),
        run: create,
    },
    Row {
        operation: "UpdatePolicy",
        needs: |t, _, i| on_named("organizations:UpdatePolicy", t, i),
        run: update,
    },
    Row {
        operation: "DescribePolicy",
        needs: |t, _, i| on_named("organizations:DescribePolicy", t, i),
        run: describe,
    },
    Row {
        operation: "DeletePolicy",
        needs: |t, _, i| on_named("organizations:DeletePolicy", t, i),
        run: delete,
    },
    Row {
        operation: "ListPolicies",
        needs: |_, _, input| {
            let of = input.text("Filter").unwrap_or_default();
            let need = Need::new("organizations:ListPolicies", "*");
            Ok(vec![need.with(&keys::ORGANIZATIONS_POLICY_TYPE, of)])
        },
        run: list,
    },
];

fn create_needs(transaction: &Transaction, input: &Record) -> Vec<Need> {
    let of = input.text("Type").unwrap_or_default();
    // It has no id yet: it may be any.
    let any = Tree::of_member(transaction.state())
        .ok()
        .zip(ControlType::find(of))
        .map_or("*".to_owned(), |(tree, of)| tree.policy_arn(of, "p-*"));
    let typed = |need: Need| need.with(&keys::ORGANIZATIONS_POLICY_TYPE, of);
    let tagged = |need: Need| need.requesting(input.records("Tags"));
    let create = Need::new("organizations:CreatePolicy", any.as_str());
    let mut needs = vec![tagged(typed(create))];
    if !input.list("Tags").is_empty() {
        needs.push(tagged(Need::new("organizations:TagResource", any)));
    }
    needs
}

fn on_named(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let id = required(input, "PolicyId")?;
    Ok(on_policy(action, transaction, id, []))
}

/// A type that this server has.
pub(super) fn known_type(name: &str) -> Result<ControlType, Fault> {
    ControlType::find(name).ok_or_else(|| {
        Fault::new(
            "PolicyTypeNotAvailableForOrganizationException",
            format!("This server does not support policies of type {name}."),
        )
    })
}

/// Holds a document against the language before it is stored, so that nothing stored fails later.
fn check_content(of: ControlType, content: &str) -> Result<(), Fault> {
    let parsed = Policy::parse(content, kind_of(of));
    parsed.map(drop).map_err(|error| {
        if error.is_over_quota() {
            constraint(error.message)
        } else {
            Fault::new(
                "MalformedPolicyDocumentException",
                format!(
                    "The provided policy document does not meet the requirements of the specified \
                     policy type. {error}"
                ),
            )
        }
    })
}

fn check_name(tree: Tree<'_>, of: &ControlPolicy) -> Result<(), Fault> {
    let own = tree.held.policies().values();
    let mut others = own.chain(default_policy(of.of)).map(|held| &held.policy);
    if others.any(|it| it.id != of.id && it.of == of.of && it.name == of.name) {
        return Err(Fault::new(
            "DuplicatePolicyException",
            "A policy with the same name and type already exists.",
        ));
    }
    Ok(())
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let tree = Tree::managed(&state)?;
    let of = known_type(required(input, "Type")?)?;
    let content = required(input, "Content")?;
    check_content(of, content)?;
    if tree.held.policies().len() >= POLICIES_MAX {
        return Err(constraint(format!(
            "You have exceeded the maximum of {POLICIES_MAX} policies in an organization."
        )));
    }
    let id = ids::organizations_id::<8>("p-", &mut transaction.entropy);
    let policy = ControlPolicy {
        arn: tree.policy_arn(of, &id),
        id,
        name: required(input, "Name")?.to_owned(),
        description: input.text("Description").unwrap_or_default().to_owned(),
        of,
        content: content.to_owned(),
        tags: tags::given(input)?,
    };
    check_name(tree, &policy)?;
    put(transaction, policy)
}

fn put(transaction: &mut Transaction, policy: ControlPolicy) -> Result<Record, Fault> {
    let id = policy.id.clone();
    transaction.put(Entity::ControlPolicy(policy))?;
    let tree = Tree::managed(transaction.state())?;
    let held = tree.held.policy(&id).ok_or_else(policy_not_found)?;
    Ok(shown::policy(held))
}

/// The policy that a call names, which is not AWS's.
fn load(tree: Tree<'_>, input: &Record) -> Result<ControlPolicy, Fault> {
    let held = tree.held.policy(required(input, "PolicyId")?);
    let held = held.ok_or_else(policy_not_found)?;
    if held.is_aws_managed() {
        return Err(invalid_input(
            "You specified a policy that is managed by AWS and cannot be changed.",
        ));
    }
    Ok(held.policy.clone())
}

fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let mut policy = load(tree, input)?;
    if let Some(content) = input.text("Content") {
        check_content(policy.of, content)?;
        content.clone_into(&mut policy.content);
    }
    if let Some(name) = input.text("Name") {
        name.clone_into(&mut policy.name);
    }
    if let Some(description) = input.text("Description") {
        description.clone_into(&mut policy.description);
    }
    check_name(tree, &policy)?;
    put(transaction, policy)
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let held = tree.held.policy(required(input, "PolicyId")?);
    Ok(shown::policy(held.ok_or_else(policy_not_found)?))
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let policy = load(tree, input)?;
    if attachments::targets(tree, &policy).next().is_some() {
        return Err(Fault::new(
            "PolicyInUseException",
            "The policy is attached to one or more entities. Detach it from all of them first.",
        ));
    }
    transaction.delete(Key::ControlPolicy(policy.id))?;
    Ok(Record::new())
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    // There are none of the types that this server does not have.
    let Some(of) = ControlType::find(required(input, "Filter")?) else {
        return pages::none(input, "Policies");
    };
    let own = tree.held.policies().values();
    let mut all: Vec<&HeldControlPolicy> = own
        .chain(default_policy(of))
        .map(AsRef::as_ref)
        .filter(|held| held.policy.of == of)
        .collect();
    all.sort_by_key(|held| &held.policy.id);
    pages::page(
        input,
        "Policies",
        all.into_iter(),
        |held| held.policy.id.clone(),
        |held| Value::from(shown::policy_summary(held)),
    )
}

const POLICIES_MAX: usize = 1_000;
