//! `rolecall render`: a file with secrets in it from a template, and a command after it changed.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use agent::template::{Known, Rendered, Template};
use protocol::Secret;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

use super::exec::without;
use crate::cli::Render;
use crate::client::Way;
use crate::failure::{Exit, Failure};
use crate::host::{Owner, Place, Signals};
use crate::term;

/// Writes the file once, or with `--watch` for as long as it runs.
pub(super) async fn run(flags: Render) -> Result<Exit, Failure> {
    let job = Job::of(&flags)?;
    let template = job.template()?;
    if !flags.watch {
        let way = Way::find().await?;
        job.render(&way, &template).await?;
        return Ok(Exit::Done);
    }
    let signals = Signals::listen()?;
    tokio::select! {
        failure = job.watch(template, flags.check_every) => Err(failure),
        () = signals.wait() => Ok(Exit::Done),
    }
}

/// What is to be done, checked.
struct Job {
    template: PathBuf,
    /// Standard output without.
    output: Option<PathBuf>,
    mode: u32,
    owner: Owner,
    on_change: Option<Vec<String>>,
}

impl Job {
    fn of(flags: &Render) -> Result<Self, Failure> {
        let output = Some(flags.output.clone()).filter(|path| path != Path::new(STREAM));
        if output.is_none() && (flags.owner.is_some() || flags.on_change.is_some() || flags.watch) {
            let hint = "name one by `-o FILE`";
            return Err(
                Failure::wrong("`--owner`, `--on-change` and `--watch` need a file").hint(hint),
            );
        }
        let on_change = match &flags.on_change {
            None => None,
            Some(line) => Some(words(line)?),
        };
        let owner = flags.owner.as_deref().map(Owner::find).transpose()?;
        Ok(Self {
            template: flags.template.clone(),
            output,
            mode: flags.mode,
            owner: owner.unwrap_or_default(),
            on_change,
        })
    }

    fn template(&self) -> Result<Template, Failure> {
        let name = self.template.display().to_string();
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::wrong(format!("the template `{name}` cannot be read: {error}"))
        };
        let mut text = String::new();
        let bounded = |source: &mut dyn Read, text: &mut String| {
            source.take(TEMPLATE_BYTES_MAX).read_to_string(text)
        };
        let (name, read) = if self.template == Path::new(STREAM) {
            ("stdin", bounded(&mut std::io::stdin().lock(), &mut text))
        } else {
            let file = std::fs::File::open(&self.template);
            let read = file.and_then(|mut file| bounded(&mut file, &mut text));
            (name.as_str(), read)
        };
        read.map_err(|error| wrong(&error))?;
        Template::parse(name, text).map_err(|error| Failure::wrong(error.to_string()))
    }

    /// Writes the file, if its content is not what it should be.
    async fn render(&self, way: &Way, template: &Template) -> Result<(), Failure> {
        let text = filled(way, template).await?;
        let Some(path) = &self.output else {
            return term::bytes(text.expose());
        };
        let place = Place::find(path)?;
        if place.existing()?.is_some() && place.holds(&text) {
            return place.adjust(self.mode, self.owner);
        }
        place.put(&text, self.mode, self.owner)?;
        match &self.on_change {
            Some(words) => tell(words).await,
            None => Ok(()),
        }
    }

    /// Renders until something is wrong with the first time; later trouble is only told.
    async fn watch(&self, mut template: Template, seconds: u64) -> Failure {
        let mut reload = match signal(SignalKind::hangup()) {
            Ok(reload) => reload,
            Err(error) => {
                return Failure::unfinished(format!("signals cannot be heard: {error}"));
            }
        };
        let way = match Way::find().await {
            Ok(way) => way,
            Err(failure) => return failure,
        };
        if let Err(failure) = self.render(&way, &template).await {
            return failure;
        }
        loop {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(seconds)) => {}
                _ = reload.recv() => match self.template() {
                    Ok(read) if self.template != Path::new(STREAM) => template = read,
                    Ok(_) => {}
                    Err(failure) => tracing::warn!("the old template stays: {}", failure.message),
                }
            }
            if let Err(failure) = self.render(&way, &template).await {
                tracing::warn!("not rendered: {}", failure.message);
            }
        }
    }
}

/// The text, with every secret that it turns out to need.
async fn filled(way: &Way, template: &Template) -> Result<Secret, Failure> {
    let mut known = Known::new();
    loop {
        let rendered = template
            .render(&known)
            .map_err(|error| Failure::wrong(error.to_string()))?;
        match rendered {
            Rendered::Text(text) => return Ok(text),
            Rendered::Wants(_) if known.len() >= SECRETS_MAX => {
                return Err(Failure::wrong(format!(
                    "the template names more than {SECRETS_MAX} secrets"
                )));
            }
            Rendered::Wants(ask) => {
                let version = way.read(&ask, false).await?;
                known.insert(ask, version.value);
            }
        }
    }
}

/// Runs the command that is to know of a change.
async fn tell(words: &[String]) -> Result<(), Failure> {
    let unfinished = |why: String| {
        let line = shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default();
        Failure::unfinished(format!("after the change `{line}` {why}"))
    };
    let Some((program, arguments)) = words.split_first() else {
        return Ok(());
    };
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    for name in without() {
        command.env_remove(name);
    }
    let run = timeout(COMMAND_TIME_MAX, command.status()).await;
    let status = run.map_err(|_| {
        unfinished(format!(
            "took more than {} seconds",
            COMMAND_TIME_MAX.as_secs()
        ))
    })?;
    let status = status.map_err(|error| unfinished(format!("cannot be started: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(unfinished(match status.code() {
        Some(code) => format!("ended with exit code {code}"),
        None => "was ended by a signal".to_owned(),
    }))
}

fn words(line: &str) -> Result<Vec<String>, Failure> {
    let words = shlex::split(line).filter(|words| !words.is_empty());
    words.ok_or_else(|| {
        Failure::wrong(format!("`{line}` is no command"))
            .hint("quotes must be closed; for pipes and the like write `sh -c '…'`")
    })
}

const STREAM: &str = "-";
// One more than a template may have, so that a longer one is noticed.
const TEMPLATE_BYTES_MAX: u64 = 1024 * 1024 + 1;
const SECRETS_MAX: usize = 200;
const COMMAND_TIME_MAX: Duration = Duration::from_mins(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_words_and_no_shell() {
        assert_eq!(words("a 'b c' $d").unwrap(), ["a", "b c", "$d"]);
        for wrong in ["", "  ", "a 'b"] {
            assert!(words(wrong).is_err(), "{wrong}");
        }
    }
}
