//! Templates of files that hold secrets: `secret("NAME")`, `secret("NAME", "KEY")` and
//! `secret_json("NAME")` in a Jinja template. Truth values, null, lists and maps are written as
//! JSON.
//!
//! Which secrets a template needs may depend on what stands in others, so nothing is guessed:
//! [`Template::render`] stops at the first that it was not given and says which, the world fetches
//! it and renders again. What is undefined is an error, nothing is escaped, nothing is included.
//! No message holds any part of a secret: the engine's own details are told only where they can
//! quote nothing but the template. Inside the engine values are plain strings, which are not wiped.
//! Source: minijinja's documentation for the syntax.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use protocol::Secret;
use zeroize::Zeroizing;

use crate::ask::Ask;
use crate::members;
use crate::reference::Reference;
use crate::text::shown;
use crate::value::Value;

/// The secrets that a template is rendered with.
pub type Known = BTreeMap<Ask, Value>;

/// A template that parses.
#[derive(Debug)]
pub struct Template {
    name: String,
    source: String,
}

/// What rendering came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Rendered {
    /// The text.
    Text(Secret),
    /// One more secret is needed.
    Wants(Ask),
}

/// What is wrong with a template, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}:{line}: {message}")]
pub struct TemplateError {
    /// The template's name.
    pub name: String,
    /// From one.
    pub line: usize,
    /// Lower case, without any part of a secret.
    pub message: String,
}

impl Template {
    /// Reads a template; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] for what is no template, and for one that is too long.
    pub fn parse(name: &str, source: String) -> Result<Self, TemplateError> {
        if source.len() > SOURCE_BYTES_MAX {
            return Err(TemplateError {
                name: name.to_owned(),
                line: 1,
                message: format!("the template is longer than {SOURCE_BYTES_MAX} bytes"),
            });
        }
        let template = Self {
            name: name.to_owned(),
            source,
        };
        let environment = environment(&Arc::default());
        environment
            .template_from_named_str(&template.name, &template.source)
            .map_err(|error| template.told(&error, None))?;
        Ok(template)
    }

    /// Renders it with the secrets that are known.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] for what is undefined, for keys that secrets do not have, and beyond the
    /// bounds on work and length.
    pub fn render(&self, known: &Known) -> Result<Rendered, TemplateError> {
        let run = Arc::new(Run {
            known: known.clone(),
            halt: Mutex::default(),
        });
        let environment = environment(&run);
        let mut text = Text(Zeroizing::new(Vec::with_capacity(self.source.len())));
        let done = environment
            .template_from_named_str(&self.name, &self.source)
            .and_then(|template| template.render_captured_to((), &mut text).map(drop));
        let halt = run.halt().take();
        match (done, halt) {
            (_, Some(Halt::Wants(ask))) => Ok(Rendered::Wants(ask)),
            (Ok(()), _) => Ok(Rendered::Text(Secret::new(std::mem::take(&mut *text.0)))),
            (Err(error), Some(Halt::Problem(problem))) => Err(self.told(&error, Some(problem))),
            (Err(error), None) => Err(self.told(&error, None)),
        }
    }

    /// An error of the engine in our words. Its details may quote values, so only those are told
    /// that come from reading the template.
    fn told(&self, error: &Error, problem: Option<String>) -> TemplateError {
        let line = error.line().unwrap_or(1);
        let quoted = || {
            let text = self.source.lines().nth(line.saturating_sub(1));
            let text = text.unwrap_or_default().trim();
            let cut = text.char_indices().nth(LINE_CHARS_MAX).map(|(end, _)| end);
            let start = text.get(..cut.unwrap_or(text.len())).unwrap_or_default();
            start.replace(char::is_control, " ")
        };
        let detail = || shown(error.detail().unwrap_or_default());
        let message = problem.unwrap_or_else(|| match error.kind() {
            ErrorKind::UndefinedError => format!("an undefined value in `{}`", quoted()),
            ErrorKind::SyntaxError
            | ErrorKind::BadEscape
            | ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest => format!("{}: {}", error.kind(), detail()),
            ErrorKind::OutOfFuel => "the template takes too much work".to_owned(),
            ErrorKind::WriteFailure => format!("the text is longer than {TEXT_BYTES_MAX} bytes"),
            kind => format!("{kind} in `{}`", quoted()),
        });
        TemplateError {
            name: self.name.clone(),
            line,
            message,
        }
    }
}

/// What one run of the engine has, and why it stopped, if it is not the engine's own reason.
#[derive(Debug, Default)]
struct Run {
    known: Known,
    halt: Mutex<Option<Halt>>,
}

#[derive(Debug)]
enum Halt {
    Wants(Ask),
    Problem(String),
}

