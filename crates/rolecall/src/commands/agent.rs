//! `rolecall agent`: the agent of a host, from its configuration file.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use agent::aws_http;
use agent::config::{self, Config};
use protocol::Secret;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cli;
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::serve::{self, AwsHttp, Bound, SecretAgent, Stop};
use crate::term;
use crate::upstream::{Secrets, Upstream};

/// Runs until told to stop.
pub(crate) async fn run(flags: cli::Agent, config: Config) -> Result<Exit, Failure> {
    let config = Arc::new(config);
    for warning in config::warnings(&config) {
        tracing::warn!("{warning}");
    }
    if flags.check {
        term::data(&format!("{}: ok\n", flags.config.display()));
        return Ok(Exit::Done);
    }
    let signals = Signals::listen()?;
    let listeners = Listeners::bind(&config).await?;
    let (stop, stopped) = watch::channel(false);
    let upstream = Upstream::start(&config.secret_manager, stopped.clone()).await?;
    let secrets = Secrets::new(config.cache.clone(), upstream);
    let mut tasks = listeners.serve(&config, &secrets, &stopped);
    signals.wait().await;
    let _all_gone = stop.send(true);
    while tasks.join_next().await.is_some() {}
    Ok(Exit::Done)
}

/// The agent's sockets, bound before anything is served.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) tcp: Option<Bound>,
    pub(crate) aws_http: Option<(Bound, Secret)>,
}

impl Listeners {
    /// Binds what the configuration asks for.
    pub(crate) async fn bind(config: &Config) -> Result<Self, Failure> {
        let tcp = match &config.service.tcp {
            Some(tcp) => Some(
                serve::bind(
                    tcp.endpoint,
                    "the Secret Agent protocol",
                    "`service.tcp.endpoint`",
                )
                .await?,
            ),
            None => None,
        };
        let aws_http = match &config.service.aws_http {
            Some(http) => match (http.endpoint, &http.token_file) {
                (Some(endpoint), Some(token_file)) => {
                    let token = token(Path::new(token_file))?;
                    let key = "`service.aws-http.endpoint`";
                    let bound = serve::bind(endpoint, "the local HTTP interface", key).await?;
                    Some((bound, token))
                }
                _ => None,
            },
            None => None,
        };
        Ok(Self { tcp, aws_http })
    }

    /// Serves secrets on them.
    pub(crate) fn serve(
        self,
        config: &Arc<Config>,
        secrets: &Arc<Secrets>,
        stop: &Stop,
    ) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(secrets).keep_fresh(stop.clone()));
        if let Some(bound) = self.tcp {
            tracing::info!(address = %bound.address, "secret agent protocol is served");
            let agent = SecretAgent::new(Arc::clone(secrets), Arc::clone(config));
            tasks.spawn(agent.serve(bound, stop.clone()));
        }
        if let Some((bound, token)) = self.aws_http {
            tracing::info!(address = %bound.address, "local HTTP interface is served");
            let http = AwsHttp::new(Arc::clone(secrets), token, bound.address.ip());
            tasks.spawn(http.serve(bound, stop.clone()));
        }
        tasks
    }
}

/// Reads a configuration, or says all that is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Config, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let failure = Failure::wrong(format!(
            "the configuration `{name}` cannot be read: {error}"
        ));
        match error.kind() {
            ErrorKind::NotFound => failure.hint("name the file with `--config FILE`"),
            _ => failure,
        }
    })?;
    config::parse(&text, &name).map_err(|errors| Failure::configuration(&errors))
}

fn token(path: &Path) -> Result<Secret, Failure> {
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::wrong(format!(
            "the token file `{}` cannot be used: {why}",
            path.display()
        ))
        .hint("`openssl rand -hex 32` makes a token; let only its readers read the file")
    };
    let file = std::fs::read(path).map_err(|error| wrong(&error))?;
    aws_http::token(&Secret::new(file)).map_err(|error| wrong(&error))
}
