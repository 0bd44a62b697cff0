//! AWS's published signing suite, step by step: canonical request, string to sign, signature.
//!
//! Every directory of `tests/vectors/sigv4` is walked; what cannot be compared is named in
//! [`PARTIAL`] with its reason. The requests are those that a verifier sees
//! (`*-signed-request.txt`).

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde_json::Value;

use super::canonical::{self, Canonical, PathRule, View};
use super::{ReadError, Scope, SigningKey, read, signing_key, text, verify};
use crate::Secret;

/// Directories, or forms of one, of which not every step can be compared.
const PARTIAL: &[(&str, &str, Missing, &str)] = &[
    (
        "double-encode-path",
        "header",
        Missing::Signature,
        "no context.json, so no key; the canonical request has another date",
    ),
    (
        "double-encode-path",
        "query",
        Missing::All,
        "the suite has no query form of it",
    ),
    (
        "double-url-encode",
        "header",
        Missing::Signature,
        "no context.json, so no key",
    ),
    (
        "double-url-encode",
        "query",
        Missing::All,
        "the suite has no query form of it",
    ),
    (
        "get-space-normalized",
        "header",
        Missing::Request,
        "a raw space is not a URI",
    ),
    (
        "get-space-normalized",
        "query",
        Missing::Request,
        "a raw space is not a URI",
    ),
    (
        "get-space-unnormalized",
        "header",
        Missing::Request,
        "a raw space is not a URI",
    ),
    (
        "get-space-unnormalized",
        "query",
        Missing::Request,
        "a raw space is not a URI",
    ),
    (
        "post-sts-header-after",
        "header",
        Missing::Acceptance,
        "its token is not signed, which read refuses",
    ),
    (
        "post-sts-header-after",
        "query",
        Missing::Acceptance,
        "its token is not signed, which verify refuses",
    ),
];

/// What the suite cannot show of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// Nothing can be compared.
    All,
    /// The signature cannot be computed.
    Signature,
    /// The text is no `http::Request`, so `read` and `verify` cannot see it.
    Request,
    /// `read` or `verify` refuses it, on purpose.
    Acceptance,
}

const DIRECTORIES: usize = 40;
const UNNORMALIZED: &str = "-unnormalized";

struct Raw {
    method: String,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

#[test]
fn every_directory_yields_every_step() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/sigv4");
    #[expect(clippy::disallowed_methods, reason = "a test reads its cases")]
    let mut directories: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    directories.sort();
    assert_eq!(directories.len(), DIRECTORIES);
    let (mut accepted, mut partial) = (0, 0);
    for directory in &directories {
        for form in ["header", "query"] {
            let name = directory.file_name().unwrap().to_str().unwrap();
            let missing = PARTIAL
                .iter()
                .find(|(dir, of, ..)| *dir == name && *of == form)
                .map(|(_, _, missing, _)| *missing);
            accepted += usize::from(run(directory, name, form, missing));
            partial += usize::from(missing.is_some());
        }
    }
    assert_eq!(
        partial,
        PARTIAL.len(),
        "a case named as partial is not there"
    );
    // Cases of the suite that leave the path unnormalized are services' own settings: their steps
    // are compared, but `verify` normalizes for every service other than S3.
    let unnormalized = 6 * 2;
    assert_eq!(accepted, 2 * DIRECTORIES - PARTIAL.len() - unnormalized);
}

