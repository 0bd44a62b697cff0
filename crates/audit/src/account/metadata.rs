//! Which options of the metadata service are in force, and which layer decided. Knows no rule.
//!
//! For each option: what the launch sets (the instance, its launch template or configuration), then
//! the account's default in the region, then the image's `imds-support`, then what AWS does when
//! nobody says: enabled, tokens optional, one hop. Unset is never disabled.
//!
//! Source: EC2 User Guide, "Configure the Instance Metadata Service options", "Order of precedence
//! for instance metadata options".

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::facts::{MetadataOptions, RegionFacts, Tokens};

/// What decided an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layer {
    /// The instance's own options, as EC2 tells them.
    Instance,
    /// What it is launched from: `launch template lt-1, version 3`.
    Launch(String),
    /// The account's default in the region.
    AccountDefault,
    /// The image's `imds-support`.
    Image(String),
    /// Nobody says: enabled, tokens optional, one hop.
    AwsDefault,
}

/// An option in force, and who decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce<T> {
    /// The option.
    pub value: T,
    /// What decided.
    pub layer: Layer,
}

/// Options in force. An error says what would have to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether session tokens are required.
    pub tokens: Result<InForce<Tokens>, String>,
    /// How many hops answers to `PUT` go.
    pub hop_limit: Result<InForce<u32>, String>,
    /// Whether it answers at all.
    pub endpoint: Result<InForce<bool>, String>,
}

impl Layer {
    /// As findings name it.
    pub fn name(&self) -> &'static str {
        match self {
            Layer::Instance => "instance",
            Layer::Launch(_) => "launch",
            Layer::AccountDefault => "account default",
            Layer::Image(_) => "image",
            Layer::AwsDefault => "AWS default",
        }
    }

    /// The layer and which of its kind.
    pub fn sentence(&self) -> Cow<'static, str> {
        match self {
            Layer::Instance => "the instance's own options".into(),
            Layer::Launch(what) => what.clone().into(),
            Layer::AccountDefault => "the account's default in the region".into(),
            Layer::Image(id) => format!("imds-support of {id}").into(),
            Layer::AwsDefault => {
                "nothing sets it: AWS enables the service, tokens optional, one hop".into()
            }
        }
    }
}

/// What a region says where a launch leaves an option unset.
#[derive(Debug)]
pub struct Region<'r> {
    facts: &'r RegionFacts,
    /// Whether `imds-support` of an image is `v2.0`.
    images: Option<BTreeMap<&'r str, bool>>,
}

impl<'r> Region<'r> {
    /// Of these facts.
    pub fn of(facts: &'r RegionFacts) -> Region<'r> {
        let images = facts.images.as_ref().map(|images| {
            let images = images.iter();
            images.map(|it| (it.id.as_str(), it.imds_v2)).collect()
        });
        Region { facts, images }
    }

    /// The options in force for what is launched here, or was, with `own` options set by `layer`.
    pub fn in_force(&self, own: MetadataOptions, layer: &Layer, image: Option<&str>) -> Options {
        let stack = Stack {
            own,
            layer,
            image,
            region: self,
        };
        Options {
            tokens: stack.option(|it| it.tokens, Some(Tokens::Required), Tokens::Optional),
            hop_limit: stack.option(|it| it.hop_limit, Some(2), 1),
            endpoint: stack.option(|it| it.endpoint, None, true),
        }
    }
}

struct Stack<'a> {
    own: MetadataOptions,
    layer: &'a Layer,
    image: Option<&'a str>,
    region: &'a Region<'a>,
}

