//! Why no policy comes out. Knows no place in a file: that is the reader's to add.

/// Why calls cannot be made into a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// More calls than the bound.
    #[error("more than {max} calls; hint: leave out those before a moment, or of other principals")]
    TooManyCalls {
        /// The bound.
        max: u64,
    },
    /// More different needs than the bound.
    #[error(
        "more than {max} different pairs of action and resource; hint: leave out those before a \
         moment, or of other principals"
    )]
    TooManyNeeds {
        /// The bound.
        max: usize,
    },
    /// Not `service:Name`.
    #[error("`{action}` is no action; hint: write the service prefix, a colon and the name")]
    NoAction {
        /// As it was given, in lower case.
        action: String,
    },
    /// The service is compiled in and has no such action.
    #[error("no action `{action}`{}", suggestion(.nearest.as_deref()))]
    UnknownAction {
        /// As it was given, in lower case.
        action: String,
        /// One that may be meant.
        nearest: Option<String>,
    },
    /// `*` for an action that is done to resources.
    #[error("`{action}` is done to resources, and `*` would be all of them; hint: name the ARN")]
    WithoutResource {
        /// The action.
        action: String,
    },
    /// The resource is no ARN, or holds a wildcard where no policy can write one.
    #[error(
        "no policy can name the resource `{resource}` of `{action}`; hint: it has to be a whole \
         ARN, without `*`, `?` or `$` before the fifth colon"
    )]
    Unnameable {
        /// The action.
        action: String,
        /// The resource.
        resource: String,
    },
    /// One action on one resource is longer than a document may be.
    #[error(
        "`{action}` on `{resource}` is longer than a managed policy may be; hint: leave it out"
    )]
    TooLong {
        /// The action.
        action: String,
        /// The resource, as a policy writes it.
        resource: String,
    },
    /// A document does not parse.
    #[error("the policy that was written is refused: {0}")]
    Refused(#[from] crate::ParseError),
    /// The documents deny what was recorded.
    #[error("the policy that was written denies `{action}` on `{resource}`, which was recorded")]
    Denied {
        /// The action.
        action: String,
        /// An ARN, or `*`.
        resource: String,
    },
    /// The documents allow what was not recorded.
    #[error(
        "the policy that was written allows `{action}` on `{resource}`, which was not recorded"
    )]
    Allowed {
        /// The action.
        action: String,
        /// An ARN, or `*`.
        resource: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |it| format!("; hint: did you mean `{it}`?"))
}
