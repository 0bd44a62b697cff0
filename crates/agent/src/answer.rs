//! The other end of [`crate::aws_http`]: what an agent's answer says, read without leaving copies.
//!
//! Knows the body alone; status and headers are the world's to look at.
//! Source: Secrets Manager API Reference, "GetSecretValue"; local agents write `CreatedDate` as a
//! string, the service as a number.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use protocol::{Fault, Secret};

use crate::entry::SecretVersion;
use crate::members;
use crate::value::Value;

/// The secret in the body of an answer; `None` for a body that holds none.
pub fn version(body: &Secret) -> Option<SecretVersion> {
    let members = members::read(body.expose_text()?)?;
    let text = |name: &str| members.get(name)?.expose_text().map(str::to_owned);
    let value = match (members.get("SecretString"), members.get("SecretBinary")) {
        (Some(text), _) => Value::Text(text.clone()),
        (None, Some(encoded)) => {
            Value::Binary(Secret::new(STANDARD.decode(encoded.expose()).ok()?))
        }
        (None, None) => return None,
    };
    let stages = text("VersionStages").unwrap_or_else(|| "[]".to_owned());
    Some(SecretVersion {
        arn: text("ARN")?,
        name: text("Name")?,
        version_id: text("VersionId")?,
        version_stages: serde_json::from_str(&stages).ok()?,
        created: moment(&text("CreatedDate")?)?,
        value,
    })
}

/// The fault in the body of an answer with an error's `status`; `None` where it is no JSON.
pub fn fault(body: &Secret, status: u16) -> Option<Fault> {
    let members = members::read(body.expose_text()?)?;
    let text = |name: &str| members.get(name)?.expose_text().map(str::to_owned);
    let code = text("__type")?;
    // Some services write `prefix#Code`.
    let code = code.rsplit('#').next().unwrap_or_default().to_owned();
    let message = text("message").or_else(|| text("Message"));
    Some(Fault::new(code, message.unwrap_or_default()).status(status))
}

/// Seconds since 1970 with decimals, in whatever spelling of a number.
fn moment(text: &str) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if let (Ok(seconds), true) = (seconds.parse::<u32>(), digits) {
        let nanos: String = fraction
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        return Timestamp::new(seconds.into(), nanos.parse().ok()?).ok();
    }
    let seconds = std::time::Duration::try_from_secs_f64(text.parse().ok()?).ok()?;
    Timestamp::new(
        i64::try_from(seconds.as_secs()).ok()?,
        i32::try_from(seconds.subsec_nanos()).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::tests::{entry, text};

    fn read(body: &str) -> Option<SecretVersion> {
        version(&Secret::from_text(body.to_owned()))
    }

    #[test]
    fn what_holds_no_secret_is_no_answer() {
        for body in [
            "",
            "healthy",
            "{}",
            r#"{"ARN":"a","Name":"n","VersionId":"v","CreatedDate":"1"}"#,
            r#"{"ARN":"a","Name":"n","VersionId":"v","CreatedDate":"x","SecretString":"s"}"#,
            r#"{"ARN":"a","Name":"n","VersionId":"v","CreatedDate":"1","SecretBinary":"*"}"#,
            r#"{"Name":"n","VersionId":"v","CreatedDate":"1","SecretString":"s"}"#,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        for value in [
            text("a\"b\n"),
            text(""),
            text("é\u{1}"),
            Value::Binary(Secret::new([0, 0xff, 0xfe])),
        ] {
            let entry = entry(value);
            let body = Secret::new(entry.body().to_vec());

            assert_eq!(version(&body).as_ref(), Some(entry.version()));
        }
    }

    #[test]
    fn a_date_may_be_a_number() {
        for (date, expect) in [
            ("\"1569534789.046\"", "2019-09-26T21:53:09.046Z"),
            ("1569534789.046", "2019-09-26T21:53:09.046Z"),
            ("1569534789", "2019-09-26T21:53:09Z"),
            ("1.569534789E9", "2019-09-26T21:53:09Z"),
        ] {
            let body = format!(
                r#"{{"ARN":"a","Name":"n","VersionId":"v","CreatedDate":{date},"SecretString":""}}"#
            );
            let expect: Timestamp = expect.parse().unwrap();
            assert_eq!(read(&body).map(|it| it.created), Some(expect), "{date}");
        }
    }

    #[test]
    fn a_fault_has_code_and_message() {
        let read = |body: &str| fault(&Secret::from_text(body.to_owned()), 400);

        assert_eq!(read("Bad Token"), None);
        assert_eq!(read("{}"), None);
        let told = r#"{"__type":"com.amazonaws#AccessDeniedException","Message":"no \"x\""}"#;
        assert_eq!(
            read(told),
            Some(Fault::new("AccessDeniedException", "no \"x\""))
        );
    }
}
