//! Requests as a whole: which operation one calls, and how one that calls it looks.
//!
//! Knows where each protocol puts the name of an operation; signatures are the caller's matter.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request};

use super::dialect::Dialect;
use super::{Family, form, json, query};
use crate::shape::{Operation, Protocol, SERVICES, Service};
use crate::{Fault, Record};

/// Which operation of which service a request calls. The service is the one that the credential
/// scope names, `signed_service`; an unsigned request is judged by what it says itself.
///
/// # Errors
///
/// What AWS answers to an unknown operation, always the caller's fault: SDKs repeat what is ours.
pub fn route(
    request: &Request<Bytes>,
    signed_service: Option<&str>,
) -> Result<(&'static Service, &'static Operation), Fault> {
    let service = match signed_service {
        Some(name) => Service::find(name).ok_or_else(|| unknown_service(name))?,
        None => unsigned_service(request)?,
    };
    let operation = match Family::of(service.protocol) {
        Family::Json => {
            allow(request, &[Method::POST])?;
            operation_by_target(service, target(request).unwrap_or_default())?
        }
        Family::Form(dialect) => {
            allow(request, &[Method::GET, Method::POST])?;
            operation_by_action(service, dialect, request)?
        }
    };
    Ok((service, operation))
}

/// Writes a call, unsigned: `POST /`. An authority that a header cannot hold leaves `Host` out.
pub fn encode_input(
    service: &Service,
    operation: &Operation,
    input: &Record,
    authority: &str,
) -> Request<Bytes> {
    let mut headers = HeaderMap::new();
    let body = match Family::of(service.protocol) {
        Family::Form(dialect) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
            form_body(service, operation, dialect, input)
        }
        Family::Json => {
            headers.insert(CONTENT_TYPE, content_type(service.protocol));
            let name = format!(
                "{}.{}",
                target_prefix(service).unwrap_or_default(),
                operation.name
            );
            headers.extend(
                HeaderValue::try_from(name)
                    .ok()
                    .map(|name| (TARGET.clone(), name)),
            );
            operation.input.map_or(Bytes::from_static(b"{}"), |shape| {
                json::encode(shape, input)
            })
        }
    };
    headers.extend(
        HeaderValue::from_str(authority)
            .ok()
            .map(|authority| (HOST, authority)),
    );
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers;
    request
}

/// The protocol of a client that has not yet said whom it calls, or not in a way to be believed.
pub(super) fn likely_protocol(request: &Request<Bytes>) -> Protocol {
    let is_json = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-amz-json"));
    if is_json || target(request).is_some() {
        return Protocol::Json {
            version: "1.1",
            target_prefix: "",
        };
    }
    let version = form::first(request, VERSION).unwrap_or_default();
    SERVICES
        .iter()
        .find(|service| service.api_version == version)
        .map_or(Protocol::Query { namespace: "" }, |service| {
            service.protocol
        })
}

/// `Content-Type` of the protocol's answers, which for JSON is that of its requests as well.
pub(super) fn content_type(protocol: Protocol) -> HeaderValue {
    match protocol {
        Protocol::Query { .. } => HeaderValue::from_static("text/xml"),
        Protocol::Ec2 { .. } => HeaderValue::from_static("text/xml;charset=UTF-8"),
        Protocol::Json { version: "1.1", .. } => {
            HeaderValue::from_static("application/x-amz-json-1.1")
        }
        Protocol::Json { version, .. } => {
            let versioned = HeaderValue::try_from(format!("application/x-amz-json-{version}"));
            versioned.unwrap_or(HeaderValue::from_static("application/json"))
        }
    }
}

fn form_body(service: &Service, operation: &Operation, dialect: Dialect, input: &Record) -> Bytes {
    let mut form = String::with_capacity(2 * input.bytes_hint() + HEAD_BYTES);
    form::push(&mut form, ACTION, operation.name);
    form::push(&mut form, VERSION, service.api_version);
    if let Some(shape) = operation.input {
        query::encode(dialect, shape, input, &mut form);
    }
    form.into()
}

