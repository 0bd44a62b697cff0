//! The account as a whole: calls of its operations, and its metadata service.

use std::sync::{Arc, LazyLock};

use account::metadata::serve;
use account::{Partition, SEED_BYTES, State, handle, sample};
use http::{HeaderValue, Request, header};
use jiff::Timestamp;
use protocol::shape::Protocol;
use protocol::sigv4::{self, Credentials, Scope};

use crate::message;
use crate::protocols::operation;

/// A line that names an operation, a byte that says whether it is signed, and a request. See
/// [`crate::TARGETS`].
pub fn account_call(bytes: &[u8]) {
    let Some(((service, operation), rest)) = operation(bytes) else {
        return;
    };
    let Some((signed, rest)) = rest.split_first() else {
        return;
    };
    let Some(mut request) = message::request(rest) else {
        return;
    };
    let is_signed = signed.is_multiple_of(2);
    if is_signed {
        if let Protocol::Json { target_prefix, .. } = service.protocol {
            let target = HeaderValue::try_from(format!("{target_prefix}.{}", operation.name));
            let target = target.expect("names of the model");
            request.headers_mut().insert("x-amz-target", target);
        }
        request
            .headers_mut()
            .entry(header::HOST)
            .or_insert(HeaderValue::from_static("localhost"));
        if sign(&mut request, service.name).is_err() {
            return;
        }
    }
    let mut partition = Arc::clone(&WORLD);
    let outcome = handle(&partition, &request, None, NOW, [7; SEED_BYTES]);
    // What only the world can answer it answers here with nothing found.
    let status = match &outcome.asked {
        Some(asked) => asked.answer(&[]).status(),
        None => outcome.response.status(),
    };
    assert!(!status.is_server_error(), "{status}: {:?}", outcome.trail);
    assert!(
        is_signed || outcome.changes.is_empty(),
        "{:?}",
        outcome.trail
    );
    for change in outcome.changes {
        let after = Arc::make_mut(&mut partition);
        after.apply(change).expect("a change that can be made");
    }
}

fn sign(request: &mut Request<bytes::Bytes>, service: &str) -> Result<(), sigv4::SignError> {
    let key = SEEN.administrator_key().expect("a key of the sample");
    let credentials = Credentials {
        access_key_id: key.id.clone(),
        secret_access_key: key.secret.clone(),
        session_token: None,
    };
    let scope = Scope::at(NOW, SEEN.region(), service);
    sigv4::sign(request, &credentials, &scope, NOW)
}

/// A request. See [`crate::TARGETS`].
pub fn metadata_service(bytes: &[u8]) {
    let Some(request) = message::request(bytes) else {
        return;
    };
    let instance = SEEN
        .first_running_instance()
        .expect("an instance of the sample");
    let answer = serve(&SEEN, instance, &request, NOW, [7; 12]);
    let status = answer.response.status();
    assert!(!status.is_server_error(), "{status}");
    let has_token = request.headers().contains_key("x-aws-ec2-metadata-token");
    if status.is_success() && !has_token {
        assert_eq!(request.method(), http::Method::PUT, "{:?}", request.uri());
    }
}

static WORLD: LazyLock<Arc<Partition>> = LazyLock::new(|| {
    let made = sample::sample("123456789012", "us-east-1", NOW, [1; SEED_BYTES]);
    let made = made.expect("a good account id").into_partition();
    Arc::new(made.expect("a whole account"))
});

/// The account as it is seen from its region.
static SEEN: LazyLock<State> =
    LazyLock::new(|| WORLD.founding_state().expect("the sample's own region"));

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
