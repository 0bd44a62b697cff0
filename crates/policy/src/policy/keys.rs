//! Which condition keys a policy asks for. What it says of them is another matter.

use std::collections::BTreeSet;

use super::{Policy, ResourcePattern, Statement};
use crate::asked::{Asked, Room};
use crate::template::{Part, Template};

impl Policy {
    /// The condition keys that conditions and policy variables ask for, each once, in their order:
    /// of all statements, or of those about an action. A condition's is as it is written, a
    /// variable's in lower case.
    pub fn context_keys(&self, action: Option<&str>) -> Vec<&str> {
        let mut room = Room::EMPTY;
        let asked = action.map(|action| Asked::new(action, &mut room));
        let is_about = |it: &&Statement| asked.as_ref().is_none_or(|asked| it.has_action(asked));
        let statements = self.statements.iter().filter(is_about);
        let mut seen = BTreeSet::new();
        statements
            .flat_map(Statement::context_keys)
            .filter(|key| seen.insert(key.to_ascii_lowercase()))
            .collect()
    }
}

impl Statement {
    fn context_keys(&self) -> impl Iterator<Item = &str> {
        let conditions = self.conditions.iter();
        let of_conditions = conditions.flat_map(|condition| {
            let (_, key) = condition.names();
            [key].into_iter().chain(condition.variables())
        });
        let listed = self.resources.iter().flat_map(|listed| &listed.patterns);
        let of_resources = listed.flat_map(ResourcePattern::variables);
        of_conditions.chain(of_resources)
    }
}

impl ResourcePattern {
    fn variables(&self) -> impl Iterator<Item = &str> {
        let parts = match self {
            ResourcePattern::Varied { pattern, .. } => match &pattern.rest {
                Template::Varied(parts) => parts,
                Template::Plain(_) => &[][..],
            },
            ResourcePattern::Any | ResourcePattern::Arn(_) => &[],
        };
        parts.iter().filter_map(Part::variable)
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Kind;
    use crate::policy::Policy;

    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*",
         "Condition":{"StringLike":{"aws:PrincipalTag/Team":"${aws:SourceIdentity}*"},
                      "IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}},
        {"Effect":"Deny","NotAction":"s3:*","Resource":"*",
         "Condition":{"Null":{"AWS:sourceip":"true"}, "Bool":{"aws:SecureTransport":"false"}}},
        {"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#;

    #[track_caller]
    fn check(action: Option<&str>, expect: &[&str]) {
        let policy = Policy::parse(POLICY, Kind::Identity).unwrap();
        assert_eq!(policy.context_keys(action), expect, "{action:?}");
    }

    #[test]
    fn keys_are_those_of_conditions_and_of_variables_each_once() {
        let of_s3 = [
            "aws:PrincipalTag/Team",
            "aws:sourceidentity",
            "aws:SourceIp",
            "aws:username",
        ];
        check(Some("S3:getobject"), &of_s3);
        check(
            Some("kms:Decrypt"),
            &["AWS:sourceip", "aws:SecureTransport"],
        );
        let all: Vec<&str> = of_s3.into_iter().chain(["aws:SecureTransport"]).collect();
        check(None, &all);
    }

    #[test]
    fn without_variables_dollars_are_text() {
        let text = POLICY.replace("2012-10-17", "2008-10-17");
        let policy = Policy::parse(&text, Kind::Identity).unwrap();
        assert!(!policy.context_keys(None).contains(&"aws:username"));
    }
}
