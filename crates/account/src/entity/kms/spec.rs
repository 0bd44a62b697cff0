//! What a KMS key is for: its spec, its usage, and the algorithms that follow from both.
//!
//! Source: KMS API Reference, "CreateKey"; KMS Developer Guide, "Key spec reference".

use serde::{Deserialize, Serialize};

/// Of which kind a key is, which never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KmsKeySpec {
    /// `SYMMETRIC_DEFAULT`: encrypts, with AES-256-GCM.
    Symmetric,
    /// `HMAC_224`
    Hmac224,
    /// `HMAC_256`
    Hmac256,
    /// `HMAC_384`
    Hmac384,
    /// `HMAC_512`
    Hmac512,
    /// `RSA_2048`
    Rsa2048,
    /// `RSA_3072`
    Rsa3072,
    /// `RSA_4096`
    Rsa4096,
    /// `ECC_NIST_P256`
    EccP256,
    /// `ECC_NIST_P384`
    EccP384,
    /// `ECC_NIST_P521`
    EccP521,
    /// `ECC_SECG_P256K1`
    EccP256K1,
    /// `ECC_NIST_EDWARDS25519`
    Ed25519,
}

/// What is done with a key, which never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KmsKeyUsage {
    /// `ENCRYPT_DECRYPT`
    EncryptDecrypt,
    /// `GENERATE_VERIFY_MAC`
    GenerateVerifyMac,
    /// `SIGN_VERIFY`
    SignVerify,
    /// `KEY_AGREEMENT`
    KeyAgreement,
}

/// How long an RSA key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsaBits {
    /// 2,048 bits.
    Rsa2048,
    /// 3,072 bits.
    Rsa3072,
    /// 4,096 bits.
    Rsa4096,
}

impl KmsKeySpec {
    const ALL: [Self; 13] = [
        Self::Symmetric,
        Self::Hmac224,
        Self::Hmac256,
        Self::Hmac384,
        Self::Hmac512,
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::EccP256,
        Self::EccP384,
        Self::EccP521,
        Self::EccP256K1,
        Self::Ed25519,
    ];

