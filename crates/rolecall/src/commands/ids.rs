//! Users and groups of the command line, by number or name.

use crate::failure::Failure;

/// The number that `text` is, or that `look_up` has for it.
pub(super) fn number(
    flag: &str,
    text: &str,
    look_up: impl Fn(&str) -> Option<u32>,
) -> Result<u32, Failure> {
    let known = text.parse().ok().or_else(|| look_up(text));
    known.ok_or_else(|| {
        Failure::wrong(format!(
            "`{flag} {text}` is neither a number nor a name of this host"
        ))
        .hint("`getent passwd` and `getent group` list the names")
    })
}
