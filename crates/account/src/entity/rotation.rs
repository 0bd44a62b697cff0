//! What a secret remembers of its rotation, and the functions that rotate.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The rotation of a secret that was set up once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRotation {
    /// Whether it goes on.
    pub enabled: bool,
    /// `RotationLambdaARN`
    pub function: String,
    /// When it rotates by itself.
    pub rules: RotationRules,
    /// `LastRotatedDate`
    pub last: Option<Timestamp>,
    /// The next window, where there is a schedule.
    pub next: Option<Window>,
    /// What is under way.
    pub job: Option<RotationJob>,
}

/// `RotationRules`, as they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationRules {
    /// `AutomaticallyAfterDays`
    pub days: Option<i64>,
    /// `ScheduleExpression`
    pub expression: Option<String>,
    /// `Duration`, in hours.
    pub duration_hours: Option<i64>,
}

/// A span of time in which a rotation begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first moment.
    pub start: Timestamp,
    /// The first moment after it.
    pub end: Timestamp,
}

/// A rotation that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationJob {
    /// The id of the version that is to become current.
    pub token: String,
    /// Whether only the function is tried, by its step `testSecret`.
    pub only_test: bool,
    /// What is to be done next.
    pub step: RotationStep,
    /// When that is to be done.
    pub at: Timestamp,
    /// How often the whole has failed.
    pub failures: u32,
    /// Whether a value that was put by hand has made it moot.
    #[serde(default)]
    pub abandoned: bool,
}

/// The steps of a rotation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RotationStep {
    /// A new value.
    CreateSecret,
    /// The new value in the service that the secret is for.
    SetSecret,
    /// A try with the new value.
    TestSecret,
    /// The labels.
    FinishSecret,
}

impl RotationStep {
    /// As the function is told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateSecret => "createSecret",
            Self::SetSecret => "setSecret",
            Self::TestSecret => "testSecret",
            Self::FinishSecret => "finishSecret",
        }
    }

    /// The step that follows.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::CreateSecret => Some(Self::SetSecret),
            Self::SetSecret => Some(Self::TestSecret),
            Self::TestSecret => Some(Self::FinishSecret),
            Self::FinishSecret => None,
        }
    }
}

/// A function that can be called to rotate, and as whom it acts. What it does is the world's to
/// know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RotationFunction {
    /// As secrets name it.
    pub arn: String,
    /// Name of the role of this account whose credentials it gets.
    pub role: String,
}
