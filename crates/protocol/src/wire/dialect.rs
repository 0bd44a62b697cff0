//! In what EC2 differs from the Query protocol: names, lists and times.
//!
//! Source: Smithy's `awsQuery` and `ec2Query` protocol pages.

use jiff::Timestamp;

use super::time;
use crate::shape::Member;

/// One of the two protocols that take a form and answer XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Query,
    Ec2,
}

impl Dialect {
    /// What a member is called in a request.
    pub(super) fn parameter(self, member: &Member) -> &'static str {
        match self {
            Self::Query => self.element(member),
            Self::Ec2 => member.query_name.unwrap_or(member.name),
        }
    }

    /// What a member is called in an answer.
    #[expect(
        clippy::unused_self,
        reason = "reads as the counterpart of `parameter`"
    )]
    pub(super) fn element(self, member: &Member) -> &'static str {
        member.wire_name.unwrap_or(member.name)
    }

    /// What stands between a list's name and a number in a request: `Tags.member.1`, but `Tag.1`.
    pub(super) fn list_step(self, member_name: Option<&'static str>) -> Option<&'static str> {
        match self {
            Self::Query => Some(member_name.unwrap_or("member")),
            Self::Ec2 => None,
        }
    }

    /// The element of each member of a list in an answer.
    pub(super) fn item(self, member_name: Option<&'static str>) -> &'static str {
        member_name.unwrap_or(match self {
            Self::Query => "member",
            Self::Ec2 => "item",
        })
    }

    /// A moment in an answer.
    pub(super) fn moment(self, moment: Timestamp) -> String {
        match self {
            Self::Query => time::in_seconds(moment),
            Self::Ec2 => time::in_milliseconds(moment),
        }
    }
}
