//! The policy language: texts, patterns, variables, decisions.

use policy::{
    Applied, Context, Kind, Pattern, Policies, Policy, Principal, Request, Value, guess_kind, lint,
};
use serde::de::IgnoredAny;
use serde_json::json;

use crate::reference::{Case, Compiled, Symbol, Values, evaluate, expand};

/// See [`crate::TARGETS`].
pub fn policy_text(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
    let lies_in = |line: u32, column: u32| {
        let line = usize::try_from(line)
            .ok()
            .and_then(|line| line.checked_sub(1));
        let length = line.and_then(|line| lines.get(line));
        length.is_some_and(|length| (1..=length + 1).contains(&(column as usize)))
    };
    let _ = guess_kind(text);
    for kind in KINDS {
        for finding in lint(text, kind) {
            assert!(lies_in(finding.line, finding.column), "{finding:?}");
        }
        match Policy::parse(text, kind) {
            Ok(policy) => {
                let read = serde_json::from_str::<IgnoredAny>(text);
                assert!(read.is_ok(), "taken as {kind:?}, but {read:?}");
                assert_eq!(Policy::parse(&format!(" {text}\r\n"), kind), Ok(policy));
            }
            Err(error) => assert!(lies_in(error.line, error.column), "{error:?}"),
        }
    }
}

/// See [`crate::TARGETS`].
pub fn decide(bytes: &[u8]) {
    let case = Case::read(bytes);
    let compiled = Compiled::new(&case);
    for request in &case.requests {
        compiled.check("these bytes", request, evaluate(&case, request));
    }
}

/// A line with a pattern and a line with a text. See [`crate::TARGETS`].
pub fn pattern(bytes: &[u8]) {
    let Some([pattern, text]) = lines(bytes) else {
        return;
    };
    let symbols: Vec<Symbol> = pattern.chars().map(Symbol::Pattern).collect();
    let expected = table(&symbols, text);
    let found = Pattern::new(pattern).matches(text);
    assert_eq!(found, expected, "{pattern} against {text}");
}

/// A line with a pattern in which variables may stand, one with a text, and two with the values of
/// `aws:a` and `aws:b`. See [`crate::TARGETS`].
pub fn template(bytes: &[u8]) {
    let Some([pattern, text, a, b]) = lines(bytes) else {
        return;
    };
    let values: Values = [
        ("aws:a", vec![a]),
        ("aws:b", vec![b]),
        ("aws:text", vec![text]),
        ("aws:many", vec![a, b]),
    ]
    .map(|(key, values)| {
        (
            key.to_owned(),
            values.into_iter().map(str::to_owned).collect(),
        )
    })
    .into();
    for has_variables in [true, false] {
        let of_text = |operator: &str| {
            let condition = json!({operator: {"aws:text": pattern}});
            allows(has_variables, "*", &condition, &values, "*")
        };
        let Some(like) = of_text("StringLike") else {
            return;
        };
        let symbols = expand(pattern, has_variables, &values);
        let matches = symbols.as_ref().is_some_and(|symbols| table(symbols, text));
        assert_eq!(like, matches, "{pattern} against {text}");
        assert_eq!(
            of_text("StringNotLike"),
            Some(!matches),
            "{pattern} against {text}"
        );
        let equals = symbols.is_some_and(|symbols| {
            let plain = |symbol| match symbol {
                Symbol::Pattern(c) | Symbol::Text(c) => c,
            };
            symbols.into_iter().map(plain).eq(text.chars())
        });
        assert_eq!(
            of_text("StringEquals"),
            Some(equals),
            "{pattern} against {text}"
        );
        let resource = format!("arn:aws:s3:::{pattern}");
        let asked = format!("arn:aws:s3:::{text}");
        let found = allows(has_variables, &resource, &json!({}), &values, &asked);
        assert_eq!(found, Some(matches), "{resource} against {asked}");
    }
}

/// What a policy with one statement says; `None` when it is refused.
fn allows(
    has_variables: bool,
    resource: &str,
    condition: &serde_json::Value,
    values: &Values,
    asked: &str,
) -> Option<bool> {
    let version = if has_variables {
        "2012-10-17"
    } else {
        "2008-10-17"
    };
    let document = json!({"Version": version, "Statement": {
        "Effect": "Allow", "Action": "*", "Resource": resource, "Condition": condition,
    }});
    let policy = Policy::parse(&document.to_string(), Kind::Identity).ok()?;
    let context = values
        .iter()
        .fold(Context::new(), |context, (key, values)| {
            let value = match values.as_slice() {
                [one] => one.as_str().into(),
                several => Value::List(several.to_vec()),
            };
            context.with(key, value)
        });
    let request = Request {
        principal: Principal::User {
            account: "123456789012",
            arn: "arn:aws:iam::123456789012:user/ann",
            unique_id: None,
        },
        action: "s3:GetObject",
        resource: asked,
        resource_account: "123456789012",
        context: &context,
    };
    let identity = [Applied {
        name: "p",
        policy: &policy,
    }];
    let policies = Policies {
        identity: &identity,
        ..Policies::default()
    };
    Some(policy::decide(&request, &policies).is_allowed())
}

/// Whether the symbols match, by a table: which beginnings of the text fit the symbols so far.
fn table(symbols: &[Symbol], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut fits = vec![false; text.len() + 1];
    if let Some(empty) = fits.first_mut() {
        *empty = true;
    }
    for symbol in symbols {
        let mut so_far = false;
        let mut behind = None;
        fits = fits
            .iter()
            .zip(std::iter::once(None).chain(text.iter().map(Some)))
            .map(|(fit, c)| {
                so_far |= *fit;
                let before = behind.replace(*fit).unwrap_or(false);
                match symbol {
                    Symbol::Pattern('*') => so_far,
                    Symbol::Pattern('?') => before,
                    Symbol::Pattern(wanted) | Symbol::Text(wanted) => before && c == Some(wanted),
                }
            })
            .collect();
    }
    fits.last() == Some(&true)
}

/// Lines of a bounded length, the last without an end.
fn lines<const N: usize>(bytes: &[u8]) -> Option<[&str; N]> {
    let text = str::from_utf8(bytes).ok()?;
    let lines: Vec<&str> = text.splitn(N, '\n').collect();
    let short = lines.iter().all(|line| line.len() <= LINE_BYTES_MAX);
    lines.try_into().ok().filter(|_| short)
}

const KINDS: [Kind; 3] = [Kind::Identity, Kind::Resource, Kind::Trust];
// The table is as large as the product of two of them.
const LINE_BYTES_MAX: usize = 1_024;
