//! The way upstream against a service that answers what a test wants, and counts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use agent::config::{AccessKey, Aws, Requests};
use agent::{Ask, Failure, Priority, Value};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use protocol::Secret;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Upstream;

const ACCOUNT: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
type Json = serde_json::Value;

/// A service and what it was asked: operation, input, and the region of the signature.
#[derive(Clone)]
struct Service {
    url: String,
    calls: Arc<Mutex<Vec<(String, Json, String)>>>,
}

impl Service {
    /// One that answers a status with a body, or never where there is none.
    async fn start(
        answer: impl Fn(&str, &Json) -> Option<(u16, Json)> + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = Self {
            url,
            calls: Arc::default(),
        };
        let this = service.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (this, answer) = (this.clone(), answer.clone());
                let handle = service_fn(move |request| this.clone().call(request, answer.clone()));
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), handle);
                tokio::spawn(connection);
            }
        });
        service
    }

    async fn call(
        self,
        request: http::Request<Incoming>,
        answer: impl Fn(&str, &Json) -> Option<(u16, Json)>,
    ) -> Result<http::Response<Full<Bytes>>, std::convert::Infallible> {
        let (head, body) = request.into_parts();
        let header = |name: &str| head.headers[name].to_str().unwrap().to_owned();
        let operation = header("x-amz-target")
            .rsplit_once('.')
            .unwrap()
            .1
            .to_owned();
        let region = header("authorization")
            .split('/')
            .nth(2)
            .unwrap()
            .to_owned();
        let body = body.collect().await.unwrap().to_bytes();
        let input: Json = serde_json::from_slice(&body).unwrap();
        let answered = answer(&operation, &input);
        self.calls.lock().unwrap().push((operation, input, region));
        let Some((status, output)) = answered else {
            return std::future::pending().await;
        };
        let response = http::Response::builder()
            .status(status)
            .header("content-type", "application/x-amz-json-1.1");
        Ok(response.body(Full::new(output.to_string().into())).unwrap())
    }

    fn operations(&self) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        calls
            .iter()
            .map(|(operation, ..)| operation.clone())
            .collect()
    }

    fn count(&self, operation: &str) -> usize {
        self.operations()
            .iter()
            .filter(|it| *it == operation)
            .count()
    }

    fn configuration(&self) -> Aws {
        let mut aws = Aws::new("us-east-1");
        aws.endpoint_url = Some(self.url.clone());
        aws.access_key = Some(AccessKey {
            id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
            secret: Secret::from_text("the-secret-of-the-test".to_owned()),
            session_token: None,
        });
        aws
    }

    async fn upstream(&self) -> Arc<Upstream> {
        start(&self.configuration()).await
    }
}

async fn start(configuration: &Aws) -> Arc<Upstream> {
    // The sender is gone, but nobody waits for the tasks either.
    let (sender, stop) = watch::channel(false);
    std::mem::forget(sender);
    Upstream::start(configuration, stop).await.unwrap()
}

/// A secret as the service gives it; its value is its name.
fn secret(id: &str) -> Json {
    let name = id
        .strip_prefix(ACCOUNT)
        .map_or(id, |rest| rest.split_once('-').unwrap().0);
    json!({
        "ARN": format!("{ACCOUNT}{name}-AbCdEf"), "Name": name, "SecretString": name,
        "VersionId": "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1", "VersionStages": ["AWSCURRENT"],
        "CreatedDate": 1_569_534_789.046,
    })
}

fn fault(code: &str) -> (u16, Json) {
    (400, json!({"__type": code, "message": "told by the test"}))
}

