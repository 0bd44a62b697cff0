//! What `read` takes and what it refuses, one flaw a case.

use http::Request;
use proptest::prelude::*;

use super::*;

const SIGNATURE: &str = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
const CREDENTIAL: &str = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
const DATE_TEXT: &str = "20150830T123600Z";

fn authorization() -> String {
    format!(
        "{ALGORITHM} Credential={CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature={SIGNATURE}"
    )
}

fn by_header(authorization: &str, more: &[(&str, &str)]) -> Result<Presented, ReadError> {
    let mut request = Request::get("/")
        .header("host", "h")
        .header("authorization", authorization);
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    read(&request.body(()).unwrap())
}

fn check_header(from: &str, to: &str, expect: ReadError) {
    let changed = authorization().replace(from, to);
    let result = by_header(&changed, &[("x-amz-date", DATE_TEXT)]);
    assert_eq!(result.map(|_| ()), Err(expect), "{changed}");
}

fn check_more(more: &[(&str, &str)], expect: ReadError) {
    let result = by_header(&authorization(), more);
    assert_eq!(result.map(|_| ()), Err(expect), "{more:?}");
}

fn query() -> String {
    let credential = CREDENTIAL.replace('/', "%2F");
    format!(
        "X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={credential}&X-Amz-Date={DATE_TEXT}\
         &X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature={SIGNATURE}"
    )
}

fn by_query(query: &str, more: &[(&str, &str)]) -> Result<Presented, ReadError> {
    let mut request = Request::get(format!("/?{query}")).header("host", "h");
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    read(&request.body(()).unwrap())
}

fn check_query(from: &str, to: &str, expect: ReadError) {
    let changed = query().replace(from, to);
    assert_eq!(
        by_query(&changed, &[]).map(|_| ()),
        Err(expect),
        "{changed}"
    );
}

fn credential(must: &'static str) -> ReadError {
    malformed("Credential", must)
}

#[test]
fn a_header_is_taken_apart() {
    let token = ("x-amz-security-token", "token");
    let with_token = authorization().replace("x-amz-date,", "x-amz-date;x-amz-security-token,");
    let presented = by_header(&with_token, &[("x-amz-date", DATE_TEXT), token]).unwrap();

    assert_eq!(presented.access_key_id(), "AKIDEXAMPLE");
    assert_eq!(presented.moment().to_string(), "2015-08-30T12:36:00Z");
    assert_eq!(
        presented.scope(),
        &Scope::at(presented.moment(), "us-east-1", "service")
    );
    assert!(
        presented
            .signed_headers()
            .eq(["host", "x-amz-date", "x-amz-security-token"])
    );
    assert_eq!(text::hex(presented.signature()), SIGNATURE.as_bytes());
    assert_eq!(presented.session_token(), Some(&Secret::new(*b"token")));
    assert_eq!(presented.form(), Form::Header);
}

#[test]
fn a_query_is_taken_apart() {
    let presented = by_query(&format!("{}&X-Amz-Security-Token=a%2Fb", query()), &[]).unwrap();

    assert_eq!(presented.access_key_id(), "AKIDEXAMPLE");
    assert_eq!(presented.session_token(), Some(&Secret::new(*b"a/b")));
    assert_eq!(
        presented.form(),
        Form::Query {
            expires_seconds: 3_600
        }
    );
}

#[test]
fn the_order_and_spacing_of_the_parts_do_not_matter() {
    let text = format!(
        "{ALGORITHM}  Signature={SIGNATURE},SignedHeaders=host;x-amz-date,Credential={CREDENTIAL} "
    );

    assert!(by_header(&text, &[("x-amz-date", DATE_TEXT)]).is_ok());
}

#[test]
fn the_date_header_stands_in_for_x_amz_date() {
    let plain = authorization().replace(";x-amz-date", "");

    for date in ["Sun, 30 Aug 2015 12:36:00 GMT", DATE_TEXT] {
        let presented = by_header(&plain, &[("date", date)]).unwrap();
        assert_eq!(presented.moment().to_string(), "2015-08-30T12:36:00Z");
    }
    assert_eq!(
        by_header(&plain, &[("date", "yesterday")]).map(|_| ()),
        Err(malformed(
            "Date",
            "be in ISO-8601 'basic format' or an HTTP date"
        ))
    );
}

