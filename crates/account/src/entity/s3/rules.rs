//! Rules that a bucket has: which pages may ask a browser for it, and when objects go.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::Tag;

/// Which pages may ask a browser for what is in a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorsRule {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Origins of the pages, with at most one `*` each.
    pub origins: Vec<String>,
    /// `GET`, `PUT`, `HEAD`, `POST`, `DELETE`.
    pub methods: Vec<String>,
    /// Headers that they may send, with at most one `*` each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// Headers of answers that they may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposed: Vec<String>,
    /// How long a browser may remember it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds_max: Option<i32>,
}

/// When objects go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleRule {
    /// Its name.
    pub id: String,
    /// Whether it counts.
    pub is_enabled: bool,
    /// Which objects it is about.
    pub about: LifecycleFilter,
    /// When the newest version goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Expiration>,
    /// For how many days older versions stay, and how many of them do even then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noncurrent: Option<(i32, Option<i32>)>,
    /// Days after which an upload that was begun is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_days: Option<i32>,
}

/// Which objects a rule is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifecycleFilter {
    /// In which of its three forms it was written.
    pub form: FilterForm,
    /// What their names begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Tags that they all have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Larger than so many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub larger_than: Option<i64>,
    /// Smaller than so many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smaller_than: Option<i64>,
}

/// The form of a filter, which is told as it was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilterForm {
    /// A `Prefix` of the rule itself.
    Prefix,
    /// A `Filter` with one member or none.
    #[default]
    One,
    /// A `Filter` with `And`.
    And,
}

/// When the newest version goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expiration {
    /// At the midnight after so many days.
    Days(i32),
    /// From a midnight on.
    Date(Timestamp),
    /// Where it is a delete marker without older versions.
    Marker,
}
