//! Signatures against AWS's own signer, the crate `aws-sigv4`: what it signs must be accepted, and
//! whatever is accepted must be what it signed.
//!
//! Knows only the public interface. A changed request may be accepted where the change means
//! nothing (`%2f` for `%2F`, two spaces for one). What means nothing is decided by AWS's signer,
//! which must give the changed request the same signature; and all that the signature claims must
//! have stayed as it was.

#![cfg(test)]

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use jiff::Timestamp;
use proptest::prelude::*;
use protocol::Secret;
use protocol::sigv4::{self, SigningKey};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const MOMENT: &str = "2015-08-30T12:36:00Z";

/// A request as text, so that each byte of it can be changed.
#[derive(Debug, Clone, PartialEq)]
struct Call {
    method: Vec<u8>,
    target: Vec<u8>,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
}

/// How AWS's signer is to sign.
#[derive(Debug, Clone, Copy)]
struct Way {
    service: &'static str,
    presigned: bool,
    token: Option<&'static str>,
}

impl Call {
    fn get(target: &str) -> Self {
        Self {
            method: b"GET".to_vec(),
            target: target.as_bytes().to_vec(),
            headers: vec![(b"host".to_vec(), b"example.amazonaws.com:8443".to_vec())],
            body: Vec::new(),
        }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers
            .push((name.as_bytes().to_vec(), value.as_bytes().to_vec()));
        self
    }

    fn request(&self) -> Option<Request<Bytes>> {
        let mut request = Request::new(Bytes::from(self.body.clone()));
        *request.method_mut() = http::Method::from_bytes(&self.method).ok()?;
        *request.uri_mut() = http::Uri::try_from(self.target.clone()).ok()?;
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name).ok()?;
            request
                .headers_mut()
                .append(name, HeaderValue::from_bytes(value).ok()?);
        }
        Some(request)
    }

    /// The signed request and its signature, by AWS's signer.
    fn sign(&self, way: Way) -> Option<(Request<Bytes>, String)> {
        let identity =
            Credentials::new(ID, SECRET, way.token.map(str::to_owned), None, "test").into();
        let moment: Timestamp = MOMENT.parse().ok()?;
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name(way.service)
            .time(SystemTime::from(moment))
            .settings(way.settings())
            .build()
            .ok()?
            .into();
        let mut request = self.request()?;
        let headers: Option<Vec<(&str, &str)>> = self
            .headers
            .iter()
            .map(|(name, value)| {
                Some((
                    std::str::from_utf8(name).ok()?,
                    std::str::from_utf8(value).ok()?,
                ))
            })
            .collect();
        let body = if way.service == "s3" && way.presigned {
            SignableBody::UnsignedPayload
        } else {
            SignableBody::Bytes(&self.body)
        };
        let url = format!("https://example.amazonaws.com{}", request.uri());
        let method = request.method().as_str().to_owned();
        let signable = SignableRequest::new(&method, url, headers?.into_iter(), body).ok()?;
        let (instructions, signature) = sign(signable, &params).ok()?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Some((request, signature))
    }
}

impl Way {
    fn settings(self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.presigned {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_mins(15));
        }
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        settings
    }

    fn key(self) -> SigningKey {
        let scope = sigv4::Scope::at(MOMENT.parse().unwrap(), "us-east-1", self.service);
        sigv4::signing_key(&Secret::from_text(SECRET.to_owned()), &scope)
    }
}

/// What stands between the bytes and a yes; text, as the error is only shown.
fn verify(request: &Request<Bytes>, key: &SigningKey) -> Result<(), String> {
    let presented = sigv4::read(request).map_err(|error| error.to_string())?;
    // In the header form nothing but the look-up of the key binds the access key id.
    if presented.access_key_id() != ID {
        return Err("no such key".to_owned());
    }
    sigv4::verify(request, &presented, key, MOMENT.parse().unwrap())
        .map_err(|error| error.to_string())
}

/// The request back as text.
fn taken_apart(request: &Request<Bytes>) -> Call {
    Call {
        method: request.method().as_str().as_bytes().to_vec(),
        target: request.uri().to_string().into_bytes(),
        headers: request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().as_bytes().to_vec(), value.as_bytes().to_vec()))
            .collect(),
        body: request.body().to_vec(),
    }
}

/// The part of a signed request that its signer was given.
fn unsigned(signed: &Call) -> Call {
    let mut call = signed.clone();
    call.headers.retain(|(name, _)| {
        let added: [&[u8]; 4] = [
            b"authorization",
            b"x-amz-date",
            b"x-amz-security-token",
            b"x-amz-content-sha256",
        ];
        !added.contains(&name.as_slice())
    });
    let target = String::from_utf8_lossy(&call.target).into_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let own: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("X-Amz-"))
        .collect();
    call.target = format!("{path}?{}", own.join("&")).into_bytes();
    call
}

