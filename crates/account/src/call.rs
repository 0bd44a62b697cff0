//! A call to the account, from bytes to bytes: the one pipeline that every operation goes through.
//!
//! Step one, who signed it (`gate::authenticate`). Step two, which operation it is. Step three, its
//! input against the shapes, and with it in which account that stands which it is about. Step four,
//! whether the caller may (`gate::authorize`), by the needs that the operation's row states. Step
//! five, the handler, and what follows from its changes: groups keep their number, copies
//! of secrets follow. No step can be left out: a row without needs does not exist, and an operation
//! without a row is denied.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use protocol::shape::{Operation, Service};
use protocol::sigv4::{self, ReadError, Scope};
use protocol::{Fault, Record, Value, wire};

use crate::autoscaling;
use crate::cloudtrail::Asked;
use crate::cloudtrail::lookup::Lookup;
use crate::entity::{Change, Entity, Located};
use crate::entropy::{Entropy, SEED_BYTES};
use crate::gate::{self, Caller, Circumstances};
use crate::home::Home;
use crate::operation::Row;
use crate::operations;
use crate::secretsmanager;
use crate::state::Partition;
use crate::supplied::{Supplied, Wanted};
use crate::trail::Trail;
use crate::transaction::{Transaction, internal_failure};
use crate::usage;
use crate::web_identity::{self, Issuers};

/// Among the extensions of a request that came over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecureTransport;

/// Among the extensions of a request: how long an instance is pending, stopping or shutting down.
/// Without it, it is so in the answer to the call alone that makes it so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InstanceDelay(pub SignedDuration);

