//! A call to the account, from bytes to bytes: the one pipeline that every operation goes through.
//!
//! Step one, who signed it (`gate::authenticate`). Step two, which operation it is. Step three, its
//! input against the shapes. Step four, whether the caller may (`gate::authorize`), by the needs
//! that the operation's row states. Step five, the handler. No step can be left out: a row without
//! needs does not exist, and an operation without a row is denied.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, header};
use jiff::Timestamp;
use protocol::shape::{Operation, Service};
use protocol::sigv4::{self, ReadError};
use protocol::{Fault, Record, Value, wire};

use crate::cloudtrail::Asked;
use crate::entity::Change;
use crate::entropy::{Entropy, SEED_BYTES};
use crate::gate::{self, Caller, Circumstances};
use crate::operation::Row;
use crate::operations;
use crate::state::State;
use crate::trail::Trail;
use crate::transaction::{Transaction, internal_failure};
use crate::web_identity::{self, Issuers};

/// Among the extensions of a request that came over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecureTransport;

/// What a call led to. The world commits the changes before it sends the response.
pub struct Outcome {
    /// For the client. Where something is asked, a fault of ours that is sent to nobody: the
    /// answer is then [`Asked::answer`].
    pub response: http::Response<Bytes>,
    /// What the world is asked for, so that there is an answer.
    pub asked: Option<Asked>,
    /// For the store; empty where the call only read, or failed.
    pub changes: Vec<Change>,
    /// For the record of calls.
    pub trail: Trail,
}

/// The body of the response may be a secret's value.
impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outcome")
            .field("status", &self.response.status())
            .field("changes", &self.changes)
            .field("trail", &self.trail)
            .finish_non_exhaustive()
    }
}

/// Answers one call.
pub fn handle(
    state: &State,
    request: &http::Request<Bytes>,
    source: Option<IpAddr>,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Outcome {
    let mut entropy = Entropy::new(seed);
    let mut trail = Trail::begin(entropy.bytes(), now, source, request.headers());
    let mut transaction = Transaction::new(state, now, entropy);
    let mut call = Call {
        request,
        source,
        service: None,
        trail: &mut trail,
    };
    let answer = call.run(&mut transaction);
    let service = call.service;
    let lookup = transaction.take_asked();
    let mut asked = None;
    let answer = answer.and_then(|(service, operation, output)| {
        let Some(lookup) = lookup else {
            return Ok((service, operation, output));
        };
        asked = Some(Asked {
            service,
            operation,
            request_id: trail.request_id.clone(),
            lookup,
        });
        Err(internal_failure())
    });
    let (response, changes) = match answer {
        Ok((service, operation, output)) => {
            trail.answered(&output);
            (
                wire::encode_output(service, operation, &output, &trail.request_id),
                transaction.into_changes(),
            )
        }
        Err(fault) => {
            if asked.is_none() {
                trail.fail(&fault);
            }
            (
                wire::encode_fault(service, request, &fault, &trail.request_id),
                Vec::new(),
            )
        }
    };
    Outcome {
        response,
        asked,
        changes,
        trail,
    }
}

struct Call<'a> {
    request: &'a http::Request<Bytes>,
    source: Option<IpAddr>,
    // Known as soon as the claim is read, so that faults are told in the service's own form.
    service: Option<&'static Service>,
    trail: &'a mut Trail,
}

type Answer = (&'static Service, &'static Operation, Record);

