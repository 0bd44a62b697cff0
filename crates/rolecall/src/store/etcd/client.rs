//! A client of an etcd cluster: one member after the other, until one answers.
//!
//! Calls block the thread that makes them; what they wait for runs on a thread of its own. It knows
//! nothing of what the keys are for.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use http::uri::PathAndQuery;
use prost::Message;
use protocol::Secret;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;
use tokio::time::timeout;
use tonic::client::Grpc;
use tonic::metadata::MetadataValue;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use super::ending::Ending;
use super::messages::{AuthenticateRequest, AuthenticateResponse};
use crate::failure::Failure;

/// Where a cluster is, and who asks it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cluster {
    /// `http://` or `https://`, a host and a port.
    pub(crate) endpoints: Vec<String>,
    /// What keys begin with.
    pub(crate) prefix: String,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    pub(crate) user: Option<String>,
    pub(crate) password_file: Option<PathBuf>,
}

/// Of a cluster, connected when it is first asked.
#[derive(Debug)]
pub(super) struct Client {
    // Only a client that is dropped has none.
    runtime: Option<Runtime>,
    link: Arc<Link>,
    own: Mutex<Option<Own>>,
}

/// A connection that is driven by whoever waits for it. A commit spares two changes of thread.
#[derive(Debug)]
struct Own {
    runtime: Runtime,
    link: Arc<Link>,
}

/// What its tasks share.
pub(super) struct Link {
    channels: Vec<Channel>,
    /// The member that is asked, as a number that grows with each change.
    turn: watch::Sender<usize>,
    user: Option<(String, Secret)>,
    token: Mutex<Option<String>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("turn", &*self.turn.borrow())
            .finish_non_exhaustive()
    }
}

/// As users name it, without who asks.
impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.endpoints.first().map_or("", String::as_str);
        let host = first.split_once("://").map_or(first, |(_, host)| host);
        write!(f, "etcd://{host}{}", self.prefix)
    }
}

impl Client {
    pub(super) fn new(cluster: &Cluster) -> Result<Self, Failure> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("etcd")
            .enable_all()
            .build()
            .map_err(|error| Failure::unfinished(format!("no thread for etcd: {error}")))?;
        let own = Builder::new_current_thread().enable_all().build();
        let own = own.map_err(|error| Failure::unfinished(format!("no way to etcd: {error}")))?;
        Ok(Self {
            link: Arc::new(Link::new(cluster, &runtime)?),
            runtime: Some(runtime),
            own: Mutex::new(Some(Own {
                link: Arc::new(Link::new(cluster, &own)?),
                runtime: own,
            })),
        })
    }

    /// To wait on, for threads that run no tasks.
    pub(super) fn handle(&self) -> Option<Handle> {
        self.runtime
            .as_ref()
            .map(|runtime| runtime.handle().clone())
    }

    pub(super) fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// Waits for one call to one member, over a connection that nobody else uses meanwhile.
    pub(super) fn ask_alone<A, B>(
        &self,
        method: &'static str,
        request: A,
        within: Duration,
    ) -> Result<B, Status>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        // A thread that runs tasks does not drive others.
        if Handle::try_current().is_err()
            && let Some(own) = &*self.own.lock().unwrap_or_else(PoisonError::into_inner)
        {
            let call = own.link.ask_once(method, request, within);
            return own.runtime.block_on(call);
        }
        let link = Arc::clone(&self.link);
        self.wait(async move { link.ask_once(method, request, within).await })
    }

    /// Waits for what runs on the client's own thread; whoever calls may itself be running tasks.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Status>> + Send + 'static,
    ) -> Result<T, Status> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.spawn(async move { drop(answer.send(work.await)) });
        let gone = || Status::internal("the client is closed");
        answered.recv().unwrap_or_else(|_| Err(gone()))
    }

    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(runtime) = &self.runtime {
            runtime.spawn(work);
        }
    }

    /// Asks the member whose turn it is, and others where it does not answer, as long as that makes
    /// sense. For calls that may be made twice.
    pub(super) fn ask<A, B>(
        &self,
        method: &'static str,
        request: A,
        within: Duration,
    ) -> Result<B, Status>
    where
        A: Message + Clone + 'static,
        B: Message + Default + 'static,
    {
        let link = Arc::clone(&self.link);
        self.wait(async move {
            let mut last = Status::unavailable("there is no member to ask");
            for _ in 0..link.channels.len().max(1) * ROUNDS {
                match link.ask_once(method, request.clone(), within).await {
                    Err(status) if is_worth_another(&status) => last = status,
                    answer => return answer,
                }
            }
            Err(last)
        })
    }
}

