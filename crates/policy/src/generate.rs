//! From recorded calls to the least identity policy that allows them. Knows nothing of where the
//! records come from (`trail` reads CloudTrail's) and nothing of who called.
//!
//! Nothing is widened: an action stands with exactly the resources it was recorded with, and no
//! wildcard is written but for what a record cannot tell of a resource, in the form that AWS
//! documents. What comes out is read back by [`Policy`](crate::Policy) and put to the test before
//! anyone sees it: every recorded need has to be allowed, and whatever else the tables know to ask
//! of the same resources has to be denied.
//!
//! ```
//! use policy::Generator;
//! use policy::trail::{Filter, Trail};
//!
//! let text = r#"{"eventTime":"2026-11-21T06:22:08Z","awsRegion":"us-east-1",
//!     "eventSource":"secretsmanager.amazonaws.com","eventName":"GetSecretValue",
//!     "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/a",
//!         "accountId":"123456789012"},
//!     "requestParameters":{"secretId":"db"}}"#;
//! let filter = Filter::new().of("arn:aws:iam::123456789012:user/a")?;
//! let mut generator = Generator::new();
//! for record in Trail::read(text)?.records() {
//!     let record = record?;
//!     if filter.admits(&record) {
//!         assert!(record.unmapped.is_empty());
//!         generator.add(&record.needs)?;
//!     }
//! }
//! let generated = generator.finish()?;
//! assert!(generated.documents[0].contains(":secret:db-??????"));
//! assert_eq!((generated.calls, generated.needs), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod document;
mod error;
mod replay;
mod resource;
mod sid;

use std::collections::{BTreeMap, BTreeSet};

use crate::actions::{Action, Service};

pub use error::GenerateError;
pub use resource::{Resource, Unknown};

/// One thing that a call needed to be allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Need {
    /// `secretsmanager:GetSecretValue`, in whatever case.
    pub action: String,
    /// What it was done to. For an action of the tables that is done to no resource, whatever
    /// stands here counts as [`Resource::Any`].
    pub resource: Resource,
}

impl Need {
    /// The action on the resource, `*` or an ARN that is known in full.
    pub fn new(action: &str, resource: &str) -> Need {
        Need {
            action: action.to_owned(),
            resource: Resource::new(resource),
        }
    }
}

/// What was generated, and how it was tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Policy documents, pretty JSON, each within the quota of a managed policy; together they
    /// allow what was recorded. None when nothing was.
    pub documents: Vec<String>,
    /// Calls that were added, each as often as it was. All of them are allowed.
    pub calls: u64,
    /// Different needs that the calls had, as the documents name them. Each was decided: allowed.
    pub needs: u64,
    /// Other actions on the same resources that were decided: all denied.
    pub denied: u64,
    /// Other actions on the same resources that were left undecided, because there are too many:
    /// those decided are spread evenly among them.
    pub undecided: u64,
}

/// Collects calls, one by one, and holds each different need once.
///
/// Order and number of the calls make no difference to the documents.
#[derive(Debug, Clone, Default)]
pub struct Generator {
    calls: u64,
    needs: Needs,
    count: usize,
}

/// Resources by action, in lower case, and how the action is spelled.
type Needs = BTreeMap<String, Needed>;

#[derive(Debug, Clone)]
struct Needed {
    spelling: String,
    known: Option<Known>,
    resources: BTreeSet<Resource>,
}

impl Generator {
    /// No calls yet.
    pub fn new() -> Generator {
        Generator::default()
    }

