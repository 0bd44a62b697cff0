//! The record of calls: what is remembered of each, how it is written, read back and asked for.
//!
//! A record has CloudTrail's form, one JSON object of one line. What of a call's input and answer
//! stands in it is decided by a list of names (`members`): ARNs, names and ids, never values,
//! documents, keys or tokens. Knows no file: the world appends lines and hands them back.
//!
//! Source: CloudTrail User Guide, "CloudTrail record contents" and "CloudTrail userIdentity
//! element".

mod event;
mod filter;
mod members;
mod record;
mod text;

use std::net::IpAddr;

use http::header::{HeaderMap, HeaderValue, USER_AGENT};
use jiff::Timestamp;
use protocol::{Fault, Record};

pub use event::{Decision, Event};
pub(crate) use filter::{Attribute, Key};
pub use filter::{Filter, is_principal};
pub use record::Gap;

use crate::gate::{Caller, FromVpc, Verdict};
use crate::home::Home;
use crate::ids;

/// Who called what, from where, and how it was decided. Holds no value, key or token.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// As the client was told.
    pub request_id: String,
    /// What the record's own id is made of.
    event: [u8; 16],
    /// When it was handled.
    pub moment: Timestamp,
    /// Where it came from.
    pub source: Option<IpAddr>,
    /// `secretsmanager`, once it is known.
    pub service: Option<&'static str>,
    /// `GetSecretValue`, once it is known.
    pub operation: Option<&'static str>,
    /// The caller's ARN, once the signature is verified.
    pub principal: Option<String>,
    /// The access key the call claims.
    pub access_key_id: Option<String>,
    /// Each decision with its reason.
    pub verdicts: Vec<Verdict>,
    /// The error code the client was told.
    pub error: Option<String>,
    pub(crate) error_message: Option<String>,
    pub(crate) caller: Option<Caller>,
    /// Where what it was about stands: whose record it is.
    pub(crate) home: Option<Home>,
    /// Whether CloudTrail counts it among data events.
    is_data: bool,
    user_agent: Option<String>,
    // Where in a VPC it came from, if it did.
    from_vpc: Option<FromVpc>,
    // Whether the input has been read and held against the shapes.
    is_checked: bool,
    parameters: Record,
    elements: Record,
    // ARN of the secret that an event of Secrets Manager itself is about.
    subject: Option<String>,
}

impl Trail {
    /// A call that has just come in. Of `random`, the first half is the request's id, the other
    /// one the event's.
    pub(crate) fn begin(
        random: [u8; 32],
        moment: Timestamp,
        source: Option<IpAddr>,
        headers: &HeaderMap,
    ) -> Self {
        let agent = headers.get(USER_AGENT).map(HeaderValue::as_bytes);
        let agent = agent.map(|agent| agent.get(..USER_AGENT_BYTES_MAX).unwrap_or(agent));
        let (mut request, mut event) = ([0; 16], [0; 16]);
        let (first, second) = random.split_at(request.len());
        request.copy_from_slice(first);
        event.copy_from_slice(second);
        Self {
            request_id: ids::uuid_of(request),
            event,
            moment,
            source,
            user_agent: agent.map(|agent| String::from_utf8_lossy(agent).into_owned()),
            ..Self::default()
        }
    }

    /// The same of a call that came from inside a VPC.
    pub(crate) fn within(mut self, from_vpc: Option<&FromVpc>) -> Self {
        self.from_vpc = from_vpc.cloned();
        self
    }

    /// A call that a mistake of ours kept from being handled: where it came from is all that is
    /// known. `random` makes its ids.
    pub fn unhandled<B>(
        request: &http::Request<B>,
        source: Option<IpAddr>,
        moment: Timestamp,
        random: [u8; 32],
    ) -> Self {
        Self::begin(random, moment, source, request.headers())
    }

    /// An event of Secrets Manager itself, about a secret. `why` tells what went wrong.
    pub(crate) fn of_service(
        event: &'static str,
        secret: String,
        why: Option<String>,
        moment: Timestamp,
        random: [u8; 32],
    ) -> Self {
        Self {
            service: Some("secretsmanager"),
            operation: Some(event),
            error_message: why,
            subject: Some(secret),
            ..Self::begin(random, moment, None, &HeaderMap::new())
        }
    }

    /// What went wrong with what nobody called.
    pub fn failure(&self) -> Option<&str> {
        self.subject.as_ref()?;
        self.error_message.as_deref()
    }

    /// Whether nobody whom the account knows signed the call.
    pub fn is_strangers(&self) -> bool {
        self.principal.is_none() && self.subject.is_none()
    }

    /// Makes it the record of a call that came to nothing.
    pub fn fail(&mut self, fault: &Fault) {
        self.error = Some(fault.code.to_string());
        // Before the input has passed its shapes, a message repeats whatever was sent: an external
        // id, a token.
        self.error_message = self.is_checked.then(|| fault.message.to_string());
        self.elements = Record::new();
    }

    /// Keeps what may be shown of the input, which has passed its shapes.
    pub(crate) fn asked(&mut self, input: &Record) {
        self.is_checked = true;
        self.parameters = members::kept(input);
    }

    /// Keeps which operation of S3 it is, as CloudTrail calls it, and its names.
    pub(crate) fn asked_of_s3(&mut self, event: &'static str, is_data: bool, names: Record) {
        self.operation = Some(event);
        self.is_data = is_data;
        self.is_checked = true;
        self.parameters = names;
    }

    /// Keeps what may be shown of the answer. As in CloudTrail, what a reading call answers is not
    /// part of its record.
    pub(crate) fn answered(&mut self, output: &Record) {
        let shows = self
            .operation
            .is_some_and(|operation| !is_read_only(operation) || operation == "AssumeRole");
        if shows {
            self.elements = members::kept(output);
        }
    }
}

/// CloudTrail counts what leaves the account as it is; assuming a role and using a key are among
/// it.
fn is_read_only(operation: &str) -> bool {
    let reads = [
        "Describe",
        "Get",
        "Head",
        "List",
        "Lookup",
        "Validate",
        "AssumeRole",
        "Decrypt",
        "Encrypt",
        "Generate",
        "ReEncrypt",
        "Verify",
    ];
    reads.iter().any(|prefix| operation.starts_with(prefix))
}

// CloudTrail cuts there as well.
const USER_AGENT_BYTES_MAX: usize = 1_024;

#[cfg(test)]
mod tests;
