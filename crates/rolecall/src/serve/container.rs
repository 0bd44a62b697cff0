//! Temporary credentials for SDKs, as a container's host gives them.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use agent::Caller;
use agent::access::{Decision, Denial, Listener};
use agent::audit::{self, CredentialsRead};
use agent::aws_http::{TOKEN_FILE, Token};
use agent::container::{self, Credentials, Unavailable};
use agent::http_fault::{HttpFault, JSON};
use arc_swap::ArcSwap;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use protocol::Secret;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::aws_http::{refused, response};
use super::connection::Connection;
use super::http1::{self, Answer};
use super::meter::{Meter, Module};
use super::reads::{Live, Reads};
use super::source::AnySource;
use super::{Stop, Transport, stopped};
use crate::clock;
use crate::failure::Failure;

/// Answers SDKs with credentials.
#[derive(Debug)]
pub(crate) struct Container {
    reads: Arc<Reads>,
    source: AnySource,
    listening: IpAddr,
    token: Arc<TokenFile>,
    meter: Arc<Meter>,
}

/// The listener's own token. SDKs read the file anew for each request, so a new one counts soon.
pub(crate) struct TokenFile {
    path: PathBuf,
    read: ReadToken,
    token: ArcSwap<Secret>,
    seen: Mutex<Option<SystemTime>>,
}

/// Reads the token that a file holds.
pub(crate) type ReadToken = fn(&Path) -> Result<Secret, Failure>;

impl Container {
    pub(crate) fn new(
        reads: Arc<Reads>,
        source: AnySource,
        listening: IpAddr,
        token: Arc<TokenFile>,
    ) -> Self {
        Self {
            meter: reads.meters.of(Module::ContainerCredentials),
            reads,
            source,
            listening,
            token,
        }
    }

    pub(crate) async fn serve(self, listener: TcpListener, mut stop: Stop) {
        let (token, own_stop) = (Arc::clone(&self.token), stop.clone());
        let serving = http1::serve(listener, Transport::Plain, self, own_stop);
        let renewing = async {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => token.renew(),
                    () = stopped(&mut stop) => return,
                }
            }
        };
        tokio::join!(serving, renewing);
    }

    async fn respond(
        &self,
        connection: &Connection,
        request: &Request<Incoming>,
    ) -> Result<Bytes, HttpFault> {
        let live = self.reads.live();
        let tokens = self.tokens(&live);
        let (method, headers) = (request.method(), request.headers());
        let read = container::read(method, headers, self.listening, &tokens);
        let name = read.inspect_err(|fault| {
            if container::is_bad_token(fault) {
                self.meter.token_rejected(connection);
            }
        })?;
        let by = Listener::ContainerCredentials;
        let caller = connection.caller(&live, by, Some(name)).await;
        let role = live.config.service.container_credentials.as_ref();
        let role = role.and_then(|listener| listener.role.as_deref());
        let decision = live.rules.decide_credentials(&caller);
        if let Decision::Denied(denial) = decision {
            return self.deny(&live, (&caller, role), denial);
        }
        let found = soon(&self.source, role).await;
        let outcome = match &found {
            Ok(credentials) => Ok(credentials.access_key_id.as_str()),
            Err(_) => Err("CredentialsUnavailable"),
        };
        let is_recorded = record(&live, (&caller, role), &decision, outcome);
        let found = if is_recorded {
            found
        } else {
            Err(Unavailable::Unrecorded)
        };
        found
            .map(|credentials: Credentials| container::body(&credentials, clock::now()))
            .map_err(|why| container::unavailable(&why))
    }

    fn deny(
        &self,
        live: &Live,
        whose: (&Caller, Option<&str>),
        denial: Denial,
    ) -> Result<Bytes, HttpFault> {
        let by = Listener::ContainerCredentials;
        self.reads.tell_denied(whose.0, by, denial);
        let decision = Decision::Denied(denial);
        // Nothing is handed out, so nothing depends on whether the line is written.
        let _written = record(live, whose, &decision, Err("AccessDenied"));
        Err(container::denied(denial))
    }

    /// The listener's own and those of `access.tokens`; not that of another listener.
    fn tokens(&self, live: &Live) -> Vec<Token> {
        let own = Token {
            name: TOKEN_FILE.to_owned(),
            secret: Secret::clone(&self.token.token.load()),
        };
        let named = live.config.access.tokens.keys();
        let named = named.filter_map(|name| live.tokens.iter().find(|it| it.name == *name));
        std::iter::once(own).chain(named.cloned()).collect()
    }
}