impl Call<'_> {
    fn run(&mut self, transaction: &mut Transaction<'_>) -> Result<Answer, Fault> {
        let (caller, signed_service) = self.authenticate(transaction)?;
        let answer = self.answer(transaction, &caller, &signed_service);
        self.trail.caller = Some(caller);
        answer
    }

    fn answer(
        &mut self,
        transaction: &mut Transaction<'_>,
        caller: &Caller,
        signed_service: &str,
    ) -> Result<Answer, Fault> {
        let (service, operation) = wire::route(self.request, Some(signed_service))?;
        self.service = Some(service);
        self.trail.service = Some(service.name);
        self.trail.operation = Some(operation.name);
        let row = operations::row(service.name, operation.name)
            .ok_or_else(|| gate::unmapped(service, operation, caller))?;
        let input = wire::decode_input(service, operation, self.request)?;
        self.trail.asked(&input);
        gate::check_temporary(caller, service, operation)?;
        self.authorize(transaction, caller, row, service, &input)?;
        if service.name == "ec2" && asks_only_whether(&input) {
            return Err(crate::ec2::dry_run());
        }
        let output = (row.run)(transaction, caller, &input)
            .map_err(|fault| with_declared_status(operation, fault))?;
        Ok((service, operation, output))
    }

    /// Who calls, and the service that the signature counts for.
    fn authenticate(&mut self, transaction: &Transaction<'_>) -> Result<(Caller, String), Fault> {
        // An unsigned call may still say its service, and is refused in that service's words.
        let claim = sigv4::read(self.request);
        let named = claim
            .as_ref()
            .ok()
            .map(|claim| claim.scope().service.as_str());
        self.service = match named {
            Some(name) => Service::find(name),
            None => wire::route(self.request, None)
                .ok()
                .map(|(service, _)| service),
        };
        // What was wanted is part of the record of who was refused.
        self.trail.service = self.service.map(|service| service.name);
        let protocol = self.service.map(|service| service.protocol);
        if matches!(claim, Err(ReadError::Missing))
            && let Some((service, operation)) = self.called_by_token()
        {
            let caller = self.by_token(transaction, service, operation)?;
            self.trail.principal = Some(caller.user_id.clone());
            return Ok((caller, service.name.to_owned()));
        }
        let claim = claim.map_err(|error| gate::unreadable(&error, protocol))?;
        self.trail.access_key_id = Some(claim.access_key_id().to_owned());
        let caller = gate::authenticate(transaction.state(), self.request, &claim, transaction.now)
            .map_err(|error| error.fault(protocol))?;
        self.trail.principal = Some(caller.arn.clone());
        Ok((caller, claim.scope().service.clone()))
    }

    /// The operation of an unsigned call, if it is the one whose caller a token names.
    fn called_by_token(&self) -> Option<(&'static Service, &'static Operation)> {
        let routed = wire::route(self.request, None).ok();
        routed.filter(|(service, operation)| {
            (service.name, operation.name) == ("sts", "AssumeRoleWithWebIdentity")
        })
    }

    /// Who calls by a token of an identity provider.
    fn by_token(
        &mut self,
        transaction: &Transaction<'_>,
        service: &'static Service,
        operation: &'static Operation,
    ) -> Result<Caller, Fault> {
        self.trail.operation = Some(operation.name);
        let input = wire::decode_input(service, operation, self.request)?;
        self.trail.asked(&input);
        let token = input
            .secret("WebIdentityToken")
            .ok_or_else(internal_failure)?;
        let issuers = self.request.extensions().get::<Arc<Issuers>>();
        let state = transaction.state();
        web_identity::authenticate(state, issuers.map(AsRef::as_ref), token, transaction.now)
            .map(|identity| gate::outsider(state, identity))
            .map_err(|fault| with_declared_status(operation, fault))
    }

    fn authorize(
        &mut self,
        transaction: &Transaction<'_>,
        caller: &Caller,
        row: &Row,
        service: &'static Service,
        input: &Record,
    ) -> Result<(), Fault> {
        let needs = (row.needs)(transaction, caller, input)?;
        let header = |name| {
            let value: Option<&HeaderValue> = self.request.headers().get(name);
            value.and_then(|value| value.to_str().ok())
        };
        let circumstances = Circumstances {
            source: self.source,
            user_agent: header(header::USER_AGENT),
            referer: header(header::REFERER),
            secure: self.request.extensions().get::<SecureTransport>().is_some(),
            now: transaction.now,
        };
        for need in needs {
            let words = need.words;
            let state = transaction.state();
            let verdict = gate::authorize(state, caller, need, &circumstances);
            // Nothing is drawn after a denial, so that the copy repeats no bytes.
            let message = verdict.denial.as_ref().and_then(|denial| {
                let random = transaction.entropy.clone().bytes();
                gate::encoded(&state.settings().keyring, denial, &random)
            });
            let fault = verdict.fault(service.protocol, caller, message.as_deref());
            let fault = fault.map(|fault| match words {
                Some(words) => Fault::new(fault.code, words).status(fault.status),
                None => fault,
            });
            self.trail.verdicts.push(verdict);
            if let Some(fault) = fault {
                return Err(fault);
            }
        }
        Ok(())
    }
}

/// EC2's `DryRun`: the caller wants to know whether it may, and nothing done. KMS has one of its
/// own, which looks at the state of keys as well.
fn asks_only_whether(input: &Record) -> bool {
    let mut members = input.members();
    members.any(|(name, value)| name == "DryRun" && *value == Value::Boolean(true))
}

/// Handlers name codes; the model knows their HTTP status.
fn with_declared_status(operation: &Operation, fault: Fault) -> Fault {
    match operation.status_of(&fault.code) {
        Some(status) => fault.status(status),
        None => fault,
    }
}
