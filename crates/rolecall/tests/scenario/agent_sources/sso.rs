//! IAM Identity Center: a profile of the shared files with an `sso_session`, and the token that
//! `aws sso login` left.

use std::path::PathBuf;
use std::process::Child;

use serde_json::json;

use super::host::Host;
use super::outside::{Key, Proxy, private, reader};
use super::{WAIT_MAX, anew};
use crate::agent_tls::{authority, sign};
use crate::clients::{Admin, client, python, script};
use crate::harness::{World, scenario};
use crate::wait;

#[test]
fn a_login_of_identity_center_is_a_source() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let secret = reader(world, &mut admin, "app");
        let key = Key::new(world, &mut admin, "app");
        for token in [
            "the-sso-token-renewed",
            "the-sso-refresh-token",
            "the-sso-client-secret",
        ] {
            world.canary(token);
        }
        let session = key.session(world);
        let portal = Portal::start(world, &session);
        let proxy = Proxy::start(portal.address.clone());
        let files = world.scratch();
        let config = "[profile corp]\nsso_session = corp\nsso_account_id = 123456789012\n\
                      sso_role_name = Reader\nregion = us-east-1\n\
                      [sso-session corp]\nsso_region = us-east-1\n\
                      sso_start_url = https://corp.awsapps.com/start\n";
        std::fs::write(files.join("config"), config).unwrap();
        let cache = files.join(".aws/sso/cache").join(CACHED);
        std::fs::create_dir_all(cache.parent().unwrap()).unwrap();
        let login = |expires: &str, token: &str| {
            let left = json!({
                "startUrl": "https://corp.awsapps.com/start", "region": "us-east-1",
                "accessToken": token, "expiresAt": expires, "refreshToken": "the-sso-refresh-token",
                "clientId": "sso-client", "clientSecret": "the-sso-client-secret",
                "registrationExpiresAt": "2099-01-01T00:00:00Z",
            });
            private(&cache, &left.to_string());
        };
        // The service does not know this one, which still lives by its own words.
        login("2099-01-01T00:00:00Z", "the-sso-token-ended");
        let account = world.endpoint().to_owned();
        let host = Host::start(world, "    profile: corp\n", |command| {
            command
                .env_remove("AWS_ENDPOINT_URL")
                .env("AWS_ENDPOINT_URL_SECRETS_MANAGER", &account)
                .env("HOME", &files)
                .env("AWS_CONFIG_FILE", files.join("config"))
                .env("AWS_CA_BUNDLE", files.join("portal/ca.crt"))
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .env("HTTPS_PROXY", &proxy.url);
        });
        host.says("credentials cannot be had");
        portal.tells("portal.sso.us-east-1.amazonaws.com GET /federation/credentials 401");
        assert_eq!(host.fresh("app").status, 500);

        // A later login, with a token that has ended and can be renewed.
        login("2020-01-01T00:00:00Z", "the-sso-token-ended");
        portal.tells("oidc.us-east-1.amazonaws.com POST /token 200");
        portal.tells("portal.sso.us-east-1.amazonaws.com GET /federation/credentials 200");
        host.says("credentials are there");
        wait::until("the secret", WAIT_MAX, || {
            anew(&host.fresh("app")).then_some(())
        });
        assert_eq!(host.password_of("app"), secret);
        drop(host);
        std::fs::remove_file(files.join("session")).unwrap();
        std::fs::remove_dir_all(files.join(".aws")).unwrap();
    });
}

/// The services behind a login, one process for both.
struct Portal {
    child: Child,
    address: String,
    talk: PathBuf,
}

impl Portal {
    fn start(world: &mut World, session: &str) -> Self {
        let folder = authority(world, "portal");
        let names = ["portal.sso", "oidc"].map(|it| format!("DNS:{it}.us-east-1.amazonaws.com"));
        let names = format!("subjectAltName={}", names.join(","));
        sign(&folder, "portal", &names);
        private(&world.scratch().join("session"), session);
        let mut command = client(python(), &folder);
        command.arg(script("sso_portal.py"));
        command.args(["portal.crt", "portal.key", "../session"]);
        let output = world.output_file("portal.stdout");
        let mut portal = Self {
            child: command.stdout(output).spawn().unwrap(),
            address: String::new(),
            talk: world.scratch().join("../portal.stdout"),
        };
        let port = wait::until("the portal's port", WAIT_MAX, || portal.lines().next());
        portal.address = format!("127.0.0.1:{port}");
        portal
    }

    /// Waits for a line.
    fn tells(&self, words: &str) {
        wait::until(words, WAIT_MAX, || {
            self.lines().any(|line| line == words).then_some(())
        });
    }

    /// Those that are whole.
    fn lines(&self) -> impl Iterator<Item = String> {
        let text = std::fs::read_to_string(&self.talk).unwrap();
        let lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let whole = lines.into_iter().filter(|line| line.ends_with('\n'));
        whole.map(|line| line.trim_end().to_owned())
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

// The SHA-1 of the session's name, as the AWS CLI names the file.
const CACHED: &str = "ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