/// Compares one form of one directory; whether `verify` accepted it too.
fn run(directory: &Path, name: &str, form: &str, missing: Option<Missing>) -> bool {
    let file = |what: &str| directory.join(format!("{form}-{what}.txt"));
    if missing == Some(Missing::All) {
        assert!(
            !file("signed-request").exists(),
            "{name} {form} can be compared"
        );
        return false;
    }
    let step = format!("{name}, {form} form");
    let mut raw = parse(&load(&file("signed-request")));
    let context = context(directory);
    let expect = load(&file("canonical-request"));
    if name == "double-encode-path" {
        let date = HeaderValue::from_static("20210511T154045Z");
        raw.headers.insert("x-amz-date", date);
    }
    let omitted = context["omit_session_token"] == true;
    let query = without_token(&raw.query, omitted);
    let lines: Vec<&str> = expect.lines().rev().take(2).collect();
    let parts = Canonical {
        method: &raw.method,
        path: &raw.path,
        query: &query,
        headers: &raw.headers,
        authority: None,
        signed_headers: lines[1],
        payload: lines[0].as_bytes(),
        rule: PathRule {
            normalize: context["normalize"] != false,
            encode: true,
        },
    };
    let bytes = parts.to_bytes(View::Exact);
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        expect,
        "canonical request: {step}"
    );

    if !file("string-to-sign").exists() {
        return false;
    }
    let moment = context["timestamp"].as_str().unwrap().parse().unwrap();
    let scope = Scope::at(moment, word(&context, "region"), word(&context, "service"));
    let string = canonical::string_to_sign(moment, &scope, &bytes);
    assert_eq!(
        String::from_utf8_lossy(&string),
        load(&file("string-to-sign")).trim_end(),
        "string to sign: {step}"
    );

    if missing == Some(Missing::Signature) {
        assert!(!file("signature").exists(), "{name} {form} can be compared");
        return false;
    }
    let secret = word(&context["credentials"], "secret_access_key");
    let key = signing_key(&Secret::from_text(secret), &scope);
    let signature = text::hex(&key.signature(&string));
    assert_eq!(
        String::from_utf8_lossy(&signature),
        load(&file("signature")),
        "signature: {step}"
    );

    accepted(&raw, &key, moment, name, missing)
}

/// Whether `read` and `verify` take the request, which they must where nothing speaks against it.
fn accepted(
    raw: &Raw,
    key: &SigningKey,
    moment: Timestamp,
    name: &str,
    missing: Option<Missing>,
) -> bool {
    let Some(request) = request(raw) else {
        assert_eq!(missing, Some(Missing::Request), "{name}");
        return false;
    };
    let result = match read(&request) {
        Ok(presented) => verify(&request, &presented, key, moment).is_ok(),
        Err(error) => {
            let header = "x-amz-security-token".to_owned();
            assert_eq!(error, ReadError::Unsigned { header }, "{name}");
            false
        }
    };
    let expect = missing.is_none() && !name.ends_with(UNNORMALIZED);
    assert_eq!(result, expect, "read and verify: {name}");
    result
}

fn context(directory: &Path) -> Value {
    let path = directory.join("context.json");
    if path.exists() {
        return serde_json::from_str(&load(&path)).unwrap();
    }
    serde_json::json!({
        "timestamp": "2021-05-11T15:40:45Z", "region": "us-east-2", "service": "lambda",
    })
}

fn word(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap().to_owned()
}

fn without_token(query: &str, omitted: bool) -> String {
    let pairs = query
        .split('&')
        .filter(|pair| !(omitted && pair.starts_with("X-Amz-Security-Token=")));
    pairs.collect::<Vec<_>>().join("&")
}

fn request(raw: &Raw) -> Option<http::Request<Bytes>> {
    let mut request = http::Request::new(Bytes::from(raw.body.clone()));
    *request.method_mut() = raw.method.parse().unwrap();
    let mark = if raw.query.is_empty() { "" } else { "?" };
    *request.uri_mut() = format!("{}{mark}{}", raw.path, raw.query).parse().ok()?;
    *request.headers_mut() = raw.headers.clone();
    Some(request)
}

// A folded header line is joined to the one before, as RFC 9112, 5.2 asks of a parser.
fn parse(text: &str) -> Raw {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let head = head.trim_end_matches('\n').replace("\n ", "  ");
    let mut lines = head.split('\n');
    let line = lines.next().unwrap().trim_end_matches(" HTTP/1.1");
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, value.trim_matches(' ').parse().unwrap());
    }
    Raw {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: body.as_bytes().to_vec(),
    }
}

#[expect(clippy::disallowed_methods, reason = "a test reads its cases")]
fn load(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
