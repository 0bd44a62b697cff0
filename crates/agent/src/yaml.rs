//! Configuration files: YAML as a small tree with places, and the means to check its keys.
//!
//! Knows no key: whoever reads a file says which keys stand where, and gets every problem with its
//! line and the way out.

mod error;
mod tree;
mod values;

pub use self::error::ConfigError;
pub use self::tree::{Key, Kind, Node, Place};
pub use self::values::{Checker, Section, Text};

/// Reads a file's text with the keys that `check` knows; `file` is its name in messages.
///
/// # Errors
///
/// Every problem found, in the order of the file, up to [`ERRORS_MAX`]; never an empty list.
pub fn read<T>(
    text: &str,
    file: &str,
    check: impl FnOnce(&mut Checker<'_>, Node) -> Option<T>,
) -> Result<T, Vec<ConfigError>> {
    let tree = tree::parse(text, file).map_err(|error| vec![error])?;
    let mut checker = Checker {
        file,
        errors: Vec::new(),
    };
    let read = check(&mut checker, tree);
    let mut errors = checker.errors;
    errors.sort_by_key(|error| (error.line, error.column));
    errors.truncate(ERRORS_MAX);
    match read {
        Some(read) if errors.is_empty() => Ok(read),
        _ => Err(errors),
    }
}

/// Problems told at once; more would scroll the first one away.
pub const ERRORS_MAX: usize = 20;

#[cfg(test)]
pub(crate) use tree::TEXT_BYTES_MAX;