#[test]
fn the_authority_stands_in_for_host() {
    let request = Request::get(format!("https://h/?{}", query()))
        .body(())
        .unwrap();

    assert!(read(&request).is_ok());
}

#[test]
fn debug_shows_neither_token_nor_signature() {
    let presented = by_query(&format!("{}&X-Amz-Security-Token=canary", query()), &[]).unwrap();
    let text = format!("{presented:?} {presented:#?}");

    assert!(!text.contains("canary") && !text.contains("5da7"), "{text}");
}

#[test]
fn what_is_not_signed_is_missing() {
    let request = Request::get("/?x=1").header("host", "h").body(()).unwrap();

    assert_eq!(read(&request).map(|_| ()), Err(ReadError::Missing));
}

#[test]
fn both_forms_at_once_are_refused() {
    for name in PARAMETERS {
        let request = Request::get(format!("/?{name}=1"))
            .header("authorization", authorization())
            .body(())
            .unwrap();
        assert_eq!(
            read(&request).map(|_| ()),
            Err(ReadError::BothForms),
            "{name}"
        );
    }
    assert_eq!(
        by_query(&query(), &[("x-amz-security-token", "t")]).map(|_| ()),
        Err(ReadError::BothForms)
    );
}

#[test]
fn other_algorithms_are_refused() {
    for other in [
        "AWS4-ECDSA-P256-SHA256",
        "AWS4-HMAC-SHA2567",
        "aws4-hmac-sha256",
        "AWS",
        "Basic",
    ] {
        check_header(ALGORITHM, other, ReadError::Algorithm);
    }
    check_query(ALGORITHM, "AWS4-HMAC-SHA1", ReadError::Algorithm);
}

#[test]
fn parts_that_are_missing_are_all_named() {
    assert_eq!(
        by_header(ALGORITHM, &[]).map(|_| ()),
        Err(ReadError::HeaderIncomplete(vec![
            Part::Credential,
            Part::Signature,
            Part::SignedHeaders,
            Part::Date
        ]))
    );
    check_more(&[], ReadError::HeaderIncomplete(vec![Part::Date]));
    for (name, part) in [
        ("X-Amz-Algorithm", Part::Algorithm),
        ("X-Amz-Credential", Part::Credential),
        ("X-Amz-Signature", Part::Signature),
        ("X-Amz-SignedHeaders", Part::SignedHeaders),
        ("X-Amz-Date", Part::Date),
        ("X-Amz-Expires", Part::Expires),
    ] {
        check_query(
            &format!("{name}="),
            "other=",
            ReadError::QueryIncomplete(vec![part]),
        );
    }
}

#[test]
fn what_stands_twice_is_refused() {
    let date = ("x-amz-date", DATE_TEXT);
    for (name, what) in &SINGLE_HEADERS {
        let name = name.as_str();
        let more = [date, (name, "1"), (name, "1")];
        check_more(
            &more,
            ReadError::Repeated {
                what: if name == "x-amz-date" {
                    "X-Amz-Date"
                } else {
                    what
                },
            },
        );
    }
    for name in PARAMETERS {
        let twice = format!("{}&{name}=1&{name}=1", query());
        assert_eq!(
            by_query(&twice, &[]).map(|_| ()),
            Err(ReadError::Repeated { what: name }),
            "{name}"
        );
    }
    let hidden = format!("{}&X%2dAmz-Date={DATE_TEXT}", query());
    assert_eq!(
        by_query(&hidden, &[]).map(|_| ()),
        Err(ReadError::Repeated { what: "X-Amz-Date" })
    );
    for what in ["Credential", "SignedHeaders", "Signature"] {
        check_header(
            " Credential",
            &format!(" {what}=a, {what}=b, Credential"),
            ReadError::Repeated { what },
        );
    }
}

