//! Principals: who is named, and whether that is who calls.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Principal" and "The confused deputy problem".

use super::action::{Meaning, meanings};
use super::model::{PrincipalBlock, Statement};
use super::{Check, Code, Findings};
use crate::document::Kind;
use crate::json::Text;

pub(super) fn check(check: &Check<'_>, findings: &mut Findings) {
    for statement in &check.document.statements {
        let Some(block) = &statement.principal else {
            continue;
        };
        if !check.kind.names_principals() {
            in_identity_policy(block, findings);
            continue;
        }
        if block.key.value == "NotPrincipal" {
            findings.add(
                Code::NotPrincipal,
                block.key.place,
                "`NotPrincipal` means everyone but those named, and spares a session only when \
                 its role and its account are named too",
                "use `\"Principal\": \"*\"` with a condition on `aws:PrincipalArn`",
            );
            continue;
        }
        if statement.allows() {
            everyone(check.kind, statement, block, findings);
            if check.kind == Kind::Trust {
                account(statement, block, findings);
                web_identity(statement, block, findings);
            } else {
                service(statement, block, findings);
            }
        }
    }
}

fn in_identity_policy(block: &PrincipalBlock, findings: &mut Findings) {
    findings.add(
        Code::PrincipalInIdentityPolicy,
        block.key.place,
        "an identity policy may not name a principal: the caller is whoever has the policy",
        format!(
            "take `{}` out and attach the policy to the role; who may assume the role is said in \
             its trust policy",
            block.key.value
        ),
    );
}

fn everyone(kind: Kind, statement: &Statement, block: &PrincipalBlock, findings: &mut Findings) {
    let named = block.names.iter().find(|(_, name)| name.value == "*");
    let Some((_, name)) = named.filter(|_| !statement.asks_about(NARROWING)) else {
        return;
    };
    if kind == Kind::Trust {
        findings.add(
            Code::TrustAnyPrincipal,
            name.place,
            "anyone of any AWS account may assume the role",
            "name the service, role or account that assumes it",
        );
    } else {
        findings.add(
            Code::WildcardPrincipal,
            name.place,
            "everyone is allowed, strangers of other accounts too",
            "name the roles that need it, or add a condition on `aws:PrincipalOrgID` or \
             `aws:PrincipalArn`",
        );
    }
}

/// An account that is trusted as a whole may be somebody else's, who acts for others too.
fn account(statement: &Statement, block: &PrincipalBlock, findings: &mut Findings) {
    if statement.asks_about(OURS) {
        return;
    }
    for (kind, name) in &block.names {
        if kind == "AWS" && is_account(&name.value) {
            findings.add(
                Code::MissingExternalId,
                name.place,
                format!(
                    "`{}` is trusted as a whole, without an external id",
                    name.value
                ),
                "if it is another party's account, add a condition on `sts:ExternalId`; if it is \
                 yours, name the role or user that assumes this one",
            );
        }
    }
}

/// An OpenID Connect provider speaks for everyone it knows: each repository, each pod.
fn web_identity(statement: &Statement, block: &PrincipalBlock, findings: &mut Findings) {
    let is_subject = |key: &str| {
        let name = key.rsplit_once(':').map_or("", |(_, name)| name);
        name.eq_ignore_ascii_case("sub")
    };
    let mut keys = statement.conditions.iter().map(|it| it.key.value.as_str());
    if keys.any(is_subject) {
        return;
    }
    for (kind, name) in &block.names {
        let Some((_, provider)) = name.value.split_once(":oidc-provider/") else {
            continue;
        };
        if kind == "Federated" {
            findings.add(
                Code::WebIdentityWithoutSubject,
                name.place,
                format!("every identity that `{provider}` knows may assume the role"),
                format!("add a condition on `{provider}:sub`, which says who it is"),
            );
        }
    }
}

/// A service that is named where its workloads' roles are what calls.
fn service(statement: &Statement, block: &PrincipalBlock, findings: &mut Findings) {
    let reads_secrets = |(_, it): &(&Text, Meaning)| match it {
        Meaning::Everything => true,
        Meaning::Known(service, _) => service.prefix == "secretsmanager",
        _ => false,
    };
    if !meanings(statement).iter().any(reads_secrets) {
        return;
    }
    for (kind, name) in &block.names {
        let service = name.value.as_str();
        if kind == "Service" && NEVER_CALL.contains(&service) {
            findings.add(
                Code::ServicePrincipalNeverCalls,
                name.place,
                format!(
                    "`{service}` never is the caller here: a workload calls as the session of its \
                     role, so this grants it nothing"
                ),
                "name the role instead, as in `\"Principal\": {\"AWS\": \
                 \"arn:aws:iam::123456789012:role/NAME\"}`, or leave the statement to a policy of \
                 the role, without a principal",
            );
        }
    }
}

fn is_account(name: &str) -> bool {
    let digits = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let of_root = name
        .strip_suffix(":root")
        .and_then(|head| head.rsplit_once(':'))
        .is_some_and(|(_, account)| digits(account));
    digits(name) || of_root
}

/// Whether the names are accounts and nothing else, as in the first statement of a key policy.
pub(super) fn are_accounts(block: &PrincipalBlock) -> bool {
    let account = |(kind, name): &(String, Text)| kind == "AWS" && is_account(&name.value);
    !block.names.is_empty() && block.names.iter().all(account)
}

// Services that hand a role to what runs on them and read no secret in their own name.
const NEVER_CALL: &[&str] = &[
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "lambda.amazonaws.com",
    "pods.eks.amazonaws.com",
];

// Condition keys that leave of everyone only some (Access Analyzer's notion of public access).
const NARROWING: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrg",
    "aws:PrincipalTag/",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceOrg",
    "aws:SourceVpc",
    "aws:userid",
    "aws:VpceAccount",
    "aws:VpceOrg",
    "kms:CallerAccount",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
];

// Condition keys that a stranger's deputy cannot satisfy unasked.
const OURS: &[&str] = &[
    "aws:PrincipalArn",
    "aws:PrincipalOrg",
    "aws:PrincipalTag/",
    "sts:ExternalId",
];
