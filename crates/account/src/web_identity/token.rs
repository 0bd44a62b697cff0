//! ID tokens: read, and believed only when an issuer that the account knows signed them.
//!
//! Source: OpenID Connect Core 1.0, section 3.1.3.7; RFC 7519; IAM User Guide, "Pass session tags
//! in AWS STS"; STS API Reference, "AssumeRoleWithWebIdentity".

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use protocol::{Fault, Secret};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::keys::Algorithm;
use super::{Issuers, bare};
use crate::entity::{OpenIdProvider, Tag};
use crate::state::State;

/// Whom a token speaks of, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WebIdentity {
    /// ARN of the provider.
    pub(crate) provider: String,
    /// The provider's URL without `https://`, which its condition keys begin with.
    pub(crate) host: String,
    /// For whom the token is: the client id.
    pub(crate) audience: String,
    /// Whom it speaks of.
    pub(crate) subject: String,
    /// How that one signed in.
    pub(crate) methods: Vec<String>,
    /// Session tags that the token passes.
    pub(crate) tags: Vec<Tag>,
    pub(crate) transitive_tag_keys: Vec<String>,
    pub(crate) source_identity: Option<String>,
}

/// Believes a token, or says in AWS's words why not.
pub(crate) fn authenticate(
    state: &State,
    issuers: Option<&Issuers>,
    token: &Secret,
    now: Timestamp,
) -> Result<WebIdentity, Fault> {
    let token = token.expose_text().and_then(Parsed::read);
    let token = token.ok_or_else(|| {
        invalid(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an \
             Access Token)",
        )
    })?;
    let issuer = token.text("iss").ok_or_else(|| missing("iss"))?;
    let provider = bare(issuer).and_then(|host| state.open_id_providers().get(host));
    let provider = provider.ok_or_else(|| {
        invalid(format!(
            "No OpenIDConnect provider found in your account for {issuer}"
        ))
    })?;
    token.check_signature(issuers, issuer)?;
    token.check_times(now)?;
    token.identity(state, provider)
}

/// A token in its parts, believed in nothing yet.
struct Parsed<'a> {
    algorithm: Option<Algorithm>,
    key_id: Option<String>,
    claims: Map<String, Json>,
    signed: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; none is (RFC 7515, section 4.1.11).
    crit: Option<Json>,
}

#[derive(Deserialize)]
struct PassedTags {
    #[serde(default)]
    principal_tags: Map<String, Json>,
    #[serde(default)]
    transitive_tag_keys: Vec<String>,
}

