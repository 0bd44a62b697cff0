//! The file of waivers: what it must hold, and what is wrong with it. Knows no finding.

use std::path::Path;

use ::agent::yaml::{self, Checker, Kind, Node};
use audit::Waiver;
use jiff::civil::Date;

use crate::failure::Failure;

/// Reads a file of waivers.
pub(super) fn read(path: &Path) -> Result<Vec<Waiver>, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::wrong(format!("the waivers `{name}` cannot be read: {error}"))
            .hint("`docs/audit.md` shows what such a file holds")
    })?;
    yaml::read(&text, &name, file).map_err(|errors| Failure::configuration(&errors))
}

fn file(checker: &mut Checker<'_>, node: Node) -> Option<Vec<Waiver>> {
    let mut section = checker.section(node, "", &["waivers"], &[])?;
    let list = checker.needed(&mut section, "waivers")?;
    let place = list.place;
    let Kind::List(nodes) = list.kind else {
        return checker.fail(place, "`waivers` must be a list", None);
    };
    let nodes = nodes.into_iter().enumerate();
    let read: Vec<Option<Waiver>> = nodes
        .map(|(at, node)| waiver(checker, node, &format!("waivers[{at}]")))
        .collect();
    read.into_iter().collect()
}

fn waiver(checker: &mut Checker<'_>, node: Node, path: &str) -> Option<Waiver> {
    let mut section = checker.section(node, path, KEYS, &[])?;
    let mut text = |checker: &mut Checker<'_>, key| checker.needed_text(&mut section, key);
    let rule = text(checker, "rule");
    let subject = text(checker, "subject");
    let reason = text(checker, "reason");
    let owner = text(checker, "owner");
    let expires = text(checker, "expires")?;
    let (rule, subject, reason, owner) = (rule?, subject?, reason?, owner?);
    if audit::rule(&rule.value).is_none() {
        let message = format!("no rule is called `{}`", &*rule.value);
        return checker.fail(rule.place, message, Some("`docs/rules.md` lists them"));
    }
    let Ok(day) = expires.value.parse::<Date>() else {
        let message = format!("`{}` is no day", &*expires.value);
        return checker.fail(expires.place, message, Some("write it as 2027-01-31"));
    };
    Some(Waiver {
        rule: rule.into_string(),
        subject: subject.into_string(),
        reason: reason.into_string(),
        owner: owner.into_string(),
        expires: day,
    })
}

const KEYS: &[&str] = &["rule", "subject", "reason", "owner", "expires"];

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Waiver>, String> {
        yaml::read(text, "waivers.yaml", file).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            lines.join("\n")
        })
    }

    const GOOD: &str = "waivers:\n  - rule: RC-EC2-001\n    subject: '*/i-1'\n    \
                        reason: no calls\n    \
                        owner: web\n    expires: 2027-01-31\n";

    #[test]
    fn a_waiver_has_a_reason_an_owner_and_an_end() {
        let waivers = parse(GOOD).unwrap();
        assert_eq!(waivers[0].owner, "web");
        for key in ["rule", "subject", "reason", "owner", "expires"] {
            let wrong = GOOD.replace(&format!("{key}:"), "ruel:");
            assert!(parse(&wrong).unwrap_err().contains(key), "{key}");
        }
    }

    #[test]
    fn what_no_rule_or_day_is_called_is_refused_with_its_line() {
        let error = parse(&GOOD.replace("RC-EC2-001", "RC-EC2-999")).unwrap_err();
        assert!(error.contains("waivers.yaml:2"), "{error}");
        let error = parse(&GOOD.replace("2027-01-31", "next year")).unwrap_err();
        assert!(error.contains("`next year` is no day"), "{error}");
    }
}
