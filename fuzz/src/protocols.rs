//! The bytes of AWS's protocols: signatures, calls and answers, metadata paths.

use bytes::Bytes;
use http::{Response, StatusCode};
use jiff::Timestamp;
use protocol::shape::{Operation, Protocol, SERVICES, Service};
use protocol::sigv4::{self, Credentials, Scope, VerifyError};
use protocol::{Secret, Value, metadata, wire};

use crate::message;

/// A request. See [`crate::TARGETS`].
pub fn sigv4(bytes: &[u8]) {
    let Some(mut request) = message::request(bytes) else {
        return;
    };
    if let Ok(presented) = sigv4::read(&request) {
        let key = sigv4::signing_key(
            &Secret::new(b"a key that signed nothing".as_slice()),
            presented.scope(),
        );
        let passed = sigv4::verify(&request, &presented, &key, presented.moment());
        assert!(passed.is_err(), "{presented:?}");
    }
    let now = Timestamp::UNIX_EPOCH;
    let scope = Scope::at(now, "us-east-1", "secretsmanager");
    let credentials = Credentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: Secret::new(b"a key".as_slice()),
        session_token: None,
    };
    let key = sigv4::signing_key(&credentials.secret_access_key, &scope);
    if sigv4::sign(&mut request, &credentials, &scope, now).is_err() {
        return;
    }
    let Ok(presented) = sigv4::read(&request) else {
        return;
    };
    assert_eq!(sigv4::verify(&request, &presented, &key, now), Ok(()));
    *request.body_mut() = [request.body(), b"more".as_slice()].concat().into();
    let changed = sigv4::verify(&request, &presented, &key, now);
    assert!(
        matches!(
            changed,
            Err(VerifyError::SignatureMismatch { .. } | VerifyError::PayloadMismatch)
        ),
        "{changed:?}"
    );
}

/// A line that names an operation, and a request. See [`crate::TARGETS`].
pub fn wire_input(bytes: &[u8]) {
    let Some(((service, operation), rest)) = operation(bytes) else {
        return;
    };
    let Some(request) = message::request(rest) else {
        return;
    };
    if let Err(fault) = wire::route(&request, None) {
        assert!(!fault.is_ours(), "{fault:?}");
    }
    match wire::decode_input(service, operation, &request) {
        Err(fault) => assert!(!fault.is_ours(), "{fault:?}"),
        Ok(input) => {
            let written = wire::encode_input(service, operation, &input, "localhost");
            let routed = wire::route(&written, Some(service.name)).map(|(_, it)| it.name);
            assert_eq!(routed, Ok(operation.name));
            let read = wire::decode_input(service, operation, &written);
            let is_form = !matches!(service.protocol, Protocol::Json { .. });
            // A form has no way to write what has nothing in it, only to hint at it.
            if is_form && input.members().any(|(_, value)| is_hollow(value)) {
                return;
            }
            assert_eq!(read, Ok(input), "{}: {:?}", operation.name, written.body());
        }
    }
}

/// Whether an empty list or structure stands somewhere in it.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::List(values) => values.is_empty() || values.iter().any(is_hollow),
        Value::Map(entries) => entries.is_empty() || entries.iter().any(|(_, it)| is_hollow(it)),
        Value::Structure(record) => {
            record.is_empty() || record.members().any(|(_, it)| is_hollow(it))
        }
        _ => false,
    }
}

/// A line that names an operation, a byte that chooses the status, and a body. See
/// [`crate::TARGETS`].
pub fn wire_output(bytes: &[u8]) {
    let Some(((service, operation), rest)) = operation(bytes) else {
        return;
    };
    let Some((status, body)) = rest.split_first() else {
        return;
    };
    let mut answer = Response::new(Bytes::copy_from_slice(body));
    let status = if status.is_multiple_of(2) { 200 } else { 400 };
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let _ = wire::decode_output(service, operation, &answer);
}

/// The operation that the first line names, as `sts GetCallerIdentity`, or that its length chooses,
/// and what follows the line.
pub(crate) fn operation(bytes: &[u8]) -> Option<((&'static Service, &'static Operation), &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = (bytes.get(..end)?, bytes.get(end + 1..)?);
    let each = || {
        let services = SERVICES.iter();
        services.flat_map(|service| service.operations.iter().map(move |it| (*service, it)))
    };
    let named = each().find(|(service, operation)| {
        let name = format!("{} {}", service.name, operation.name);
        line == name.as_bytes()
    });
    let chosen = named.or_else(|| each().cycle().nth(line.len()))?;
    Some((chosen, rest))
}

/// A path. See [`crate::TARGETS`].
pub fn metadata_path(bytes: &[u8]) {
    let _ = metadata::token_ttl(Some(bytes));
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let Ok(path) = metadata::normalize(text) else {
        return;
    };
    for segment in path.segments() {
        let good = !matches!(segment.as_str(), "" | "." | "..") && !segment.contains('/');
        assert!(good, "{text}: {segment}");
    }
    assert_eq!(metadata::normalize(&path.to_string()), Ok(path), "{text}");
}