/// Its tasks end where they stand; a thread that runs tasks itself may drop it.
impl Drop for Client {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        let own = self.own.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = own.take() {
            own.runtime.shutdown_background();
        }
    }
}

impl Link {
    fn new(cluster: &Cluster, runtime: &Runtime) -> Result<Self, Failure> {
        let tls = tls(cluster)?;
        let entered = runtime.enter();
        let channels: Result<Vec<Channel>, Failure> = cluster
            .endpoints
            .iter()
            .map(|endpoint| channel(endpoint, tls.as_ref()))
            .collect();
        drop(entered);
        Ok(Self {
            channels: channels?,
            turn: watch::Sender::new(0),
            user: user(cluster)?,
            token: Mutex::default(),
        })
    }

    /// One call to one member. Whatever goes wrong, the next call goes to the next one.
    pub(super) async fn ask_once<A, B>(
        &self,
        method: &'static str,
        request: A,
        within: Duration,
    ) -> Result<B, Status>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        let turn = self.turn();
        let call = async {
            let request = self.signed(turn, Request::new(request)).await?;
            let mut grpc = self.grpc(turn).await?;
            let path = PathAndQuery::from_static(method);
            let codec = ProstCodec::default();
            grpc.unary(request, path, codec)
                .await
                .map(tonic::Response::into_inner)
        };
        let answer = timeout(within, call).await;
        let answer = answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
        if let Err(status) = &answer {
            self.failed(turn, status);
        }
        answer
    }

    /// What follows from a call that failed: another member's turn, or a new token.
    pub(super) fn failed(&self, turn: usize, status: &Status) {
        if is_unknown_caller(status) {
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
        } else if is_worth_another(status) {
            self.pass(turn);
        }
    }

    /// The turn goes on, unless it has gone on already.
    pub(super) fn pass(&self, from: usize) {
        self.turn.send_if_modified(|turn| {
            let passes = *turn == from;
            *turn += usize::from(passes);
            passes
        });
    }

    pub(super) fn turn(&self) -> usize {
        *self.turn.borrow()
    }

    /// Told of each change of turn.
    pub(super) fn turns(&self) -> watch::Receiver<usize> {
        self.turn.subscribe()
    }

    pub(super) async fn grpc(&self, turn: usize) -> Result<Grpc<Ending>, Status> {
        let at = turn.checked_rem(self.channels.len());
        let channel = at.and_then(|at| self.channels.get(at));
        let channel = channel.ok_or_else(|| Status::unavailable("there is no member to ask"))?;
        let mut grpc =
            Grpc::new(Ending(channel.clone())).max_decoding_message_size(MESSAGE_BYTES_MAX);
        let ready = grpc.ready().await;
        ready.map_err(|error| Status::unavailable(error.to_string()))?;
        Ok(grpc)
    }

    async fn authenticate(
        &self,
        turn: usize,
        name: &str,
        password: &Secret,
    ) -> Result<String, Status> {
        let who = AuthenticateRequest {
            name: name.to_owned(),
            password: password.expose_text().unwrap_or_default().to_owned(),
        };
        let path = PathAndQuery::from_static("/etcdserverpb.Auth/Authenticate");
        let codec: ProstCodec<_, AuthenticateResponse> = ProstCodec::default();
        let mut grpc = self.grpc(turn).await?;
        let answer = grpc.unary(Request::new(who), path, codec).await?;
        let token = answer.into_inner().token;
        let mut held = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(held.insert(token).clone())
    }

    /// The request with the token of the user, where there is one.
    pub(super) async fn signed<T>(
        &self,
        turn: usize,
        mut request: Request<T>,
    ) -> Result<Request<T>, Status> {
        let Some((name, password)) = &self.user else {
            return Ok(request);
        };
        let held = self
            .token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let token = match held {
            Some(token) => token,
            None => self.authenticate(turn, name, password).await?,
        };
        let mut token = MetadataValue::from_str(&token)
            .map_err(|_| Status::internal("the token is no text"))?;
        token.set_sensitive(true);
        request.metadata_mut().insert("token", token);
        Ok(request)
    }
}

