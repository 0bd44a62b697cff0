//! `docs/fidelity.md`, made of the table.

use std::fmt::Write as _;

use policy::actions::{self, Access};

use super::members_of;
use crate::fidelity::{Fidelity, GENERAL, Note, PERMISSIONS, Refused, SERVICES, Service, paths};
use crate::operations;
use crate::s3;

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "writing the page is a developer's command, no part of the package"
)]
fn the_page_is_the_table() {
    let page = include_str!("../../../../../docs/fidelity.md");
    let rendered = render();
    if page == rendered {
        return;
    }
    if std::env::var_os(WRITE).is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/fidelity.md");
        std::fs::write(path, rendered).unwrap();
        return;
    }
    let pairs = page.lines().zip(rendered.lines());
    let other = pairs.enumerate().find(|(_, (found, said))| found != said);
    panic!(
        "docs/fidelity.md is not what the table says, from here on: {other:?}\n\
         `{WRITE}=1 cargo test -p rolecall-account the_page_is_the_table` writes it anew"
    );
}

const WRITE: &str = "ROLECALL_WRITE_PAGES";

fn render() -> String {
    let mut page = HEAD.to_owned();
    for (subject, how) in GENERAL {
        writeln!(page, "| {subject} | {how} |").unwrap();
    }
    for service in SERVICES {
        of_service(&mut page, service);
    }
    of_paths(&mut page);
    page
}

fn of_service(page: &mut String, service: &Service) {
    write!(page, "\n## {}\n\n", service.title).unwrap();
    for remark in service.remarks {
        writeln!(page, "- {remark}").unwrap();
    }
    let is_plain = |note: &&Note| {
        note.fidelity == Fidelity::Exact && note.refused.is_empty() && !note.has_own_words
    };
    let (exact, others): (Vec<&Note>, Vec<&Note>) = service.notes.iter().partition(is_plain);
    if !exact.is_empty() {
        let (number, count) = (exact.len(), service.notes.len());
        let names: Vec<&str> = exact.iter().map(|note| note.operation).collect();
        let names = names.join(", ");
        write!(page, "\nExact, {number} of {count} operations: {names}.\n").unwrap();
    }
    page.push_str("\n| operation | | what differs | refused by name |\n|---|---|---|---|\n");
    for note in others {
        let (mark, how) = match note.fidelity {
            Fidelity::Exact => ("exact", ""),
            Fidelity::Differs(how) => ("differs", how),
            Fidelity::Absent => ("absent", ""),
        };
        let words = if note.has_own_words {
            ", own words"
        } else {
            ""
        };
        let refused: Vec<String> = note
            .refused
            .iter()
            .map(|refused| names(service, note, refused))
            .collect();
        let refused = refused.join(", ");
        let operation = note.operation;
        writeln!(page, "| {operation} | {mark}{words} | {how} | {refused} |").unwrap();
    }
    absent(page, service);
}

fn names(service: &Service, note: &Note, refused: &Refused) -> String {
    let members = members_of(service, note, refused.within);
    let prefix = match refused.within {
        "" => String::new(),
        within => format!("{within}."),
    };
    let names = refused.names(&members);
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{prefix}{name}`"))
        .collect();
    names.join(", ")
}

/// What AWS has and this server has not, by AWS's own table of actions.
fn absent(page: &mut String, service: &Service) {
    let known = actions::Service::find(service.name).unwrap();
    let is_absent = |action: &&actions::Action| {
        let whole = format!("{}:{}", service.name, action.name);
        let is_here = operations::row(service.name, action.name).is_some()
            || (service.name == "s3" && s3::asks_for(action.name));
        !is_here && !PERMISSIONS.contains(&whole.as_str())
    };
    let absent: Vec<&actions::Action> = known.actions.iter().filter(is_absent).collect();
    let count = absent.len();
    if count == 0 {
        page.push_str("\nAbsent: nothing.\n");
        return;
    }
    write!(page, "\nAbsent, {count} of AWS's actions:\n\n").unwrap();
    for (access, title) in ACCESS {
        let of_access = absent.iter().filter(|action| action.access == access);
        let mut names: Vec<&str> = of_access.map(|action| action.name).collect();
        names.sort_unstable();
        match names.len() {
            0 => {}
            number if count > NAMES_MAX => writeln!(page, "- {title}: {number}").unwrap(),
            _ => writeln!(page, "- {title}: {}", names.join(", ")).unwrap(),
        }
    }
    if count > NAMES_MAX {
        page.push_str(FAMILIES);
    }
}

fn of_paths(page: &mut String) {
    page.push_str(METADATA);
    let of = |of: Fidelity| {
        let paths = paths().filter(|(_, fidelity)| *fidelity == of);
        let paths: Vec<String> = paths.map(|(path, _)| format!("`{path}`")).collect();
        paths.join(", ")
    };
    writeln!(page, "Exact: {}.\n", of(Fidelity::Exact)).unwrap();
    page.push_str("| path | what differs |\n|---|---|\n");
    for (path, fidelity) in paths() {
        if let Fidelity::Differs(how) = fidelity {
            writeln!(page, "| `{path}` | {how} |").unwrap();
        }
    }
    write!(page, "\nAbsent, answered 404: {}.\n", of(Fidelity::Absent)).unwrap();
}

const ACCESS: [(Access, &str); 5] = [
    (Access::List, "list"),
    (Access::Read, "read"),
    (Access::Write, "write"),
    (Access::Tagging, "tagging"),
    (Access::PermissionsManagement, "permissions management"),
];
// Where there are more, they are counted.
const NAMES_MAX: usize = 150;
const HEAD: &str = "\
# What is exact, what differs, what is absent

This page is made from tables beside the code, and a test compares. `exact` says that no difference
from AWS is known to us, and not that there is none: AWS's documentation and models were followed,
and answers that were published; no call was made to AWS to compare. `differs` says what is
different and mostly why. Parameters under `refused by name` are refused wherever they are given;
they are never taken and left without effect. An operation that is absent is answered with a 4xx.
How all of it is meant to be used: [account.md](account.md), [metadata.md](metadata.md),
[policy.md](policy.md).

The names of absent actions are those of AWS's service authorization reference, as lint has them
([lint.md](lint.md)). Some are permissions without an operation.

## Everywhere

| subject | what differs |
|---|---|
";
const FAMILIES: &str = "
There are instances with their profiles, attributes and metadata options, launch templates, tags,
and Describe calls on what stands around instances. Absent is what makes and changes networks,
volumes, images, snapshots, key pairs, addresses, fleets, spot requests, reservations, gateways and
endpoints.
";
const METADATA: &str = "
## The metadata service

Paths below a version. `MAC` is an interface's address, `ROLE` a role's name, `KEY` a tag's key,
`NAME` a device. Absent is what no instance here has: public and IPv6 addresses, key pairs,
placement groups, product codes, kernels; EC2 answers 404 to an instance without them as well. Only
`dynamic/instance-identity/pkcs7` is there on every instance of EC2's: it takes DSA and SHA-1. What
a request may be and how it is answered: [metadata.md](metadata.md).

";
