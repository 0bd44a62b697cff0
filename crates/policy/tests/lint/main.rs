//! The rules of `lint`: one file a code, one block a policy. `# ` says what it shows, `@ ` the kind
//! of policy and the other codes found in it, and `‸` marks each place of the file's own code.
//! A block without a mark shows what the rule does not mean.
#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests read their cases and the page from files"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use policy::{Code, Kind, lint};

const MARK: char = '‸';

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cases(code: Code) -> PathBuf {
    package().join(format!("tests/lint/{}.txt", code.name()))
}

#[test]
fn every_code_is_found_where_it_is_marked_and_nowhere_else() {
    let flaws: Vec<String> = Code::ALL.iter().flat_map(|code| run(*code)).collect();
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

#[test]
fn every_file_of_cases_has_a_code() {
    let names: BTreeSet<String> = Code::ALL
        .iter()
        .map(|code| format!("{}.txt", code.name()))
        .collect();
    for entry in std::fs::read_dir(package().join("tests/lint")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "main.rs" || names.contains(&name), "{name}");
    }
}

#[test]
fn every_code_has_one_heading_and_every_heading_a_code() {
    let page = std::fs::read_to_string(package().join("../../docs/lint.md")).unwrap();
    let headings: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(headings, names);
    for section in page.split("\n### ").skip(1) {
        let severity = Code::ALL
            .iter()
            .find(|code| section.starts_with(&format!("{}\n", code.name())))
            .map(|code| code.severity().name());
        let said = format!("*{}.*", severity.unwrap_or_default());
        assert!(section.contains(&said), "no {said} in {section}");
        for part in ["Why:", "Fix:", "```json"] {
            assert!(section.contains(part), "no {part} in {section}");
        }
    }
}

fn run(code: Code) -> Vec<String> {
    let path = cases(code);
    let Ok(blocks) = std::fs::read_to_string(&path) else {
        return vec![format!("{}: no such file", path.display())];
    };
    let (mut marked, mut unmarked) = (0, 0);
    let mut flaws = Vec::new();
    for block in format!("\n{blocks}").split("\n# ").skip(1) {
        let (title, rest) = block.split_once("\n@ ").expect("a kind");
        let (head, text) = rest.split_once('\n').expect("a text");
        let mut words = head.split(' ');
        let kind = match words.next() {
            Some("identity") => Kind::Identity,
            Some("resource") => Kind::Resource,
            Some("trust") => Kind::Trust,
            other => panic!("{title}: kind {other:?}"),
        };
        let wanted = places(text);
        if wanted.is_empty() {
            unmarked += 1;
        } else {
            marked += 1;
        }
        let findings = lint(&text.replace(MARK, ""), kind);
        let own = findings.iter().filter(|it| it.code == code);
        let found: Vec<(u32, u32)> = own.map(|it| (it.line, it.column)).collect();
        let others = findings.iter().filter(|it| it.code != code);
        let others: BTreeSet<&str> = others.map(|it| it.code.name()).collect();
        if (&found, &others) != (&wanted, &words.collect()) {
            let name = code.name();
            flaws.push(format!(
                "{name}: {title}: wanted {wanted:?}, got {findings:#?}"
            ));
        }
    }
    if marked == 0 || unmarked == 0 {
        let name = code.name();
        flaws.push(format!(
            "{name}: {marked} with a mark and {unmarked} without"
        ));
    }
    flaws
}

fn places(marked: &str) -> Vec<(u32, u32)> {
    let (mut line, mut column) = (1, 1);
    let mut places = Vec::new();
    for c in marked.chars() {
        match c {
            MARK => places.push((line, column)),
            '\n' => (line, column) = (line + 1, 1),
            _ => column += 1,
        }
    }
    places
}
