//! Answers: outputs and faults as responses, and responses as outputs and faults.
//!
//! Knows the frame around an answer: status, content type, request identifier.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};

use super::{Family, json, route, wiped, xml};
use crate::shape::{Operation, Protocol, Service};
use crate::{Fault, Record};

/// Writes the answer of a call that went well. A member that the shape does not know is a bug:
/// debug builds notice, and it is left out.
pub fn encode_output(
    service: &Service,
    operation: &Operation,
    output: &Record,
    request_id: &str,
) -> Response<Bytes> {
    let body = match (Family::of(service.protocol), operation.output) {
        (Family::Form(dialect), _) => {
            let namespace = service.protocol.namespace();
            wiped(xml::write_output(
                dialect, namespace, operation, output, request_id,
            ))
        }
        (Family::Json, Some(shape)) => json::encode(shape, output),
        (Family::Json, None) => Bytes::from_static(b"{}"),
    };
    response(service.protocol, StatusCode::OK, body, request_id)
}

/// Writes the answer of a call that failed. Without a service, as before the call is known to be
/// anybody's, the request tells which protocol the client will understand.
pub fn encode_fault(
    service: Option<&'static Service>,
    request: &Request<Bytes>,
    fault: &Fault,
    request_id: &str,
) -> Response<Bytes> {
    let protocol = service.map_or_else(|| route::likely_protocol(request), |it| it.protocol);
    let body = match Family::of(protocol) {
        Family::Form(dialect) => {
            xml::write_fault(dialect, protocol.namespace(), fault, request_id).into()
        }
        Family::Json => json::encode_fault(fault),
    };
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response(protocol, status, body, request_id)
}

/// Reads an answer, as the client that made the call.
///
/// # Errors
///
/// The fault that the service answered, or `UnreadableAnswer` with status 502 for an answer that is
/// neither an output nor a fault of the protocol.
pub fn decode_output(
    service: &Service,
    operation: &Operation,
    answer: &Response<Bytes>,
) -> Result<Record, Fault> {
    let (status, body) = (answer.status(), answer.body());
    let unreadable = || {
        let name = operation.name;
        Fault::new(
            "UnreadableAnswer",
            format!("the answer to {name}, status {status}, is not one"),
        )
        .status(502)
    };
    let family = Family::of(service.protocol);
    if !status.is_success() {
        let fault = match family {
            Family::Form(_) => xml::read_fault(body, status.as_u16()),
            Family::Json => json::decode_fault(body, status.as_u16()),
        };
        return Err(fault.unwrap_or_else(unreadable));
    }
    match (family, operation.output) {
        (_, None) => Ok(Record::new()),
        (Family::Form(dialect), _) => {
            xml::read_output(dialect, operation, body).ok_or_else(unreadable)
        }
        (Family::Json, Some(shape)) => json::decode(shape, body).map_err(|_| unreadable()),
    }
}

fn response(
    protocol: Protocol,
    status: StatusCode,
    body: Bytes,
    request_id: &str,
) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, route::content_type(protocol));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(&REQUEST_ID, id);
    }
    response
}

static REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

#[cfg(test)]
mod tests;