/// What is known within the time that SDKs wait.
async fn soon(source: &AnySource, role: Option<&str>) -> Result<Credentials, Unavailable> {
    let answer = timeout(ANSWER_TIME_MAX, source.credentials(role)).await;
    answer.unwrap_or(Err(Unavailable::NotYet))
}

/// Whether the line is written, or need not be.
fn record(
    live: &Live,
    (caller, role): (&Caller, Option<&str>),
    decision: &Decision,
    outcome: Result<&str, &str>,
) -> bool {
    let Some(log) = &live.audit else {
        return true;
    };
    let record = audit::credentials_line(&CredentialsRead {
        time: clock::now(),
        caller,
        role,
        decision,
        outcome,
    });
    log.write(record).is_ok()
}

impl Answer for Container {
    type Reply = Bytes;
    type Connection = Connection;

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<Connection> {
        Connection::tcp(stream, peer)
    }

    fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    async fn answer(&self, connection: &Connection, request: Request<Incoming>) -> Response<Bytes> {
        match self.respond(connection, &request).await {
            Ok(body) => {
                let mut response = response(StatusCode::OK, JSON, body);
                let never = HeaderValue::from_static("no-store");
                response.headers_mut().insert(header::CACHE_CONTROL, never);
                response
            }
            Err(fault) => refused(fault),
        }
    }
}

impl TokenFile {
    /// With the token that `read` finds in the file.
    pub(crate) fn open(path: &str, read: ReadToken) -> Result<Arc<Self>, Failure> {
        let path = PathBuf::from(path);
        let seen = modified(&path);
        let token = read(&path)?;
        Ok(Arc::new(Self {
            path,
            read,
            token: ArcSwap::from_pointee(token),
            seen: Mutex::new(seen),
        }))
    }

    /// Looks whether the file has changed, and takes the new token.
    pub(crate) fn renew(&self) {
        let found = modified(&self.path);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == found {
            return;
        }
        *seen = found;
        match (self.read)(&self.path) {
            Ok(token) => self.token.store(Arc::new(token)),
            Err(failure) => {
                let (reason, hint) = (&failure.message, failure.hints.join("; "));
                tracing::error!(reason, hint, "the token stays as it was");
            }
        }
    }
}

impl fmt::Debug for TokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenFile({})", self.path.display())
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

// SDKs give up after a second.
const ANSWER_TIME_MAX: Duration = Duration::from_millis(800);
const LOOK_EVERY: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use agent::metrics::Calls;
    use agent::ready::Readiness;

    use super::*;
    use crate::serve::source::{CredentialsAnswer, CredentialsSource};

    /// Knows credentials, or never gets any.
    #[derive(Debug)]
    struct StandIn(Option<Credentials>);

    impl CredentialsSource for StandIn {
        fn credentials<'a>(&'a self, _role: Option<&'a str>) -> CredentialsAnswer<'a> {
            Box::pin(async {
                match &self.0 {
                    Some(known) => Ok(known.clone()),
                    None => std::future::pending().await,
                }
            })
        }

        fn readiness(&self) -> Readiness {
            Readiness::default()
        }

        fn calls(&self) -> Vec<Calls> {
            Vec::new()
        }
    }

    fn ask(source: StandIn) -> Result<Credentials, Unavailable> {
        let source: AnySource = Arc::new(source);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().build().unwrap();
        runtime.block_on(soon(&source, None))
    }

    #[test]
    fn nobody_waits_longer_than_sdks_do() {
        let start = clock::Stopwatch::start();
        assert_eq!(ask(StandIn(None)), Err(Unavailable::NotYet));
        assert!(start.elapsed() < Duration::from_secs(1));

        let known = Credentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret_access_key: Secret::new(*b"secret"),
            session_token: None,
            expires: None,
        };
        assert_eq!(ask(StandIn(Some(known.clone()))), Ok(known));
    }

    #[test]
    fn a_new_token_counts_and_a_broken_file_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let read: ReadToken = |path| match std::fs::read(path).unwrap_or_default().as_slice() {
            b"" => Err(Failure::wrong("empty")),
            token => Ok(Secret::new(token)),
        };
        let file = || TokenFile::open(path.to_str().unwrap(), read);
        assert!(file().is_err());
        std::fs::write(&path, "first").unwrap();
        let token = file().unwrap();
        let later = |text: &str, seconds| {
            std::fs::write(&path, text).unwrap();
            let file = std::fs::File::options().write(true).open(&path).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            file.set_modified(time).unwrap();
            token.renew();
            token.token.load().expose().to_vec()
        };

        assert_eq!(later("second", 1), b"second");
        assert_eq!(later("", 2), b"second");
        assert_eq!(later("third", 3), b"third");
        assert!(!format!("{token:?}").contains("third"));
    }
}