    /// Adds one call with all that it needed; a call may need nothing.
    ///
    /// # Errors
    ///
    /// A need that no policy can express, or calls beyond the bounds. Nothing of the call is added
    /// beyond the need that was refused.
    pub fn add<'n>(
        &mut self,
        needs: impl IntoIterator<Item = &'n Need>,
    ) -> Result<(), GenerateError> {
        if self.calls >= CALLS_MAX {
            return Err(GenerateError::TooManyCalls { max: CALLS_MAX });
        }
        self.calls += 1;
        needs.into_iter().try_for_each(|need| self.add_need(need))
    }

    fn add_need(&mut self, need: &Need) -> Result<(), GenerateError> {
        let Checked { known, resource } = checked(need)?;
        let spelling = match known {
            Some((service, action)) => format!("{}:{}", service.prefix, action.name),
            None => need.action.clone(),
        };
        let lower = need.action.to_ascii_lowercase();
        let needed = self.needs.entry(lower).or_insert_with(|| Needed {
            spelling: spelling.clone(),
            known,
            resources: BTreeSet::new(),
        });
        if spelling < needed.spelling {
            needed.spelling = spelling;
        }
        if needed.resources.insert(resource.clone()) {
            self.count += 1;
        }
        if self.count > NEEDS_MAX {
            return Err(GenerateError::TooManyNeeds { max: NEEDS_MAX });
        }
        Ok(())
    }

    /// Writes the documents and tests them.
    ///
    /// # Errors
    ///
    /// A need that fits no document, or documents that do not pass the test: none are returned
    /// then.
    pub fn finish(self) -> Result<Generated, GenerateError> {
        let needs: Needs = self
            .needs
            .into_iter()
            .map(|(lower, needed)| (lower, needed.without_redundant()))
            .collect();
        let documents = document::write(&needs)?;
        let tested = replay::test(&documents, &needs)?;
        Ok(Generated {
            documents,
            calls: self.calls,
            needs: tested.allowed,
            denied: tested.denied,
            undecided: tested.undecided,
        })
    }
}

impl Needed {
    /// The same without the resources that another one of them covers.
    fn without_redundant(mut self) -> Needed {
        let wide = |it: &&Resource| !matches!(it, Resource::Arn(_));
        let wide: Vec<Resource> = self.resources.iter().filter(wide).cloned().collect();
        self.resources.retain(|it| {
            let sample = it.sample();
            !wide
                .iter()
                .any(|other| other != it && other.covers(&sample))
        });
        self
    }
}

/// The documents for `calls`, as a [`Generator`] makes them.
///
/// # Errors
///
/// Those of [`Generator::add`] and [`Generator::finish`].
pub fn generate<'n, C>(calls: impl IntoIterator<Item = C>) -> Result<Generated, GenerateError>
where
    C: IntoIterator<Item = &'n Need>,
{
    let mut generator = Generator::new();
    for call in calls {
        generator.add(call)?;
    }
    generator.finish()
}

/// A need that a policy can express.
struct Checked<'n> {
    known: Option<Known>,
    resource: &'n Resource,
}

type Known = (&'static Service, &'static Action);

/// Whether a policy can express the need.
pub(crate) fn check(need: &Need) -> Result<(), GenerateError> {
    checked(need).map(|_| ())
}

fn checked(need: &Need) -> Result<Checked<'_>, GenerateError> {
    let known = known_action(&need.action.to_ascii_lowercase())?;
    let resource = match known {
        Some((_, action)) if action.resources.is_empty() => &Resource::Any,
        Some(_) if need.resource == Resource::Any => {
            return Err(GenerateError::WithoutResource {
                action: need.action.clone(),
            });
        }
        _ => &need.resource,
    };
    if resource.pattern().is_none() {
        return Err(GenerateError::Unnameable {
            action: need.action.clone(),
            resource: resource.sample(),
        });
    }
    Ok(Checked { known, resource })
}

/// The action, in lower case, by the tables; `None` for a service that is not compiled in.
fn known_action(action: &str) -> Result<Option<Known>, GenerateError> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let whole = |text: &str| !text.is_empty() && text.chars().all(in_name);
    let parts = action.split_once(':').filter(|(p, n)| whole(p) && whole(n));
    let Some((prefix, name)) = parts.filter(|(prefix, _)| !prefix.contains('_')) else {
        return Err(GenerateError::NoAction {
            action: action.to_owned(),
        });
    };
    let Some(service) = Service::find(prefix) else {
        return Ok(None);
    };
    match service.action(name) {
        Some(found) => Ok(Some((service, found))),
        None => Err(GenerateError::UnknownAction {
            action: action.to_owned(),
            nearest: service
                .nearest(name)
                .map(|name| format!("{}:{name}", service.prefix)),
        }),
    }
}

/// Calls that one policy can be made of; as many as a trail may hold records.
pub const CALLS_MAX: u64 = 1_000_000;
/// Different needs: a hundred documents and more, which no identity can have.
pub const NEEDS_MAX: usize = 20_000;
