//! Findings that somebody answers for, until a day. Reads no file.

use jiff::civil::Date;
use policy::Pattern;

use crate::Finding;

/// A waiver.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The rule's code.
    pub rule: String,
    /// The subject's id; `*` and `?` stand for what they do in policies.
    pub subject: String,
    /// Why it is well.
    pub reason: String,
    /// Who says so.
    pub owner: String,
    /// The last day on which it counts.
    pub expires: Date,
}

impl Waiver {
    /// Whether it is for this finding, expired or not.
    pub fn is_for(&self, finding: &Finding) -> bool {
        self.rule == finding.rule.code && Pattern::new(&self.subject).matches(&finding.subject.id)
    }

    /// Whether its last day is over.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires < today
    }

    /// Whether it is for this finding and counts today.
    pub fn counts(&self, finding: &Finding, today: Date) -> bool {
        !self.is_expired(today) && self.is_for(finding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Subject, SubjectKind};
    use jiff::civil::date;

    fn waiver(subject: &str) -> Waiver {
        Waiver {
            rule: "RC-EC2-001".to_owned(),
            subject: subject.to_owned(),
            reason: "calls no AWS API".to_owned(),
            owner: "web team".to_owned(),
            expires: date(2027, 1, 31),
        }
    }

    fn finding() -> Finding {
        let subject = Subject::new(SubjectKind::Instance, "arn:aws:ec2:r:1:instance/i-1");
        Finding::new(crate::rule("RC-EC2-001").unwrap(), subject, "t")
    }

    #[test]
    fn it_counts_until_the_end_of_its_day() {
        let waiver = waiver("*/i-1");
        assert!(waiver.counts(&finding(), date(2027, 1, 31)));
        assert!(!waiver.counts(&finding(), date(2027, 2, 1)));
    }

    #[test]
    fn another_subject_or_rule_is_not_waived() {
        assert!(!waiver("*/i-2").counts(&finding(), date(2027, 1, 1)));
        let mut other = waiver("*");
        other.rule = "RC-EC2-002".to_owned();
        assert!(!other.counts(&finding(), date(2027, 1, 1)));
    }

    #[test]
    fn an_expired_waiver_takes_nothing_out() {
        let mut report = crate::Report {
            findings: vec![finding()],
            ..crate::Report::default()
        };
        report.waive(&[waiver("*")], date(2027, 2, 1));
        assert_eq!(report.findings.len(), 1);
        report.waive(&[waiver("*")], date(2027, 1, 1));
        assert_eq!((report.findings.len(), report.waived.len()), (0, 1));
    }

    #[test]
    fn a_baseline_takes_out_what_it_held() {
        let mut report = crate::Report {
            findings: vec![finding()],
            ..crate::Report::default()
        };
        report.since(&["something else".to_owned()].into());
        assert_eq!((report.findings.len(), report.known), (1, 0));
        report.since(&[finding().fingerprint()].into());
        assert_eq!((report.findings.len(), report.known), (0, 1));
    }
}
