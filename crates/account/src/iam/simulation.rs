//! The policy simulator: what policies would say of calls that nobody makes.
//!
//! The decision is that of `policy::decide`, as for real calls. Nothing of the request is known but
//! what the caller says: condition keys are those of `ContextEntries` and no others.
//!
//! Source: IAM API Reference, "SimulateCustomPolicy", "SimulatePrincipalPolicy" and the two
//! operations that list context keys.

mod entries;
mod evaluate;
mod sources;

use std::collections::BTreeSet;

use policy::{Kind, Policy};
use protocol::{Arn, Fault, Record, Value};

use self::entries::Entries;
use self::evaluate::{Simulation, Who};
use self::sources::{Source, Sources};
use super::faults::refuse;
use super::pages::{PAGE_ITEMS, mark, unmark};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "SimulateCustomPolicy",
        needs: |_, _, _| Ok(vec![Need::new("iam:SimulateCustomPolicy", "*")]),
        run: simulate_custom,
    },
    Row {
        operation: "SimulatePrincipalPolicy",
        needs: |t, _, i| on_principal("iam:SimulatePrincipalPolicy", t, i),
        run: simulate_principal,
    },
    Row {
        operation: "GetContextKeysForCustomPolicy",
        needs: |_, _, _| Ok(vec![Need::new("iam:GetContextKeysForCustomPolicy", "*")]),
        run: |_, _, input| {
            let given = sources::given(input, "PolicyInputList", Kind::Identity)?;
            Ok(context_keys(&given))
        },
    },
    Row {
        operation: "GetContextKeysForPrincipalPolicy",
        needs: |t, _, i| on_principal("iam:GetContextKeysForPrincipalPolicy", t, i),
        run: |transaction, _, input| {
            let arn = required(input, "PolicySourceArn")?;
            let held = sources::of_principal(transaction.state(), arn)?;
            let mut identity = held.identity;
            identity.extend(sources::given(input, "PolicyInputList", Kind::Identity)?);
            Ok(context_keys(&identity))
        },
    },
];

fn on_principal(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let arn = required(input, "PolicySourceArn")?;
    let tags = sources::tags(transaction.state(), arn);
    Ok(vec![
        Need::new(action, arn).on_tagged(&keys::IAM_RESOURCE_TAG, &tags),
    ])
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::new("InvalidInput", message.into())
}

fn context_keys(sources: &[Source]) -> Record {
    let keys = sources.iter().flat_map(|it| it.policy.context_keys(None));
    Record::new().with("ContextKeyNames", distinct(keys))
}

/// Each key once, whatever its case.
fn distinct<'k>(keys: impl Iterator<Item = &'k str>) -> Value {
    let mut seen = BTreeSet::new();
    keys.filter(|key| seen.insert(key.to_ascii_lowercase()))
        .collect()
}

fn simulate_custom(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let state = transaction.state();
    let identity = sources::given(input, "PolicyInputList", Kind::Identity)?;
    if identity.is_empty() {
        return Err(invalid("PolicyInputList must have at least one policy."));
    }
    let sources = Sources {
        identity,
        boundary: sources::given_boundary(input)?,
        organization: sources::organization(input)?,
    };
    simulate(state, input, sources, input.text("CallerArn"))
}

fn simulate_principal(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let state = transaction.state();
    let arn = required(input, "PolicySourceArn")?;
    let mut held = sources::of_principal(state, arn)?;
    held.organization = sources::organization_of(state)?;
    sources::exclude(&mut held, input)?;
    let given = sources::given(input, "PolicyInputList", Kind::Identity)?;
    held.identity.extend(given);
    if let Some(boundary) = sources::given_boundary(input)? {
        held.boundary = Some(boundary);
    }
    // A user calls for itself, where nobody else is said to.
    let own = Some(arn).filter(|arn| is_user(arn));
    let caller = input.text("CallerArn").or(own);
    simulate(state, input, held, caller)
}

fn simulate(
    state: &State,
    input: &Record,
    sources: Sources,
    caller: Option<&str>,
) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let actions = actions(input)?;
    let resources = resources(input)?;
    let entries = Entries::read(input)?;
    let text = input.text("ResourcePolicy");
    if text.is_some() && caller.is_none() {
        return Err(invalid(
            "CallerArn is required with a ResourcePolicy, so that the policy has a principal to \
             be about.",
        ));
    }
    let trusts = |action: &&str| evaluate::is_trust_action(action);
    let read = |kind, wanted: bool| -> Result<Option<Source>, Fault> {
        let text = text.filter(|_| wanted);
        text.map(|text| Source::read("ResourcePolicy".to_owned(), text, kind))
            .transpose()
    };
    let simulation = Simulation {
        who: who(state, caller)?,
        owner: owner(state, input)?,
        sources,
        resource: read(Kind::Resource, actions.iter().any(|it| !trusts(it)))?,
        trust: read(Kind::Trust, actions.iter().any(trusts))?,
        entries,
    };
    page(input, &actions, &resources, &simulation)
}

