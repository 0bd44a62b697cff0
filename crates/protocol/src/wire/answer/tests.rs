//! Frames of answers: status, headers, and the protocol for a client that nobody knows yet.

use super::*;

fn request(headers: &[(&str, &str)], body: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(body.to_owned()));
    for (name, value) in headers {
        let name = HeaderName::try_from(*name).unwrap();
        request
            .headers_mut()
            .insert(name, HeaderValue::from_str(value).unwrap());
    }
    request
}

#[track_caller]
fn check(request: &Request<Bytes>, content_type: &str, body: &str) {
    let fault = Fault::new("AccessDenied", "no").status(403);

    let answer = encode_fault(None, request, &fault, "r");

    assert_eq!(answer.status(), 403);
    assert_eq!(answer.headers().get(CONTENT_TYPE).unwrap(), content_type);
    assert_eq!(answer.headers().get("x-amzn-RequestId").unwrap(), "r");
    let text = std::str::from_utf8(answer.body()).unwrap();
    assert!(text.ends_with(body), "{text}");
}

#[test]
fn a_fault_is_told_in_the_protocol_that_the_request_speaks() {
    let json = r#"{"__type":"AccessDenied","message":"no"}"#;
    let kind = "application/x-amz-json-1.1";
    check(&request(&[("content-type", kind)], "{}"), kind, json);
    check(
        &request(&[("x-amz-target", "TrentService.Encrypt")], "{}"),
        kind,
        json,
    );
    check(
        &request(&[], "Action=RunInstances&Version=2016-11-15"),
        "text/xml;charset=UTF-8",
        "<Response><Errors><Error><Code>AccessDenied</Code><Message>no</Message></Error></Errors>\
         <RequestID>r</RequestID></Response>",
    );
    check(
        &request(&[], "Action=GetRole&Version=2010-05-08"),
        "text/xml",
        "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error>\
         <Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>\
         <RequestId>r</RequestId></ErrorResponse>",
    );
    check(
        &request(&[], "%"),
        "text/xml",
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>\
         </Error><RequestId>r</RequestId></ErrorResponse>",
    );
}

#[test]
fn a_status_that_is_none_is_ours() {
    let fault = Fault::new("Odd", "").status(7);

    assert_eq!(
        encode_fault(None, &request(&[], ""), &fault, "r").status(),
        500
    );
}

#[test]
fn an_identifier_that_no_header_can_hold_is_left_out() {
    let fault = Fault::new("Odd", "");

    let answer = encode_fault(None, &request(&[], ""), &fault, "a\nb");

    assert!(!answer.headers().contains_key(&REQUEST_ID));
}

#[test]
fn an_answer_of_a_stranger_is_not_read() {
    for name in ["iam", "secretsmanager"] {
        let service = Service::find(name).unwrap();
        let operation = service
            .operations
            .iter()
            .find(|it| it.output.is_some())
            .unwrap();
        for status in [200, 403, 503] {
            let mut answer = Response::new(Bytes::from_static(b"<html>hunter2</html>"));
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();

            let fault = decode_output(service, operation, &answer).unwrap_err();

            assert_eq!(
                (fault.code.as_ref(), fault.status),
                ("UnreadableAnswer", 502)
            );
            assert!(!fault.message.contains("hunter2"));
        }
    }
}