#[test]
fn a_credential_has_five_good_elements() {
    let five = "have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term";
    let id = "start with an access key id";
    let date = "hold a date of the form YYYYMMDD";
    let place = "be scoped to a valid region and service";
    check_header("/aws4_request", "", credential(five));
    check_header("/aws4_request", "/aws4_request/", credential(five));
    check_header("AKIDEXAMPLE", "", credential(id));
    check_header("AKIDEXAMPLE", "AKID-EXAMPLE", credential(id));
    check_header("20150830/", "2015083/", credential(date));
    check_header("20150830/", "2015083x/", credential(date));
    check_header("us-east-1", "", credential(place));
    check_header("us-east-1", "us east 1", credential(place));
    check_header("/service/", "/ser%vice/", credential(place));
    check_header("aws4_request", "aws4_reques", ReadError::ScopeTerminator);
    check_header("aws4_request", "AWS4_REQUEST", ReadError::ScopeTerminator);
}

#[test]
fn the_scope_is_of_the_day() {
    let moment = "2015-08-30T12:36:00Z".parse().unwrap();
    let error = || ReadError::ScopeDate {
        scope: "20150831".to_owned(),
        moment,
    };
    check_header("20150830/", "20150831/", error());
    check_query("20150830%2F", "20150831%2F", error());
}

#[test]
fn signed_headers_are_sorted_lower_case_and_have_host() {
    let names = "be header names in lower case";
    let sorted = "be sorted and name each header once";
    for (list, error) in [
        ("x-amz-date", ReadError::HostUnsigned),
        ("", malformed("SignedHeaders", names)),
        ("host;;x-amz-date", malformed("SignedHeaders", names)),
        ("Host;x-amz-date", malformed("SignedHeaders", names)),
        ("ho st;x-amz-date", malformed("SignedHeaders", names)),
        (
            "authorization;host;x-amz-date",
            malformed("SignedHeaders", names),
        ),
        ("x-amz-date;host", malformed("SignedHeaders", sorted)),
        ("host;host;x-amz-date", malformed("SignedHeaders", sorted)),
        (
            "host",
            ReadError::Unsigned {
                header: "x-amz-date".to_owned(),
            },
        ),
        (
            "accept;host;x-amz-date",
            ReadError::Absent {
                header: "accept".to_owned(),
            },
        ),
    ] {
        check_header("host;x-amz-date", list, error);
    }
}

#[test]
fn headers_of_amazon_are_signed() {
    for name in ["x-amz-target", "x-amz-security-token", "x-amz-anything"] {
        check_more(
            &[("x-amz-date", DATE_TEXT), (name, "1")],
            ReadError::Unsigned {
                header: name.to_owned(),
            },
        );
        assert_eq!(
            by_query(&query(), &[("x-amz-target", "1")]).map(|_| ()),
            Err(ReadError::Unsigned {
                header: "x-amz-target".to_owned()
            })
        );
    }
    assert!(by_query(&query(), &[("x-amzn-trace-id", "1")]).is_ok());
}

#[test]
fn a_request_without_host_is_refused() {
    let request = Request::get(format!("/?{}", query())).body(()).unwrap();

    assert_eq!(
        read(&request).map(|_| ()),
        Err(ReadError::Absent {
            header: "host".to_owned()
        })
    );
}

#[test]
fn signatures_and_pairs_are_well_formed() {
    let digits = malformed("Signature", "be 64 lower-case hexadecimal digits");
    let upper = SIGNATURE.to_uppercase();
    for other in [
        "",
        "5da7",
        &upper,
        &SIGNATURE.replace('5', "g"),
        &format!("{SIGNATURE}0"),
    ] {
        check_header(SIGNATURE, other, digits.clone());
        check_query(SIGNATURE, other, digits.clone());
    }
    check_header(
        ", Signature",
        ", , Signature",
        malformed("Authorization", "be made of key=value pairs"),
    );
    check_header(
        ", Signature",
        ", Other=1, Signature",
        malformed("Authorization", "have no other key=value pairs"),
    );
    let request =
        Request::get("/").header("authorization", HeaderValue::from_bytes(b"\xff").unwrap());
    assert_eq!(
        read(&request.body(()).unwrap()).map(|_| ()),
        Err(malformed("Authorization", "be visible ASCII"))
    );
}

