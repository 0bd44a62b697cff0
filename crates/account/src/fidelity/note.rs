//! What can be said of an operation, and how: the words of the table.
//!
//! Knows no operation.

/// What is to be said of a service.
#[derive(Debug)]
pub struct Service {
    /// As in `protocol::shape`: `secretsmanager`.
    pub name: &'static str,
    /// As AWS calls it.
    pub title: &'static str,
    /// What differs in more than one of its operations, a sentence each.
    pub remarks: &'static [&'static str],
    /// One for each operation that there is, sorted by name.
    pub notes: &'static [Note],
}

/// What is to be said of one operation.
#[derive(Debug)]
pub struct Note {
    /// `CreateRole`
    pub operation: &'static str,
    /// Whether it is as on AWS.
    pub fidelity: Fidelity,
    /// Parameters that are refused by name.
    pub refused: &'static [Refused],
    /// Whether some of its error messages are in our own words, because AWS's were not found. The
    /// error's code is AWS's all the same.
    pub has_own_words: bool,
}

/// How something compares with AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fidelity {
    /// No difference is known.
    Exact,
    /// What differs, in a plain sentence.
    Differs(&'static str),
    /// It is not there.
    Absent,
}

/// Parameters that an operation refuses, in one structure of its input.
#[derive(Debug)]
pub struct Refused {
    /// The structure, as `LaunchTemplateData`; empty for the input itself.
    pub within: &'static str,
    /// Which of its members.
    pub members: Members,
}

/// Members of a structure.
#[derive(Debug)]
pub enum Members {
    /// These.
    Named(&'static [&'static str]),
    /// All that are in none of these lists.
    AllBut(&'static [&'static [&'static str]]),
}

pub(crate) const fn exact(operation: &'static str) -> Note {
    Note {
        operation,
        fidelity: Fidelity::Exact,
        refused: &[],
        has_own_words: false,
    }
}

pub(crate) const fn differs(operation: &'static str, how: &'static str) -> Note {
    Note {
        fidelity: Fidelity::Differs(how),
        ..exact(operation)
    }
}

impl Note {
    pub(crate) const fn refuses(self, refused: &'static [Refused]) -> Self {
        Self { refused, ..self }
    }

    pub(crate) const fn in_own_words(self) -> Self {
        Self {
            has_own_words: true,
            ..self
        }
    }
}

/// Members of the input itself.
pub(crate) const fn named(members: &'static [&'static str]) -> Refused {
    within("", members)
}

pub(crate) const fn within(structure: &'static str, members: &'static [&'static str]) -> Refused {
    Refused {
        within: structure,
        members: Members::Named(members),
    }
}

pub(crate) const fn all_but(
    structure: &'static str,
    members: &'static [&'static [&'static str]],
) -> Refused {
    Refused {
        within: structure,
        members: Members::AllBut(members),
    }
}
