//! Which bucket a `Host` header names: `BUCKET.s3.REGION.amazonaws.com`, `BUCKET.localhost`, or
//! below a domain of the operator's.

use std::sync::Arc;

use s3s::S3Result;
use s3s::host::{S3Host, VirtualHost};

/// The domains below which a name is a bucket's.
#[derive(Debug, Clone)]
pub(crate) struct Domains {
    // The longest first, so that none is taken for a bucket below another.
    own: Arc<[String]>,
}

impl Domains {
    /// Those that are always there, and an operator's.
    pub(crate) fn new(more: &[String]) -> Self {
        let mut own: Vec<String> = more
            .iter()
            .map(|domain| domain.to_ascii_lowercase())
            .collect();
        own.extend(["s3.localhost", "localhost"].map(str::to_owned));
        own.sort_by_key(|domain| std::cmp::Reverse(domain.len()));
        Self { own: own.into() }
    }

    /// The bucket that a host names.
    pub(super) fn bucket<'h>(&self, host: &'h str) -> Option<&'h str> {
        let (name, _) = self.split(without_port(host))?;
        (!name.is_empty()).then_some(name)
    }

    /// What stands before the domain, and the domain.
    fn split<'h>(&self, host: &'h str) -> Option<(&'h str, &'h str)> {
        for domain in &*self.own {
            if host.eq_ignore_ascii_case(domain) {
                return Some(("", host));
            }
            let at = host.len().saturating_sub(domain.len());
            let (Some(before), Some(after)) = (host.get(..at), host.get(at..)) else {
                continue;
            };
            if let Some(bucket) = before.strip_suffix('.')
                && after.eq_ignore_ascii_case(domain)
            {
                return Some((bucket, after));
            }
        }
        let rest = host.strip_suffix(".amazonaws.com")?;
        // `BUCKET.s3.REGION`, `BUCKET.s3`, `s3.REGION`, `s3`.
        let labels: Vec<&str> = rest.rsplitn(3, '.').collect();
        match labels.as_slice() {
            ["s3"] | [_, "s3"] => Some(("", host)),
            ["s3", ..] => rest.strip_suffix(".s3").map(|bucket| (bucket, host)),
            [_, "s3", bucket] => Some((bucket, host)),
            _ => None,
        }
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

impl S3Host for Domains {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let host = without_port(host);
        Ok(match self.split(host) {
            Some((bucket, domain)) if !bucket.is_empty() => {
                VirtualHost::new(domain).with_bucket(bucket)
            }
            _ => VirtualHost::new(host),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_a_bucket_or_none() {
        let domains = Domains::new(&["s3.example.test".to_owned()]);
        for (host, bucket) in [
            ("b.localhost:4566", Some("b")),
            ("b.s3.localhost:4566", Some("b")),
            ("a.b.localhost", Some("a.b")),
            ("b.s3.us-east-1.amazonaws.com", Some("b")),
            ("a.b.s3.eu-west-1.amazonaws.com", Some("a.b")),
            ("b.s3.amazonaws.com", Some("b")),
            ("b.S3.Example.test", Some("b")),
            ("localhost:4566", None),
            ("s3.localhost", None),
            ("s3.us-east-1.amazonaws.com", None),
            ("s3.amazonaws.com", None),
            ("s3.example.test:1", None),
            ("sts.us-east-1.amazonaws.com", None),
            ("127.0.0.1:4566", None),
            ("[::1]:4566", None),
            ("xlocalhost", None),
            ("", None),
        ] {
            assert_eq!(domains.bucket(host), bucket, "{host}");
        }
    }
}
