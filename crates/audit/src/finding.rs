//! What is wrong, with whom, by what evidence. Knows no rule and no report.
//!
//! There may be one for every instance of a large account: what many of them say in the same words
//! stands in memory once.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use crate::rule::{Rule, Severity};

/// Something that a rule has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Of which rule.
    pub rule: &'static Rule,
    /// The rule's own, or what the evidence makes of it.
    pub severity: Severity,
    /// With what it is.
    pub subject: Subject,
    /// One line, without a full stop: what is wrong here.
    pub title: Cow<'static, str>,
    /// What was read, in the order in which it counts.
    pub evidence: Vec<Evidence>,
    /// What decided, where several had a say.
    pub decided: Option<Decided>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// What sort of thing.
    pub kind: SubjectKind,
    /// An ARN where it has one, else its id or its path.
    pub id: String,
    /// 12 digits, where known.
    pub account: Option<Arc<str>>,
    /// Of what is regional.
    pub region: Option<Arc<str>>,
    /// Where it stands, of what stands in a file.
    pub place: Option<Place>,
}

/// What sort of thing a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectKind {
    /// A region of an account.
    Region,
    /// An EC2 instance.
    Instance,
    /// A version of a launch template.
    LaunchTemplate,
    /// A launch configuration.
    LaunchConfiguration,
    /// An Auto Scaling group.
    AutoScalingGroup,
    /// An instance profile.
    InstanceProfile,
    /// An IAM role.
    Role,
    /// An IAM user.
    User,
    /// A managed policy.
    Policy,
    /// A long-lived access key.
    AccessKey,
    /// A secret of Secrets Manager.
    Secret,
    /// A file, a process or a unit of a host.
    HostFile,
    /// A block of code.
    Code,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// As the collector names it: relative to the folder or root it was given.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
}

/// Something that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Where: `ec2:DescribeInstances`, a path.
    pub source: Cow<'static, str>,
    /// What it said, without anything secret: `MetadataOptions.HttpTokens is optional`.
    pub said: Cow<'static, str>,
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The layer: `instance`, `launch template`, `image`, `account default`, `AWS default`,
    /// `identity policy`, `trust policy`, `resource policy`, `environment`.
    pub layer: Cow<'static, str>,
    /// What of it: a statement of a policy with its line, or an attribute.
    pub by: Cow<'static, str>,
}

impl Finding {
    /// A finding of a rule with the rule's severity.
    pub fn new(
        rule: &'static Rule,
        subject: Subject,
        title: impl Into<Cow<'static, str>>,
    ) -> Finding {
        Finding {
            rule,
            severity: rule.severity,
            subject,
            title: title.into(),
            evidence: Vec::new(),
            decided: None,
        }
    }

    /// The same with something that was read.
    #[must_use]
    pub fn read(
        mut self,
        source: impl Into<Cow<'static, str>>,
        said: impl Into<Cow<'static, str>>,
    ) -> Finding {
        self.evidence.reserve_exact(1);
        self.evidence.push(Evidence {
            source: source.into(),
            said: said.into(),
        });
        self
    }

    /// The same with what decided.
    #[must_use]
    pub fn decided(
        mut self,
        layer: impl Into<Cow<'static, str>>,
        by: impl Into<Cow<'static, str>>,
    ) -> Finding {
        self.decided = Some(Decided {
            layer: layer.into(),
            by: by.into(),
        });
        self
    }

    /// The same as grave as the evidence makes it.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Finding {
        self.severity = severity;
        self
    }

    /// What stays the same from audit to audit: the rule, the subject, in a file its path, and the
    /// title but for its numbers, which may be days.
    pub fn fingerprint(&self) -> String {
        let file = self.subject.place.as_ref().map_or("", |place| &place.file);
        let mut title = String::with_capacity(self.title.len());
        for c in self.title.chars() {
            if !c.is_ascii_digit() {
                title.push(c);
            } else if !title.ends_with('#') {
                title.push('#');
            }
        }
        format!("{}|{}|{file}|{title}", self.rule.code, self.subject.id)
    }
}

impl Subject {
    /// Something of an account.
    pub fn new(kind: SubjectKind, id: impl Into<String>) -> Subject {
        Subject {
            kind,
            id: id.into(),
            account: None,
            region: None,
            place: None,
        }
    }

    /// The same, of this account.
    #[must_use]
    pub fn of_account(mut self, account: &str) -> Subject {
        self.account = Some(account.into());
        self
    }

    /// The same, in this region.
    #[must_use]
    pub fn in_region(mut self, region: &str) -> Subject {
        self.region = Some(region.into());
        self
    }

    /// The same, at this place of a file.
    #[must_use]
    pub fn at(mut self, place: Place) -> Subject {
        self.place = Some(place);
        self
    }
}

impl SubjectKind {
    /// As reports name it.
    pub fn name(self) -> &'static str {
        match self {
            SubjectKind::Region => "region",
            SubjectKind::Instance => "instance",
            SubjectKind::LaunchTemplate => "launch template",
            SubjectKind::LaunchConfiguration => "launch configuration",
            SubjectKind::AutoScalingGroup => "Auto Scaling group",
            SubjectKind::InstanceProfile => "instance profile",
            SubjectKind::Role => "role",
            SubjectKind::User => "user",
            SubjectKind::Policy => "policy",
            SubjectKind::AccessKey => "access key",
            SubjectKind::Secret => "secret",
            SubjectKind::HostFile => "host",
            SubjectKind::Code => "code",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(title: &'static str) -> String {
        let subject = Subject::new(SubjectKind::Role, "arn:r");
        Finding::new(crate::rule("RC-IAM-004").unwrap(), subject, title).fingerprint()
    }

    #[test]
    fn another_day_is_no_other_finding_and_another_way_is() {
        assert_eq!(
            print("the key is 99 days old"),
            print("the key is 100 days old")
        );
        assert_ne!(
            print("it can write itself a policy"),
            print("it can make keys")
        );
    }
}
