//! Decisions, and the words in which each protocol tells a denial.

use protocol::Fault;
use protocol::shape::{Operation, Protocol, Service};

use super::authenticate::Caller;

/// A decision with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was asked for.
    pub action: &'static str,
    /// On what.
    pub resource: String,
    /// Whether it may.
    pub allowed: bool,
    /// Why, in the words of AWS.
    pub reason: String,
    /// The statement that decided, where one did.
    pub statement: Option<Decider>,
    /// The denial as JSON, where the client gets it, sealed.
    pub(crate) denial: Option<String>,
}

/// A statement, to be found again later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decider {
    /// The policy's ARN, or the name of one that has none.
    pub policy: String,
    /// The statement's `Sid`, if it has one.
    pub sid: Option<String>,
    /// Its place in the list of statements, from 0.
    pub index: usize,
}

/// The answer to an operation that has shapes but no row: it cannot be authorized, so it is denied.
pub(crate) fn unmapped(service: &Service, operation: &Operation, caller: &Caller) -> Fault {
    let action = format!("{}:{}", service.name, operation.name);
    let message = format!(
        "User: {} is not authorized to perform: {action} because this server \
         cannot authorize the {action} action",
        caller.arn
    );
    Verdict::refusal(service.protocol, message)
}

impl Verdict {
    /// What the client is told, if the verdict is no; `message` is the denial in full, encoded.
    pub(crate) fn fault(
        &self,
        protocol: Protocol,
        caller: &Caller,
        message: Option<&str>,
    ) -> Option<Fault> {
        if self.allowed {
            return None;
        }
        let Self {
            action,
            resource,
            reason,
            ..
        } = self;
        let on = if resource == "*" {
            String::new()
        } else {
            format!(" on resource: {resource}")
        };
        let arn = &caller.arn;
        let mut told = format!("User: {arn} is not authorized to perform: {action}{on} {reason}");
        if let Some(message) = message {
            told = format!("{told} Encoded authorization failure message: {message}");
        }
        Some(Self::refusal(protocol, told))
    }

    /// The code and status by which each protocol says no.
    fn refusal(protocol: Protocol, message: String) -> Fault {
        match protocol {
            Protocol::Query { .. } => Fault::new("AccessDenied", message).status(403),
            Protocol::Json { .. } => Fault::new("AccessDeniedException", message),
            Protocol::Ec2 { .. } => Fault::new(
                "UnauthorizedOperation",
                format!("You are not authorized to perform this operation. {message}"),
            )
            .status(403),
        }
    }
}
