//! Which version of which secret is wanted, written in one way however it was asked.
//!
//! Does not know whether the secret exists, nor that a name and an ARN may mean one secret: that is
//! learnt from answers, in [`crate::cache`].
//! Source: Secrets Manager API Reference, "GetSecretValue", for the lengths and the default stage.

use std::borrow::Cow;

/// The stage that is meant when neither a version nor a stage is named.
pub const AWSCURRENT: &str = "AWSCURRENT";

/// A read of one secret version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ask {
    secret_id: String,
    version_id: Option<String>,
    // Mostly `AWSCURRENT`, which is then no text of its own.
    version_stage: Option<Cow<'static, str>>,
    role: Option<String>,
}

/// Why a request names no secret version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The name or ARN is empty.
    #[error("the secret's name is empty")]
    EmptySecretId,
    /// Longer than Secrets Manager takes, so it cannot exist.
    #[error("the {part} is longer than {max} characters")]
    TooLong {
        /// Which part of the request.
        part: &'static str,
        /// In characters.
        max: usize,
    },
}

impl Ask {
    /// Empty version and stage count as absent; with neither, the stage is `AWSCURRENT`.
    ///
    /// # Errors
    ///
    /// [`AskError`] for an empty name and for parts longer than the service accepts.
    pub fn new(
        secret_id: impl Into<String>,
        version_id: Option<String>,
        version_stage: Option<String>,
    ) -> Result<Self, AskError> {
        let secret_id = secret_id.into();
        let version_id = version_id.filter(|text| !text.is_empty());
        let version_stage = version_stage.filter(|text| !text.is_empty());
        let mut version_stage = version_stage.map(Cow::Owned);
        if secret_id.is_empty() {
            return Err(AskError::EmptySecretId);
        }
        bound("secret's name", &secret_id, SECRET_ID_CHARS_MAX)?;
        bound(
            "version id",
            version_id.as_deref().unwrap_or(""),
            VERSION_ID_CHARS_MAX,
        )?;
        bound(
            "version stage",
            version_stage.as_deref().unwrap_or(""),
            STAGE_CHARS_MAX,
        )?;
        if version_id.is_none() && version_stage.is_none() {
            version_stage = Some(Cow::Borrowed(AWSCURRENT));
        }
        Ok(Self {
            secret_id,
            version_id,
            version_stage,
            role: None,
        })
    }

    /// The same, read with a role of the configuration. What one role may read says nothing of
    /// another, so the two are never one entry.
    #[must_use]
    pub fn by_role(self, role: impl Into<String>) -> Self {
        Self {
            role: Some(role.into()),
            ..self
        }
    }

    /// Name of the role; without one the agent's own credentials are meant.
    pub fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// Name or ARN.
    pub fn secret_id(&self) -> &str {
        &self.secret_id
    }

    /// The version's id, where one was named.
    pub fn version_id(&self) -> Option<&str> {
        self.version_id.as_deref()
    }

    /// The stage; always there when no version id is.
    pub fn version_stage(&self) -> Option<&str> {
        self.version_stage.as_deref()
    }

    /// Another version of the same secret.
    #[must_use]
    pub fn at_stage(&self, stage: &str) -> Self {
        Self {
            version_id: None,
            version_stage: Some(Cow::Owned(stage.to_owned())),
            ..self.clone()
        }
    }

    /// The same version of the secret by another of its names.
    #[must_use]
    pub(crate) fn of(&self, secret_id: &str) -> Self {
        Self {
            secret_id: secret_id.to_owned(),
            ..self.clone()
        }
    }
}

fn bound(part: &'static str, text: &str, max: usize) -> Result<(), AskError> {
    // A text has no more characters than bytes.
    if text.len() > max && text.chars().count() > max {
        return Err(AskError::TooLong { part, max });
    }
    Ok(())
}

// Characters, from the service's model.
const SECRET_ID_CHARS_MAX: usize = 2_048;
const VERSION_ID_CHARS_MAX: usize = 64;
const STAGE_CHARS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(version_id: &str, stage: &str) -> Ask {
        Ask::new("db", Some(version_id.to_owned()), Some(stage.to_owned())).unwrap()
    }

    #[test]
    fn an_empty_name_asks_for_nothing() {
        assert_eq!(Ask::new("", None, None), Err(AskError::EmptySecretId));
    }

    #[test]
    fn parts_that_no_secret_can_have_are_refused() {
        let long = "x".repeat(2_049);

        assert_eq!(
            Ask::new(long.clone(), None, None),
            Err(AskError::TooLong {
                part: "secret's name",
                max: 2_048
            })
        );
        assert!(Ask::new("db", Some(long.clone()), None).is_err());
        assert!(Ask::new("db", None, Some(long)).is_err());
        assert!(Ask::new("é".repeat(2_048), None, None).is_ok());
    }

    #[test]
    fn the_stage_is_awscurrent_unless_something_else_is_named() {
        assert_eq!(Ask::new("db", None, None).unwrap(), ask("", AWSCURRENT));
        assert_eq!(ask("", ""), ask("", AWSCURRENT));
        assert_ne!(ask("", "AWSPREVIOUS"), ask("", AWSCURRENT));
        assert_eq!(ask("v1", "").version_stage(), None);
        assert_eq!(ask("v1", AWSCURRENT).version_stage(), Some(AWSCURRENT));
    }
}
