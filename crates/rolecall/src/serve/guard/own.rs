//! Credentials of a caller's own, shown as the service shows those of the instance.
//!
//! Who gets them is the rules' to say, and how they are got `upstream::sessions` knows.

use std::sync::Arc;
use std::time::Duration;

use agent::config::RoleStep;
use agent::guard::{OfRole, Session, Sts};
use agent::refresh;
use bytes::Bytes;
use http::{Response, StatusCode};
use protocol::metadata::{self, ErrorStatus};
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::time::sleep;

use super::{page, plain};
use crate::clock;
use crate::guard::{ENDPOINTS, Endpoint};
use crate::upstream::{Given, Sessions, Without};

/// Makes them, from when the first rule asks for it.
#[derive(Debug)]
pub(super) struct OwnCredentials {
    sts: Sts,
    endpoint: Arc<Endpoint>,
    sessions: OnceCell<Sessions>,
}

impl OwnCredentials {
    pub(super) fn new(sts: Sts, endpoint: Arc<Endpoint>) -> Self {
        Self {
            sts,
            endpoint,
            sessions: OnceCell::new(),
        }
    }

    /// What a caller gets who has a session of its own.
    pub(super) async fn answer(
        &self,
        uid: u32,
        session: &Session,
        of: OfRole<'_>,
    ) -> Response<Bytes> {
        let (sessions, step) = match self.prepare(session).await {
            Ok(prepared) => prepared,
            Err(why) => return away(session, &why),
        };
        let role = step.role_arn.rsplit('/').next().unwrap_or_default();
        match of {
            OfRole::Name => {
                // Whoever asks for the name asks for the credentials next.
                sessions.expect(uid, &step);
                plain(StatusCode::OK, Bytes::copy_from_slice(role.as_bytes()))
            }
            OfRole::Document(name) if name == role => match sessions.of(uid, &step).await {
                Ok(given) => document(&given),
                Err(Without::NotNow(why)) => away(session, &why),
                Err(Without::Denied(why)) => {
                    let (by, name) = (&session.rule, &step.session_name);
                    tracing::warn!(
                        uid,
                        rule = by,
                        session = name,
                        why,
                        "no credentials of its own"
                    );
                    refusal(role)
                }
            },
            OfRole::Document(_) | OfRole::Absent => page(ErrorStatus::NotFound),
        }
    }

    /// Those of a session, for who does not ask as of the metadata service.
    pub(super) async fn of(&self, uid: u32, session: &Session) -> Result<Given, Without> {
        let (sessions, step) = self.prepare(session).await.map_err(Without::NotNow)?;
        sessions.of(uid, &step).await
    }

    /// Gets credentials of sessions before anybody asks, for as long as it takes to begin.
    pub(super) async fn expect(&self, wanted: &[(u32, Session)]) {
        let mut failures = 0;
        for (uid, session) in wanted {
            loop {
                match self.prepare(session).await {
                    Ok((sessions, step)) => break sessions.expect(*uid, &step),
                    Err(why) => {
                        failures += 1;
                        tracing::debug!(why, "credentials of callers' own have to wait");
                        sleep(refresh::retry_after(failures, 0)).await;
                    }
                }
            }
        }
    }

    /// Ends what nobody asks for, again and again.
    pub(super) async fn keep_tidy(&self) {
        loop {
            sleep(TIDY_EVERY).await;
            if let Some(sessions) = self.sessions.get() {
                sessions.forget_unused();
            }
        }
    }

    /// With the role, where the session is one of the instance's own.
    async fn prepare(&self, session: &Session) -> Result<(&Sessions, RoleStep), String> {
        let mut step = session.step.clone();
        if !session.names_role {
            step.role_arn = self.own_role().await?;
        }
        let sessions = self.sessions.get_or_try_init(|| self.start()).await?;
        Ok((sessions, step))
    }

    async fn start(&self) -> Result<Sessions, String> {
        let region = if let Some(region) = &self.sts.region {
            region.clone()
        } else {
            let told = self.endpoint.text(REGION).await;
            told.ok_or("the metadata service does not tell the region")?
        };
        let [service, _] = ENDPOINTS;
        let imds = format!("http://{}", service.ip());
        let endpoint_url = self.sts.endpoint_url.as_deref();
        let started = Sessions::start(&imds, &region, endpoint_url).await;
        started.map_err(|failure| failure.message)
    }

    /// The ARN of the instance's role, where its path is `/`: the service tells no path.
    async fn own_role(&self) -> Result<String, String> {
        let name = self.endpoint.role().await;
        let name = name.ok_or("the instance has no role, or the metadata service is away")?;
        let info = self.endpoint.text(INFO).await.unwrap_or_default();
        let info: Value = serde_json::from_str(&info).unwrap_or_default();
        let profile = info.get("InstanceProfileArn").and_then(Value::as_str);
        let (before, _) = profile
            .and_then(|profile| profile.split_once(":instance-profile/"))
            .ok_or("the metadata service does not tell the account")?;
        Ok(format!("{before}:role/{name}"))
    }
}

fn away(session: &Session, why: &str) -> Response<Bytes> {
    let (rule, name) = (&session.rule, &session.step.session_name);
    tracing::warn!(rule, session = name, why, "a caller gets no answer");
    plain(StatusCode::SERVICE_UNAVAILABLE, Bytes::new())
}

fn document(given: &Given) -> Response<Bytes> {
    let (issued, end) = (
        metadata::instant(given.obtained),
        metadata::instant(given.expires),
    );
    let body = metadata::document(&[
        ("Code", Some("Success")),
        ("LastUpdated", Some(&issued)),
        ("Type", Some("AWS-HMAC")),
        ("AccessKeyId", Some(&given.access_key_id)),
        ("SecretAccessKey", given.secret_access_key.expose_text()),
        ("Token", given.session_token.expose_text()),
        ("Expiration", Some(&end)),
    ]);
    plain(StatusCode::OK, body)
}

/// As EC2 says it of a role that it may not assume: SDKs take any other answer for an outage.
fn refusal(role: &str) -> Response<Bytes> {
    let message =
        format!("The role {role} cannot be assumed for this caller; the guard's log says why.");
    let body = metadata::document(&[
        ("Code", Some("AssumeRoleUnauthorizedAccess")),
        ("Message", Some(&message)),
        ("LastUpdated", Some(&metadata::instant(clock::now()))),
    ]);
    plain(StatusCode::OK, body)
}

const REGION: &str = "/latest/meta-data/placement/region";
const INFO: &str = "/latest/meta-data/iam/info";
const TIDY_EVERY: Duration = Duration::from_mins(1);
