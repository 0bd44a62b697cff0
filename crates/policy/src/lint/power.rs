//! Power: statements that allow more than one thing, or from which the holder can get the rest.
//!
//! Source: IAM User Guide, "Grant least privilege" and "Granting a user permissions to pass a
//! role"; the escalation paths are those of IAM's permissions management actions.

use super::action::{Meaning, meanings};
use super::glob;
use super::model::Statement;
use super::principal::are_accounts;
use super::resource::Parts;
use super::{Check, Code, Findings};
use crate::document::Kind;
use crate::json::Text;

pub(super) fn check(check: &Check<'_>, findings: &mut Findings) {
    let statements = &check.document.statements;
    let launches = statements.iter().filter(|it| it.allows()).any(|it| {
        let mut meanings = meanings(it).into_iter();
        meanings.any(|(_, meaning)| meaning.includes("ec2", "RunInstances"))
    });
    for statement in statements.iter().filter(|it| it.allows()) {
        let meanings = meanings(statement);
        all_actions(check, statement, &meanings, findings);
        if check.kind == Kind::Identity {
            all_secrets(statement, &meanings, findings);
            passed_roles(statement, &meanings, findings);
            escalation(statement, &meanings, launches, findings);
        }
    }
}

/// `*` and `service:*`. An account may well be given all of its own key.
fn all_actions(
    check: &Check<'_>,
    statement: &Statement,
    meanings: &[(&Text, Meaning)],
    findings: &mut Findings,
) {
    let to_accounts = statement.principal.as_ref().is_some_and(are_accounts);
    if check.kind == Kind::Trust || to_accounts {
        return;
    }
    for (text, _) in meanings {
        let value = text.value.as_str();
        let message = match value.split_once(':') {
            _ if value == "*" || value == "*:*" => {
                "every action of every service is allowed".into()
            }
            Some((prefix, "*")) => format!("every action of `{prefix}` is allowed"),
            _ => continue,
        };
        let hint = "name the actions that are needed; `rolecall policy explain` says of each why";
        findings.add(Code::WildcardAction, text.place, message, hint);
    }
}

fn all_secrets(statement: &Statement, meanings: &[(&Text, Meaning)], findings: &mut Findings) {
    let mut reads = meanings.iter().map(|(_, meaning)| meaning);
    let narrowed = statement.asks_about(&[
        "aws:ResourceTag/",
        "secretsmanager:ResourceTag/",
        "secretsmanager:SecretId",
    ]);
    if narrowed || !reads.any(|it| it.includes("secretsmanager", "GetSecretValue")) {
        return;
    }
    for text in wide(statement, "secretsmanager", &["secret:*"]) {
        findings.add(
            Code::WildcardSecretRead,
            text.place,
            format!("`{}` lets the holder read every secret", text.value),
            "name the secret, as in \
             `arn:aws:secretsmanager:us-east-1:123456789012:secret:NAME-??????`",
        );
    }
}

fn passed_roles(statement: &Statement, meanings: &[(&Text, Meaning)], findings: &mut Findings) {
    if statement.asks_about(&["iam:PassedToService"]) {
        return;
    }
    let passes = |it: &&(&Text, Meaning)| {
        !matches!(it.1, Meaning::Everything) && it.1.includes("iam", "PassRole")
    };
    let Some((text, _)) = meanings.iter().find(passes) else {
        return;
    };
    if wide(statement, "iam", &["role/*"]).next().is_some() {
        findings.add(
            Code::PassRoleWildcard,
            text.place,
            "the holder can hand every role of the account to any service, and act with it there",
            "name the role, and add a condition on `iam:PassedToService`, as in \
             `ec2.amazonaws.com`",
        );
    }
}

/// Actions with which the holder changes what the holder may do.
fn escalation(
    statement: &Statement,
    meanings: &[(&Text, Meaning)],
    launches: bool,
    findings: &mut Findings,
) {
    if statement.asks_about(LIMITING) {
        return;
    }
    let mut first: Option<&Text> = None;
    let mut names: Vec<String> = Vec::new();
    for (text, meaning) in meanings {
        if matches!(meaning, Meaning::Everything) {
            continue;
        }
        for (action, resources) in ESCALATING {
            let with_launch = *action != "PassRole" || launches;
            let raises = with_launch && meaning.includes("iam", action);
            if raises && wide(statement, "iam", resources).next().is_some() {
                first = first.or(Some(*text));
                names.push(format!("`iam:{action}`"));
            }
        }
    }
    let Some(text) = first else {
        return;
    };
    let more = names.len().saturating_sub(NAMES_SHOWN_MAX);
    names.truncate(NAMES_SHOWN_MAX);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    findings.add(
        Code::PrivilegeEscalation,
        text.place,
        format!(
            "the holder can get any right of the account with {}{more}",
            names.join(", ")
        ),
        "name the users, roles or policies it is for, or ask for a permissions boundary with a \
         condition on `iam:PermissionsBoundary`",
    );
}

/// The resources that cover all of a service's resources of one of these types.
fn wide<'s>(
    statement: &'s Statement,
    service: &'s str,
    types: &'s [&'s str],
) -> impl Iterator<Item = &'s Text> {
    statement.resources().iter().filter(move |text| {
        let covers = |rest: &str| types.iter().any(|all| glob::covers(rest, all));
        text.value == "*"
            || Parts::of(&text.value).is_some_and(|it| it.service == service && covers(it.rest))
    })
}

// Actions of IAM, and all resources of the types they raise.
const ESCALATING: &[(&str, &[&str])] = &[
    ("AddUserToGroup", &["group/*"]),
    ("AttachGroupPolicy", &["group/*"]),
    ("AttachRolePolicy", &["role/*"]),
    ("AttachUserPolicy", &["user/*"]),
    ("CreateAccessKey", &["user/*"]),
    ("CreateLoginProfile", &["user/*"]),
    ("CreatePolicyVersion", &["policy/*"]),
    ("PassRole", &["role/*"]),
    ("PutGroupPolicy", &["group/*"]),
    ("PutRolePolicy", &["role/*"]),
    ("PutUserPolicy", &["user/*"]),
    ("SetDefaultPolicyVersion", &["policy/*"]),
    ("UpdateAssumeRolePolicy", &["role/*"]),
    ("UpdateLoginProfile", &["user/*"]),
];

// Condition keys that keep what can be raised within bounds.
const LIMITING: &[&str] = &[
    "aws:ResourceTag/",
    "iam:PassedToService",
    "iam:PermissionsBoundary",
    "iam:PolicyARN",
    "iam:ResourceTag/",
];
// More do not help.
const NAMES_SHOWN_MAX: usize = 5;
