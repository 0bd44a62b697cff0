//! One file a case: `# ` says what it shows, `@ ` what the filter is told; then, each after a line
//! of its own, the records, what is told of those that are not mapped in full (the line of the
//! record and the reason), and the documents.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use policy::trail::{Filter, Trail};
use policy::{Generator, Kind, lint};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generate/cases");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn filter(head: &str) -> Filter {
    let mut filter = Filter::new();
    for line in head.lines().filter_map(|line| line.strip_prefix("@ ")) {
        filter = match line.split_once(' ') {
            Some(("principal", arn)) => filter.of(arn).unwrap(),
            Some(("since", time)) => filter.since(time).unwrap(),
            _ if line == "denied" => filter.with_denied(),
            _ => panic!("{line}"),
        };
    }
    filter
}

/// The unmapped and the documents, as the file has them behind the records.
fn run(head: &str, records: &str) -> String {
    let filter = filter(head);
    let mut out = String::new();
    let mut generator = Generator::new();
    for record in Trail::read(records).unwrap().records() {
        let record = record.unwrap();
        if !filter.admits(&record) {
            continue;
        }
        for why in &record.unmapped {
            writeln!(out, "--- unmapped\n{}: {why}", record.line).unwrap();
        }
        generator.add(&record.needs).unwrap();
    }
    for document in generator.finish().unwrap().documents {
        let findings = lint(&document, Kind::Identity);
        let known = ["secret-arn-without-suffix", "privilege-escalation"];
        let wrong = findings.iter().find(|it| !known.contains(&it.code.name()));
        assert_eq!(wrong, None, "{document}");
        out.push_str("--- policy\n");
        out.push_str(&document);
    }
    out
}

#[test]
fn every_case_comes_out_as_its_file_says() {
    let mut count = 0;
    for file in files() {
        let text = std::fs::read_to_string(&file).unwrap();
        let (head, rest) = text.split_once("--- records\n").expect("records");
        let at = rest.find("\n--- ").map_or(rest.len(), |at| at + 1);
        let (records, expect) = rest.split_at(at);
        let found = run(head, records);
        let name = file.display();
        assert_eq!(found, expect, "{name}: got\n{found}");
        count += 1;
    }
    assert!(count > 10);
}
