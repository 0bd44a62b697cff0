//! Health, readiness, metrics, and reads of secrets beside them: which is asked for, and how a
//! read is answered.
//!
//! Paths of health and metrics are those that monitoring of the Secret Agent looks at. Reads are
//! `GET BASE/v1/secrets/RESOURCE/KEY` and answer what the Secret Agent protocol answers, with a
//! status. Knows no socket; whether the caller may have it is decided by [`crate::access`].

use http::{HeaderMap, Method, StatusCode};

use crate::aws_http;
use crate::config::Management;
use crate::failure::Failure;
use crate::http_fault::{HttpFault, JSON};
use crate::secret_agent::Refusal;

/// What a request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `/manage`: whether the process answers.
    Health,
    /// `/ready`: whether it can answer clients.
    Ready,
    /// `BASE/v1/prometheus`.
    Metrics,
    /// `BASE/v1/secrets/RESOURCE/KEY`, where the configuration turns it on.
    Secret {
        /// Its name in the configuration.
        resource: String,
        /// The member of its secret.
        key: String,
    },
}

/// Judges a request by its head.
///
/// # Errors
///
/// The answer to give instead.
pub fn read(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    config: &Management,
) -> Result<Call, HttpFault> {
    let call = call(path, config)?;
    if matches!(call, Call::Secret { .. }) {
        aws_http::came_from_here(headers, Some(config.endpoint.ip()))
            .map_err(|refused| error(refused.status, &format!("refused: {}", refused.body)))?;
    }
    // RFC 9110, 9.3.2: whoever answers GET answers HEAD. The server leaves the body out.
    if *method != Method::HEAD {
        aws_http::only_get(method)?;
    }
    Ok(call)
}

/// The answer to a read that gives no value.
pub fn refused(refusal: &Refusal) -> HttpFault {
    let status = match refusal {
        Refusal::UnknownResource(_) | Refusal::NoSuchKey { .. } => StatusCode::NOT_FOUND,
        Refusal::MultipleResources | Refusal::NoResources | Refusal::EmptyKey => {
            StatusCode::BAD_REQUEST
        }
        Refusal::Denied { .. } => StatusCode::FORBIDDEN,
        Refusal::TooLarge { .. } | Refusal::Unrecorded { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        Refusal::Fetch { failure, .. } => match failure {
            Failure::NotFound(_) => StatusCode::NOT_FOUND,
            Failure::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            Failure::Throttled(_) | Failure::Credentials(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_GATEWAY,
        },
    };
    error(status, &refusal.to_string())
}

/// `Content-Type` of `/manage`.
pub const TEXT: &str = "text/plain; charset=utf-8";
/// The body of the answer to `/manage`.
pub const HEALTHY: &str = "healthy\n";

fn call(path: &str, config: &Management) -> Result<Call, HttpFault> {
    match path {
        "/manage" => return Ok(Call::Health),
        "/ready" => return Ok(Call::Ready),
        _ => {}
    }
    let below = |base: &str| path.strip_prefix(base)?.strip_prefix("/v1/");
    if below(&config.prometheus.url_base_path) == Some("prometheus") {
        return Ok(Call::Metrics);
    }
    let wanted = config.secrets.as_deref().and_then(below);
    let Some(wanted) = wanted.and_then(|rest| rest.strip_prefix("secrets/")) else {
        return Err(HttpFault::text(StatusCode::NOT_FOUND, "Not found"));
    };
    let Some((resource, key)) = wanted.split_once('/').filter(|(_, key)| !key.contains('/')) else {
        let message = "the path is not BASE/v1/secrets/RESOURCE/KEY, with `/` within them as %2F";
        return Err(error(StatusCode::BAD_REQUEST, message));
    };
    let (Some(resource), Some(key)) = (
        aws_http::decode(resource, false),
        aws_http::decode(key, false),
    ) else {
        let message = "the path is not percent-encoded";
        return Err(error(StatusCode::BAD_REQUEST, message));
    };
    if resource.is_empty() {
        return Err(error(StatusCode::BAD_REQUEST, "the path names no resource"));
    }
    Ok(Call::Secret { resource, key })
}

fn error(status: StatusCode, message: &str) -> HttpFault {
    HttpFault {
        status,
        body: serde_json::json!({ "Error": message }).to_string(),
        content_type: JSON,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::config::Prometheus;

    fn config(secrets: Option<&str>) -> Management {
        Management {
            endpoint: "127.0.0.1:8080".parse().unwrap(),
            tls: None,
            secrets: secrets.map(str::to_owned),
            prometheus: Prometheus::default(),
        }
    }

    fn of(path: &str, host: &'static str, secrets: Option<&str>) -> Result<Call, u16> {
        let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static(host))]);
        let read = read(&Method::GET, path, &headers, &config(secrets));
        read.map_err(|fault| fault.status.as_u16())
    }

    #[test]
    fn monitoring_finds_what_it_looks_for_under_any_host() {
        for host in ["127.0.0.1:8080", "db-1.example"] {
            assert_eq!(of("/manage", host, None), Ok(Call::Health));
            assert_eq!(of("/ready", host, None), Ok(Call::Ready));
            let metrics = of("/manage/rest/v1/prometheus", host, None);
            assert_eq!(metrics, Ok(Call::Metrics));
        }
        for path in [
            "/",
            "/manage/",
            "/manage/rest",
            "/manage/rest/v1/prometheus/",
            "//ready",
        ] {
            assert_eq!(of(path, "localhost", None), Err(404), "{path}");
        }
        let post = read(&Method::POST, "/manage", &HeaderMap::new(), &config(None));
        assert_eq!(post.unwrap_err().status, 405);
        let head = read(&Method::HEAD, "/manage", &HeaderMap::new(), &config(None));
        assert_eq!(head, Ok(Call::Health));
    }

    #[test]
    fn reads_are_there_where_they_are_turned_on_and_for_this_host() {
        let check = |path: &str, expect: Result<(&str, &str), u16>| {
            let found = of(path, "localhost", Some("/s"));
            let expect = expect.map(|(resource, key)| Call::Secret {
                resource: resource.to_owned(),
                key: key.to_owned(),
            });
            assert_eq!(found, expect, "{path}");
        };
        check("/s/v1/secrets/db/pass", Ok(("db", "pass")));
        check("/s/v1/secrets/a%2Fb/p%20w+", Ok(("a/b", "p w+")));
        check("/s/v1/secrets/db/", Ok(("db", "")));
        check("/s/v1/secrets/db", Err(400));
        check("/s/v1/secrets//pass", Err(400));
        check("/s/v1/secrets/db/a/b", Err(400));
        check("/s/v1/secrets/db/%f", Err(400));
        check("/manage/rest/v1/secrets/db/pass", Err(404));
        assert_eq!(of("/s/v1/secrets/db/pass", "localhost", None), Err(404));
        assert_eq!(
            of("/s/v1/secrets/db/pass", "evil.example", Some("/s")),
            Err(403)
        );
    }

    #[test]
    fn a_refusal_says_what_the_protocol_says() {
        let fault = refused(&Refusal::UnknownResource("a\"b".to_owned()));
        let body: serde_json::Value = serde_json::from_str(&fault.body).unwrap();

        assert_eq!(fault.status, 404);
        assert_eq!(body["Error"], "resource not found in config: a\\\"b");
    }
}
