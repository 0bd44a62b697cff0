//! The document as a whole: its version, names and size, and elements that turn a meaning round.

use std::collections::HashMap;

use super::model::Statement;
use super::{Check, Code, Findings};
use crate::document::Kind;
use crate::json;

pub(super) fn check(check: &Check<'_>, text: &str, findings: &mut Findings) {
    version(check, text, findings);
    size(check, text, findings);
    sids(&check.document.statements, findings);
    for statement in &check.document.statements {
        turned_round(statement, findings);
        for place in &statement.empty_conditions {
            findings.add(
                Code::EmptyCondition,
                *place,
                "the condition says nothing: the statement applies to every request",
                "say what it is to ask, or leave `Condition` out",
            );
        }
    }
}

fn version(check: &Check<'_>, text: &str, findings: &mut Findings) {
    let document = check.document;
    let (place, found) = match &document.version {
        Some(version) if version.value == "2008-10-17" => {
            (version.place, "version 2008-10-17 is an old language")
        }
        Some(_) => return,
        None => (
            document.place,
            "no version is the old language of 2008-10-17",
        ),
    };
    let literal = if text.contains("${") {
        ": the `${...}` in it are plain text, not policy variables"
    } else {
        ", which knows no policy variables"
    };
    findings.add(
        Code::OldVersion,
        place,
        format!("{found}{literal}"),
        "write `\"Version\": \"2012-10-17\"`",
    );
}

fn size(check: &Check<'_>, text: &str, findings: &mut Findings) {
    let (most, quota) = match check.kind {
        Kind::Identity => (MANAGED_CHARACTERS_MAX, "a managed policy"),
        Kind::Resource => (RESOURCE_CHARACTERS_MAX, "the policy of a secret"),
        Kind::Trust => (TRUST_CHARACTERS_MAX, "a trust policy"),
        Kind::ServiceControl => (SERVICE_CONTROL_CHARACTERS_MAX, "a service control policy"),
        Kind::ResourceControl => (RESOURCE_CONTROL_CHARACTERS_MAX, "a resource control policy"),
    };
    let counts_white = check.kind.is_of_organization();
    let counted = |c: &char| counts_white || !json::is_white(*c);
    let length = text.chars().filter(counted).count();
    if length * 100 < most * NEAR_PERCENT {
        return;
    }
    let white = if counts_white {
        "white space counted"
    } else {
        "white space not counted"
    };
    findings.add(
        Code::SizeNearLimit,
        check.document.place,
        format!("{length} characters of the {most} that {quota} may have, {white}"),
        "join statements that differ in their actions alone, or split the policy",
    );
}

fn sids(statements: &[Statement], findings: &mut Findings) {
    let mut lines: HashMap<&str, u32> = HashMap::new();
    for sid in statements.iter().filter_map(|it| it.sid.as_ref()) {
        let name = sid.value.as_str();
        if name.is_empty() {
            findings.add(
                Code::EmptySid,
                sid.place,
                "the `Sid` is empty",
                "name the statement, or leave `Sid` out",
            );
        } else if let Some(line) = lines.insert(name, sid.place.line) {
            findings.add(
                Code::DuplicateSid,
                sid.place,
                format!("the statement in line {line} has the `Sid` `{name}` too"),
                "give each statement a name of its own",
            );
        }
    }
}

/// `Not...` with Allow: what is added to AWS tomorrow is allowed too.
fn turned_round(statement: &Statement, findings: &mut Findings) {
    if !statement.allows() {
        return;
    }
    if let Some(action) = statement.action.as_ref().filter(|it| it.negated) {
        findings.add(
            Code::NotActionAllow,
            action.place,
            "`NotAction` with Allow allows every action but those named, of every service",
            "name the actions that are needed, or deny with `NotAction`",
        );
    }
    if let Some(resource) = statement.resource.as_ref().filter(|it| it.negated) {
        findings.add(
            Code::NotResourceAllow,
            resource.place,
            "`NotResource` with Allow allows every resource but those named, of every account",
            "name the resources that are needed, or deny with `NotResource`",
        );
    }
}

// Quotas of IAM for a managed policy and for a trust policy, as they are at first.
const MANAGED_CHARACTERS_MAX: usize = 6_144;
const TRUST_CHARACTERS_MAX: usize = 2_048;
// Quota of Secrets Manager.
const RESOURCE_CHARACTERS_MAX: usize = 20_480;
// Quotas of AWS Organizations.
const SERVICE_CONTROL_CHARACTERS_MAX: usize = 10_240;
const RESOURCE_CONTROL_CHARACTERS_MAX: usize = 5_120;
// From here on the next statement may be too much.
const NEAR_PERCENT: usize = 90;
