//! Documents that are refused: one file a kind, one block a document. `# ` says what is wrong with
//! it, `= ` the message, and `‸` in the text marks the place.
#![cfg(test)]

use policy::{Kind, ParseError, Policy};

const MARK: char = '‸';

#[test]
fn of_identities() {
    run(include_str!("refused/identity.txt"), Kind::Identity);
}

#[test]
fn of_resources() {
    run(include_str!("refused/resource.txt"), Kind::Resource);
}

#[test]
fn of_roles() {
    run(include_str!("refused/trust.txt"), Kind::Trust);
}

#[test]
fn of_organizations_for_principals() {
    let blocks = include_str!("refused/service-control.txt");
    run(blocks, Kind::ServiceControl);
}

#[test]
fn of_organizations_for_resources() {
    let blocks = include_str!("refused/resource-control.txt");
    run(blocks, Kind::ResourceControl);
}

fn run(blocks: &str, kind: Kind) {
    for block in format!("\n{blocks}").split("\n# ").skip(1) {
        let (title, rest) = block.split_once("\n= ").expect("a message");
        let (message, marked) = rest.split_once('\n').expect("a text");
        let (before, behind) = marked.split_once(MARK).expect("a mark");
        let line = before.split('\n').count();
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count())
            + 1;
        let expected = ParseError {
            line: u32::try_from(line).expect("few lines"),
            column: u32::try_from(column).expect("short lines"),
            message: message.to_owned(),
        };
        let found = Policy::parse(&format!("{before}{behind}"), kind);
        assert_eq!(found.err(), Some(expected), "{title}");
    }
}
