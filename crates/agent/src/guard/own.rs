//! Credentials of a caller's own: which role is assumed for it, and what its session is called.
//!
//! Assumes nothing. What a session is called is made of what is known of the caller for certain;
//! what is not known makes no session.
//!
//! Source: AWS STS API Reference, "AssumeRole", for what names and tags may hold.

use std::fmt;
use std::time::Duration;

use crate::caller::Process;
use crate::config::RoleStep;

/// `assume-role` of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// `role-arn`; `None` is the instance's own role.
    pub role_arn: Option<String>,
    /// `external-id`.
    pub external_id: Option<String>,
    /// `duration`: 15 minutes to one hour, as a role assumes it.
    pub duration: Duration,
    /// `session-policy`.
    pub policy: Option<SessionPolicy>,
    /// `policy-arns`.
    pub policy_arns: Vec<String>,
    /// `session-name`.
    pub name: Form,
    /// `session-tags`, in the order of their keys.
    pub tags: Vec<(String, Form)>,
    /// `source-identity`.
    pub source_identity: Option<Form>,
}

/// `session-policy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionPolicy {
    /// The document.
    Document(String),
    /// The file that holds it, which the world reads.
    File(String),
}

/// A text with what is known of the caller in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Of(About),
}

/// What stands in braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Uid,
    Exe,
    Program,
    Unit,
    Rule,
}

/// A session for one caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The rule that gives it.
    pub rule: String,
    /// Whether the role is named; else it is the instance's own, and that of `step` is empty.
    pub names_role: bool,
    /// What AssumeRole is called with.
    pub step: RoleStep,
}

/// Why there is no session for a caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unnamed {
    /// Something that the session is to be called after is not known.
    #[error("its `{0}` is not known, and the session is called after it")]
    Unknown(&'static str),
    /// STS takes no such name.
    #[error("STS takes no {0} made of its `{1}`")]
    NotTaken(&'static str, &'static str),
    /// The file of the session policy was not read.
    #[error("its session policy was not read")]
    NoPolicy,
}

impl Own {
    /// The session of a process, of which all that it is called after must be known.
    ///
    /// # Errors
    ///
    /// [`Unnamed`] where something is not known, or does not fit a name.
    pub fn session(&self, rule: &str, process: &Process) -> Result<Session, Unnamed> {
        let name = self
            .name
            .fill(rule, process, (NAME, is_of_name, NAME_CHARS_MAX))?;
        let mut step = RoleStep::new(self.role_arn.clone().unwrap_or_default());
        step.session_name = name;
        step.duration = self.duration;
        step.external_id.clone_from(&self.external_id);
        step.policy_arns.clone_from(&self.policy_arns);
        step.session_policy = match &self.policy {
            None => None,
            Some(SessionPolicy::Document(document)) => Some(document.clone()),
            // Without its policy a session could do more than it should.
            Some(SessionPolicy::File(_)) => return Err(Unnamed::NoPolicy),
        };
        for (key, form) in &self.tags {
            let value = form.fill(rule, process, (TAG, is_of_tag, TAG_CHARS_MAX))?;
            step.tags.push((key.clone(), value));
        }
        if let Some(form) = &self.source_identity {
            let limits = (
                SOURCE_IDENTITY,
                is_of_name as fn(char) -> bool,
                NAME_CHARS_MAX,
            );
            step.source_identity = Some(form.fill(rule, process, limits)?);
        }
        Ok(Session {
            rule: rule.to_owned(),
            names_role: self.role_arn.is_some(),
            step,
        })
    }

    /// Whether the session is called after more than the user.
    pub(super) fn asks_for_process(&self) -> bool {
        let tags = self.tags.iter().map(|(_, form)| form);
        let mut forms = tags.chain(&self.source_identity).chain([&self.name]);
        forms.any(Form::asks_for_process)
    }
}

impl Form {
    /// Reads a form; the name in braces that is none is the error.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| after.to_owned())?;
            let known = ABOUT.iter().find(|(_, own)| *own == name);
            let (about, _) = known.ok_or_else(|| name.to_owned())?;
            parts.extend([Part::Text(before.to_owned()), Part::Of(*about)]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    fn fill(
        &self,
        rule: &str,
        process: &Process,
        (what, is_taken, max): (&'static str, fn(char) -> bool, usize),
    ) -> Result<String, Unnamed> {
        let mut text = String::new();
        let mut last = "uid";
        for part in &self.0 {
            match part {
                Part::Text(own) => text.push_str(own),
                Part::Of(about) => {
                    last = about.name();
                    let value = about.of(rule, process).ok_or(Unnamed::Unknown(last))?;
                    if !value.chars().all(is_taken) {
                        return Err(Unnamed::NotTaken(what, last));
                    }
                    text.push_str(&value);
                }
            }
        }
        let count = text.chars().count();
        if count > max || what != TAG && count < NAME_CHARS_MIN || !text.chars().all(is_taken) {
            return Err(Unnamed::NotTaken(what, last));
        }
        Ok(text)
    }

    fn asks_for_process(&self) -> bool {
        let mut abouts = self.0.iter().filter_map(|part| match part {
            Part::Of(about) => Some(*about),
            Part::Text(_) => None,
        });
        abouts.any(|about| !matches!(about, About::Uid | About::Rule))
    }
}

impl About {
    fn name(self) -> &'static str {
        let mut all = ABOUT.iter();
        all.find(|(about, _)| *about == self).map_or("", |it| it.1)
    }

    fn of(self, rule: &str, process: &Process) -> Option<String> {
        match self {
            Self::Uid => Some(process.uid.to_string()),
            Self::Exe => process.exe.clone(),
            Self::Program => {
                let exe = process.exe.as_deref()?;
                exe.rsplit('/').next().map(str::to_owned)
            }
            Self::Unit => process.unit.clone(),
            Self::Rule => Some(rule.to_owned()),
        }
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = if self.names_role {
            &self.step.role_arn
        } else {
            "the instance's role"
        };
        write!(f, "session `{}` of {role}", self.step.session_name)
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter)
}

fn is_of_tag(letter: char) -> bool {
    letter.is_alphanumeric() || " _.:/=+-@".contains(letter)
}

/// Whether STS takes this as the key of a tag.
pub(super) fn is_tag_key(key: &str) -> bool {
    let count = key.chars().count();
    (1..=TAG_KEY_CHARS_MAX).contains(&count) && key.chars().all(is_of_tag)
}

const ABOUT: [(About, &str); 5] = [
    (About::Uid, "uid"),
    (About::Exe, "exe"),
    (About::Program, "program"),
    (About::Unit, "unit"),
    (About::Rule, "rule"),
];
/// What may stand in braces, for messages.
pub(super) const ABOUT_NAMES: &str = "`{uid}`, `{exe}`, `{program}`, `{unit}` and `{rule}`";
/// `session-name` of a user where the file says none.
pub(super) const NAME_DEFAULT: &str = "uid-{uid}";
/// The same of a service.
pub(super) const SERVICE_NAME_DEFAULT: &str = "service-{rule}";
const NAME: &str = "session name";
const TAG: &str = "session tag";
const SOURCE_IDENTITY: &str = "source identity";
// Characters.
const NAME_CHARS_MIN: usize = 2;
const NAME_CHARS_MAX: usize = 64;
const TAG_CHARS_MAX: usize = 256;
const TAG_KEY_CHARS_MAX: usize = 128;
