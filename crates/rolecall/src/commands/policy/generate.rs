//! `rolecall policy generate`: the least policy that allows what a principal was recorded to do.

use policy::trail::Filter;
use policy::{GenerateError, Generated, Generator};
use serde_json::json;

use super::super::moment::moment;
use super::records::{Found, Records};
use crate::cli::{self, Format};
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::term;

/// Prints the policies on stdout, and on stderr what they rest on.
pub(super) async fn run(flags: cli::Generate) -> Result<Exit, Failure> {
    let since = flags.since.as_deref();
    let since = since.map(|text| moment("--since", text, clock::now()));
    let since = since.transpose()?;
    let wrong = |error: &dyn std::fmt::Display| Failure::wrong(error.to_string());
    let mut filter = Filter::new()
        .of(&flags.principal)
        .map_err(|it| wrong(&it))?;
    if let Some(since) = since {
        filter = filter.since(&since.to_string()).map_err(|it| wrong(&it))?;
    }
    if flags.with_denied {
        filter = filter.with_denied();
    }
    let mut basis = Basis::default();
    let records = if flags.from.is_empty() {
        Records::of_account(since).await?
    } else {
        Records::of_files(&flags.from)?
    };
    records.each(|found| basis.add(found, &filter))?;
    let whole = basis.unmapped.is_empty() && basis.unreadable.is_empty();
    let Basis {
        generator,
        unmapped,
        unreadable,
        ..
    } = basis;
    let generated = generator.finish().map_err(|error| refused(&error))?;
    match flags.format {
        Format::Text => {
            term::data(&generated.documents.concat());
            summary(&generated, &unmapped, &unreadable);
        }
        Format::Json => term::data(&report(&generated, &unmapped, &unreadable)),
    }
    Ok(match (whole, generated.calls) {
        (false, _) => Exit::Unfinished,
        (true, 0) => Exit::No,
        (true, _) => Exit::Done,
    })
}

/// What the policies are made of, and what could not be.
#[derive(Default)]
struct Basis {
    generator: Generator,
    unmapped: Vec<String>,
    unreadable: Vec<String>,
}

impl Basis {
    fn add(&mut self, found: Found<'_>, filter: &Filter) -> Result<(), Failure> {
        let record = match found.record {
            Ok(record) => record,
            Err(error) => {
                noted(&mut self.unreadable, format!("{}: {error}", found.file));
                return Ok(());
            }
        };
        if !filter.admits(&record) {
            return Ok(());
        }
        for unmapped in &record.unmapped {
            let what = format!("{} at {}: {unmapped}", record.event, record.time);
            noted(&mut self.unmapped, what);
        }
        self.generator
            .add(&record.needs)
            .map_err(|error| refused(&error))
    }
}

/// Keeps the first of many, and each once.
fn noted(notes: &mut Vec<String>, note: String) {
    if notes.len() < NOTES_MAX && !notes.contains(&note) {
        notes.push(note);
    }
}

fn refused(error: &GenerateError) -> Failure {
    let text = error.to_string();
    match text.split_once("; hint: ") {
        Some((message, hint)) => Failure::unfinished(message).hint(hint),
        None => Failure::unfinished(text),
    }
}

fn summary(generated: &Generated, unmapped: &[String], unreadable: &[String]) {
    let Generated {
        calls,
        needs,
        denied,
        ..
    } = generated;
    if *calls == 0 {
        term::talk("no call of this principal is on record");
    } else {
        term::talk(&format!(
            "replayed {calls} calls with {needs} different needs: all allowed; \
             {denied} other actions on the same resources: all denied"
        ));
    }
    for note in unmapped {
        let note = term::shown(note);
        term::talk(&format!("note: not all that was needed is known: {note}"));
    }
    for note in unreadable {
        term::talk(&format!("note: left out: {}", term::shown(note)));
    }
}

fn report(generated: &Generated, unmapped: &[String], unreadable: &[String]) -> String {
    let documents = generated.documents.iter();
    let documents = documents.filter_map(|text| serde_json::from_str(text).ok());
    let report = json!({
        "documents": documents.collect::<Vec<serde_json::Value>>(),
        "calls": generated.calls,
        "needs": generated.needs,
        "denied": generated.denied,
        "undecided": generated.undecided,
        "unmapped": unmapped,
        "unreadable": unreadable,
    });
    format!("{report:#}\n")
}

// Notes of each sort that are kept: nobody reads more.
const NOTES_MAX: usize = 100;
