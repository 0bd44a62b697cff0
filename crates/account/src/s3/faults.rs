//! Errors of S3.
//!
//! Source: S3 API Reference, "Error responses".

use protocol::Fault;

pub(super) fn no_such_bucket() -> Fault {
    Fault::new("NoSuchBucket", "The specified bucket does not exist").status(404)
}

pub(super) fn no_such_key() -> Fault {
    Fault::new("NoSuchKey", "The specified key does not exist.").status(404)
}

pub(super) fn no_such_upload() -> Fault {
    let why = "The specified upload does not exist. The upload ID may be invalid, or the upload \
               may have been aborted or completed.";
    Fault::new("NoSuchUpload", why).status(404)
}

pub(super) fn no_such_version() -> Fault {
    Fault::new("NoSuchVersion", "The specified version does not exist.").status(404)
}

pub(super) fn invalid_argument(why: impl Into<String>) -> Fault {
    Fault::new("InvalidArgument", why.into())
}

pub(super) fn invalid_request(why: impl Into<String>) -> Fault {
    Fault::new("InvalidRequest", why.into())
}

pub(super) fn access_denied() -> Fault {
    Fault::new("AccessDenied", "Access Denied").status(403)
}

pub(super) fn not_implemented(what: &str) -> Fault {
    Fault::new(
        "NotImplemented",
        format!("{what} is not implemented by this server."),
    )
    .status(501)
}

pub(super) fn precondition_failed() -> Fault {
    let why = "At least one of the pre-conditions you specified did not hold";
    Fault::new("PreconditionFailed", why).status(412)
}
