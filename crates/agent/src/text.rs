//! What of somebody else's text may stand in a message of ours.

/// `text` on one line, without control characters, of bounded length.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(SHOWN_CHARS_MAX)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN_CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

const SHOWN_CHARS_MAX: usize = 128;
