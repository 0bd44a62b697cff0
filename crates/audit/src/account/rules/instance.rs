//! Rules over one instance: its profile, its role, its metadata service, its user data. Knows no
//! template and no group.

use std::borrow::Cow;

use crate::account::case::{Case, Found, InstanceReport, Lack};
use crate::account::catalog::{
    HOP_LIMIT, NO_PROFILE, NO_ROLE, NO_TRUST, ROLE_AND_KEY, TOKENS_OPTIONAL, USER_DATA_KEYS,
};
use crate::account::facts::{Instance, Tokens, UserData};
use crate::account::metadata::{Layer, Options};
use crate::{Finding, Rule, Severity, Subject, Verdict};

/// Judges an instance. The subject lacks nothing but its id.
pub(in crate::account) fn judge(
    case: &Case<'_>,
    subject: &Subject,
    instance: &Instance,
    report: &InstanceReport,
    options: &Options,
    found: &mut Found,
) {
    let rules = Rules {
        instance,
        report,
        subject,
    };
    rules.role(found);
    rules.metadata(options, found);
    // With the host looked at, what comes first in an SDK's chain is told by the host's own rules.
    rules.keys(case.host_of(instance).is_none(), found);
}

struct Rules<'r> {
    instance: &'r Instance,
    report: &'r InstanceReport,
    subject: &'r Subject,
}

impl Rules<'_> {
    fn subject(&self) -> Subject {
        Subject {
            id: self.report.arn.clone(),
            ..self.subject.clone()
        }
    }

    fn finding(&self, rule: &'static Rule, title: impl Into<Cow<'static, str>>) -> Finding {
        Finding::new(rule, self.subject(), title)
    }

    fn role(&self, found: &mut Found) {
        let report = self.report;
        let why = match &report.role_usable {
            Verdict::Yes => return,
            Verdict::NotKnown(why) => {
                found.missing("role usable", &report.arn, &why);
                return;
            }
            Verdict::No(why) => why,
        };
        let Some(profile) = &report.profile else {
            let severity = match &report.role_needed {
                Verdict::Yes => Severity::High,
                Verdict::No(_) => Severity::Info,
                Verdict::NotKnown(_) => NO_PROFILE.severity,
            };
            let needed = report.role_needed.why().unwrap_or("it calls AWS");
            let finding = self
                .finding(&NO_PROFILE, "it has no instance profile")
                .severity(severity)
                .read(INSTANCES, "IamInstanceProfile is not set")
                .read(
                    "role needed",
                    format!("{}: {needed}", report.role_needed.word()),
                );
            found.findings.push(finding);
            return;
        };
        // A disabled metadata service is no defect: nothing is served to anybody.
        if report.lack == Some(Lack::Service) {
            return;
        }
        let is_trust = report.lack == Some(Lack::Trust);
        let rule = if is_trust { &NO_TRUST } else { &NO_ROLE };
        let (layer, by) = if is_trust {
            ("trust policy", report.role.as_deref().unwrap_or_default())
        } else {
            ("instance profile", &**profile)
        };
        let finding = self
            .finding(rule, why.clone())
            .read(INSTANCES, format!("IamInstanceProfile is {profile}"))
            .read(PROFILES, why.clone())
            .decided(layer, by.to_owned());
        found.findings.push(finding);
    }

    fn metadata(&self, options: &Options, found: &mut Found) {
        let arn = &self.report.arn;
        if options.endpoint.as_ref().is_ok_and(|it| !it.value) {
            return;
        }
        let tokens = match &options.tokens {
            Ok(tokens) => tokens,
            Err(why) => {
                found.missing(TOKENS_OPTIONAL.code, arn, &why);
                return;
            }
        };
        let hops = options.hop_limit.as_ref();
        if tokens.value == Tokens::Optional {
            let usable = !self.report.role_usable.is_no();
            let title = match tokens.layer {
                Layer::Instance => "it answers without a session token",
                _ => "it answers without a session token, because nothing says otherwise",
            };
            let mut finding = self
                .finding(&TOKENS_OPTIONAL, title)
                .severity(if usable {
                    TOKENS_OPTIONAL.severity
                } else {
                    Severity::Medium
                })
                .read(INSTANCES, said(self.instance.metadata.tokens))
                .decided(tokens.layer.name(), tokens.layer.sentence());
            if let Some(hops) = hops.ok().filter(|hops| hops.value > 1) {
                let hops = hops.value;
                let said = format!("hop limit {hops} limits nothing while tokens are optional");
                finding = finding.read(INSTANCES, said);
            }
            found.findings.push(finding);
            return;
        }
        match hops {
            Err(why) => found.missing(HOP_LIMIT.code, arn, &why),
            Ok(hops) if hops.value > 1 => {
                let why = match &hops.layer {
                    Layer::Image(_) => ", as its image asks for",
                    Layer::AccountDefault => ", by the account's default",
                    _ => "",
                };
                let title = format!("answers go {} hops{why}", hops.value);
                let said = format!("HttpPutResponseHopLimit is {}", hops.value);
                let finding = self
                    .finding(&HOP_LIMIT, title)
                    .severity(if hops.value > 2 {
                        Severity::Medium
                    } else {
                        HOP_LIMIT.severity
                    })
                    .read(INSTANCES, said)
                    .decided(hops.layer.name(), hops.layer.sentence());
                found.findings.push(finding);
            }
            Ok(_) => {}
        }
    }

    fn keys(&self, is_alone: bool, found: &mut Found) {
        if let UserData::Searched(keys) = &self.instance.user_data {
            for key in keys {
                found.findings.push(in_user_data(
                    &self.subject(),
                    key,
                    "ec2:DescribeInstanceAttribute",
                ));
            }
        }
        let keys = &self.report.keys_absent;
        let usable = is_alone && self.report.role_usable.is_yes();
        if let (true, Verdict::No(why)) = (usable, keys) {
            let finding = self
                .finding(&ROLE_AND_KEY, "it has a usable role, and a key beside it")
                .read("keys absent", why.clone())
                .read("role usable", "yes");
            found.findings.push(finding);
        }
    }
}

/// A key in user data of whatever has any.
pub(super) fn in_user_data(
    subject: &Subject,
    key: &crate::keys::FoundKey,
    source: &'static str,
) -> Finding {
    let owner = match &key.account {
        Some(account) if Some(account.as_str()) == subject.account.as_deref() => {
            ", of this account".to_owned()
        }
        Some(account) => format!(", of account {account}"),
        None => String::new(),
    };
    let title = format!("the key {} stands in its user data{owner}", key.masked);
    let said = format!("UserData, line {}: {}", key.line, key.masked);
    Finding::new(&USER_DATA_KEYS, subject.clone(), title).read(source, said)
}

/// How `HttpTokens` was told.
pub(super) fn said(tokens: Option<Tokens>) -> &'static str {
    match tokens {
        None => "MetadataOptions.HttpTokens is not set",
        Some(Tokens::Optional) => "MetadataOptions.HttpTokens is optional",
        Some(Tokens::Required) => "MetadataOptions.HttpTokens is required",
    }
}

const INSTANCES: &str = "ec2:DescribeInstances";
const PROFILES: &str = "iam:ListInstanceProfiles";
