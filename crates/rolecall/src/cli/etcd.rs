//! The flags that say which etcd cluster an account is in, and who asks it.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::failure::Failure;
use crate::store::{Cluster, Shared};

/// An account that several servers share.
#[derive(Debug, Default, Clone, PartialEq, Eq, Args)]
pub(crate) struct Etcd {
    /// The members of an etcd cluster that the account is in, as `https://HOST:2379,...`.
    #[arg(
        id = "etcd",
        long = "etcd",
        value_name = "URL,...",
        value_delimiter = ','
    )]
    pub(crate) endpoints: Vec<String>,

    /// What its keys in the cluster begin with [default: /rolecall].
    #[arg(id = "etcd_prefix", long = "etcd-prefix", value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,

    /// The authority of the members' certificates, PEM.
    #[arg(id = "etcd_ca", long = "etcd-ca", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// The certificate that is shown to the members, PEM.
    #[arg(id = "etcd_cert", long = "etcd-cert", value_name = "FILE")]
    pub(crate) cert: Option<PathBuf>,

    /// The private key of that certificate, PEM.
    #[arg(id = "etcd_key", long = "etcd-key", value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,

    /// The user of the cluster that asks.
    #[arg(id = "etcd_user", long = "etcd-user", value_name = "NAME")]
    pub(crate) user: Option<String>,

    /// A file with the password of that user.
    #[arg(
        id = "etcd_password_file",
        long = "etcd-password-file",
        value_name = "FILE"
    )]
    pub(crate) password_file: Option<PathBuf>,
}

impl Etcd {
    /// What the flags say; `None` where no cluster is named.
    pub(crate) fn shared(&self, max_staleness: Duration) -> Result<Option<Shared>, Failure> {
        if self.endpoints.is_empty() {
            if *self == Self::default() {
                return Ok(None);
            }
            return Err(
                Failure::wrong("flags say how to ask etcd, and none says where")
                    .hint("name the members with `--etcd https://HOST:2379,...`"),
            );
        }
        if self.cert.is_some() != self.key.is_some() {
            return Err(Failure::wrong("`--etcd-cert` and `--etcd-key` go together"));
        }
        if self.user.is_some() != self.password_file.is_some() {
            let message = "`--etcd-user` and `--etcd-password-file` go together";
            return Err(Failure::wrong(message));
        }
        let prefix = self
            .prefix
            .as_deref()
            .unwrap_or(PREFIX)
            .trim_end_matches('/');
        let is_path = prefix.starts_with('/') && prefix.len() <= PREFIX_BYTES_MAX;
        if !is_path || prefix.bytes().any(|byte| !byte.is_ascii_graphic()) {
            let message = format!("`--etcd-prefix {prefix}` is no prefix of keys");
            return Err(Failure::wrong(message).hint("try `/rolecall/production`"));
        }
        Ok(Some(Shared {
            cluster: Cluster {
                endpoints: self.endpoints.clone(),
                prefix: prefix.to_owned(),
                ca: self.ca.clone(),
                certificate: self.cert.clone(),
                key: self.key.clone(),
                user: self.user.clone(),
                password_file: self.password_file.clone(),
            },
            max_staleness,
        }))
    }
}

const PREFIX: &str = "/rolecall";
const PREFIX_BYTES_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn etcd(endpoint: &str) -> Etcd {
        Etcd {
            endpoints: vec![endpoint.to_owned()],
            ..Etcd::default()
        }
    }

    fn refused(flags: &Etcd) -> String {
        flags.shared(Duration::from_secs(2)).unwrap_err().message
    }

    #[test]
    fn without_a_cluster_nothing_is_said_of_one() {
        assert_eq!(Etcd::default().shared(Duration::ZERO).unwrap(), None);
        let user = Etcd {
            user: Some("u".into()),
            ..Etcd::default()
        };
        assert_eq!(
            refused(&user),
            "flags say how to ask etcd, and none says where"
        );
    }

    #[test]
    fn what_goes_together_is_given_together() {
        let shared = etcd("https://a:2379")
            .shared(Duration::ZERO)
            .unwrap()
            .unwrap();
        assert_eq!(shared.to_string(), "etcd://a:2379/rolecall");
        let cert = Etcd {
            cert: Some("c".into()),
            ..etcd("https://a:2379")
        };
        assert_eq!(refused(&cert), "`--etcd-cert` and `--etcd-key` go together");
        let user = Etcd {
            user: Some("u".into()),
            ..etcd("https://a:2379")
        };
        let message = "`--etcd-user` and `--etcd-password-file` go together";
        assert_eq!(refused(&user), message);
    }

    #[test]
    fn a_prefix_is_a_path() {
        for prefix in ["", "/", "rolecall", "/a b", "/ü"] {
            let flags = Etcd {
                prefix: Some(prefix.to_owned()),
                ..etcd("https://a:2379")
            };
            assert!(
                refused(&flags).ends_with("is no prefix of keys"),
                "{prefix}"
            );
        }
    }
}
