//! Handshakes with certificates made for a test: who gets in, by which name, and what a renewal
//! changes.

use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType, string::Ia5String,
};
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio_rustls::TlsConnector;

use super::*;

/// An authority that signs in files of a folder of its own.
struct Authority {
    folder: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        std::fs::write(folder.path().join("ca"), certificate.pem()).unwrap();
        Self {
            folder,
            issuer: Issuer::new(params, key),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes `NAME.crt` and `NAME.key`.
    fn sign(&self, name: &str, mut params: CertificateParams) {
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        std::fs::write(self.path(&format!("{name}.crt")), certificate.pem()).unwrap();
        std::fs::write(self.path(&format!("{name}.key")), key.serialize_pem()).unwrap();
    }

    fn sign_server(&self) {
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        self.sign("server", params);
    }

    fn listener(&self, asks: Option<&Self>) -> Result<Transport, Failure> {
        let text = |path: PathBuf| path.display().to_string();
        let files = config::Tls {
            cert_file: text(self.path("server.crt")),
            key_file: text(self.path("server.key")),
            ca_file: asks.map(|authority| text(authority.path("ca"))),
        };
        Transport::of_listener(&files, "service.tcp.tls", Offer::Frames)
    }

    fn client(&self, shows: Option<(&Self, &str)>) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(self.path("ca")).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let Some((authority, name)) = shows else {
            return builder.with_no_client_auth();
        };
        let chain = super::super::certificates(&authority.path(&format!("{name}.crt"))).unwrap();
        let key = PrivateKeyDer::from_pem_file(authority.path(&format!("{name}.key"))).unwrap();
        builder.with_client_auth_cert(chain, key).unwrap()
    }
}

/// What both ends have of a handshake: the server's names of the client, the client's view.
async fn meet(
    server: &Transport,
    client: ClientConfig,
) -> (std::io::Result<Vec<String>>, std::io::Result<Vec<u8>>) {
    let Transport::Tls(tls) = server else {
        unreachable!("made with files")
    };
    let (near, far) = tokio::io::duplex(64 * 1_024);
    let serving = async {
        let (mut stream, names) = tls.accept(near).await?;
        stream.write_all(b"hello").await?;
        stream.shutdown().await?;
        Ok(names)
    };
    let connector = TlsConnector::from(Arc::new(client));
    let visiting = async {
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream: tokio_rustls::client::TlsStream<DuplexStream> =
            connector.connect(name, far).await?;
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await?;
        let shown = stream.get_ref().1.peer_certificates().unwrap();
        Ok(shown[0].to_vec())
    };
    tokio::join!(serving, visiting)
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().unwrap().block_on(work)
}

#[test]
fn names_of_a_certificate_are_all_those_that_rules_may_name() {
    let authority = Authority::new();
    let text = |text: &str| Ia5String::try_from(text).unwrap();
    let mut params = CertificateParams::new(vec!["db-1.example".to_owned()]).unwrap();
    params.subject_alt_names.extend([
        SanType::URI(text("spiffe://example/db")),
        SanType::Rfc822Name(text("db@example")),
        SanType::IpAddress("10.0.0.1".parse().unwrap()),
    ]);
    authority.sign("db", params);
    authority.sign("bare", CertificateParams::default());
    let of = |name: &str| {
        let chain = super::super::certificates(&authority.path(name)).unwrap();
        certificates::names(&chain[0])
    };

    let expect = ["db", "db-1.example", "db@example", "spiffe://example/db"];
    assert_eq!(of("db.crt"), expect);
    assert_eq!(of("bare.crt"), ["bare"]);
    assert!(certificates::names(&CertificateDer::from(vec![1, 2, 3])).is_empty());
}

#[test]
fn with_an_authority_clients_show_a_certificate_of_it() {
    let (authority, other) = (Authority::new(), Authority::new());
    authority.sign_server();
    authority.sign("db", CertificateParams::default());
    other.sign("db", CertificateParams::default());
    let server = authority.listener(Some(&authority)).unwrap();
    assert!(server.asks_certificate());

    let (names, shown) = run(meet(&server, authority.client(Some((&authority, "db")))));
    assert_eq!(names.unwrap(), ["db"]);
    assert!(shown.is_ok());
    let (names, shown) = run(meet(&server, authority.client(None)));
    assert!(names.is_err() && shown.is_err());
    let (names, shown) = run(meet(&server, authority.client(Some((&other, "db")))));
    assert!(names.is_err() && shown.is_err());
}

#[test]
fn without_an_authority_nobody_is_asked_and_what_is_shown_is_not_believed() {
    let authority = Authority::new();
    authority.sign_server();
    authority.sign("db", CertificateParams::default());
    let server = authority.listener(None).unwrap();

    let (names, _) = run(meet(&server, authority.client(Some((&authority, "db")))));
    assert!(names.unwrap().is_empty());
    assert!(!server.asks_certificate());
}

#[test]
fn renewed_files_are_in_force_and_broken_ones_are_not() {
    let authority = Authority::new();
    authority.sign_server();
    let server = authority.listener(None).unwrap();
    let shown = || run(meet(&server, authority.client(None))).1.unwrap();
    let first = shown();
    server.renew();
    assert_eq!(shown(), first);

    authority.sign_server();
    server.renew();
    let second = shown();
    assert_ne!(second, first);

    std::fs::write(authority.path("server.crt"), "no certificate").unwrap();
    server.renew();
    assert_eq!(shown(), second);
    std::fs::remove_file(authority.path("server.key")).unwrap();
    server.renew();
    assert_eq!(shown(), second);

    authority.sign_server();
    server.renew();
    assert_ne!(shown(), second);
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let authority = Authority::new();
    authority.sign_server();
    let check = |words: &str| {
        let failure = authority.listener(Some(&authority)).unwrap_err();
        assert!(failure.message.contains(words), "{}", failure.message);
        assert!(!failure.hints.is_empty());
    };
    std::fs::write(authority.path("ca"), "").unwrap();
    check("`service.tcp.tls.ca-file ");
    std::fs::rename(authority.path("server.key"), authority.path("old.key")).unwrap();
    check("`service.tcp.tls.key-file ");
    authority.sign_server();
    std::fs::rename(authority.path("old.key"), authority.path("server.key")).unwrap();
    std::fs::copy(authority.path("server.crt"), authority.path("ca")).unwrap();
    check("cannot be used together");
}
