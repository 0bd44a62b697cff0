//! Which pages may ask a browser for what is in a bucket.
//!
//! Source: S3 User Guide, "Elements of a CORS configuration", "How does Amazon S3 evaluate the CORS
//! configuration on a bucket?"; Fetch Standard, "CORS protocol".

use protocol::Fault;

use crate::entity::CorsRule;

/// Refuses rules that S3 would not take.
pub(super) fn check(rules: &[CorsRule]) -> Result<(), Fault> {
    let invalid = |why: String| Err(Fault::new("InvalidRequest", why));
    if rules.is_empty() || rules.len() > RULES_MAX {
        let why = "The XML you provided was not well-formed or did not validate against our \
                   published schema";
        return Err(Fault::new("MalformedXML", why));
    }
    for rule in rules {
        if rule.methods.is_empty() || rule.origins.is_empty() {
            let why = "The XML you provided was not well-formed or did not validate against our \
                       published schema";
            return Err(Fault::new("MalformedXML", why));
        }
        if let Some(other) = rule
            .methods
            .iter()
            .find(|it| !METHODS.contains(&it.as_str()))
        {
            return invalid(format!(
                "Found unsupported HTTP method in CORS config. Unsupported method is {other}"
            ));
        }
        for (name, texts) in [
            ("AllowedOrigin", &rule.origins),
            ("AllowedHeader", &rule.headers),
        ] {
            if let Some(many) = texts.iter().find(|text| text.matches('*').count() > 1) {
                return invalid(format!(
                    "{name} \"{many}\" can not have more than one wildcard."
                ));
            }
        }
        if let Some(wild) = rule.exposed.iter().find(|text| text.contains('*')) {
            return invalid(format!(
                "ExposeHeader \"{wild}\" contains wildcard. We currently do not support wildcard \
                 for ExposeHeader."
            ));
        }
    }
    Ok(())
}

/// The first rule by which a page of an origin may ask so.
pub fn allowing<'r>(
    rules: &'r [CorsRule],
    origin: &str,
    method: &str,
    headers: &[&str],
) -> Option<&'r CorsRule> {
    rules.iter().find(|rule| {
        rule.origins.iter().any(|text| fits(text, origin))
            && rule.methods.iter().any(|own| own == method)
            && headers.iter().all(|header| {
                let own = rule.headers.iter().map(|own| own.to_ascii_lowercase());
                let header = header.to_ascii_lowercase();
                own.into_iter().any(|own| fits(&own, &header))
            })
    })
}

/// Whether a text is another, whose `*` may stand for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => {
            let rest = text.strip_prefix(before);
            rest.is_some_and(|rest| rest.ends_with(after))
        }
    }
}

const RULES_MAX: usize = 100;
const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> CorsRule {
        CorsRule {
            origins: vec!["https://*.example.com".into()],
            methods: vec!["GET".into()],
            headers: vec!["X-Amz-*".into()],
            ..CorsRule::default()
        }
    }

    #[test]
    fn a_rule_allows_what_it_names() {
        let rules = [rule()];
        let is_allowed =
            |origin, method, headers: &[&str]| allowing(&rules, origin, method, headers).is_some();
        assert!(is_allowed(
            "https://www.example.com",
            "GET",
            &["x-amz-date"]
        ));
        assert!(!is_allowed("http://www.example.com", "GET", &[]));
        assert!(!is_allowed("https://example.com", "GET", &[]));
        assert!(!is_allowed("https://www.example.com", "PUT", &[]));
        assert!(!is_allowed(
            "https://www.example.com",
            "GET",
            &["x-amz-date", "x"]
        ));
        // The two halves of a pattern may not share what they are.
        assert!(!fits("ab*ba", "aba"));
    }

    #[test]
    fn rules_that_s3_would_not_take_are_refused() {
        check(&[rule()]).unwrap();
        let code = |rules: &[CorsRule]| check(rules).unwrap_err().code.into_owned();
        assert_eq!(code(&[]), "MalformedXML");
        assert_eq!(code(&vec![rule(); 101]), "MalformedXML");
        let with = |change: fn(&mut CorsRule)| {
            let mut rule = rule();
            change(&mut rule);
            code(&[rule])
        };
        assert_eq!(
            with(|it| it.methods = vec!["PATCH".into()]),
            "InvalidRequest"
        );
        assert_eq!(with(|it| it.origins = vec!["*.*".into()]), "InvalidRequest");
        assert_eq!(with(|it| it.headers = vec!["**".into()]), "InvalidRequest");
        assert_eq!(with(|it| it.exposed = vec!["x-*".into()]), "InvalidRequest");
        assert_eq!(with(|it| it.origins.clear()), "MalformedXML");
    }
}