#[test]
fn dates_and_expiry_are_well_formed() {
    check_more(
        &[("x-amz-date", "2015-08-30T12:36:00Z")],
        malformed("X-Amz-Date", DATE_FORM),
    );
    check_query(
        DATE_TEXT,
        "20150830T123600",
        malformed("X-Amz-Date", DATE_FORM),
    );
    for other in ["", "0", "604801", "-1", "+1", "1.5", "3600s", "99999999999"] {
        check_query(
            "Expires=3600",
            &format!("Expires={other}"),
            malformed("X-Amz-Expires", "be a number of seconds from 1 to 604800"),
        );
    }
    assert!(by_query(&query().replace("Expires=3600", "Expires=604800"), &[]).is_ok());
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let check = |from: &str, to: String, what, max| {
        check_header(from, &to, too_long(what, max));
    };
    check(
        "AKID",
        "A".repeat(AUTHORIZATION_BYTES_MAX),
        "Authorization",
        AUTHORIZATION_BYTES_MAX,
    );
    check(
        "AKID",
        "A".repeat(ACCESS_KEY_ID_BYTES_MAX),
        "Credential",
        ACCESS_KEY_ID_BYTES_MAX,
    );
    check(
        "us-east-1",
        "u".repeat(SCOPE_PART_BYTES_MAX + 1),
        "Credential",
        SCOPE_PART_BYTES_MAX,
    );
    let names: Vec<String> = (0..=SIGNED_HEADERS_MAX)
        .map(|n| format!("a{n:03}"))
        .collect();
    check("host", names.join(";"), "SignedHeaders", SIGNED_HEADERS_MAX);
    let token = "t".repeat(SESSION_TOKEN_BYTES_MAX + 1);
    check_more(
        &[("x-amz-date", DATE_TEXT), ("x-amz-security-token", &token)],
        too_long("X-Amz-Security-Token", SESSION_TOKEN_BYTES_MAX),
    );
    check_more(
        &[("x-amz-date", DATE_TEXT), ("x-amz-security-token", "")],
        malformed("X-Amz-Security-Token", "not be empty"),
    );
    let long = format!("{}&x={}", query(), "x".repeat(QUERY_BYTES_MAX));
    assert_eq!(
        by_query(&long, &[]).map(|_| ()),
        Err(too_long("query-string", QUERY_BYTES_MAX))
    );
}

proptest! {
    #[test]
    fn no_header_makes_read_panic(
        authorization in proptest::collection::vec(any::<u8>(), 0..300),
        date in proptest::collection::vec(any::<u8>(), 0..40),
        query in "[ -~]{0,200}",
    ) {
        let mut request = Request::get("/").body(()).unwrap();
        if let Ok(uri) = format!("/?{query}").parse() {
            *request.uri_mut() = uri;
        }
        for (name, bytes) in [("authorization", authorization), ("x-amz-date", date)] {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                request.headers_mut().insert(name, value);
            }
        }
        let _ = read(&request);
    }

    #[test]
    fn no_change_of_a_good_header_makes_read_panic(
        place in 0_usize..200, byte: u8, cut in 0_usize..200,
    ) {
        let mut bytes = authorization().into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        for bytes in [bytes.clone(), bytes[..cut % bytes.len()].to_vec()] {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let request = Request::get("/")
                    .header("host", "h")
                    .header("x-amz-date", DATE_TEXT)
                    .header("authorization", value);
                if let Ok(presented) = read(&request.body(()).unwrap()) {
                    prop_assert!(presented.access_key_id().len() <= ACCESS_KEY_ID_BYTES_MAX);
                    prop_assert!(presented.signed_headers().any(|name| name == "host"));
                }
            }
        }
    }
}
