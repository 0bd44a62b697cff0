//! What a secret remembers of its rotation, and the functions that rotate.

use crate::home::Home;
use jiff::Timestamp;
use protocol::Arn;
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

/// Why there is no such function.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// It is not `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, with or without a version.
    #[error("`{0}` is no ARN of a Lambda function")]
    Arn(String),
    /// IAM has no such names.
    #[error("`{0}` is no name of a role")]
    Role(String),
}

impl RotationFunction {
    /// The account and the region of its ARN.
    pub fn home(&self) -> Option<Home> {
        let arn = Arn::parse(&self.arn)?;
        Some(Home::new(arn.account(), arn.region()))
    }

    /// The function of this ARN with the role of this name, which need not be there yet.
    ///
    /// # Errors
    ///
    /// [`FunctionError`] for what can name neither.
    pub fn new(arn: &str, role: &str) -> Result<Self, FunctionError> {
        let no_function = || FunctionError::Arn(arn.to_owned());
        let parsed = Arn::parse(arn).ok_or_else(no_function)?;
        let name = parsed.resource().strip_prefix("function:");
        let mut parts = name.ok_or_else(no_function)?.split(':');
        let is_name = |part: &str| {
            (1..=NAME_CHARACTERS_MAX).contains(&part.len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_$".contains(&byte))
        };
        let is_whole = !parsed.region().is_empty() && !parsed.account().is_empty();
        if parsed.service() != "lambda" || !is_whole || !parts.by_ref().take(2).all(is_name) {
            return Err(no_function());
        }
        if parts.next().is_some() {
            return Err(no_function());
        }
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if role.is_empty() || role.len() > NAME_CHARACTERS_MAX || !role.bytes().all(is_letter) {
            return Err(FunctionError::Role(role.to_owned()));
        }
        Ok(Self {
            arn: arn.to_owned(),
            role: role.to_owned(),
        })
    }
}

// Of a function, its version, and a role alike.
const NAME_CHARACTERS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_whole() {
        for arn in [
            "arn:aws:lambda:us-east-1:123456789012:function:rotate",
            "arn:aws:lambda:us-east-1:123456789012:function:rotate:$LATEST",
            "arn:aws:lambda:us-east-1:123456789012:function:rotate:3",
        ] {
            let function = RotationFunction::new(arn, "rotator").unwrap();
            assert_eq!((&*function.arn, &*function.role), (arn, "rotator"));
        }
        for arn in [
            "",
            "rotate",
            "arn:aws:lambda:us-east-1:123456789012:function:",
            "arn:aws:lambda:us-east-1:123456789012:function:a b",
            "arn:aws:lambda:us-east-1:123456789012:function:a:b:c",
            "arn:aws:lambda:us-east-1:123456789012:layer:rotate",
            "arn:aws:lambda::123456789012:function:rotate",
            "arn:aws:lambda:us-east-1::function:rotate",
            "arn:aws:s3:us-east-1:123456789012:function:rotate",
        ] {
            let answer = RotationFunction::new(arn, "rotator");
            assert_eq!(answer, Err(FunctionError::Arn(arn.into())), "{arn}");
        }
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:rotate";
        for role in ["", "a b", "a/b", &"x".repeat(65)] {
            let answer = RotationFunction::new(arn, role);
            assert_eq!(answer, Err(FunctionError::Role(role.into())), "{role}");
        }
    }
}
