//! Signatures of an instance's identity document.
//!
//! `signature` is RSA with SHA-256 over the document's bytes; `rsa2048` is the body of a PKCS #7
//! SignedData (RFC 2315, RFC 5652) that carries the document and leaves the certificate out. Both
//! are a function of key, document and the time of its launch, so two servers tell the same.
//!
//! Knows no certificate but the one it is given. Source: EC2 User Guide, "Verify instance identity
//! documents".

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use cms::cert::IssuerAndSerialNumber;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::der::asn1::{
    Any, GeneralizedTime, Null, ObjectIdentifier, OctetString, SetOfVec, UtcTime,
};
use x509_cert::der::{DecodePem, Encode};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use crate::entity::IdentityKey;

/// What signs, read from its record.
pub(crate) struct Signer {
    pair: RsaKeyPair,
    id: IssuerAndSerialNumber,
    certificate: String,
}

/// The signatures of one instance, each made when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    signature: OnceLock<Bytes>,
    rsa2048: OnceLock<Bytes>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// `None` where the key is no RSA key, or the certificate is not that key's.
    pub(crate) fn read(key: &IdentityKey) -> Option<Self> {
        let pair = RsaKeyPair::from_pkcs8(key.pkcs8.expose()).ok()?;
        let certificate = Certificate::from_pem(&key.certificate)
            .ok()?
            .tbs_certificate;
        let own: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        if certificate.subject_public_key_info.to_der().ok()? != own.as_ref() {
            return None;
        }
        let id = IssuerAndSerialNumber {
            issuer: certificate.issuer,
            serial_number: certificate.serial_number,
        };
        Some(Self {
            pair,
            id,
            certificate: key.certificate.clone(),
        })
    }

    /// In PEM.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }

    /// PKCS #1 v1.5 with SHA-256, which is the same each time.
    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut made = vec![0; self.pair.public_modulus_len()];
        let digest = digest::digest(&digest::SHA256, message);
        self.pair
            .sign_digest(&RSA_PKCS1_SHA256, &digest, &mut made)
            .ok()?;
        Some(made)
    }

    /// SignedData in DER with the document in it.
    fn signed_data(&self, document: &[u8], at: Timestamp) -> Option<Vec<u8>> {
        let digest = algorithm(SHA_256)?;
        let attributes = attributes(document, at)?;
        // RFC 5652, section 5.4: what is signed is the set in DER, under a SET OF tag of its own.
        let signature = self.sign(&attributes.to_der().ok()?)?;
        let info = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(self.id.clone()),
            digest_alg: digest.clone(),
            signed_attrs: Some(attributes),
            signature_algorithm: algorithm(RSA_ENCRYPTION)?,
            signature: OctetString::new(signature).ok()?,
            unsigned_attrs: None,
        };
        let content = OctetString::new(document).ok()?;
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![digest]).ok()?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: DATA,
                econtent: Some(Any::encode_from(&content).ok()?),
            },
            certificates: None,
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![info]).ok()?),
        };
        let info = ContentInfo {
            content_type: SIGNED_DATA,
            content: Any::encode_from(&data).ok()?,
        };
        info.to_der().ok()
    }
}

impl Signed {
    /// `dynamic/instance-identity/signature`
    pub(super) fn signature(&self, signer: &Signer, document: &[u8]) -> Option<Bytes> {
        once(&self.signature, || signer.sign(document))
    }

    /// `dynamic/instance-identity/rsa2048`, said to be signed at `at`.
    pub(super) fn rsa2048(&self, signer: &Signer, document: &[u8], at: Timestamp) -> Option<Bytes> {
        once(&self.rsa2048, || signer.signed_data(document, at))
    }
}

fn once(cell: &OnceLock<Bytes>, make: impl FnOnce() -> Option<Vec<u8>>) -> Option<Bytes> {
    if let Some(made) = cell.get() {
        return Some(made.clone());
    }
    let text = lines(&STANDARD.encode(make()?)).into();
    Some(cell.get_or_init(|| text).clone())
}

/// In lines of 64, and no line feed behind the last: whoever puts BEGIN and END around it brings
/// that one along.
fn lines(base64: &str) -> String {
    let mut text = String::with_capacity(base64.len() + base64.len() / COLUMNS);
    for (place, character) in base64.chars().enumerate() {
        if place > 0 && place % COLUMNS == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text
}

/// RFC 5652, section 11: type, digest and time of what is signed.
fn attributes(document: &[u8], at: Timestamp) -> Option<SetOfVec<Attribute>> {
    let digest = OctetString::new(digest::digest(&digest::SHA256, document).as_ref()).ok()?;
    let all = [
        (CONTENT_TYPE, Any::encode_from(&DATA).ok()?),
        (MESSAGE_DIGEST, Any::encode_from(&digest).ok()?),
        (SIGNING_TIME, Any::encode_from(&time(at)?).ok()?),
    ];
    let all = all.into_iter().map(|(oid, value)| {
        let values = SetOfVec::try_from(vec![value]).ok()?;
        Some(Attribute { oid, values })
    });
    SetOfVec::try_from(all.collect::<Option<Vec<_>>>()?).ok()
}

/// Until 2049 with two digits for the year: RFC 5652, section 11.3.
fn time(at: Timestamp) -> Option<Time> {
    let since = Duration::from_secs(u64::try_from(at.as_second()).ok()?);
    let short = UtcTime::from_unix_duration(since).map(Time::UtcTime);
    let long = || GeneralizedTime::from_unix_duration(since).map(Time::GeneralTime);
    short.or_else(|_| long()).ok()
}

/// An algorithm of RSA or SHA-2, with the parameter NULL.
fn algorithm(oid: ObjectIdentifier) -> Option<AlgorithmIdentifierOwned> {
    let parameters = Some(Any::encode_from(&Null).ok()?);
    Some(AlgorithmIdentifierOwned { oid, parameters })
}

const COLUMNS: usize = 64;
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
