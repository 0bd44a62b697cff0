//! What is asked and answered on the control socket. Ours, and the same version on both ends.

use account::hosts::Host;
use account::metadata::{Announcement, Kept};
use serde::{Deserialize, Serialize};

use crate::cli::ImdsOption;
use crate::failure::{Exit, Failure};
use crate::serve::WithoutToken;
use crate::store::{KeyStep, Keys};

/// A line that asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case")]
pub(super) enum Request {
    /// All instances.
    List,
    /// One instance.
    Show { instance: String },
    /// What comes next on this connection is about this instance, which must be running.
    Enter {
        instance: String,
        #[serde(default)]
        imds_options: Vec<ImdsOption>,
    },
    /// Tell what is known of an instance, now and after each change, for as long as both are there.
    Follow {
        instance: String,
        #[serde(default)]
        imds_options: Vec<ImdsOption>,
    },
    /// The instance's user data, as a file that comes with the answer.
    UserData,
    /// Serve the sockets that come with the line, in this order, until the connection ends.
    Serve { sockets: Vec<Purpose> },
    /// What the instance has printed, as a file that comes with the line.
    Console,
    /// Take a step of an exchange of root keys.
    Keys { step: KeyStep },
    /// Tell an instance what AWS would.
    Announce {
        instance: String,
        what: Announcement,
    },
}

/// What a socket is served as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Purpose {
    /// The metadata service of the instance.
    Metadata,
    /// The account's API, called from the instance.
    Api,
    /// The same over TLS, with certificates of the connection's own authority.
    ApiTls,
    /// Names of AWS, over UDP.
    Names,
    /// The same over TCP.
    NamesTcp,
}

/// A line that answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(super) enum Answer {
    Instances {
        instances: Vec<Shown>,
    },
    Instance {
        instance: Box<Shown>,
    },
    Entered {
        instance: Box<Shown>,
        /// What is to be trusted inside, PEM.
        authority: String,
    },
    /// To answer from where the account cannot be asked; nothing of an instance that does not run.
    Known {
        kept: Option<Box<Kept>>,
    },
    Keys {
        kept: Keys,
    },
    Done,
    Refused {
        is_no: bool,
        message: String,
        hints: Vec<String>,
    },
}

/// An instance as people and scripts see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) instance_id: String,
    pub(crate) state: String,
    pub(crate) account_id: String,
    pub(crate) region: String,
    pub(crate) availability_zone: String,
    pub(crate) instance_type: String,
    pub(crate) image_id: String,
    /// Tag `Name`.
    pub(crate) name: Option<String>,
    pub(crate) private_ip: std::net::Ipv4Addr,
    pub(crate) private_dns_name: String,
    pub(crate) vpc_id: String,
    pub(crate) subnet_id: String,
    pub(crate) instance_profile_arn: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) metadata_options: MetadataOptions,
    /// Reads without a token that were answered, since the account runs.
    pub(crate) metadata_no_token: u64,
    /// Those that were refused.
    pub(crate) metadata_no_token_rejected: u64,
    pub(crate) has_user_data: bool,
    pub(crate) launched: String,
}

/// As DescribeInstances spells them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MetadataOptions {
    pub(crate) http_endpoint: String,
    pub(crate) http_protocol_ipv6: String,
    pub(crate) http_put_response_hop_limit: u8,
    pub(crate) http_tokens: String,
    pub(crate) instance_metadata_tags: String,
}

impl Shown {
    pub(super) fn of(host: &Host) -> Self {
        let instance = host.instance();
        let options = &instance.metadata_options;
        let name = instance.tags.iter().find(|tag| tag.key == "Name");
        let profile = instance.association.as_ref();
        let without_token = WithoutToken::of(&instance.id);
        Self {
            instance_id: instance.id.clone(),
            state: host.state().to_owned(),
            account_id: host.home.account().to_owned(),
            region: host.home.region().to_owned(),
            availability_zone: instance.placement.availability_zone.clone(),
            instance_type: instance.instance_type.clone(),
            image_id: instance.image_id.clone(),
            name: name.map(|tag| tag.value.clone()),
            private_ip: instance.placement.private_ip,
            private_dns_name: host.host_name.clone(),
            vpc_id: host.vpc_id.clone(),
            subnet_id: instance.placement.subnet_id.clone(),
            instance_profile_arn: profile.map(|profile| profile.profile_arn.clone()),
            role: host.role.clone(),
            metadata_options: MetadataOptions {
                http_endpoint: options.http_endpoint.as_str().to_owned(),
                http_protocol_ipv6: options.http_protocol_ipv6.as_str().to_owned(),
                http_put_response_hop_limit: options.hop_limit,
                http_tokens: options.http_tokens.as_str().to_owned(),
                instance_metadata_tags: options.instance_tags.as_str().to_owned(),
            },
            metadata_no_token: without_token.answered(),
            metadata_no_token_rejected: without_token.rejected(),
            has_user_data: instance.user_data.is_some(),
            launched: instance.launched.to_string(),
        }
    }
}

impl Answer {
    pub(super) fn refusal(failure: Failure) -> Self {
        Self::Refused {
            is_no: failure.exit == Exit::No,
            message: failure.message,
            hints: failure.hints,
        }
    }

    /// A refusal as a failure.
    pub(super) fn accepted(self) -> Result<Self, Failure> {
        let Self::Refused {
            is_no,
            message,
            hints,
        } = self
        else {
            return Ok(self);
        };
        let kind = if is_no {
            Failure::no
        } else {
            Failure::unfinished
        };
        let failure = kind(message);
        Err(hints.into_iter().fold(failure, Failure::hint))
    }
}
