//! Credentials at hand, without anybody to get them from.

use aws_credential_types::credential_feature::AwsCredentialFeature;

use super::*;

fn keys(id: &str, lives: Option<i64>) -> Credentials {
    let end = lives.map(|seconds| {
        let end = clock::now() + jiff::SignedDuration::from_secs(seconds);
        SystemTime::from(end)
    });
    Credentials::new(id, "the-secret-of-the-test", None, end, "test")
}

fn of_file(id: &str) -> Credentials {
    let mut keys = keys(id, None);
    keys.get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
        .push(AwsCredentialFeature::CredentialsProfile);
    keys
}

fn held(identity: &Identity) -> Option<String> {
    let current = identity.current();
    current.map(|current| current.access_key_id().to_owned())
}

fn trouble() -> Trouble {
    Trouble::new(Kind::Unavailable, "")
}

#[test]
fn credentials_outlive_failures_and_not_their_end() {
    let identity = Identity::new("agent");
    assert_eq!(held(&identity), None);
    let life = identity.tried(Ok(keys("one", Some(600)))).unwrap();
    assert!(
        life.is_some_and(|life| life > Duration::from_secs(590)),
        "{life:?}"
    );

    assert_eq!(identity.tried(Err(trouble())), Err(()));
    assert_eq!(held(&identity).as_deref(), Some("one"));
    let readiness = identity.readiness();
    assert!(readiness.valid && readiness.until.is_some());
    assert_eq!(readiness.failure.unwrap().reason, "unavailable");

    // What is over already is not taken for credentials.
    assert_eq!(identity.tried(Ok(keys("old", Some(-1)))), Err(()));
    assert_eq!(held(&identity).as_deref(), Some("one"));
    assert_eq!(identity.readiness().failure.unwrap().reason, "expired");

    assert_eq!(identity.tried(Ok(keys("two", None))), Ok(None));
    assert_eq!(held(&identity).as_deref(), Some("two"));
    assert_eq!(identity.readiness().failure, None);
    assert_eq!(identity.readiness().until, None);
}

#[test]
fn keys_of_the_file_are_kept_while_the_file_has_none_unless_they_are_refused() {
    let identity = Identity::new("agent");
    identity.tried(Ok(of_file("of-the-file"))).unwrap();

    assert_eq!(
        identity.tried(Ok(keys("of-the-instance", Some(600)))),
        Err(())
    );
    assert_eq!(held(&identity).as_deref(), Some("of-the-file"));
    assert_eq!(identity.tried(Ok(of_file("of-the-file-too"))), Ok(None));
    assert_eq!(held(&identity).as_deref(), Some("of-the-file-too"));

    identity.refuse("of-another");
    assert_eq!(identity.tried(Ok(keys("of-the-instance", None))), Err(()));
    identity.refuse("of-the-file-too");
    // The same again is as refused as before.
    assert_eq!(identity.tried(Ok(of_file("of-the-file-too"))), Ok(None));
    assert_eq!(identity.tried(Ok(keys("of-the-instance", None))), Ok(None));
    assert_eq!(held(&identity).as_deref(), Some("of-the-instance"));
}

#[test]
fn a_failure_is_dated_from_its_first_time() {
    let identity = Identity::new("agent");
    identity.tried(Err(trouble())).unwrap_err();
    let since = identity.readiness().failure.unwrap().since;
    identity.tried(Err(trouble())).unwrap_err();
    identity
        .tried(Err(Trouble::new(Kind::TimedOut, "")))
        .unwrap_err();

    let failure = identity.readiness().failure.unwrap();
    assert_eq!(
        (failure.reason.as_str(), failure.since),
        ("timed-out", since)
    );
}

#[tokio::test]
async fn only_the_first_try_is_waited_for() {
    let identity = Identity::new("agent");
    let client = tokio::spawn({
        let identity = Arc::clone(&identity);
        async move { identity.ready(Priority::Client).await }
    });
    identity.is_wanted().await;
    assert!(!client.is_finished());
    identity.tried(Err(trouble())).unwrap_err();
    assert_eq!(client.await.unwrap(), Err(Failure::no_credentials()));

    // From then on an answer is there at once, without a runtime's help.
    let ready = identity.ready(Priority::Client);
    let answer =
        std::pin::pin!(ready).poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
    assert_eq!(
        answer,
        std::task::Poll::Ready(Err(Failure::no_credentials()))
    );
}

#[test]
fn debug_shows_no_secret() {
    let identity = Identity::new("agent");
    identity.tried(Ok(keys("one", None))).unwrap();

    assert!(!format!("{identity:?}").contains("the-secret"));
}
