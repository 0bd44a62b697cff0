//! Why a secret could not be fetched, and what that means for a value that is still held.
//!
//! Knows which failures are a decision (this caller may not, this secret is gone) and which are
//! only bad weather. Does not retry and does not know the AWS SDK: the world translates.
//! Sources: Secrets Manager API Reference, "Common Errors" and "GetSecretValue"; facts of the
//! local agents for the statuses that clients are used to.

use std::time::Duration;

use protocol::Fault;

/// A fetch that gave no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The policies say no to this identity.
    #[error("access denied ({})", .0.code)]
    Denied(Fault),
    /// No such secret, version or stage.
    #[error("secret not found ({})", .0.code)]
    NotFound(Fault),
    /// The service cannot do what was asked: the secret is marked for deletion, a bad parameter.
    #[error("request refused ({})", .0.code)]
    Invalid(Fault),
    /// Too many requests.
    #[error("throttled ({})", .0.code)]
    Throttled(Fault),
    /// The service answered, and has a fault of its own.
    #[error("service unavailable ({})", .0.code)]
    Unavailable(Fault),
    /// The credentials are expired, unknown to the service or cannot be had.
    #[error("no valid credentials ({})", .0.code)]
    Credentials(Fault),
    /// No answer in time.
    #[error("the service did not answer in time")]
    TimedOut,
    /// No connection, or one that broke.
    #[error("the service cannot be reached")]
    Unreachable,
}

impl Failure {
    /// Sorts an error answer of the service.
    pub fn of_service(fault: Fault) -> Self {
        let code = fault.code.as_ref();
        if THROTTLED.contains(&code) || fault.status == 429 {
            Self::Throttled(fault)
        } else if CREDENTIALS.contains(&code) {
            Self::Credentials(fault)
        } else if fault.status >= 500 {
            Self::Unavailable(fault)
        } else if DENIED.contains(&code) {
            Self::Denied(fault)
        } else if code == "ResourceNotFoundException" {
            Self::NotFound(fault)
        } else if INVALID.contains(&code) {
            Self::Invalid(fault)
        } else {
            // KMS trouble among them (`DecryptionFailure`): the secret itself was not decided on.
            Self::Unavailable(fault)
        }
    }

    /// No credentials could be had at all, so the service was never asked.
    pub fn no_credentials() -> Self {
        Self::Credentials(
            Fault::new("InternalFailure", "no AWS credentials could be loaded").status(500),
        )
    }

    /// Whether a value that is held may still be served. Only a decision of the account ends it;
    /// throttling, outages and expired credentials do not.
    pub fn keeps_stale(&self) -> bool {
        !matches!(self, Self::Denied(_) | Self::NotFound(_) | Self::Invalid(_))
    }

    /// The kind, as metrics name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Denied(_) => "denied",
            Self::NotFound(_) => "not-found",
            Self::Invalid(_) => "invalid",
            Self::Throttled(_) => "throttled",
            Self::Unavailable(_) => "unavailable",
            Self::Credentials(_) => "credentials",
            Self::TimedOut => "timed-out",
            Self::Unreachable => "unreachable",
        }
    }

    /// How long the failure answers for the service, which is asked again afterwards.
    pub fn remembered_for(&self) -> Duration {
        if self.keeps_stale() {
            OUTAGE_REMEMBERED
        } else {
            DECISION_REMEMBERED
        }
    }

    /// The fault a client of AWS's local HTTP interface sees: the service's own where it spoke.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Denied(fault)
            | Self::NotFound(fault)
            | Self::Invalid(fault)
            | Self::Throttled(fault)
            | Self::Unavailable(fault)
            | Self::Credentials(fault) => fault.clone(),
            Self::TimedOut => Fault::new("TimeoutError", self.to_string()).status(504),
            Self::Unreachable => Fault::new("ConnectionError", self.to_string()).status(502),
        }
    }
}

// Long enough to turn a client's retry loop into one call, short enough that a policy just
// mended is felt at once.
const DECISION_REMEMBERED: Duration = Duration::from_secs(5);
// An outage is probed twice as often: values are going stale meanwhile.
const OUTAGE_REMEMBERED: Duration = Duration::from_millis(2_500);

const THROTTLED: [&str; 7] = [
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
];
const DENIED: [&str; 4] = [
    "AccessDeniedException",
    "AccessDenied",
    "NotAuthorized",
    "UnauthorizedOperation",
];
const INVALID: [&str; 4] = [
    "InvalidRequestException",
    "InvalidParameterException",
    "ValidationException",
    "ValidationError",
];
const CREDENTIALS: [&str; 11] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &'static str, status: u16) -> Failure {
        Failure::of_service(Fault::new(code, "m").status(status))
    }

    #[test]
    fn only_decisions_end_a_held_value() {
        for (code, status, keeps) in [
            ("AccessDeniedException", 400, false),
            ("AccessDeniedException", 403, false),
            ("ResourceNotFoundException", 400, false),
            ("InvalidRequestException", 400, false),
            ("ValidationException", 400, false),
            ("ThrottlingException", 400, true),
            ("AnyCode", 429, true),
            ("ExpiredTokenException", 400, true),
            ("UnrecognizedClientException", 400, true),
            ("InvalidSignatureException", 400, true),
            ("DecryptionFailure", 400, true),
            ("InternalServiceError", 500, true),
            ("AccessDeniedException", 503, true),
            ("", 400, true),
        ] {
            assert_eq!(of(code, status).keeps_stale(), keeps, "{code} {status}");
        }
        assert!(Failure::TimedOut.keeps_stale());
        assert!(Failure::Unreachable.keeps_stale());
        assert!(Failure::no_credentials().keeps_stale());
    }

    #[test]
    fn the_clients_status_is_the_services_where_it_spoke() {
        assert_eq!(of("ThrottlingException", 400).fault().status, 400);
        assert_eq!(Failure::TimedOut.fault().status, 504);
        assert_eq!(Failure::Unreachable.fault().status, 502);
        assert_eq!(Failure::no_credentials().fault().status, 500);
    }

    #[test]
    fn display_holds_the_code_and_not_the_services_message() {
        let failure = Failure::of_service(Fault::new(
            "AccessDeniedException",
            "User: arn:aws:... is not",
        ));

        assert_eq!(failure.to_string(), "access denied (AccessDeniedException)");
    }
}