    /// The one of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|spec| spec.name() == name)
    }

    /// `KeySpec`
    pub fn name(self) -> &'static str {
        match self {
            Self::Symmetric => "SYMMETRIC_DEFAULT",
            Self::Hmac224 => "HMAC_224",
            Self::Hmac256 => "HMAC_256",
            Self::Hmac384 => "HMAC_384",
            Self::Hmac512 => "HMAC_512",
            Self::Rsa2048 => "RSA_2048",
            Self::Rsa3072 => "RSA_3072",
            Self::Rsa4096 => "RSA_4096",
            Self::EccP256 => "ECC_NIST_P256",
            Self::EccP384 => "ECC_NIST_P384",
            Self::EccP521 => "ECC_NIST_P521",
            Self::EccP256K1 => "ECC_SECG_P256K1",
            Self::Ed25519 => "ECC_NIST_EDWARDS25519",
        }
    }

    /// What keys of this spec can be for. Where there is a choice, CreateKey makes it.
    pub fn usages(self) -> &'static [KmsKeyUsage] {
        match self {
            Self::Symmetric => &[KmsKeyUsage::EncryptDecrypt],
            Self::Hmac224 | Self::Hmac256 | Self::Hmac384 | Self::Hmac512 => {
                &[KmsKeyUsage::GenerateVerifyMac]
            }
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => {
                &[KmsKeyUsage::EncryptDecrypt, KmsKeyUsage::SignVerify]
            }
            Self::EccP256 | Self::EccP384 | Self::EccP521 => {
                &[KmsKeyUsage::SignVerify, KmsKeyUsage::KeyAgreement]
            }
            Self::EccP256K1 | Self::Ed25519 => &[KmsKeyUsage::SignVerify],
        }
    }

    /// The algorithms of a key of this spec and usage.
    pub fn algorithms(self, usage: KmsKeyUsage) -> &'static [&'static str] {
        match (self, usage) {
            (Self::Symmetric, _) => &["SYMMETRIC_DEFAULT"],
            (Self::Hmac224, _) => &["HMAC_SHA_224"],
            (Self::Hmac256, _) => &["HMAC_SHA_256"],
            (Self::Hmac384, _) => &["HMAC_SHA_384"],
            (Self::Hmac512, _) => &["HMAC_SHA_512"],
            (Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096, KmsKeyUsage::EncryptDecrypt) => {
                &["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
            }
            (Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096, _) => &[
                "RSASSA_PKCS1_V1_5_SHA_256",
                "RSASSA_PKCS1_V1_5_SHA_384",
                "RSASSA_PKCS1_V1_5_SHA_512",
                "RSASSA_PSS_SHA_256",
                "RSASSA_PSS_SHA_384",
                "RSASSA_PSS_SHA_512",
            ],
            (_, KmsKeyUsage::KeyAgreement) => &["ECDH"],
            (Self::EccP256 | Self::EccP256K1, _) => &["ECDSA_SHA_256"],
            (Self::EccP384, _) => &["ECDSA_SHA_384"],
            (Self::EccP521, _) => &["ECDSA_SHA_512"],
            // ED25519_PH_SHA_512 is not among what the crypto library signs with.
            (Self::Ed25519, _) => &["ED25519_SHA_512"],
        }
    }

    /// Whether it has a public key.
    pub fn is_asymmetric(self) -> bool {
        !matches!(
            self,
            Self::Symmetric | Self::Hmac224 | Self::Hmac256 | Self::Hmac384 | Self::Hmac512
        )
    }

    /// How long an RSA key of this spec is.
    pub fn rsa_bits(self) -> Option<RsaBits> {
        match self {
            Self::Rsa2048 => Some(RsaBits::Rsa2048),
            Self::Rsa3072 => Some(RsaBits::Rsa3072),
            Self::Rsa4096 => Some(RsaBits::Rsa4096),
            _ => None,
        }
    }

    /// Length of its material, where that is a number of random bytes. Of an HMAC key it is that of
    /// the hash, of an elliptic curve's that of the scalar or seed. None for RSA keys.
    pub fn material_bytes(self) -> Option<usize> {
        match self {
            Self::Hmac224 => Some(28),
            Self::Symmetric | Self::Hmac256 | Self::EccP256 | Self::EccP256K1 | Self::Ed25519 => {
                Some(32)
            }
            Self::Hmac384 | Self::EccP384 => Some(48),
            Self::Hmac512 => Some(64),
            Self::EccP521 => Some(66),
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => None,
        }
    }
}

impl KmsKeyUsage {
    const ALL: [Self; 4] = [
        Self::EncryptDecrypt,
        Self::GenerateVerifyMac,
        Self::SignVerify,
        Self::KeyAgreement,
    ];

    /// The one of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|usage| usage.name() == name)
    }

    /// `KeyUsage`
    pub fn name(self) -> &'static str {
        match self {
            Self::EncryptDecrypt => "ENCRYPT_DECRYPT",
            Self::GenerateVerifyMac => "GENERATE_VERIFY_MAC",
            Self::SignVerify => "SIGN_VERIFY",
            Self::KeyAgreement => "KEY_AGREEMENT",
        }
    }

    /// How an answer calls the list of a key's algorithms.
    pub fn algorithms_member(self) -> &'static str {
        match self {
            Self::EncryptDecrypt => "EncryptionAlgorithms",
            Self::GenerateVerifyMac => "MacAlgorithms",
            Self::SignVerify => "SigningAlgorithms",
            Self::KeyAgreement => "KeyAgreementAlgorithms",
        }
    }
}

impl RsaBits {
    /// The number.
    pub fn bits(self) -> u32 {
        match self {
            Self::Rsa2048 => 2_048,
            Self::Rsa3072 => 3_072,
            Self::Rsa4096 => 4_096,
        }
    }
}
