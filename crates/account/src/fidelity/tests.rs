//! The table is whole, it is about what there is, and the page is the table.

use std::collections::BTreeSet;

use protocol::shape::{self, Kind, Shape};

use super::*;
use crate::operations;

mod page;
mod paths;

#[test]
fn every_row_of_every_service_has_a_note_and_no_other_operation_has() {
    let named: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
    let there = shape::SERVICES.iter().map(|service| service.name);
    // Which has no shapes here: its protocol is spoken elsewhere.
    let mut there: Vec<&str> = there.chain(["s3"]).collect();
    there.sort_unstable();
    assert_eq!(named, there);
    for service in SERVICES {
        let name = service.name;
        let notes: Vec<&str> = service.notes.iter().map(|note| note.operation).collect();
        assert!(notes.is_sorted(), "the notes of {name} are not in order");
        let known: BTreeSet<&str> = notes.iter().copied().collect();
        assert_eq!(known.len(), notes.len(), "{name} has a note twice");
        let mut rows: BTreeSet<&str> = operations::rows(name).map(|row| row.operation).collect();
        if name == "s3" {
            rows = s3::rows().map(|row| row.operation).collect();
        }
        let without: Vec<&&str> = rows.difference(&known).collect();
        assert!(
            without.is_empty(),
            "say in {name}/fidelity.rs how these are as on AWS: {without:?}"
        );
        let unknown: Vec<&&str> = known.difference(&rows).collect();
        assert!(unknown.is_empty(), "{name} has no rows for {unknown:?}");
    }
}

#[test]
fn what_is_refused_is_a_parameter_of_the_operation() {
    for service in SERVICES {
        for note in service.notes {
            for refused in note.refused {
                let name = format!("{}:{} {}", service.name, note.operation, refused.within);
                let members = members_of(service, note, refused.within);
                if let Members::Named(named) = refused.members {
                    for listed in named {
                        assert!(members.contains(listed), "{name} has no {listed}");
                    }
                }
                assert!(
                    !refused.names(&members).is_empty(),
                    "{name} refuses nothing"
                );
            }
        }
    }
}

#[test]
fn a_parameter_that_is_said_to_be_refused_is_refused_by_name() {
    for service in SERVICES.iter().filter(|service| service.name != "s3") {
        let shapes = shape::Service::find(service.name).unwrap();
        for note in service.notes {
            let operation = shapes.operation(note.operation).unwrap();
            let own = note.refused.iter().filter(|it| it.within.is_empty());
            let members = members_of(service, note, "");
            for member in own.flat_map(|refused| refused.names(&members)) {
                let mut world = crate::testing::World::new();
                let mut input = crate::testing::least_input(operation);
                input.set(member, crate::testing::least_member(operation, member));
                let answer = world.admin(service.name, note.operation, &input);
                let name = format!("{}:{} {member}", service.name, note.operation);
                let fault = answer.expect_err(&name);
                let is_behind = BEHIND.contains(&note.operation);
                assert!(
                    is_behind || fault.message.contains(member),
                    "{name}: {}",
                    fault.message
                );
            }
        }
    }
}

#[test]
fn sentences_are_sentences() {
    let of_services = SERVICES.iter().flat_map(|service| {
        let notes = service.notes.iter().filter_map(|note| note.fidelity.how());
        notes.chain(service.remarks.iter().copied())
    });
    let of_paths = paths().filter_map(|(_, fidelity)| fidelity.how());
    let general = GENERAL.iter().map(|(_, how)| *how);
    for sentence in of_services.chain(of_paths).chain(general) {
        assert!(sentence.ends_with('.'), "{sentence}");
        assert!(!sentence.contains(['|', '\n']), "{sentence}");
    }
}

#[test]
fn what_other_operations_ask_for_is_no_operation_and_an_action_of_aws() {
    for permission in PERMISSIONS {
        let (prefix, name) = permission.split_once(':').unwrap();
        let service = policy::actions::Service::find(prefix).unwrap();
        assert!(service.action(name).is_some(), "{permission}");
        assert!(operations::row(prefix, name).is_none(), "{permission}");
    }
}

impl Fidelity {
    fn how(self) -> Option<&'static str> {
        match self {
            Fidelity::Differs(how) => Some(how),
            Fidelity::Exact | Fidelity::Absent => None,
        }
    }
}

impl Refused {
    /// What it refuses, of the members that there are.
    fn names(&self, members: &[&'static str]) -> Vec<&'static str> {
        match self.members {
            Members::Named(named) => named.to_vec(),
            Members::AllBut(lists) => {
                let kept = lists.concat();
                let others = members.iter().filter(|member| !kept.contains(member));
                others.copied().collect()
            }
        }
    }
}

/// Members of a structure in the input of an operation; lists on the way are what they hold.
fn members_of(service: &Service, note: &Note, within: &str) -> Vec<&'static str> {
    let shapes = shape::Service::find(service.name).unwrap();
    let operation = shapes.operation(note.operation).unwrap();
    let Some(mut shape) = operation.input else {
        return Vec::new();
    };
    for step in within.split('.').filter(|step| !step.is_empty()) {
        let members = structure(shape);
        let member = members.iter().find(|member| member.name == step);
        shape = member.unwrap_or_else(|| panic!("no {step}")).shape;
        if let Kind::List { member, .. } = &shape.kind {
            shape = member;
        }
    }
    structure(shape).iter().map(|member| member.name).collect()
}

fn structure(shape: &'static Shape) -> &'static [shape::Member] {
    match &shape.kind {
        Kind::Structure(members) => members,
        other => panic!("no structure: {other:?}"),
    }
}

/// Those that look first for a role or a policy, which is not there.
const BEHIND: &[&str] = &[
    "AssumeRole",
    "AssumeRoleWithWebIdentity",
    "SimulateCustomPolicy",
    "SimulatePrincipalPolicy",
];
