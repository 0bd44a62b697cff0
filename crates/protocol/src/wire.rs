//! Calls and answers on the wire, for every protocol, driven by the shape tables.
//!
//! Both directions: what a server reads and answers, and what a client sends and reads back. Knows
//! no operation by name, no signature and no handler. `query` and `json` carry inputs, `xml` and
//! `json` carry outputs, `dialect` says in what EC2 differs from the Query protocol, `validate`
//! refuses with AWS's words what the model forbids.
//!
//! Source: the AWS protocol pages of the Smithy specification (`awsJson1_1`, `awsQuery`,
//! `ec2Query`).

mod answer;
mod dialect;
mod form;
mod json;
mod path;
mod query;
mod route;
mod scalar;
mod time;
mod validate;
mod xml;

pub use answer::{decode_output, encode_fault, encode_output};
pub use route::{encode_input, route};

use bytes::Bytes;
use http::Request;
use zeroize::Zeroizing;

use crate::shape::{Kind, Member, Operation, Protocol, Service, Shape};
use crate::{Fault, Record, Secret};

use dialect::Dialect;

/// The largest body that a server needs to read: AWS takes no more than this in any call here, and
/// a secret of 64 KiB, escaped, is far below it.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Reads a call's input and holds it against the model: a handler sees only what has passed.
///
/// Members that the model does not know are ignored, as AWS does. A member given twice is refused
/// in a form, where a signature covers both; in JSON the last one counts.
///
/// # Errors
///
/// What AWS answers to a call that cannot be read, or that breaks a constraint of the model; always
/// the caller's fault.
pub fn decode_input(
    service: &Service,
    operation: &Operation,
    request: &Request<Bytes>,
) -> Result<Record, Fault> {
    let Some(shape) = operation.input else {
        return Ok(Record::new());
    };
    let input = match Family::of(service.protocol) {
        Family::Form(dialect) => query::decode(dialect, shape, request)?,
        Family::Json => json::decode(shape, request.body())?,
    };
    validate::check(service.protocol, shape, &input)?;
    Ok(input)
}

/// A record as JSON, for whoever keeps a part of a call. It may hold secrets.
pub fn to_json(shape: &'static Shape, record: &Record) -> Secret {
    Secret::new(json::encode(shape, record).as_ref())
}

/// Reads what [`to_json`] writes.
///
/// # Errors
///
/// A fault where the text is no record of the shape.
pub fn from_json(shape: &'static Shape, text: &Secret) -> Result<Record, Fault> {
    json::decode(shape, text.expose())
}

/// How a protocol carries a call's input.
#[derive(Clone, Copy)]
enum Family {
    Form(Dialect),
    Json,
}

impl Family {
    fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Query { .. } => Self::Form(Dialect::Query),
            Protocol::Ec2 { .. } => Self::Form(Dialect::Ec2),
            Protocol::Json { .. } => Self::Json,
        }
    }
}

/// A body that is wiped when its last copy is dropped: what a call carries may be a secret.
fn wiped(body: impl Into<Vec<u8>>) -> Bytes {
    Bytes::from_owner(Zeroizing::new(body.into()))
}

/// The members of a structure; the tables have nothing else where one is wanted.
fn members(shape: &Shape) -> &'static [Member] {
    match shape.kind {
        Kind::Structure(members) => members,
        _ => &[],
    }
}
