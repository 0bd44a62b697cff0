//! Associations of instance profiles with instances, in force with the answer.

use protocol::{Fault, Record};

use super::filters::Filters;
use super::instances::{load, on_instance};
use super::profile::{pass_role, profile, profile_arn};
use super::shown;
use crate::entity::{Association, Entity, Instance};
use crate::gate::{Caller, Need};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "AssociateIamInstanceProfile",
        needs: |transaction, _, input| {
            let id = required(input, "InstanceId")?;
            let need = on_instance("ec2:AssociateIamInstanceProfile", transaction, id);
            Ok(with_pass_role(need, transaction, input))
        },
        run: associate,
    },
    Row {
        operation: "ReplaceIamInstanceProfileAssociation",
        needs: |transaction, _, input| {
            let need = on_associated(
                "ec2:ReplaceIamInstanceProfileAssociation",
                transaction,
                input,
            )?;
            Ok(with_pass_role(need, transaction, input))
        },
        run: replace,
    },
    Row {
        operation: "DisassociateIamInstanceProfile",
        needs: |transaction, _, input| {
            let action = "ec2:DisassociateIamInstanceProfile";
            Ok(vec![on_associated(action, transaction, input)?])
        },
        run: disassociate,
    },
    Row {
        operation: "DescribeIamInstanceProfileAssociations",
        needs: |_, _, _| {
            Ok(vec![Need::new(
                "ec2:DescribeIamInstanceProfileAssociations",
                "*",
            )])
        },
        run: describe,
    },
];

/// An association with the profile asked for, which takes effect now.
pub(super) fn made(
    transaction: &mut Transaction,
    specification: &Record,
) -> Result<Association, Fault> {
    let profile = profile(transaction, specification)?.clone();
    let profile_arn = profile_arn(transaction, &profile);
    if profile.role.is_none() {
        let message = format!("IAM Instance Profile \"{profile_arn}\" has no associated IAM Roles");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    Ok(Association {
        id: ids::resource_id("iip-assoc-", &mut transaction.entropy),
        profile_arn,
        profile_id: profile.id.clone(),
        since: transaction.now,
    })
}

fn with_pass_role(need: Need, transaction: &Transaction, input: &Record) -> Vec<Need> {
    let specification = input.record("IamInstanceProfile");
    let passed = specification.and_then(|asked| pass_role(transaction, asked));
    [need].into_iter().chain(passed).collect()
}

/// A need on the instance that an association belongs to; on all instances where it is unknown.
fn on_associated(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Need, Fault> {
    let id = required(input, "AssociationId")?;
    let instance = find(transaction, id);
    Ok(on_instance(
        action,
        transaction,
        instance.map_or("*", |instance| &instance.id),
    ))
}

fn find<'a>(transaction: &'a Transaction, association: &str) -> Option<&'a Instance> {
    let mut instances = transaction
        .state()
        .instances()
        .values()
        .map(|held| &held.instance);
    instances.find(|instance| {
        instance
            .association
            .as_ref()
            .is_some_and(|held| held.id == association)
    })
}

fn load_associated(
    transaction: &Transaction,
    input: &Record,
) -> Result<(Instance, Association), Fault> {
    let id = required(input, "AssociationId")?;
    let instance = find(transaction, id).cloned();
    let found = instance.and_then(|mut instance| {
        let association = instance.association.take()?;
        Some((instance, association))
    });
    found.ok_or_else(|| missing(id))
}

fn missing(id: &str) -> Fault {
    Fault::new(
        "InvalidAssociationID.NotFound",
        format!("An invalid association-id of '{id}' was given"),
    )
}

fn asked_for(transaction: &mut Transaction, input: &Record) -> Result<Association, Fault> {
    let empty = Record::new();
    made(
        transaction,
        input.record("IamInstanceProfile").unwrap_or(&empty),
    )
}

fn associate(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let id = required(input, "InstanceId")?;
    let mut instance = load(transaction, id)?.instance.clone();
    if instance.terminated.is_some() {
        return Err(Fault::new(
            "IncorrectState",
            format!("The instance '{id}' is not in the 'running' or 'stopped' states."),
        ));
    }
    if instance.association.is_some() {
        return Err(Fault::new(
            "IncorrectState",
            format!("There is an existing association for instance {id}"),
        ));
    }
    let association = asked_for(transaction, input)?;
    let shown = shown::association(id, &association, "associating");
    instance.association = Some(association);
    transaction.put(Entity::Instance(instance))?;
    Ok(Record::new().with("IamInstanceProfileAssociation", shown))
}

fn replace(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let (mut instance, _) = load_associated(transaction, input)?;
    let association = asked_for(transaction, input)?;
    let shown = shown::association(&instance.id, &association, "associating");
    instance.association = Some(association);
    transaction.put(Entity::Instance(instance))?;
    Ok(Record::new().with("IamInstanceProfileAssociation", shown))
}

fn disassociate(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let (instance, association) = load_associated(transaction, input)?;
    let shown = shown::association(&instance.id, &association, "disassociating");
    transaction.put(Entity::Instance(instance))?;
    Ok(Record::new().with("IamInstanceProfileAssociation", shown))
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let filters = Filters::read(input)?;
    filters.check(|name| matches!(name, "instance-id" | "state"))?;
    let ids: Vec<&str> = input.texts("AssociationIds").collect();
    if let Some(unknown) = ids.iter().find(|id| find(transaction, id).is_none()) {
        return Err(missing(unknown));
    }
    let max = input
        .integer("MaxResults")
        .and_then(|max| usize::try_from(max).ok());
    let after = input.text("NextToken");
    let instances = transaction
        .state()
        .instances()
        .values()
        .map(|held| &held.instance);
    let pairs = instances.filter_map(|instance| Some((instance, instance.association.as_ref()?)));
    let mut rest = pairs
        .filter(|(_, association)| ids.is_empty() || ids.contains(&association.id.as_str()))
        .filter(|(instance, _)| after.is_none_or(|after| instance.id.as_str() > after))
        .filter(|(instance, _)| {
            let attributes = |name: &str| match name {
                "instance-id" => Some(vec![instance.id.clone()]),
                "state" => Some(vec!["associated".to_owned()]),
                _ => None,
            };
            filters.admit(attributes).unwrap_or(false)
        });
    let page: Vec<(&Instance, &Association)> =
        rest.by_ref().take(max.unwrap_or(PAGE_ITEMS_MAX)).collect();
    let last = page.last().map(|(instance, _)| instance.id.clone());
    let next = last.filter(|_| rest.next().is_some());
    let shown = page
        .iter()
        .map(|(instance, association)| shown::association(&instance.id, association, "associated"));
    Ok(Record::new()
        .with(
            "IamInstanceProfileAssociations",
            shown.collect::<Vec<Record>>(),
        )
        .with_some("NextToken", next))
}

// Source: EC2 API Reference, DescribeIamInstanceProfileAssociations.
const PAGE_ITEMS_MAX: usize = 1_000;