/// Every action on every resource, a page at a time: only what is shown is decided.
fn page(
    input: &Record,
    actions: &[&str],
    resources: &[&str],
    simulation: &Simulation,
) -> Result<Record, Fault> {
    let total = actions.len().saturating_mul(resources.len());
    let marker = input.text("Marker").map(unmark).transpose()?;
    let from = marker.map_or(Ok(0), |from| from.parse::<usize>());
    let from = from.map_err(|_| Fault::new("ValidationError", "Invalid Marker"))?;
    let max = input.integer("MaxItems");
    let max = max.and_then(|max| usize::try_from(max).ok());
    let to = from.saturating_add(max.unwrap_or(PAGE_ITEMS)).min(total);
    let decide = |index: usize| {
        let action = index.checked_div(resources.len());
        let action = action.and_then(|at| actions.get(at));
        let resource = index.checked_rem(resources.len());
        let resource = resource.and_then(|at| resources.get(at));
        Some(Value::from(simulation.result(action?, resource?)))
    };
    let results: Value = (from..to).filter_map(decide).collect();
    let is_truncated = to < total;
    Ok(Record::new()
        .with("EvaluationResults", results)
        .with("IsTruncated", is_truncated)
        .with_some("Marker", is_truncated.then(|| mark(&to.to_string()))))
}

/// An action is one, and not a pattern for several.
fn actions(input: &Record) -> Result<Vec<&str>, Fault> {
    let actions: Vec<&str> = input.texts("ActionNames").collect();
    let is_one = |action: &str| {
        let in_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let parts = action.split_once(':');
        parts.is_some_and(|(service, name)| {
            !service.is_empty()
                && !name.is_empty()
                && service.chars().all(in_name)
                && name.chars().all(in_name)
        })
    };
    match actions.iter().find(|action| !is_one(action)) {
        Some(action) => Err(invalid(format!("Invalid action name: {action}"))),
        None if actions.is_empty() => Err(invalid("ActionNames must have at least one action.")),
        None => Ok(actions),
    }
}

/// Without any it is all of them.
fn resources(input: &Record) -> Result<Vec<&str>, Fault> {
    let resources: Vec<&str> = input.texts("ResourceArns").collect();
    let is_one = |resource: &str| {
        resource == "*" || resource.starts_with("arn:") && resource.splitn(6, ':').count() == 6
    };
    match resources.iter().find(|resource| !is_one(resource)) {
        Some(resource) => Err(invalid(format!(
            "Invalid resource: {resource} must be an ARN or \"*\"."
        ))),
        None if resources.is_empty() => Ok(vec!["*"]),
        None => Ok(resources),
    }
}

fn is_user(arn: &str) -> bool {
    let resource = arn.splitn(6, ':').nth(5);
    arn.starts_with("arn:aws:iam::") && resource.is_some_and(|it| it.starts_with("user/"))
}

/// "You can specify only the ARN of an IAM user."
fn who(state: &State, caller: Option<&str>) -> Result<Who, Fault> {
    let Some(arn) = caller else {
        return Ok(Who::nobody(state.account_id()));
    };
    let parsed = Arn::parse(arn).filter(|_| is_user(arn));
    let parsed = parsed.ok_or_else(|| invalid(format!("Invalid CallerArn: {arn} is no user.")))?;
    Ok(Who {
        account: parsed.account().to_owned(),
        arn: arn.to_owned(),
        unique_id: sources::user(state, arn).map(|user| user.id.clone()),
    })
}

/// The account of a resource whose ARN names none: an ARN in it, or its twelve digits.
fn owner(state: &State, input: &Record) -> Result<Option<String>, Fault> {
    let Some(owner) = input.text("ResourceOwner") else {
        return Ok(None);
    };
    let digits = |text: &str| text.len() == state.account_id().len() && text.parse::<u64>().is_ok();
    let account = Arn::parse(owner).map_or(owner.to_owned(), |arn| arn.account().to_owned());
    if digits(&account) {
        Ok(Some(account))
    } else {
        Err(invalid(format!("Invalid ResourceOwner: {owner}")))
    }
}

/// Reads a policy of a simulation.
fn read(text: &str, kind: Kind) -> Result<Policy, Fault> {
    Policy::parse_held(text, kind).map_err(|error| invalid(error.to_string()))
}

pub(super) const REFUSED: &[&str] = &["ResourceHandlingOption"];
