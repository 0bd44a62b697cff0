//! The commands, one file each.

mod account;
mod agent;
mod audit;
mod credentials;
mod exec;
mod founding;
mod get;
mod guard;
mod ids;
mod instance;
mod moment;
mod policy;
mod reference;
mod render;
mod server;
mod up;

use crate::cli::{AgentCommand, Cli, Command, Guard};
use crate::failure::{Exit, Failure};
use crate::host::notify;
use crate::log;

/// Runs a command to its end.
pub(crate) fn run(cli: Cli) -> Result<Exit, Failure> {
    let Cli {
        command,
        log,
        log_format,
    } = cli;
    let start_log = |level: &str| log::start(log.as_deref().unwrap_or(level), log_format);
    match command {
        Command::Up(flags) => {
            start_log(LOG_LEVEL)?;
            block_on(up::run(flags))?
        }
        Command::Account(command) => {
            start_log(LOG_LEVEL)?;
            account::run(command)
        }
        Command::Agent(flags) => {
            let handed = notify::take()?;
            let config = agent::read(&flags.config)?;
            start_log(config.log_level.as_str())?;
            if let Some(AgentCommand::Explain(flags)) = &flags.command {
                return agent::explain(flags, &config);
            }
            if !flags.check {
                agent::keep_in_memory();
            }
            block_on(agent::run(flags, config, handed))?
        }
        Command::Guard(command) => guard(command, start_log),
        // Begins with one thread, as making namespaces wants it.
        Command::Instance(command) => {
            start_log(TOOL_LOG_LEVEL)?;
            instance::run(command)
        }
        Command::Get(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            block_on(get::run(flags))?
        }
        Command::Exec(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            block_on(exec::run(flags))?
        }
        Command::Render(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            block_on(render::run(flags))?
        }
        Command::Credentials(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            block_on(credentials::run(flags))?
        }
        Command::Policy(command) => {
            start_log(LOG_LEVEL)?;
            policy::run(command)
        }
        Command::Audit(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            block_on(audit::run(flags))?
        }
        Command::Completions { shell } => Ok(reference::completions(shell)),
        Command::Man { command } => reference::man(&command),
    }
}

fn guard(command: Guard, start_log: impl Fn(&str) -> Result<(), Failure>) -> Result<Exit, Failure> {
    match command {
        Guard::Run(flags) => {
            let handed = notify::take()?;
            start_log(LOG_LEVEL)?;
            agent::keep_in_memory();
            block_on(guard::run(flags, handed))?
        }
        Guard::Explain(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            guard::explain(&flags)
        }
        Guard::Check(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            guard::check(&flags)
        }
        Guard::Service(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            guard::service(&flags)
        }
        Guard::Stats(flags) => {
            start_log(TOOL_LOG_LEVEL)?;
            guard::stats(&flags)
        }
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unfinished(format!("the runtime does not start: {error}")))?;
    Ok(runtime.block_on(work))
}

const LOG_LEVEL: &str = "info";
// What runs inside scripts says nothing while all is well.
const TOOL_LOG_LEVEL: &str = "warn";