/// Whether another member, or the same one later, may answer.
pub(super) fn is_worth_another(status: &Status) -> bool {
    is_unknown_caller(status)
        || matches!(
            status.code(),
            Code::Unavailable
                | Code::DeadlineExceeded
                | Code::Unknown
                | Code::Internal
                | Code::Cancelled
                | Code::Aborted
        )
}

/// Tokens end, and what they stand for changes.
fn is_unknown_caller(status: &Status) -> bool {
    let message = status.message();
    status.code() == Code::Unauthenticated || message.contains("revision of auth store is old")
}

fn channel(endpoint: &str, tls: Option<&ClientTlsConfig>) -> Result<Channel, Failure> {
    let wrong = |why: String| {
        Failure::wrong(format!("`{endpoint}` is no endpoint of etcd: {why}"))
            .hint("give `https://HOST:2379`, and more of them with commas between")
    };
    let is_tls = endpoint.starts_with("https://");
    if !is_tls && !endpoint.starts_with("http://") {
        return Err(wrong("it is neither `http://` nor `https://`".to_owned()));
    }
    let channel = Endpoint::from_shared(endpoint.to_owned())
        .map_err(|error| wrong(error.to_string()))?
        .connect_timeout(CONNECTED_AFTER)
        .tcp_nodelay(true)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES)
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PONG_AFTER);
    let channel = match tls.filter(|_| is_tls) {
        Some(tls) => channel.tls_config(tls.clone()),
        None => Ok(channel),
    };
    let channel = channel.map_err(|error| wrong(error.to_string()))?;
    Ok(channel.connect_lazy())
}

/// What TLS needs, where an endpoint asks for it.
fn tls(cluster: &Cluster) -> Result<Option<ClientTlsConfig>, Failure> {
    if !cluster
        .endpoints
        .iter()
        .any(|it| it.starts_with("https://"))
    {
        return Ok(None);
    }
    let read = |path: &PathBuf| {
        std::fs::read(path).map_err(|error| {
            Failure::wrong(format!("`{}` cannot be read: {error}", path.display()))
        })
    };
    let ca = cluster.ca.as_ref().ok_or_else(|| {
        Failure::wrong("nothing says which certificates of etcd are good")
            .hint("name the certificates of its authority with `--etcd-ca FILE`")
    })?;
    let mut tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(ca)?));
    if let (Some(certificate), Some(key)) = (&cluster.certificate, &cluster.key) {
        tls = tls.identity(Identity::from_pem(read(certificate)?, read(key)?));
    }
    Ok(Some(tls))
}

fn user(cluster: &Cluster) -> Result<Option<(String, Secret)>, Failure> {
    let (Some(user), Some(path)) = (&cluster.user, &cluster.password_file) else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        Failure::wrong(format!("the password in `{path}` cannot be read: {error}"))
    })?;
    let text = zeroize::Zeroizing::new(text);
    let line = text.lines().next().unwrap_or_default();
    Ok(Some((user.clone(), Secret::from_text(line.to_owned()))))
}

const CONNECTED_AFTER: Duration = Duration::from_secs(1);
/// A member that is silent for so long is not asked again before the others.
pub(super) const ANSWER_AFTER: Duration = Duration::from_secs(2);
// How often each member is asked before a call fails.
const ROUNDS: usize = 2;
// etcd ends connections whose pings come more often than every five seconds.
const PING_EVERY: Duration = Duration::from_secs(10);
const PONG_AFTER: Duration = Duration::from_secs(2);
// Pages are large and come from near.
const WINDOW_BYTES: u32 = 8 * 1_024 * 1_024;
// A page of the largest records there are.
const MESSAGE_BYTES_MAX: usize = 512 * 1_024 * 1_024;