/// Everything that a signature claims, so that a change of it shows.
fn claims(request: &Request<Bytes>) -> String {
    let presented = sigv4::read(request).unwrap();
    let token = presented
        .session_token()
        .map(|token| token.expose().to_vec());
    format!("{presented:?} {:?} {token:?}", presented.signature())
}

/// Whether an accepted request is the signed one in other letters.
fn means_the_same(
    request: &Request<Bytes>,
    signed: &Request<Bytes>,
    signature: &str,
    way: Way,
) -> bool {
    let again = unsigned(&taken_apart(request)).sign(way);
    claims(request) == claims(signed) && again.is_some_and(|(_, again)| again == signature)
}

/// Every text of a request that can be changed, by place.
fn texts(call: &mut Call) -> Vec<&mut Vec<u8>> {
    let Call {
        method,
        target,
        headers,
        body,
    } = call;
    let headers = headers.iter_mut().flat_map(|(name, value)| [name, value]);
    [method, target]
        .into_iter()
        .chain(headers)
        .chain([body])
        .collect()
}

/// Puts every byte at every place; nothing but what means the same may be accepted.
fn sweep(call: &Call, way: Way) {
    let (signed, signature) = call.sign(way).unwrap();
    let key = way.key();
    verify(&signed, &key).unwrap();
    let original = taken_apart(&signed);
    let lengths: Vec<usize> = texts(&mut original.clone())
        .iter()
        .map(|text| text.len())
        .collect();
    let (mut refused, mut equal) = (0_usize, 0_usize);
    for (which, length) in lengths.iter().enumerate() {
        for place in 0..*length {
            for byte in 0..=u8::MAX {
                let mut changed = original.clone();
                let Some(slot) = texts(&mut changed).into_iter().nth(which) else {
                    continue;
                };
                slot[place] = byte;
                let Some(request) = changed.request() else {
                    continue;
                };
                if taken_apart(&request) == original {
                    continue;
                }
                if verify(&request, &key).is_err() {
                    refused += 1;
                    continue;
                }
                equal += 1;
                let same = means_the_same(&request, &signed, &signature, way);
                assert!(same, "accepted: {changed:?}");
            }
        }
    }
    assert!(
        refused > 100 * equal,
        "{refused} refused, {equal} accepted as the same"
    );
    assert!(refused > 10_000, "{refused} refused");
}

#[test]
fn no_changed_byte_of_a_header_form_is_accepted() {
    let mut call = Call::get("/a/b%2Fc?Action=x%2Fy&b=1")
        .with("content-type", "application/x-amz-json-1.1")
        .with("x-amz-target", "secretsmanager.GetSecretValue")
        .with("my-header", "a b");
    call.method = b"POST".to_vec();
    call.body = br#"{"SecretId":"x"}"#.to_vec();
    sweep(
        &call,
        Way {
            service: "secretsmanager",
            presigned: false,
            token: Some("a/b+c="),
        },
    );
}

#[test]
fn no_changed_byte_of_a_presigned_url_is_accepted() {
    let call = Call::get("/bucket/a%20b?versionId=1");
    sweep(
        &call,
        Way {
            service: "s3",
            presigned: true,
            token: Some("a/b+c="),
        },
    );
    sweep(
        &call,
        Way {
            service: "sts",
            presigned: true,
            token: None,
        },
    );
}

#[test]
fn bytes_added_or_dropped_are_refused() {
    let way = Way {
        service: "sts",
        presigned: false,
        token: None,
    };
    let mut call = Call::get("/?a=1&b=2").with("x-amz-target", "x");
    call.body = b"body".to_vec();
    let (signed, _) = call.sign(way).unwrap();
    let original = taken_apart(&signed);
    let count = texts(&mut original.clone()).len();
    for which in 0..count {
        for add in [true, false] {
            let mut changed = original.clone();
            let slot = texts(&mut changed).into_iter().nth(which).unwrap();
            if add {
                slot.push(b'x');
            } else {
                slot.pop();
            }
            let Some(request) = changed.request() else {
                continue;
            };
            assert!(
                verify(&request, &way.key()).is_err(),
                "accepted: {changed:?}"
            );
        }
    }
}

