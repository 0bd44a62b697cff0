//! The path of a metadata request, made plain once: what a guard matches is what is served.
//!
//! Knows the versions and no tree. How EC2 treats `//`, dot segments and percent-encoding is not
//! documented; here a path is decoded exactly once, before it is taken apart, so that no encoding
//! hides a segment.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A path without escapes, empty segments and dot segments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MetadataPath {
    segments: Vec<String>,
    trailing_slash: bool,
}

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route<'a> {
    /// `/`, the listing of the versions.
    Versions,
    /// Below a version.
    Tree {
        /// The first segment.
        version: Version,
        /// The segments behind it, none for the version itself.
        segments: &'a [String],
    },
    /// Below something that is no version: there is nothing.
    Nowhere,
}

/// A version of the service, in the order in which they came; `latest` is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(usize);

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// Does not start with a slash.
    #[error("the path does not start with `/`")]
    NotAbsolute,
    /// Longer than any real one.
    #[error("the path has more than {PATH_BYTES_MAX} bytes")]
    TooLong,
    /// Deeper than any real one.
    #[error("the path has more than {SEGMENTS_MAX} segments")]
    TooDeep,
    /// A `%` without two hexadecimal digits.
    #[error("the path holds an incomplete escape")]
    BadEscape,
    /// Not text.
    #[error("the path is not UTF-8")]
    NotUtf8,
    /// NUL, a line feed or the like.
    #[error("the path holds a control character")]
    Control,
}

/// Makes a request's path plain. What follows the first `?` is ignored, as the service has no
/// queries.
///
/// Never climbs above the root: a `..` there is dropped.
///
/// # Errors
///
/// See [`PathError`].
pub fn normalize(path: &str) -> Result<MetadataPath, PathError> {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.len() > PATH_BYTES_MAX * ESCAPE_BYTES {
        return Err(PathError::TooLong);
    }
    let decoded = decode(path.as_bytes())?;
    if decoded.len() > PATH_BYTES_MAX {
        return Err(PathError::TooLong);
    }
    let text = String::from_utf8(decoded).map_err(|_| PathError::NotUtf8)?;
    if text.chars().any(char::is_control) {
        return Err(PathError::Control);
    }
    let relative = text.strip_prefix('/').ok_or(PathError::NotAbsolute)?;
    let mut segments: Vec<String> = Vec::new();
    let mut trailing_slash = true;
    for segment in relative.split('/') {
        trailing_slash = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ if segments.len() == SEGMENTS_MAX => return Err(PathError::TooDeep),
            name => segments.push(name.to_owned()),
        }
    }
    Ok(MetadataPath {
        trailing_slash: trailing_slash || segments.is_empty(),
        segments,
    })
}

impl MetadataPath {
    /// The segments, the version first. None of them is empty, `.` or `..`, or holds a slash.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// Whether the path ended in a slash, which some clients send behind a value and some leave off
    /// behind a directory. The root does.
    pub fn trailing_slash(&self) -> bool {
        self.trailing_slash
    }

    /// Where it leads.
    pub fn route(&self) -> Route<'_> {
        match self.segments.split_first() {
            None => Route::Versions,
            Some((first, segments)) => match Version::parse(first) {
                Some(version) => Route::Tree { version, segments },
                None => Route::Nowhere,
            },
        }
    }
}

/// The path to forward, percent-encoded where a URI demands it; [`normalize`] makes the same of it
/// again.
impl fmt::Display for MetadataPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            write!(f, "/{}", utf8_percent_encode(segment, ESCAPED))?;
        }
        f.write_str(if self.trailing_slash { "/" } else { "" })
    }
}

impl Version {
    /// Whichever is newest.
    pub const LATEST: Self = Self(VERSIONS.len() - 1);

    /// Every version, oldest first, as `/` lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::LATEST.0).map(Self)
    }

    /// Finds a version by its name. A date that EC2 has not published is no version, as clients
    /// probe for what is there.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|version| version.as_str() == name)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        VERSIONS.get(self.0).copied().unwrap_or_default()
    }
}

fn decode(text: &[u8]) -> Result<Vec<u8>, PathError> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let [high, low, after @ ..] = rest else {
            return Err(PathError::BadEscape);
        };
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else {
            return Err(PathError::BadEscape);
        };
        out.push(high << 4 | low);
        rest = after;
    }
    Ok(out)
}