/// What a call led to. The world commits the changes before it sends the response.
pub struct Outcome {
    /// For the client. Where something is asked, a fault of ours that is sent to nobody: the
    /// answer is then [`Asked::answer`].
    pub response: http::Response<Bytes>,
    /// What the world is asked for, so that there is an answer.
    pub asked: Option<Asked>,
    /// What the world is to make before the call is handled again with it among the extensions of
    /// its request, as a [`Supplied`]. The response is then sent to nobody either.
    pub wanted: Option<Wanted>,
    /// For the store; empty where the call only read, or failed.
    pub changes: Vec<Change>,
    /// The use of a key or a role that is worth a record, whatever came of the call. It is to be
    /// committed when there is time, if it [is news](Partition::is_news) then.
    pub used: Option<Located>,
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
    partition: &Arc<Partition>,
    request: &http::Request<Bytes>,
    source: Option<IpAddr>,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Outcome {
    let mut entropy = Entropy::new(seed);
    let mut trail = Trail::begin(entropy.bytes(), now, source, request.headers())
        .within(request.extensions().get());
    let mut call = Call {
        partition,
        request,
        source,
        now,
        service: None,
        wanted: None,
        used: None,
        trail: &mut trail,
    };
    let answer = call.run(entropy);
    let (service, wanted, used) = (call.service, call.wanted, call.used);
    trail.home.get_or_insert_with(|| partition.home());
    let mut asked = None;
    let answer = answer.and_then(|answered| {
        let Some(lookup) = answered.asked else {
            return Ok(answered);
        };
        asked = Some(Asked {
            service: answered.service,
            operation: answered.operation,
            request_id: trail.request_id.clone(),
            lookup,
        });
        Err(internal_failure())
    });
    let (response, changes) = match answer {
        Ok(answered) => {
            let Answered {
                service, operation, ..
            } = answered;
            trail.answered(&answered.output);
            (
                wire::encode_output(service, operation, &answered.output, &trail.request_id),
                answered.changes,
            )
        }
        Err(fault) => {
            if asked.is_none() && wanted.is_none() {
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
        wanted,
        changes,
        used,
        trail,
    }
}

struct Call<'a> {
    partition: &'a Arc<Partition>,
    request: &'a http::Request<Bytes>,
    source: Option<IpAddr>,
    now: Timestamp,
    // Known as soon as the claim is read, so that faults are told in the service's own form.
    service: Option<&'static Service>,
    // What the handler cannot go on without.
    wanted: Option<Wanted>,
    used: Option<Located>,
    trail: &'a mut Trail,
}

/// A call that came to something.
struct Answered {
    service: &'static Service,
    operation: &'static Operation,
    output: Record,
    asked: Option<Lookup>,
    changes: Vec<Change>,
}

impl Call<'_> {
    fn run(&mut self, entropy: Entropy) -> Result<Answered, Fault> {
        let (caller, scope) = self.authenticate()?;
        let answer = self.answer(&caller, &scope, entropy);
        self.trail.caller = Some(caller);
        answer
    }

    fn answer(
        &mut self,
        caller: &Caller,
        scope: &Scope,
        entropy: Entropy,
    ) -> Result<Answered, Fault> {
        let (service, operation) = wire::route(self.request, Some(&scope.service))?;
        self.service = Some(service);
        self.trail.service = Some(service.name);
        self.trail.operation = Some(operation.name);
        let row = operations::row(service.name, operation.name)
            .ok_or_else(|| gate::unmapped(service, operation, caller))?;
        let input = wire::decode_input(service, operation, self.request)?;
        self.trail.asked(&input);
        let of = gate::Asked {
            service,
            operation,
            input: &input,
        };
        let state = of.state(self.partition, caller, &scope.region);
        let state = state.ok_or_else(internal_failure)?;
        self.trail.home = Some(state.home().clone());
        let supplied = self.request.extensions().get::<Supplied>().cloned();
        let delay = self.request.extensions().get::<InstanceDelay>();
        let InstanceDelay(delay) = delay.copied().unwrap_or_default();
        let transaction = Transaction::new(state, self.now, entropy).supplied(supplied);
        let mut transaction = transaction.delaying(delay);
        gate::check_temporary(caller, service, operation)?;
        self.authorize(&mut transaction, caller, row, service, &input)?;
        if service.name == "ec2" && asks_only_whether(&input) {
            return Err(crate::ec2::dry_run());
        }
        let output = (row.run)(&mut transaction, caller, &input).and_then(|output| {
            autoscaling::attend(&mut transaction)?;
            secretsmanager::propagate(&mut transaction, self.partition)?;
            Ok(output)
        });
        self.wanted = transaction.take_wanted();
        let output = output.map_err(|fault| with_declared_status(operation, fault))?;
        Ok(Answered {
            service,
            operation,
            output,
            asked: transaction.take_asked(),
            changes: transaction.into_changes(),
        })
    }

    /// Who calls, and the service that the signature counts for.
    fn authenticate(&mut self) -> Result<(Caller, Scope), Fault> {
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
            let caller = self.by_token(service, operation)?;
            self.trail.principal = Some(caller.user_id.clone());
            let region = &self.partition.settings().region;
            return Ok((caller, Scope::at(self.now, region, service.name)));
        }
        let claim = claim.map_err(|error| gate::unreadable(&error, protocol))?;
        self.trail.access_key_id = Some(claim.access_key_id().to_owned());
        let caller = gate::authenticate(self.partition, self.request, &claim, self.now)
            .map_err(|error| error.fault(protocol))?;
        self.trail.principal = Some(caller.arn.clone());
        self.used = self.use_of(&caller, &claim);
        Ok((caller, claim.scope().clone()))
    }

    fn use_of(&self, caller: &Caller, claim: &sigv4::Presented) -> Option<Located> {
        let account = self.partition.account(&caller.account)?;
        let key = claim.access_key_id();
        let last = usage::of_call(account, caller, key, claim.scope(), self.now)?;
        Some(Located {
            home: Home::new(&caller.account, &self.partition.settings().region),
            entity: Entity::LastUse(last),
        })
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
        let of = gate::Asked {
            service,
            operation,
            input: &input,
        };
        let state = of.state_for_stranger(self.partition);
        let state = state.ok_or_else(internal_failure)?;
        web_identity::authenticate(&state, issuers.map(AsRef::as_ref), token, self.now)
            .map(|identity| gate::outsider(&state, identity))
            .map_err(|fault| with_declared_status(operation, fault))
    }

    fn authorize(
        &mut self,
        transaction: &mut Transaction,
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
            from_vpc: self.request.extensions().get(),
            user_agent: header(header::USER_AGENT),
            referer: header(header::REFERER),
            secure: self.request.extensions().get::<SecureTransport>().is_some(),
            now: transaction.now,
        };
        let verdicts = &mut self.trail.verdicts;
        let told = (service.protocol, verdicts);
        gate::check(transaction, caller, needs, &circumstances, told)
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
