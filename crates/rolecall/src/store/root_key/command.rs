//! A program in front of a key service: it reads bytes, and writes them wrapped or unwrapped.
//!
//! It is started once with `wrap` as its last argument when a root key is made, and once with
//! `unwrap` at each start. It is no shell line: words are parted by spaces.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::failure::Failure;

/// What the program makes of the bytes.
pub(super) fn run(line: &str, verb: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let fails = |why: &dyn std::fmt::Display| {
        Failure::unfinished(format!("`{line} {verb}` fails: {why}")).hint(
            "the program reads bytes on its standard input and writes them, wrapped or unwrapped, \
             on its standard output",
        )
    };
    let mut words = line.split_ascii_whitespace();
    let program = words
        .next()
        .ok_or_else(|| Failure::wrong("`--root-key-command` names no program"))?;
    let mut child = Command::new(program)
        .args(words)
        .arg(verb)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| fails(&error))?;
    let (answer, answered) = mpsc::channel();
    let output = child.stdout.take();
    let reader = std::thread::Builder::new().name("root key".to_owned());
    let reading = reader.spawn(move || {
        let mut read = Zeroizing::new(Vec::with_capacity(ANSWER_BYTES_MAX));
        let limit = u64::try_from(ANSWER_BYTES_MAX + 1).unwrap_or(u64::MAX);
        let outcome = output.map(|output| output.take(limit).read_to_end(&mut read));
        let _gone = answer.send(matches!(outcome, Some(Ok(_))).then_some(read));
    });
    reading.map_err(|error| fails(&error))?;
    // A program that has gone says so by its exit code.
    let _gone = child.stdin.take().map(|mut input| input.write_all(bytes));
    let read = answered.recv_timeout(TIME_MAX);
    if read.is_err() {
        let _gone = child.kill();
    }
    let status = child.wait().map_err(|error| fails(&error))?;
    match read {
        Err(_) => Err(fails(&format!(
            "no answer in {} seconds",
            TIME_MAX.as_secs()
        ))),
        Ok(_) if !status.success() => Err(fails(&status)),
        Ok(Some(read)) if read.len() <= ANSWER_BYTES_MAX => Ok(read),
        Ok(_) => Err(fails(&"its answer cannot be read, or is too long")),
    }
}

const ANSWER_BYTES_MAX: usize = 16 * 1_024;
const TIME_MAX: Duration = Duration::from_secs(30);
