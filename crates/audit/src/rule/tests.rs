//! The catalog as a whole, and `docs/rules.md`, made of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::*;

#[test]
fn codes_are_unique_and_every_rule_says_why() {
    let mut seen = BTreeSet::new();
    for rule in catalog() {
        assert!(seen.insert(rule.code), "{} is there twice", rule.code);
        assert!(rule.code.starts_with("RC-"), "{}", rule.code);
        assert!(!rule.why.is_empty(), "{}", rule.code);
        assert!(!rule.title.ends_with('.'), "{}", rule.code);
        let mended = !rule.fix_terraform.is_empty() || !rule.fix_cli.is_empty();
        assert!(mended, "{} has no fix", rule.code);
    }
}

/// A comment in the place of a fix says why Terraform has none.
#[test]
fn every_rule_over_an_account_is_mended_by_terraform_and_by_cli() {
    for rule in account::RULES {
        let reason = rule.fix_terraform.starts_with("# Terraform has no ");
        let block = ["resource \"", "data \"", "removed {"];
        let has_block = block.iter().any(|it| rule.fix_terraform.contains(it));
        assert!(reason || has_block, "{}", rule.code);
        let mut lines = rule.fix_cli.lines();
        let is_aws = |line: &str| line.starts_with("aws ");
        assert!(lines.any(is_aws), "{}: {}", rule.code, rule.fix_cli);
    }
}

#[test]
fn a_code_that_is_not_there_is_no_rule() {
    assert_eq!(rule("RC-EC2-999"), None);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "writing the page is a developer's command, no part of the package"
)]
fn the_page_is_the_catalog() {
    let page = include_str!("../../../../docs/rules.md");
    let rendered = render();
    if page == rendered {
        return;
    }
    if std::env::var_os(WRITE).is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");
        std::fs::write(path, rendered).unwrap();
        return;
    }
    panic!(
        "docs/rules.md is not what the catalog says\n\
         `{WRITE}=1 cargo test -p rolecall-audit the_page_is_the_catalog` writes it anew"
    );
}

fn render() -> String {
    let mut page = HEAD.to_owned();
    for rule in catalog() {
        let Rule {
            code, title, why, ..
        } = rule;
        let severity = rule.severity.name();
        write!(page, "\n## {code}\n\n{title} ({severity}). {why}\n").unwrap();
        if !rule.references.is_empty() {
            let references: Vec<String> = rule.references.iter().map(ToString::to_string).collect();
            write!(page, "\nAlso asked for by {}.\n", references.join(", ")).unwrap();
        }
        // Not marked as shell: the names in them are the reader's to fill in.
        for (fix, language) in [(rule.fix_terraform, "hcl"), (rule.fix_cli, "text")] {
            if !fix.is_empty() {
                write!(page, "\n```{language}\n{fix}\n```\n").unwrap();
            }
        }
    }
    page
}

const WRITE: &str = "ROLECALL_WRITE_PAGES";

const HEAD: &str = "\
# The rules of `rolecall audit`

Made of the catalog in `crates/audit`, which a test compares. A code never changes its meaning. The
severity is the usual one; a finding may be graver or lighter by its evidence, and says why.
";
