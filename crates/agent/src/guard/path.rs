//! A request's path as the guard sees it: made plain once, and the same for every version.
//!
//! Knows the two trees that hold credentials, and no rule. What is matched here is what is
//! forwarded.
//!
//! Source: EC2 User Guide, "Instance metadata categories".

use std::fmt;

use protocol::metadata::{MetadataPath, PathError, normalize};

/// A path that may be forwarded, if a rule says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    path: MetadataPath,
}

/// What is asked for of a role's credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfRole<'a> {
    /// The name of the role.
    Name,
    /// The credentials of the role of this name.
    Document(&'a str),
    /// What nobody has who has a role of their own.
    Absent,
}

/// Why a path is forwarded for nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// It is no path.
    #[error(transparent)]
    NotAPath(#[from] PathError),
    /// A character that stands in no path of the service, and that another reader might decode
    /// once more, or take for a separator.
    #[error("the path holds a character that no path of the metadata service has")]
    NotPlain,
}

impl Asked {
    /// Makes a request's path plain.
    ///
    /// # Errors
    ///
    /// [`PathFault`] for what is no path of the service, whoever asks.
    pub fn read(path: &str) -> Result<Self, PathFault> {
        let path = normalize(path)?;
        let is_plain = |segment: &String| segment.bytes().all(is_plain);
        if !path.segments().iter().all(is_plain) {
            return Err(PathFault::NotPlain);
        }
        Ok(Self { path })
    }

    /// Whether it leads into a tree of credentials: the role's own or those that AWS's services
    /// use. A name of such a tree counts wherever it stands and however it is written.
    pub fn is_of_credentials(&self) -> bool {
        let is_tree = |segment: &String| {
            let mut trees = CREDENTIAL_TREES.iter();
            trees.any(|tree| segment.eq_ignore_ascii_case(tree))
        };
        self.path.segments().iter().any(is_tree)
    }

    /// What it asks for of a role's credentials, as the service would be asked: what stands behind
    /// the role's name does not count there either.
    pub fn of_role(&self) -> OfRole<'_> {
        match self.below_version() {
            [data, iam, tree, rest @ ..] if [data, iam, tree] == ROLE_TREE => match rest {
                [] => OfRole::Name,
                [role, ..] => OfRole::Document(role),
            },
            _ => OfRole::Absent,
        }
    }

    /// The segments behind the version.
    pub fn below_version(&self) -> &[String] {
        self.path.segments().get(1..).unwrap_or_default()
    }

    /// Whether tokens are made there: in the newest version alone, as on EC2.
    pub fn is_token(&self) -> bool {
        let segments = self.path.segments().iter().map(String::as_str);
        segments.eq(["latest", "api", "token"])
    }

    /// Whether it is where tokens are made, in any version.
    pub fn is_token_of_any_version(&self) -> bool {
        self.below_version() == ["api", "token"]
    }
}

/// The path to forward.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

/// What keys of tags may hold (EC2 User Guide, "Use instance tags in instance metadata"), and with
/// it every name of a category.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+-=.,_:@".contains(&byte)
}

const ROLE_TREE: [&str; 3] = ["meta-data", "iam", "security-credentials"];
// `meta-data/iam/security-credentials`, the form of it that SDKs ask for first, and
// `meta-data/identity-credentials`.
const CREDENTIAL_TREES: [&str; 3] = [
    "security-credentials",
    "security-credentials-extended",
    "identity-credentials",
];
