//! A client over HTTP with a connection of its own, and SigV4.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::{SignedDuration, Timestamp};
use protocol::shape::Service;
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Record, Secret, wire};

pub(crate) struct Client {
    http: Http<HttpConnector, Full<Bytes>>,
    endpoint: String,
    pub(crate) credentials: Credentials,
    /// How far its clock is ahead.
    pub(crate) ahead: SignedDuration,
}

impl Client {
    pub(crate) fn new(endpoint: String, id: String, secret: String) -> Self {
        Self {
            http: Http::builder(TokioExecutor::new()).build_http(),
            endpoint,
            credentials: Credentials {
                access_key_id: id,
                secret_access_key: Secret::from_text(secret),
                session_token: None,
            },
            ahead: SignedDuration::ZERO,
        }
    }

    /// The body of an answer; `None` where the server is gone. An error that it answers is one.
    pub(crate) async fn call(&self, service: &str, name: &str, input: &Record) -> Option<String> {
        let (status, body) = self.ask(service, name, input, &[]).await?;
        assert!((200..300).contains(&status), "{name}: {status}: {body}");
        Some(body)
    }

    /// Status and body of an answer, whatever it is; `None` where the server is gone. More headers
    /// than the signed ones may come with the call.
    pub(crate) async fn ask(
        &self,
        service: &str,
        name: &str,
        input: &Record,
        more: &[(&'static str, &'static str)],
    ) -> Option<(u16, String)> {
        let service = Service::find(service).unwrap();
        let operation = service.operation(name).unwrap();
        let mut request = wire::encode_input(service, operation, input, &self.endpoint);
        let now = Timestamp::now() + self.ahead;
        let scope = Scope::at(now, "us-east-1", service.name);
        sigv4::sign(&mut request, &self.credentials, &scope, now).unwrap();
        let (mut head, body) = request.into_parts();
        head.uri = format!("http://{}/", self.endpoint).parse().unwrap();
        for (name, value) in more {
            head.headers.insert(*name, value.parse().unwrap());
        }
        let request = http::Request::from_parts(head, Full::new(body));
        let answer = self.http.request(request).await.ok()?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.ok()?.to_bytes();
        Some((status, String::from_utf8_lossy(&body).into_owned()))
    }
}