/// The service at its best; secrets that begin with `no` are denied.
#[expect(
    clippy::unnecessary_wraps,
    reason = "other services of these tests may hang"
)]
fn willing(operation: &str, input: &Json) -> Option<(u16, Json)> {
    let ids = input["SecretIdList"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let ids = ids.iter().map(|id| id.as_str().unwrap());
    let (no, yes): (Vec<&str>, Vec<&str>) = ids.partition(|id| id.starts_with("no"));
    let id = input["SecretId"].as_str().unwrap_or_default();
    match operation {
        "GetSecretValue" if id.starts_with("no") => Some(fault("AccessDeniedException")),
        "GetSecretValue" => Some((200, secret(id))),
        "DescribeSecret" => Some((
            200,
            json!({
                "ARN": secret(id)["ARN"], "Name": id, "CreatedDate": 1_569_534_789,
                "VersionIdsToStages": {"v1": ["AWSCURRENT"]}, "RotationEnabled": true,
                "Tags": [{"Key": "team", "Value": "db"}],
            }),
        )),
        // A page holds two.
        "BatchGetSecretValue" => {
            let from = input["NextToken"]
                .as_str()
                .map_or(0, |it| it.parse().unwrap());
            let page = yes.iter().skip(from).take(2);
            let code = "AccessDeniedException";
            let denied = |id: &&str| json!({"SecretId": id, "ErrorCode": code, "Message": "no"});
            let mut output = json!({"SecretValues": page.map(|id| secret(id)).collect::<Json>()});
            if from == 0 {
                output["Errors"] = no.iter().map(denied).collect();
            }
            if from + 2 < yes.len() {
                output["NextToken"] = (from + 2).to_string().into();
            }
            Some((200, output))
        }
        _ => Some(fault("UnknownOperationException")),
    }
}

fn ask(id: &str) -> Ask {
    Ask::new(id, None, None).unwrap()
}

fn asks(ids: &[&str]) -> Vec<Ask> {
    ids.iter().map(|id| ask(id)).collect()
}

#[tokio::test]
async fn one_secret_is_one_call() {
    let service = Service::start(willing).await;
    let upstream = service.upstream().await;

    let version = upstream.fetch(&ask("db"), Priority::Client).await.unwrap();

    assert_eq!(
        version.value,
        Value::Text(Secret::from_text("db".to_owned()))
    );
    assert_eq!(version.version_stages, ["AWSCURRENT"]);
    assert_eq!(service.operations(), ["GetSecretValue"]);
    assert!(upstream.readiness(0).last_success.is_some());
}

#[tokio::test]
async fn many_secrets_are_read_in_batches_and_each_has_its_answer() {
    let service = Service::start(willing).await;
    let upstream = service.upstream().await;
    let mut asked = asks(&["a", "b", "c", "no-d", "e", "a"]);
    asked.push(Ask::new("f", None, Some("AWSPREVIOUS".to_owned())).unwrap());

    let mut answers = upstream.fetch_many(&asked, Priority::Background).await;

    answers.sort_by(|(one, _), (other, _)| one.cmp(other));
    let read = answers.iter().map(|(ask, answer)| {
        let name = answer.as_ref().map(|version| version.name.as_str());
        (ask.secret_id(), name.map_err(Failure::to_string))
    });
    let denied = || Err("access denied (AccessDeniedException)".to_owned());
    let expected = [
        ("a", Ok("a")),
        ("a", Ok("a")),
        ("b", Ok("b")),
        ("c", Ok("c")),
        ("e", Ok("e")),
        ("f", Ok("f")),
        ("no-d", denied()),
    ];
    assert_eq!(read.collect::<Vec<_>>(), expected);
    // Five identifiers in pages of two; one asked for twice, and one of another stage.
    assert_eq!(service.count("BatchGetSecretValue"), 3);
    assert_eq!(service.count("GetSecretValue"), 2);
}

#[tokio::test]
async fn batches_hold_twenty() {
    let service = Service::start(willing).await;
    let upstream = service.upstream().await;
    let names: Vec<String> = (0..45).map(|n| format!("s{n}")).collect();
    let asked: Vec<Ask> = names.iter().map(|name| ask(name)).collect();

    let answers = upstream.fetch_many(&asked, Priority::Client).await;

    assert_eq!(answers.len(), 45);
    assert!(
        answers
            .iter()
            .all(|(ask, it)| it.as_ref().unwrap().name == ask.secret_id())
    );
    let calls = service.calls.lock().unwrap();
    let sizes = calls
        .iter()
        .map(|(_, it, _)| it["SecretIdList"].as_array().unwrap().len());
    assert!(sizes.max().unwrap() <= 20);
}

#[tokio::test]
async fn a_batch_that_is_denied_or_throttled_is_not_tried_again() {
    for code in ["AccessDeniedException", "ThrottlingException"] {
        let service = Service::start(move |operation: &str, input: &Json| match operation {
            "BatchGetSecretValue" => Some(fault(code)),
            _ => willing(operation, input),
        });
        let service = service.await;
        let upstream = service.upstream().await;
        for _ in 0..2 {
            let answers = upstream
                .fetch_many(&asks(&["a", "b", "c"]), Priority::Client)
                .await;
            assert!(
                answers.iter().all(|(_, answer)| answer.is_ok()),
                "{answers:?}"
            );
        }
        // The SDK tries once more where it was throttled.
        assert!(service.count("BatchGetSecretValue") <= 2, "{code}");
        assert_eq!(service.count("GetSecretValue"), 6, "{code}");
    }
}

#[tokio::test]
async fn another_region_stands_in_and_the_secret_stays_at_home() {
    let out = Arc::new(Mutex::new(true));
    let is_out = Arc::clone(&out);
    let service = Service::start(move |operation: &str, input: &Json| {
        let home = input["SecretId"].as_str().unwrap().contains("us-east-1");
        if home && *is_out.lock().unwrap() {
            return Some((503, json!({"__type": "ServiceUnavailable"})));
        }
        let replica = secret("db")["ARN"]
            .as_str()
            .unwrap()
            .replace("us-east-1", "eu-west-1");
        let mut found = willing(operation, input)?;
        found.1["ARN"] = replica.into();
        Some(found)
    });
    let service = service.await;
    let mut configuration = service.configuration();
    configuration.replica_regions = vec!["eu-west-1".to_owned()];
    let upstream = start(&configuration).await;
    let arn = format!("{ACCOUNT}db-AbCdEf");

    let version = upstream.fetch(&ask(&arn), Priority::Client).await.unwrap();
    let tried = service.operations().len();
    assert_eq!(version.arn, arn);
    // The region that is out is not asked again for a while.
    upstream.fetch(&ask(&arn), Priority::Client).await.unwrap();
    assert_eq!(service.operations().len(), tried + 1);
    let calls = service.calls.lock().unwrap().clone();
    let (_, input, region) = calls.last().unwrap();
    assert_eq!(region, "eu-west-1");
    assert_eq!(input["SecretId"], arn.replace("us-east-1", "eu-west-1"));
}

#[tokio::test]
async fn a_decision_is_not_taken_elsewhere_and_a_replica_takes_none() {
    let service =
        Service::start(
            |operation: &str, input: &Json| match input["SecretId"].as_str().unwrap() {
                "hidden" => Some(fault("ResourceNotFoundException")),
                id if id.contains("us-east-1") => {
                    Some((500, json!({"__type": "InternalServiceError"})))
                }
                id if id.contains("eu-west-1") => Some(fault("ResourceNotFoundException")),
                _ => willing(operation, input),
            },
        );
    let service = service.await;
    let mut configuration = service.configuration();
    configuration.replica_regions = vec!["eu-west-1".to_owned()];
    let upstream = start(&configuration).await;

    let hidden = upstream.fetch(&ask("hidden"), Priority::Client).await;
    assert!(matches!(hidden, Err(Failure::NotFound(_))), "{hidden:?}");
    assert_eq!(service.operations().len(), 1);
    let out = upstream
        .fetch(&ask(&format!("{ACCOUNT}db-AbCdEf")), Priority::Client)
        .await;
    assert!(matches!(out, Err(Failure::Unavailable(_))), "{out:?}");
}

#[tokio::test]
async fn a_region_that_hangs_costs_a_moment_once() {
    let service = Service::start(|operation: &str, input: &Json| {
        let home = input["SecretId"].as_str().unwrap().contains("us-east-1");
        if home {
            None
        } else {
            willing(operation, input)
        }
    });
    let service = service.await;
    let mut configuration = service.configuration();
    configuration.replica_regions = vec!["eu-west-1".to_owned()];
    let upstream = start(&configuration).await;
    let arn = format!("{ACCOUNT}db-AbCdEf");
    upstream.credentials(None).await.unwrap();

    let limit = super::ATTEMPT_TIME_MAX + Duration::from_secs(1);
    let first = tokio::time::timeout(limit, upstream.fetch(&ask(&arn), Priority::Client)).await;
    first.unwrap().unwrap();
    let asked = ask(&arn);
    let again = upstream.fetch(&asked, Priority::Client);
    tokio::time::timeout(Duration::from_secs(1), again)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn calls_beyond_the_rate_are_refused_here() {
    let service = Service::start(willing).await;
    let mut configuration = service.configuration();
    configuration.requests = Requests {
        per_second: 1,
        burst: 2,
    };
    let upstream = start(&configuration).await;
    for _ in 0..2 {
        upstream
            .fetch(&ask("db"), Priority::Background)
            .await
            .unwrap();
    }
    let mut refused = 0;
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let upstream = Arc::clone(&upstream);
        clients.spawn(async move { upstream.fetch(&ask("db"), Priority::Client).await });
    }
    while let Some(answer) = clients.join_next().await {
        match answer.unwrap() {
            Err(Failure::Throttled(fault)) => {
                assert_eq!(fault.status, 429);
                refused += 1;
            }
            answer => assert!(answer.is_ok(), "{answer:?}"),
        }
    }
    assert!((17..=19).contains(&refused), "{refused} were refused");
    assert_eq!(service.operations().len(), 22 - refused);
}

#[tokio::test]
async fn a_role_that_is_not_configured_reads_nothing() {
    let service = Service::start(willing).await;
    let upstream = service.upstream().await;

    let answer = upstream
        .fetch(&ask("db").by_role("admin"), Priority::Client)
        .await;

    assert!(matches!(answer, Err(Failure::Invalid(_))), "{answer:?}");
    assert!(upstream.credentials(Some("admin")).await.is_err());
    assert!(!upstream.has_credentials(Some("admin")));
    assert!(service.operations().is_empty());
}

#[tokio::test]
async fn long_lived_keys_are_credentials_without_an_end() {
    let service = Service::start(willing).await;
    let upstream = service.upstream().await;

    let credentials = upstream.credentials(None).await.unwrap();

    assert_eq!(credentials.access_key_id, "AKIAIOSFODNN7EXAMPLE");
    let secret = credentials.secret_access_key.expose_text();
    assert_eq!(secret, Some("the-secret-of-the-test"));
    assert_eq!(
        (&credentials.session_token, credentials.expires),
        (&None, None)
    );
    assert!(!format!("{credentials:?} {upstream:?}").contains("the-secret"));
    let readiness = upstream.readiness(0);
    assert_eq!(readiness.last_success, None);
    assert!(
        readiness
            .identities
            .iter()
            .all(|it| it.valid && it.name == "agent")
    );
}
