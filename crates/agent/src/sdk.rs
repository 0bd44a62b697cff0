//! The service's own protocol, as SDKs speak it to an endpoint of their choice.
//!
//! `POST /` with `X-Amz-Target` and a JSON body. Three reads are answered, from what is held. The
//! signature is not checked: the SDK signs with keys that the agent does not know, and who may read
//! is decided by process, certificate or token. Knows no socket and holds nothing.
//! Sources: Secrets Manager API Reference; AWS JSON 1.1 protocol in Smithy's documentation.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use protocol::Fault;
use protocol::json::{self, Sink};
use serde::Deserialize;

use crate::ask::Ask;
use crate::entry::Entry;
use crate::failure::Failure;
use crate::http_fault::HttpFault;

/// The header that names the operation.
pub const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
/// `Content-Type` of answers.
pub const JSON: &str = "application/x-amz-json-1.1";
/// Bytes of a request's body: a batch of 20 ARNs of the greatest length is below it.
pub const BODY_BYTES_MAX: usize = 64 * 1_024;

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `GetSecretValue`.
    GetSecretValue,
    /// `BatchGetSecretValue`, by `SecretIdList`.
    BatchGetSecretValue,
    /// `DescribeSecret`: names and stages of the version that is held.
    DescribeSecret,
}

/// The operation that a request names.
///
/// # Errors
///
/// The answer to give to any other operation.
pub fn action(path: &str, target: &HeaderValue) -> Result<Action, HttpFault> {
    if path != "/" {
        return Err(fault("UnknownOperationException", "SDKs call the path `/`"));
    }
    match target.as_bytes() {
        b"secretsmanager.GetSecretValue" => Ok(Action::GetSecretValue),
        b"secretsmanager.BatchGetSecretValue" => Ok(Action::BatchGetSecretValue),
        b"secretsmanager.DescribeSecret" => Ok(Action::DescribeSecret),
        _ => Err(fault(
            "UnknownOperationException",
            "the agent answers GetSecretValue, BatchGetSecretValue and DescribeSecret; call the \
             service for anything else",
        )),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Get {
    secret_id: String,
    #[serde(default)]
    version_id: Option<String>,
    #[serde(default)]
    version_stage: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Describe {
    secret_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Batch {
    #[serde(default)]
    secret_id_list: Vec<String>,
    #[serde(default)]
    filters: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    max_results: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    next_token: Option<serde::de::IgnoredAny>,
}

/// The secrets that a body asks for: one, but for a batch.
///
/// # Errors
///
/// The answer to give to a body that asks for none, or for something else than secrets.
pub fn asks(action: Action, body: &[u8]) -> Result<Vec<Ask>, HttpFault> {
    let ask = |id, version_id, stage| {
        Ask::new(id, version_id, stage)
            .map_err(|error| fault("InvalidParameterException", &error.to_string()))
    };
    match action {
        Action::GetSecretValue => {
            let Get {
                secret_id,
                version_id,
                version_stage,
            } = parse(body)?;
            Ok(vec![ask(secret_id, version_id, version_stage)?])
        }
        Action::DescribeSecret => {
            let Describe { secret_id } = parse(body)?;
            Ok(vec![ask(secret_id, None, None)?])
        }
        Action::BatchGetSecretValue => {
            let batch: Batch = parse(body)?;
            let more = [batch.filters, batch.max_results, batch.next_token];
            if more.iter().any(Option::is_some) || batch.secret_id_list.is_empty() {
                let message = "the agent answers SecretIdList alone; call the service for Filters";
                return Err(fault("InvalidParameterException", message));
            }
            if batch.secret_id_list.len() > BATCH_MAX {
                let message = format!("SecretIdList has more than {BATCH_MAX} secrets");
                return Err(fault("ValidationException", &message));
            }
            let ids = batch.secret_id_list.into_iter();
            ids.map(|id| ask(id, None, None)).collect()
        }
    }
}

/// The answer to `DescribeSecret`. Of the versions, the one that is held.
pub fn described(entry: &Entry) -> Bytes {
    let version = entry.version();
    let stages = BTreeMap::from([(&version.version_id, &version.version_stages)]);
    let body = serde_json::json!({
        "ARN": version.arn,
        "Name": version.name,
        "VersionIdsToStages": stages,
    });
    Bytes::from(body.to_string())
}

/// The answer to `BatchGetSecretValue`. Holds secrets: hand it to the socket and nothing else.
pub fn batch(found: &[(Ask, Result<Bytes, Fault>)]) -> Bytes {
    let write = |to: &mut dyn Sink| {
        to.raw(b"{\"SecretValues\":[");
        let values = found.iter().filter_map(|(_, found)| found.as_ref().ok());
        for (at, body) in values.enumerate() {
            if at > 0 {
                to.raw(b",");
            }
            to.raw(body);
        }
        to.raw(b"],\"Errors\":[");
        let errors = found
            .iter()
            .filter_map(|(ask, found)| Some((ask, found.as_ref().err()?)));
        for (at, (ask, fault)) in errors.enumerate() {
            if at > 0 {
                to.raw(b",");
            }
            to.raw(b"{\"SecretId\":");
            to.string(ask.secret_id());
            to.raw(b",\"ErrorCode\":");
            to.string(&fault.code);
            to.raw(b",\"Message\":");
            to.string(&fault.message);
            to.raw(b"}");
        }
        to.raw(b"]}");
    };
    Bytes::from_owner(json::sized(write))
}

/// The answer to a read that failed: the service's own where it spoke.
pub fn failed(failure: &Failure) -> HttpFault {
    fault_of(&failure.fault())
}

/// A fault as SDKs read it.
pub fn fault_of(fault: &Fault) -> HttpFault {
    let answer = HttpFault::from(fault);
    HttpFault {
        content_type: JSON,
        // `message` is what the service writes here, `Message` what some of its SDKs look for.
        body: serde_json::json!({
            "__type": fault.code, "message": fault.message, "Message": fault.message,
        })
        .to_string(),
        ..answer
    }
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, HttpFault> {
    // What serde says may quote the body.
    serde_json::from_slice(body).map_err(|_| {
        let message = "the body is not what the operation takes";
        fault("SerializationException", message)
    })
}

fn fault(code: &'static str, message: &str) -> HttpFault {
    fault_of(&Fault::new(code, message.to_owned()).status(StatusCode::BAD_REQUEST.as_u16()))
}

// Secrets Manager API Reference, "BatchGetSecretValue".
const BATCH_MAX: usize = 20;

#[cfg(test)]
mod tests;