/// A path, decoded: several times the longest one of the tree.
pub const PATH_BYTES_MAX: usize = 1_024;
/// Segments of a path: the tree is eight deep, and tails behind a role's name are taken.
pub const SEGMENTS_MAX: usize = 16;
/// `%XX`.
const ESCAPE_BYTES: usize = 3;
/// What may not stand in a segment of a URI as it is (RFC 3986, 3.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');
/// Ascending. Up to 2016-09-02 as published; the later ones are those that the EC2 User Guide's
/// table of categories and clients name.
const VERSIONS: [&str; 32] = [
    "1.0",
    "2007-01-19",
    "2007-03-01",
    "2007-08-29",
    "2007-10-10",
    "2007-12-15",
    "2008-02-01",
    "2008-09-01",
    "2009-04-04",
    "2011-01-01",
    "2011-05-01",
    "2012-01-12",
    "2014-02-25",
    "2014-11-05",
    "2015-10-20",
    "2016-04-19",
    "2016-06-30",
    "2016-09-02",
    "2016-11-15",
    "2016-11-30",
    "2018-05-23",
    "2018-08-17",
    "2018-09-24",
    "2018-11-29",
    "2019-10-01",
    "2020-08-24",
    "2020-10-27",
    "2020-11-01",
    "2021-01-03",
    "2021-03-23",
    "2021-07-15",
    "latest",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(path: &str, expect: Result<&str, PathError>) {
        let shown = normalize(path).map(|path| path.to_string());
        assert_eq!(shown, expect.map(str::to_owned), "{path}");
    }

    #[test]
    fn paths_are_made_plain() {
        check("/", Ok("/"));
        check("//", Ok("/"));
        check("/latest/meta-data", Ok("/latest/meta-data"));
        check("/latest//meta-data///", Ok("/latest/meta-data/"));
        check("/latest/./meta-data/.", Ok("/latest/meta-data/"));
        check("/latest/dynamic/../meta-data", Ok("/latest/meta-data"));
        check("/latest/dynamic/..", Ok("/latest/"));
        check("/../../latest/..", Ok("/"));
        check("/latest/meta-data?x=/../y", Ok("/latest/meta-data"));
        check("/latest/...", Ok("/latest/..."));
    }

    #[test]
    fn escapes_are_decoded_once_and_hide_nothing() {
        check("/latest/%6deta-data", Ok("/latest/meta-data"));
        check("/latest/x/%2e%2e/meta-data", Ok("/latest/meta-data"));
        check("/latest/x%2F..%2fmeta-data", Ok("/latest/meta-data"));
        check("/latest%2fiam", Ok("/latest/iam"));
        check("%2flatest", Ok("/latest"));
        check("/latest/%252e%252e/x", Ok("/latest/%252e%252e/x"));
        check("/latest/a%3Fb%23", Ok("/latest/a%3Fb%23"));
        check("/latest/\u{e4}", Ok("/latest/%C3%A4"));
        check("/macs/02:00:5e=1@x", Ok("/macs/02:00:5e=1@x"));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in ["", "latest", "*", "?/latest", "http://h/"] {
            check(path, Err(PathError::NotAbsolute));
        }
        for path in ["/%", "/%4", "/%zz", "/%%41", "/%4g", "/%+1", "/a%"] {
            check(path, Err(PathError::BadEscape));
        }
        for path in ["/%00", "/a%0Ab", "/a\nb", "/%7f", "/%c2%85", "/\u{85}"] {
            check(path, Err(PathError::Control));
        }
        for path in ["/%ff", "/%c3", "/%c0%af", "/%ed%a0%80"] {
            check(path, Err(PathError::NotUtf8));
        }
    }

    #[test]
    fn length_and_depth_have_bounds() {
        let long = "x".repeat(PATH_BYTES_MAX - 1);
        check(&format!("/{long}"), Ok(&format!("/{long}")));
        check(&format!("/{long}x"), Err(PathError::TooLong));
        check(&"/%41".repeat(PATH_BYTES_MAX * 2), Err(PathError::TooLong));
        let deep = "/x".repeat(SEGMENTS_MAX);
        check(&deep, Ok(&deep));
        check(&format!("{deep}/x"), Err(PathError::TooDeep));
        check(&format!("{deep}/../x"), Ok(&deep));
    }

    #[test]
    fn routes_start_at_a_version() {
        let check = |path: &str, expect: Option<(&str, &[&str])>| {
            let path = normalize(path).unwrap();
            let found = match path.route() {
                Route::Tree { version, segments } => Some((version.as_str(), segments.to_vec())),
                Route::Versions | Route::Nowhere => None,
            };
            let expect = expect.map(|(version, segments)| {
                (
                    version,
                    segments
                        .iter()
                        .map(|segment| (*segment).to_owned())
                        .collect(),
                )
            });
            assert_eq!(found, expect, "{path}");
        };
        check("/latest", Some(("latest", &[])));
        check(
            "/2021-03-23/api/token",
            Some(("2021-03-23", &["api", "token"])),
        );
        check("/1.0/meta-data/", Some(("1.0", &["meta-data"])));
        for path in [
            "/",
            "/2030-01-01/meta-data",
            "/LATEST",
            "/meta-data",
            "/latest%20",
            "/1",
        ] {
            check(path, None);
        }
        assert_eq!(normalize("/").unwrap().route(), Route::Versions);
        assert_eq!(normalize("/x").unwrap().route(), Route::Nowhere);
    }

    #[test]
    fn versions_are_in_order() {
        assert!(VERSIONS.is_sorted() && Version::all().is_sorted());
        assert_eq!(Version::LATEST.as_str(), "latest");
        assert_eq!(Version::all().count(), VERSIONS.len());
        assert!(Version::parse("2012-01-12") < Version::parse("2016-06-30"));
    }

    #[test]
    fn a_trailing_slash_is_kept() {
        for (path, expect) in [
            ("/latest", false),
            ("/latest/", true),
            ("/latest/x/..", true),
            ("/", true),
        ] {
            assert_eq!(normalize(path).unwrap().trailing_slash(), expect, "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_path_makes_normalize_panic(path: String) {
            let _ = normalize(&path);
        }

        #[test]
        fn a_plain_path_stays_as_it_is(path in "/([a-z./%?]|%2[eEfF5]|%C3%A4|\\PC){0,40}") {
            if let Ok(plain) = normalize(&path) {
                prop_assert_eq!(normalize(&plain.to_string()), Ok(plain.clone()));
                prop_assert!(plain.segments().len() <= SEGMENTS_MAX);
                for segment in plain.segments() {
                    prop_assert!(!["", ".", ".."].contains(&segment.as_str()));
                    prop_assert!(!segment.contains('/') && !segment.contains('\0'));
                }
            }
        }
    }
}
