//! A stand-in for AWS: answers after a fixed time, and checks nothing.
//!
//! The measuring rod of the agents, so it costs little and is the same for all. A secret's name
//! says how long its value is.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Serves until the process ends.
pub(crate) async fn start() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _slower = stream.set_nodelay(true);
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(answer)),
            );
        }
    });
    Ok(address)
}

/// The name of a secret of `bytes` bytes.
pub(crate) fn name(bytes: usize, number: usize) -> String {
    format!("bytes-{bytes}-{number}")
}

/// The key of every secret's value that a Secret Agent client asks for.
pub(crate) const KEY: &str = "username";

#[expect(
    clippy::disallowed_methods,
    reason = "the latency is what is modelled, and the runtime's timers count whole milliseconds"
)]
fn take_time() {
    std::thread::sleep(LATENCY);
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map_or(Bytes::new(), http_body_util::Collected::to_bytes);
    let _done = tokio::task::spawn_blocking(take_time).await;
    let target = head.headers.get("x-amz-target");
    let target = target
        .and_then(|target| target.to_str().ok())
        .unwrap_or_default();
    let (content_type, text) = match target.rsplit('.').next().unwrap_or_default() {
        "GetSecretValue" => (JSON, secret(&body)),
        "DescribeSecret" => (JSON, described(&body)),
        _ => ("text/xml", IDENTITY.to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    let content_type = header::HeaderValue::from_static(content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    Ok(response)
}

fn secret(body: &[u8]) -> String {
    let name = asked(body);
    let bytes = name.split('-').nth(1).and_then(|bytes| bytes.parse().ok());
    let head = format!("{{\"{KEY}\":\"reader\",\"filler\":\"");
    let filler = bytes.unwrap_or(0_usize).saturating_sub(head.len() + 2);
    serde_json::json!({
        "ARN": arn(&name),
        "Name": name,
        "VersionId": VERSION,
        "SecretString": format!("{head}{}\"}}", "x".repeat(filler)),
        "VersionStages": ["AWSCURRENT"],
        "CreatedDate": 1_569_534_789.046,
    })
    .to_string()
}

fn described(body: &[u8]) -> String {
    let name = asked(body);
    serde_json::json!({
        "ARN": arn(&name),
        "Name": name,
        "VersionIdsToStages": { VERSION: ["AWSCURRENT"] },
    })
    .to_string()
}

fn asked(body: &[u8]) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let name = body.get("SecretId").and_then(|name| name.as_str());
    name.unwrap_or_default().to_owned()
}

fn arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}-AbCdEf")
}

// What Secrets Manager takes within a region is several times that.
const LATENCY: Duration = Duration::from_micros(500);
const JSON: &str = "application/x-amz-json-1.1";
const VERSION: &str = "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1";
// STS GetCallerIdentity: the peer asks at its start.
const IDENTITY: &str = "<GetCallerIdentityResponse \
    xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
    <Arn>arn:aws:iam::123456789012:user/bench</Arn><UserId>AIDAEXAMPLE</UserId>\
    <Account>123456789012</Account></GetCallerIdentityResult><ResponseMetadata>\
    <RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>\
    </GetCallerIdentityResponse>";
