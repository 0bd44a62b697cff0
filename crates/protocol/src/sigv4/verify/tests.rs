//! Time, payload and the texts of a refusal; signatures themselves are tested on AWS's vectors
//! and against AWS's signer.

use super::*;
use crate::Secret;
use crate::sigv4::{Credentials, Scope, read, sign, signing_key};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "canary-token";

fn moment() -> Timestamp {
    "2015-08-30T12:36:00Z".parse().unwrap()
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

fn key(service: &str, secret: &str) -> SigningKey {
    let scope = Scope::at(moment(), "us-east-1", service);
    signing_key(&Secret::from_text(secret.to_owned()), &scope)
}

fn signed(service: &str, hash: Option<&str>) -> http::Request<Bytes> {
    let mut request = http::Request::post("https://h/");
    if let Some(hash) = hash {
        request = request.header(CONTENT_HASH, hash);
    }
    let mut request = request.body(Bytes::from_static(b"{}")).unwrap();
    let credentials = Credentials {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: Secret::from_text(SECRET.to_owned()),
        session_token: Some(Secret::from_text(TOKEN.to_owned())),
    };
    let scope = Scope::at(moment(), "us-east-1", service);
    sign(&mut request, &credentials, &scope, moment()).unwrap();
    request
}

fn check_time(form: Form, now: SignedDuration, expect: Option<Skew>) {
    let mut presented = read(&signed("sts", None)).unwrap();
    presented.form = form;
    let now = moment() + now;
    let result = super::check_time(&presented, now);
    let expect = expect.map(|skew| VerifyError::Skewed {
        moment: moment(),
        now,
        skew,
    });
    assert_eq!(result.err(), expect, "{form:?} {now}");
}

#[test]
fn a_header_counts_five_minutes_either_way() {
    check_time(Form::Header, seconds(0), None);
    check_time(Form::Header, seconds(300), None);
    check_time(Form::Header, seconds(-300), None);
    check_time(Form::Header, seconds(301), Some(Skew::Old));
    check_time(
        Form::Header,
        seconds(300) + SignedDuration::from_nanos(1),
        Some(Skew::Old),
    );
    check_time(Form::Header, seconds(-301), Some(Skew::Early));
}

#[test]
fn a_presigned_url_counts_until_it_expires() {
    let form = Form::Query {
        expires_seconds: 3_600,
    };
    check_time(form, seconds(3_600), None);
    check_time(form, seconds(-300), None);
    check_time(
        form,
        seconds(3_601),
        Some(Skew::Expired {
            expires_seconds: 3_600,
        }),
    );
    check_time(form, seconds(-301), Some(Skew::Early));
    let short = Form::Query { expires_seconds: 1 };
    check_time(
        short,
        seconds(2),
        Some(Skew::Expired { expires_seconds: 1 }),
    );
}

fn check_payload(service: &str, hash: &str, expect: VerifyError) {
    let mut request = signed(service, Some("0"));
    let presented = read(&request).unwrap();
    request
        .headers_mut()
        .insert(CONTENT_HASH, hash.parse().unwrap());
    let result = verify(&request, &presented, &key(service, SECRET), moment());
    assert_eq!(result, Err(expect), "{service} {hash}");
}

#[test]
fn a_stated_hash_is_that_of_the_body() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for service in ["s3", "sts"] {
        check_payload(service, empty, VerifyError::PayloadMismatch);
        check_payload(
            service,
            &empty.to_uppercase(),
            VerifyError::PayloadUnsupported,
        );
        check_payload(service, "", VerifyError::PayloadUnsupported);
        check_payload(service, "unsigned-payload", VerifyError::PayloadUnsupported);
        for form in [
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        ] {
            check_payload(service, form, VerifyError::PayloadUnsupported);
        }
    }
    check_payload("sts", "UNSIGNED-PAYLOAD", VerifyError::PayloadUnsupported);
}

#[test]
fn a_changed_body_is_refused() {
    let mut request = signed("s3", None);
    let presented = read(&request).unwrap();
    *request.body_mut() = Bytes::from_static(b"[]");

    let result = verify(&request, &presented, &key("s3", SECRET), moment());
    assert_eq!(result, Err(VerifyError::PayloadMismatch));
}

#[test]
fn another_key_is_refused_with_the_texts_and_without_the_token() {
    let request = signed("sts", None);
    let presented = read(&request).unwrap();
    let error = verify(&request, &presented, &key("sts", "other"), moment()).unwrap_err();

    let VerifyError::SignatureMismatch {
        canonical_request,
        string_to_sign,
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(
        canonical_request,
        "POST\n/\n\nhost:h\nx-amz-date:20150830T123600Z\nx-amz-security-token:(redacted)\n\n\
         host;x-amz-date;x-amz-security-token\n\
         44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    );
    assert!(
        string_to_sign.starts_with(
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/sts/aws4_request\n"
        )
    );
    let text = format!("{error} {error:?}");
    assert!(text.contains("The Canonical String for this request should have been\n'POST\n/\n"));
    assert!(!text.contains(TOKEN), "{text}");
}