impl Run {
    fn halt(&self) -> MutexGuard<'_, Option<Halt>> {
        // A panic under the lock leaves a reason that is still whole.
        self.halt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the run; the first reason counts.
    fn stop(&self, why: Halt) -> Error {
        self.halt().get_or_insert(why);
        Error::from(ErrorKind::InvalidOperation)
    }

    fn problem(&self, message: impl Into<String>) -> Error {
        self.stop(Halt::Problem(message.into()))
    }

    /// The part of a secret that a call names.
    fn read(&self, name: &str, key: Option<&str>) -> Result<Value, Error> {
        let reference: Reference = name
            .parse()
            .map_err(|error| self.problem(format!("`{}`: {error}", shown(name))))?;
        if key.is_some() && reference.key().is_some() {
            let name = shown(name);
            return Err(self.problem(format!("`{name}` names a key, and another is given")));
        }
        let value = self
            .known
            .get(reference.ask())
            .ok_or_else(|| self.stop(Halt::Wants(reference.ask().clone())))?;
        let Some(key) = key.or(reference.key()) else {
            return Ok(value.clone());
        };
        let part = members::find(value, key).map_err(|error| {
            let secret = shown(reference.ask().secret_id());
            self.problem(format!("`{}` is not in `{secret}`: {error}", shown(key)))
        })?;
        Ok(Value::Text(part))
    }

    fn secret(&self, name: &str, key: Option<&str>) -> Result<minijinja::Value, Error> {
        Ok(match self.read(name, key)? {
            Value::Text(text) => match text.expose_text() {
                Some(text) => minijinja::Value::from(text),
                None => minijinja::Value::from_bytes(text.expose().to_vec()),
            },
            Value::Binary(bytes) => minijinja::Value::from_bytes(bytes.expose().to_vec()),
        })
    }

    fn json(&self, name: &str) -> Result<minijinja::Value, Error> {
        let value = self.read(name, None)?;
        let (Value::Text(bytes) | Value::Binary(bytes)) = &value;
        serde_json::from_slice(bytes.expose())
            .map_err(|_| self.problem(format!("`{}` is not JSON", shown(name))))
    }
}

fn environment(run: &Arc<Run>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_debug(false);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH_MAX);
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        environment.set_syntax(syntax);
    }
    // Prints everything that is known.
    environment.remove_global("debug");
    let this = Arc::clone(run);
    environment.add_function("secret", move |name: &str, key: Option<&str>| {
        this.secret(name, key)
    });
    let this = Arc::clone(run);
    environment.add_function("secret_json", move |name: &str| this.json(name));
    environment.add_filter("b64encode", |value: &minijinja::Value| {
        let bytes = value.as_bytes().map(|bytes| STANDARD.encode(bytes));
        bytes.ok_or_else(|| Error::from(ErrorKind::InvalidOperation))
    });
    environment.add_filter("b64decode", |text: &str| {
        let bytes = STANDARD.decode(text.trim_ascii());
        let bytes = bytes.map_err(|_| Error::from(ErrorKind::InvalidOperation))?;
        Ok::<_, Error>(String::from_utf8(bytes).map_or_else(
            |error| minijinja::Value::from_bytes(error.into_bytes()),
            minijinja::Value::from,
        ))
    });
    let this = Arc::clone(run);
    environment.set_formatter(move |out, state, value| {
        if value.kind() == ValueKind::Bytes {
            return Err(this.problem("binary is no text; write it with `| b64encode`"));
        }
        // The engine writes these as Python does; files want JSON.
        match value.kind() {
            ValueKind::Bool | ValueKind::None | ValueKind::Seq | ValueKind::Map => {
                let json = serde_json::to_string(value);
                let json = json.map_err(|_| Error::from(ErrorKind::BadSerialization))?;
                out.write_str(&json).map_err(Error::from)
            }
            _ => minijinja::escape_formatter(out, state, value),
        }
    });
    environment
}

/// Text of bounded length.
struct Text(Zeroizing<Vec<u8>>);

impl io::Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > TEXT_BYTES_MAX {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        if self.0.capacity() - self.0.len() < bytes.len() {
            // A buffer that grows by itself leaves what was in it behind.
            let room = (2 * self.0.capacity()).max(self.0.len() + bytes.len());
            let mut grown = Zeroizing::new(Vec::with_capacity(room));
            grown.extend_from_slice(&self.0);
            self.0 = grown;
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const SOURCE_BYTES_MAX: usize = 1024 * 1024;
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
const LINE_CHARS_MAX: usize = 100;
// Instructions of the engine: tens of thousands of lines.
const FUEL: u64 = 1_000_000;
// Calls of macros inside macros.
const DEPTH_MAX: usize = 64;

#[cfg(test)]
mod tests;