fn unsigned_service(request: &Request<Bytes>) -> Result<&'static Service, Fault> {
    if let Some(target) = target(request) {
        let (prefix, _) = target.rsplit_once('.').unwrap_or((target, ""));
        let mut services = SERVICES.iter().copied();
        return services
            .find(|service| target_prefix(service) == Some(prefix))
            .ok_or_else(|| unknown_target(target));
    }
    let action = form::first(request, ACTION).ok_or_else(missing_action)?;
    let version = form::first(request, VERSION).unwrap_or(NO_VERSION.to_owned());
    let of_version = || {
        SERVICES
            .iter()
            .copied()
            .filter(|it| it.api_version == version)
    };
    of_version()
        .find(|service| service.operation(&action).is_some())
        .or_else(|| of_version().next())
        .ok_or_else(|| unknown_action(&action, &version))
}

fn operation_by_target(service: &Service, target: &str) -> Result<&'static Operation, Fault> {
    target
        .rsplit_once('.')
        .filter(|(prefix, _)| target_prefix(service) == Some(*prefix))
        .and_then(|(_, name)| service.operation(name))
        .ok_or_else(|| unknown_target(target))
}

fn operation_by_action(
    service: &Service,
    dialect: Dialect,
    request: &Request<Bytes>,
) -> Result<&'static Operation, Fault> {
    let action = form::first(request, ACTION).ok_or_else(missing_action)?;
    let version = form::first(request, VERSION).unwrap_or(NO_VERSION.to_owned());
    let operation = service.operation(&action);
    match dialect {
        Dialect::Query => operation
            .filter(|_| version == service.api_version)
            .ok_or_else(|| unknown_action(&action, &version)),
        Dialect::Ec2 if version != service.api_version => Err(Fault::new(
            "NoSuchVersion",
            format!(
                "The requested version ({}) of service AmazonEC2 does not exist",
                cut(&version)
            ),
        )),
        Dialect::Ec2 => operation.ok_or_else(|| {
            let action = cut(&action);
            let message = format!("The action {action} is not valid for this web service.");
            Fault::new("InvalidAction", message)
        }),
    }
}

fn allow(request: &Request<Bytes>, methods: &[Method]) -> Result<(), Fault> {
    if methods.contains(request.method()) {
        return Ok(());
    }
    let message = format!(
        "the service does not answer {}",
        cut(request.method().as_str())
    );
    Err(Fault::new("MethodNotAllowed", message).status(405))
}

fn target(request: &Request<Bytes>) -> Option<&str> {
    request
        .headers()
        .get(&TARGET)
        .map(|target| target.to_str().unwrap_or_default())
}

fn target_prefix(service: &Service) -> Option<&'static str> {
    match service.protocol {
        Protocol::Json { target_prefix, .. } => Some(target_prefix),
        Protocol::Query { .. } | Protocol::Ec2 { .. } => None,
    }
}

fn unknown_service(name: &str) -> Fault {
    let message = format!("there is no service `{}` here", cut(name));
    Fault::new("UnknownService", message).status(404)
}

fn unknown_target(target: &str) -> Fault {
    let message = format!("there is no operation `{}`", cut(target));
    Fault::new("UnknownOperationException", message)
}

fn unknown_action(action: &str, version: &str) -> Fault {
    let (action, version) = (cut(action), cut(version));
    let message = format!("Could not find operation {action} for version {version}");
    Fault::new("InvalidAction", message)
}

fn missing_action() -> Fault {
    Fault::new(
        "MissingAction",
        "The request must contain the parameter Action",
    )
}

/// What a client sent, short enough for a message.
fn cut(text: &str) -> &str {
    let end = text
        .char_indices()
        .nth(SHOWN_CHARACTERS_MAX)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

const ACTION: &str = "Action";

const VERSION: &str = "Version";

/// What AWS says for a version that is not given.
const NO_VERSION: &str = "NO_VERSION_SPECIFIED";

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

static TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// Action and version in a form.
const HEAD_BYTES: usize = 128;

/// The longest name of an operation has half as many.
const SHOWN_CHARACTERS_MAX: usize = 128;

#[cfg(test)]
mod tests;