#[test]
fn headers_added_or_dropped_are_refused() {
    let way = Way {
        service: "sts",
        presigned: false,
        token: Some("token"),
    };
    let (signed, _) = Call::get("/").with("x-amz-target", "x").sign(way).unwrap();
    let key = way.key();
    for name in signed.headers().keys() {
        let mut without = signed.clone();
        without.headers_mut().remove(name);
        assert!(verify(&without, &key).is_err(), "without {name}");
        let mut twice = signed.clone();
        twice
            .headers_mut()
            .append(name, signed.headers()[name].clone());
        assert!(verify(&twice, &key).is_err(), "twice {name}");
    }
    let mut more = signed.clone();
    more.headers_mut()
        .insert("x-amz-more", HeaderValue::from_static("1"));
    assert!(verify(&more, &key).is_err());
    let mut plain = signed;
    plain
        .headers_mut()
        .insert("accept", HeaderValue::from_static("*/*"));
    verify(&plain, &key).unwrap();
}

fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        4 => "[a-zA-Z0-9._~!$&'()*+,;=:@-]{0,6}",
        1 => "(%[0-9A-F]{2}){1,3}",
        1 => Just(".".to_owned()),
        1 => Just("..".to_owned()),
        1 => Just(String::new()),
    ];
    proptest::collection::vec(segment, 0..5).prop_map(|parts| format!("/{}", parts.join("/")))
}

fn query() -> impl Strategy<Value = String> {
    let encode = |text: String| {
        percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let word = || {
        prop_oneof![
            "[a-zA-Z0-9+*,;:@!$'()/?._~-]{0,6}",
            "\\PC{0,5}".prop_map(encode)
        ]
    };
    let pair = prop_oneof![
        4 => (word(), word()).prop_map(|(name, value)| format!("{name}={value}")),
        1 => word(),
    ];
    proptest::collection::vec(pair, 0..5).prop_map(|pairs| pairs.join("&"))
}

fn call() -> impl Strategy<Value = Call> {
    let header = ("(my|x-amz-meta)-[a-z]{1,2}", "[ -~]{0,20}");
    (
        proptest::sample::select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]),
        path(),
        query(),
        proptest::collection::vec(header, 0..4),
        proptest::collection::vec(any::<u8>(), 0..64),
    )
        .prop_map(|(method, path, query, headers, body)| {
            let mut call = Call::get(&format!("{path}?{query}"));
            call.method = method.as_bytes().to_vec();
            call.body = body;
            headers
                .iter()
                .fold(call, |call, (name, value)| call.with(name, value))
        })
}

fn way() -> impl Strategy<Value = Way> {
    (
        proptest::sample::select(vec!["secretsmanager", "sts", "s3"]),
        any::<bool>(),
        proptest::sample::select(vec![None, Some("a/b+c=")]),
    )
        .prop_map(|(service, presigned, token)| Way {
            service,
            presigned,
            token,
        })
}

proptest! {
    #[test]
    fn what_the_signer_of_aws_signs_is_accepted(call in call(), way in way()) {
        let Some((signed, _)) = call.sign(way) else {
            return Err(TestCaseError::reject("no request"));
        };
        prop_assert_eq!(verify(&signed, &way.key()), Ok(()), "{:?}", signed);
    }

    #[test]
    fn a_changed_request_is_refused(
        call in call(), way in way(), which: usize, place: usize, byte: u8,
    ) {
        let Some((signed, signature)) = call.sign(way) else {
            return Err(TestCaseError::reject("no request"));
        };
        let original = taken_apart(&signed);
        let mut changed = original.clone();
        let mut slots = texts(&mut changed);
        let which = which % slots.len();
        let slot = &mut *slots[which];
        let length = slot.len().max(1);
        if let Some(old) = slot.get_mut(place % length) {
            *old = byte;
        }
        let Some(request) = changed.request() else { return Ok(()) };
        if taken_apart(&request) != original && verify(&request, &way.key()).is_ok() {
            let same = means_the_same(&request, &signed, &signature, way);
            prop_assert!(same, "accepted: {:?}", changed);
        }
    }

    #[test]
    fn both_signers_agree(
        call in call(), token in proptest::sample::select(vec![None, Some("t")]),
    ) {
        let way = Way { service: "sts", presigned: false, token };
        let mut call = call;
        // Signed by default there, and not here: a proxy may touch them.
        call.headers.retain(|(name, _)| !name.starts_with(b"my-"));
        let Some((theirs, _)) = call.sign(way) else {
            return Err(TestCaseError::reject("no request"));
        };
        let mut ours = call.request().unwrap();
        let moment: Timestamp = MOMENT.parse().unwrap();
        let credentials = sigv4::Credentials {
            access_key_id: ID.to_owned(),
            secret_access_key: Secret::from_text(SECRET.to_owned()),
            session_token: token.map(|token| Secret::from_text(token.to_owned())),
        };
        let scope = sigv4::Scope::at(moment, "us-east-1", "sts");
        sigv4::sign(&mut ours, &credentials, &scope, moment).unwrap();
        prop_assert_eq!(&ours.headers()["authorization"], &theirs.headers()["authorization"]);
    }
}