impl<'a> Parsed<'a> {
    fn read(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Header = serde_json::from_slice(&bytes(header)?).ok()?;
        if header.crit.is_some() {
            return None;
        }
        Some(Self {
            algorithm: Algorithm::named(&header.alg),
            key_id: header.kid,
            claims: serde_json::from_slice(&bytes(claims)?).ok()?,
            signed,
            signature: bytes(signature)?,
        })
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Json::as_str)
    }

    fn check_signature(&self, issuers: Option<&Issuers>, issuer: &str) -> Result<(), Fault> {
        let no_key = || {
            invalid(
                "Couldn't retrieve verification key from your identity provider,  please \
                 reference AssumeRoleWithWebIdentity documentation for requirements",
            )
        };
        let algorithm = self
            .algorithm
            .ok_or_else(|| invalid("The algorithm of the token's signature is not supported."))?;
        let keys = issuers.and_then(|issuers| issuers.keys_of(issuer));
        let mut fitting = keys
            .unwrap_or_default()
            .iter()
            .filter(|key| key.is_for(self.key_id.as_deref(), algorithm))
            .peekable();
        if fitting.peek().is_none() {
            return Err(no_key());
        }
        let text = self.signed.as_bytes();
        if fitting.any(|key| key.verifies(algorithm, text, &self.signature)) {
            return Ok(());
        }
        Err(invalid("The signature of the token is not valid."))
    }

    fn check_times(&self, now: Timestamp) -> Result<(), Fault> {
        let now = now.as_second();
        let expires = self.seconds("exp")?.ok_or_else(|| missing("exp"))?;
        if expires <= now {
            let message = format!(
                "Token expired: current date/time {now} must be before the expiration date/time \
                 {expires}"
            );
            return Err(Fault::new("ExpiredTokenException", message));
        }
        let issued = self.seconds("iat")?.ok_or_else(|| missing("iat"))?;
        let not_before = self.seconds("nbf")?.unwrap_or(issued);
        if issued.max(not_before) > now.saturating_add(SKEW_SECONDS_MAX) {
            return Err(invalid("The token is not valid yet."));
        }
        Ok(())
    }

    /// A whole number of seconds, as AWS wants it.
    fn seconds(&self, claim: &'static str) -> Result<Option<i64>, Fault> {
        let Some(value) = self.claims.get(claim) else {
            return Ok(None);
        };
        let wrong = || invalid(format!("The claim {claim} is no whole number of seconds."));
        value.as_i64().map(Some).ok_or_else(wrong)
    }

    fn identity(&self, state: &State, provider: &OpenIdProvider) -> Result<WebIdentity, Fault> {
        let audience = self.audience(provider)?;
        let subject = self.text("sub").filter(|subject| !subject.is_empty());
        let subject = subject.ok_or_else(|| missing("sub"))?;
        if subject.chars().count() > SUBJECT_CHARACTERS_MAX {
            return Err(rejected("The claim sub is too long."));
        }
        let (tags, transitive_tag_keys) = self.tags()?;
        let host = provider.host.clone();
        Ok(WebIdentity {
            provider: state.iam_arn("oidc-provider", "/", &host).to_string(),
            host,
            audience,
            subject: subject.to_owned(),
            methods: texts(self.claims.get("amr")),
            tags,
            transitive_tag_keys,
            source_identity: self.text(SOURCE_IDENTITY).map(str::to_owned),
        })
    }

    /// The party the token is for: the one that asked for it, where that is said, else one of its
    /// audience. Either way it must be a client that the provider was made with.
    fn audience(&self, provider: &OpenIdProvider) -> Result<String, Fault> {
        let audience = texts(self.claims.get("aud"));
        if audience.is_empty() {
            return Err(missing("aud"));
        }
        let parties = match self.text("azp") {
            Some(party) => vec![party.to_owned()],
            None => audience,
        };
        let known = |party: &String| provider.client_ids.contains(party);
        let found = parties.into_iter().find(known);
        found.ok_or_else(|| invalid("Incorrect token audience"))
    }

    fn tags(&self) -> Result<(Vec<Tag>, Vec<String>), Fault> {
        let Some(passed) = self.claims.get(TAGS) else {
            return Ok((Vec::new(), Vec::new()));
        };
        let wrong = || rejected(format!("The claim {TAGS} is not of the form that AWS has."));
        let passed: PassedTags = serde_json::from_value(passed.clone()).map_err(|_| wrong())?;
        let mut tags: Vec<Tag> = Vec::new();
        for (key, value) in passed.principal_tags {
            // One value, or a list of one.
            let values = texts(Some(&value));
            let [value] = values.as_slice() else {
                return Err(wrong());
            };
            let fits = (1..=TAG_KEY_CHARACTERS_MAX).contains(&key.chars().count())
                && value.chars().count() <= TAG_VALUE_CHARACTERS_MAX;
            let is_twice = tags.iter().any(|tag| tag.key.eq_ignore_ascii_case(&key));
            if !fits || is_twice || tags.len() >= TAGS_MAX {
                return Err(wrong());
            }
            tags.push(Tag {
                key,
                value: value.clone(),
            });
        }
        let transitive = passed.transitive_tag_keys;
        let is_tag = |key: &String| tags.iter().any(|tag| tag.key == *key);
        if !transitive.iter().all(is_tag) {
            return Err(wrong());
        }
        Ok((tags, transitive))
    }
}

/// A text, or the texts of a list.
fn texts(value: Option<&Json>) -> Vec<String> {
    match value {
        Some(Json::String(text)) => vec![text.clone()],
        Some(Json::Array(values)) => {
            let texts = values.iter().filter_map(Json::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn invalid(message: impl Into<String>) -> Fault {
    Fault::new("InvalidIdentityToken", message.into())
}

fn missing(claim: &str) -> Fault {
    invalid(format!("Missing a required claim: {claim}"))
}

fn rejected(message: impl Into<String>) -> Fault {
    Fault::new("IDPRejectedClaim", message.into()).status(403)
}

const TAGS: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";
// What a clock that is not exact may be ahead.
const SKEW_SECONDS_MAX: i64 = 300;
// Source: STS API Reference, Tag and AssumeRoleWithWebIdentity.
const TAG_KEY_CHARACTERS_MAX: usize = 128;
const TAG_VALUE_CHARACTERS_MAX: usize = 256;
const TAGS_MAX: usize = 50;
const SUBJECT_CHARACTERS_MAX: usize = 255;
