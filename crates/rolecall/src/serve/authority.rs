//! A certificate authority for names of AWS, for one command that runs as an instance.
//!
//! Its key is made for the command, stays in this process's memory and goes with it; its
//! certificate binds it to names of AWS, so that whoever trusts it trusts it for nothing else.
//! Certificates are made as they are asked for.
//!
//! Source: RFC 5280, sections 4.2.1.9 and 4.2.1.10; RFC 6066, section 3.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

use super::Transport;
use super::names::{DOMAINS, is_of_aws};
use crate::failure::Failure;

/// The authority. `Debug` shows nothing of its key.
pub(crate) struct Authority {
    issuer: Arc<Issuer>,
    pem: String,
}

struct Issuer {
    authority: CertifiedIssuer<'static, KeyPair>,
    // One key serves all names: it lives as long as the authority's.
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Authority {
    pub(crate) fn new() -> Result<Self, Failure> {
        let unmade = |error: &dyn fmt::Display| {
            Failure::unfinished(format!("no certificate authority can be made: {error}"))
        };
        let mut params = CertificateParams::default();
        params.distinguished_name = named(AUTHORITY_NAME);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: DOMAINS
                .map(|domain| GeneralSubtree::DnsName(domain.to_owned()))
                .to_vec(),
            excluded_subtrees: Vec::new(),
        });
        let key = KeyPair::generate().map_err(|error| unmade(&error))?;
        let authority = CertifiedIssuer::self_signed(params, key);
        let authority = authority.map_err(|error| unmade(&error))?;
        let key = KeyPair::generate().map_err(|error| unmade(&error))?;
        let der = PrivatePkcs8KeyDer::from(key.serialize_der());
        let signing = aws_lc_rs::sign::any_supported_type(&der.into());
        let signing = signing.map_err(|error| unmade(&error))?;
        let pem = authority.pem();
        let made = Mutex::new(HashMap::new());
        let issuer = Arc::new(Issuer {
            authority,
            key,
            signing,
            made,
        });
        Ok(Self { issuer, pem })
    }

    /// What is to be trusted.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// TLS with a certificate for whatever name of AWS a client asks for.
    pub(crate) fn transport(&self) -> Result<Transport, Failure> {
        let issuer = Arc::clone(&self.issuer);
        Transport::by_name(issuer)
            .map_err(|error| Failure::unfinished(format!("there can be no TLS: {error}")))
    }
}

impl Issuer {
    fn certificate(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = lock().get(name) {
            return Some(Arc::clone(made));
        }
        let mut params = CertificateParams::new(vec![name.to_owned()]).ok()?;
        params.use_authority_key_identifier_extension = true;
        // Other than the authority's: by equal names a certificate is taken for self-signed.
        params.distinguished_name = named(LEAF_NAME);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let signed = params.signed_by(&self.key, &self.authority).ok()?;
        let chain = vec![signed.der().clone()];
        let made = Arc::new(CertifiedKey::new(chain, Arc::clone(&self.signing)));
        let mut all = lock();
        if all.len() < NAMES_MAX {
            all.insert(name.to_owned(), Arc::clone(&made));
        }
        Some(made)
    }
}

impl ResolvesServerCert for Issuer {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name()?.to_ascii_lowercase();
        is_of_aws(&name).then(|| self.certificate(&name)).flatten()
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issuer")
    }
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

const AUTHORITY_NAME: &str = "Rolecall authority for one command";
const LEAF_NAME: &str = "Rolecall in place of AWS";
// Services times regions that one command calls; beyond them certificates are made anew.
const NAMES_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_made_once_for_names_of_aws_alone() {
        let authority = Authority::new().unwrap();
        let name = "sts.us-east-1.amazonaws.com";
        let one = authority.issuer.certificate(name).unwrap();
        let again = authority.issuer.certificate(name).unwrap();
        assert!(Arc::ptr_eq(&one, &again));
        assert!(authority.pem().starts_with("-----BEGIN CERTIFICATE-----"));
        assert!(!format!("{authority:?}").contains("BEGIN"));
    }

    #[test]
    fn only_so_many_are_kept() {
        let authority = Authority::new().unwrap();
        for number in 0..=NAMES_MAX {
            let name = format!("s{number}.us-east-1.amazonaws.com");
            assert!(authority.issuer.certificate(&name).is_some());
        }
        let kept = authority.issuer.made.lock().unwrap().len();
        assert_eq!(kept, NAMES_MAX);
    }
}
