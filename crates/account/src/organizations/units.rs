//! Organizational units, and what stands in them.

use protocol::{Fault, Record, Value};

use super::faults::{constraint, parent_not_found};
use super::needs::{on_named, tagging};
use super::node::Node;
use super::tree::Tree;
use super::{pages, shown, tags};
use crate::entity::{Attachments, Entity, Key, OrganizationalUnit};
use crate::gate::Caller;
use crate::ids;
use crate::operation::{Row, required};
use crate::state::UNIT_DEPTH_MAX;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateOrganizationalUnit",
        needs: |transaction, _, input| {
            let action = "organizations:CreateOrganizationalUnit";
            let needs = on_named(action, transaction, input, "ParentId");
            Ok(tagging(transaction, needs, "ou", input))
        },
        run: create,
    },
    Row {
        operation: "DescribeOrganizationalUnit",
        needs: |t, _, i| {
            let action = "organizations:DescribeOrganizationalUnit";
            Ok(on_named(action, t, i, "OrganizationalUnitId"))
        },
        run: describe,
    },
    Row {
        operation: "UpdateOrganizationalUnit",
        needs: |t, _, i| {
            let action = "organizations:UpdateOrganizationalUnit";
            Ok(on_named(action, t, i, "OrganizationalUnitId"))
        },
        run: update,
    },
    Row {
        operation: "DeleteOrganizationalUnit",
        needs: |t, _, i| {
            let action = "organizations:DeleteOrganizationalUnit";
            Ok(on_named(action, t, i, "OrganizationalUnitId"))
        },
        run: delete,
    },
    Row {
        operation: "ListOrganizationalUnitsForParent",
        needs: |t, _, i| {
            let action = "organizations:ListOrganizationalUnitsForParent";
            Ok(on_named(action, t, i, "ParentId"))
        },
        run: list,
    },
    Row {
        operation: "ListChildren",
        needs: |t, _, i| Ok(on_named("organizations:ListChildren", t, i, "ParentId")),
        run: list_children,
    },
    Row {
        operation: "ListParents",
        needs: |t, _, i| Ok(on_named("organizations:ListParents", t, i, "ChildId")),
        run: list_parents,
    },
];

/// The root or unit that a call names as parent.
fn parent<'i>(tree: Tree<'_>, input: &'i Record) -> Result<&'i str, Fault> {
    let id = required(input, "ParentId")?;
    let found = Node::parent(tree, id).map(|_| id);
    found.ok_or_else(parent_not_found)
}

fn load(tree: Tree<'_>, input: &Record) -> Result<OrganizationalUnit, Fault> {
    let unit = tree.held.unit(required(input, "OrganizationalUnitId")?);
    let unit = unit.ok_or_else(|| {
        Fault::new(
            "OrganizationalUnitNotFoundException",
            "You specified an organizational unit that doesn't exist.",
        )
    })?;
    Ok((**unit).clone())
}

/// Units of one parent have different names.
fn check_name(tree: Tree<'_>, of: &OrganizationalUnit) -> Result<(), Fault> {
    let mut others = tree.held.units().values();
    let is_same = |unit: &OrganizationalUnit| {
        unit.id != of.id && unit.parent == of.parent && unit.name == of.name
    };
    if others.any(|unit| is_same(unit)) {
        return Err(Fault::new(
            "DuplicateOrganizationalUnitException",
            "An OU with the same name already exists.",
        ));
    }
    Ok(())
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let state = transaction.state().clone();
    let tree = Tree::managed(&state)?;
    let parent = parent(tree, input)?;
    let depth = tree.held.depth(parent).ok_or_else(parent_not_found)?;
    if depth >= UNIT_DEPTH_MAX {
        return Err(constraint(format!(
            "You have exceeded the maximum depth of {UNIT_DEPTH_MAX} nested OUs."
        )));
    }
    if tree.held.units().len() >= UNITS_MAX {
        return Err(constraint(format!(
            "You have exceeded the maximum of {UNITS_MAX} OUs in an organization."
        )));
    }
    let root = tree.record.root_id.trim_start_matches("r-");
    let prefix = format!("ou-{root}-");
    let unit = OrganizationalUnit {
        id: ids::organizations_id::<8>(&prefix, &mut transaction.entropy),
        name: required(input, "Name")?.to_owned(),
        parent: parent.to_owned(),
        attached: Attachments::default(),
        tags: tags::given(input)?,
    };
    check_name(tree, &unit)?;
    put(transaction, &unit)
}

fn put(transaction: &mut Transaction, unit: &OrganizationalUnit) -> Result<Record, Fault> {
    transaction.put(Entity::OrganizationalUnit(unit.clone()))?;
    let tree = Tree::managed(transaction.state())?;
    Ok(Record::new().with("OrganizationalUnit", shown::unit(tree, unit)))
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let unit = load(tree, input)?;
    Ok(Record::new().with("OrganizationalUnit", shown::unit(tree, &unit)))
}

fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let mut unit = load(tree, input)?;
    if let Some(name) = input.text("Name") {
        name.clone_into(&mut unit.name);
    }
    check_name(tree, &unit)?;
    put(transaction, &unit)
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let unit = load(tree, input)?;
    let mut units = tree.held.units().values();
    let mut members = tree.held.members().values();
    if units.any(|it| it.parent == unit.id) || members.any(|it| it.parent == unit.id) {
        return Err(Fault::new(
            "OrganizationalUnitNotEmptyException",
            "You specified an organizational unit that is not empty.",
        ));
    }
    transaction.delete(Key::OrganizationalUnit(unit.id))?;
    Ok(Record::new())
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let parent = parent(tree, input)?;
    let units = tree.held.units().values();
    pages::page(
        input,
        "OrganizationalUnits",
        units.filter(|unit| unit.parent == parent),
        |unit| unit.id.clone(),
        |unit| Value::from(shown::unit(tree, unit)),
    )
}

fn list_children(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let parent = parent(tree, input)?;
    let kind = required(input, "ChildType")?;
    let units = tree.held.units().values();
    let units = units.filter(|unit| unit.parent == parent).map(|it| &it.id);
    let members = tree.held.members().values();
    let members = members.filter(|it| it.parent == parent).map(|it| &it.id);
    let ids: Vec<&String> = if kind == "ACCOUNT" {
        members.collect()
    } else {
        units.collect()
    };
    pages::page(
        input,
        "Children",
        ids.into_iter(),
        |id| (*id).clone(),
        |id| Value::from(Record::new().with("Id", id.as_str()).with("Type", kind)),
    )
}

fn list_parents(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let child = required(input, "ChildId")?;
    let parent = match Node::target(tree, child) {
        Some(Node::Unit(unit)) => unit.parent,
        Some(Node::Account(member)) => member.parent,
        _ => {
            return Err(Fault::new(
                "ChildNotFoundException",
                "You specified a child that doesn't exist.",
            ));
        }
    };
    pages::page(
        input,
        "Parents",
        Node::parent(tree, &parent).into_iter(),
        |node| node.id().to_owned(),
        |node| {
            Value::from(
                Record::new()
                    .with("Id", node.id())
                    .with("Type", node.kind()),
            )
        },
    )
}

// Source: AWS Organizations User Guide, "Quotas".
const UNITS_MAX: usize = 2_000;
