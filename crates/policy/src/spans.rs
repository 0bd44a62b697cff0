//! Where the statements of a policy's text stand.

use crate::document::object;
use crate::error::{ParseError, Place};
use crate::json::{self, Node, Value};

/// From where to where a statement goes, as IAM's simulator tells it: the place behind its opening
/// brace, and the one behind its closing brace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Line and column, from 1.
    pub start: (u32, u32),
    /// Line and column, from 1.
    pub end: (u32, u32),
}

/// The places of the statements, in their order.
///
/// # Errors
///
/// [`ParseError`] where the text is no JSON object. Whether it is a policy is not asked.
pub fn statement_spans(text: &str) -> Result<Vec<Span>, ParseError> {
    let members = object(json::read(text)?)?;
    let found = members.into_iter().find(|it| it.key.value == "Statement");
    let nodes = match found.map(|member| member.value) {
        None => Vec::new(),
        Some(Node {
            value: Value::Array(nodes),
            ..
        }) => nodes,
        Some(node) => vec![node],
    };
    let at = |place: Place| (place.line, place.column);
    let span = |node: Node| Span {
        start: at(json::after(node.place, '{')),
        end: at(node.end),
    };
    Ok(nodes.into_iter().map(span).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[[(u32, u32); 2]]) {
        let spans = statement_spans(text).unwrap();
        let spans: Vec<_> = spans.iter().map(|it| [it.start, it.end]).collect();
        assert_eq!(spans, expect, "{text}");
    }

    /// The example of the AWS CLI's page about `simulate-custom-policy`.
    #[test]
    fn a_statement_on_one_line_is_told_as_aws_tells_it() {
        check(
            concat!(
                r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","#,
                r#""Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"#,
                r#""2018-08-16T12:00:00Z"}}}}"#
            ),
            &[[(1, 38), (1, 167)]],
        );
    }

    #[test]
    fn statements_of_a_list_are_told_each() {
        check(
            "{\n  \"Statement\": [\n    {\"Sid\": \"a\"},\n    {\n    }\n  ]\n}",
            &[[(3, 6), (3, 17)], [(4, 6), (5, 6)]],
        );
        check("{}", &[]);
    }

    #[test]
    fn what_is_no_object_has_no_statements() {
        assert!(statement_spans("[]").is_err());
        assert!(statement_spans("{").is_err());
    }
}