impl Stack<'_> {
    fn option<T>(
        &self,
        of: impl Fn(&MetadataOptions) -> Option<T>,
        of_image: Option<T>,
        otherwise: T,
    ) -> Result<InForce<T>, String> {
        if let Some(value) = of(&self.own) {
            let layer = self.layer.clone();
            return Ok(InForce { value, layer });
        }
        let region = &self.region.facts.name;
        let defaults = self.region.facts.metadata_defaults.as_ref();
        let defaults = defaults.ok_or_else(|| {
            format!("it is unset, and the account's default in {region} was not read")
        })?;
        if let Some(value) = of(defaults) {
            let layer = Layer::AccountDefault;
            return Ok(InForce { value, layer });
        }
        if let Some(id) = self.image {
            let images = self.region.images.as_ref();
            let images = images.ok_or_else(|| {
                format!("it is unset, and imds-support of image {id} was not read")
            })?;
            let is_v2 = images.get(id).is_some_and(|is_v2| *is_v2);
            if let Some(value) = of_image.filter(|_| is_v2) {
                let layer = Layer::Image(id.to_owned());
                return Ok(InForce { value, layer });
            }
        }
        Ok(InForce {
            value: otherwise,
            layer: Layer::AwsDefault,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::facts::Image;

    fn in_force(
        own: MetadataOptions,
        layer: &Layer,
        image: Option<&str>,
        region: &RegionFacts,
    ) -> Options {
        Region::of(region).in_force(own, layer, image)
    }

    fn region(defaults: Option<MetadataOptions>, imds_v2: bool) -> RegionFacts {
        RegionFacts {
            name: "eu-central-1".to_owned(),
            metadata_defaults: defaults,
            images: Some(vec![Image {
                id: "ami-1".to_owned(),
                imds_v2,
            }]),
            ..RegionFacts::default()
        }
    }

    fn tokens(tokens: Option<Tokens>) -> MetadataOptions {
        MetadataOptions {
            tokens,
            ..MetadataOptions::default()
        }
    }

    fn decided(own: Option<Tokens>, region: &RegionFacts) -> Result<InForce<Tokens>, String> {
        let layer = Layer::Launch("lt-1".to_owned());
        in_force(tokens(own), &layer, Some("ami-1"), region).tokens
    }

    #[test]
    fn unset_is_enabled_and_optional_where_nobody_says_otherwise() {
        let region = region(Some(MetadataOptions::default()), false);
        let found = decided(None, &region).unwrap();
        assert_eq!(
            (found.value, found.layer),
            (Tokens::Optional, Layer::AwsDefault)
        );
        let options = in_force(tokens(None), &Layer::Instance, None, &region);
        assert!(options.endpoint.unwrap().value);
        assert_eq!(options.hop_limit.unwrap().value, 1);
    }

    #[test]
    fn an_image_for_imdsv2_requires_tokens_and_sets_two_hops() {
        let region = region(Some(MetadataOptions::default()), true);
        let found = decided(None, &region).unwrap();
        assert_eq!(found.value, Tokens::Required);
        assert_eq!(found.layer, Layer::Image("ami-1".to_owned()));
        let options = in_force(tokens(None), &Layer::Instance, Some("ami-1"), &region);
        assert_eq!(options.hop_limit.unwrap().value, 2);
    }

    #[test]
    fn the_accounts_default_has_precedence_over_the_image() {
        let region = region(Some(tokens(Some(Tokens::Optional))), true);
        let found = decided(None, &region).unwrap();
        assert_eq!(
            (found.value, found.layer),
            (Tokens::Optional, Layer::AccountDefault)
        );
    }

    #[test]
    fn the_launch_has_precedence_over_all() {
        let region = region(Some(tokens(Some(Tokens::Required))), true);
        let found = decided(Some(Tokens::Optional), &region).unwrap();
        assert_eq!(found.value, Tokens::Optional);
        assert_eq!(found.layer, Layer::Launch("lt-1".to_owned()));
    }

    #[test]
    fn what_was_not_read_is_no_default() {
        let why = decided(None, &region(None, true)).unwrap_err();
        assert!(why.contains("was not read"), "{why}");
        let mut unread = region(Some(MetadataOptions::default()), true);
        unread.images = None;
        assert!(decided(None, &unread).is_err());
        assert!(decided(Some(Tokens::Required), &unread).is_ok());
    }
}
