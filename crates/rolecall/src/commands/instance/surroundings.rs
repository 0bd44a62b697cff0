//! What a command finds around it that runs as an instance: its environment, and files that lead
//! names and trust to the account.
//!
//! Touches nothing but the files it reads.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::cli::Entering;
use crate::client::TOKEN_VARIABLES;
use crate::host::mounts::Shown;

/// Variables that the command does not get.
pub(super) fn without(flags: &Entering) -> Vec<OsString> {
    let all = std::env::vars_os().map(|(name, _)| name);
    all.filter(|name| is_taken(name.as_bytes(), flags.keep_env))
        .collect()
}

/// What says who the user outside is, where the user's AWS is, or another way to any network.
fn is_taken(name: &[u8], keep_env: bool) -> bool {
    let name = String::from_utf8_lossy(name);
    let is_proxy = PROXIES.contains(&name.to_ascii_lowercase().as_str());
    let is_token = TOKEN_VARIABLES.contains(&name.as_ref());
    let is_manner = MANNERS.iter().any(|manner| name.starts_with(manner));
    is_proxy || is_token || (name.starts_with("AWS_") && !is_manner && !keep_env)
}

/// Variables that the command gets.
pub(super) fn with(
    flags: &Entering,
    id: &str,
    bundle: Option<&Path>,
    endpoint: Option<SocketAddr>,
) -> Vec<(&'static str, OsString)> {
    let mut variables = vec![("ROLECALL_INSTANCE", OsString::from(id))];
    if let Some(region) = &flags.region {
        variables.extend(REGIONS.map(|name| (name, region.into())));
    }
    if let Some(bundle) = bundle {
        variables.extend(BUNDLE_VARIABLES.map(|name| (name, bundle.into())));
    }
    if let Some(endpoint) = endpoint {
        variables.push(("AWS_ENDPOINT_URL", format!("http://{endpoint}").into()));
    }
    variables
}

/// Variables that have a shell say where it is.
pub(super) fn prompt(id: &str) -> [(&'static str, String); 2] {
    [
        ("PS1", format!("({id}) $ ")),
        // Whatever a start-up file makes of it, once.
        (
            "PROMPT_COMMAND",
            format!("PS1=\"({id}) ${{PS1#(*) }}\"; unset PROMPT_COMMAND"),
        ),
    ]
}

/// Files that lead names of AWS to the account.
pub(super) fn names() -> Vec<Shown> {
    let resolver = ("/etc/resolv.conf", RESOLVER.to_owned());
    let switch = fs::read_to_string(SWITCH).map(|text| (SWITCH, by_dns(&text)));
    let files = [Some(resolver), switch.ok()].into_iter().flatten();
    let there = files.filter(|(path, _)| Path::new(path).exists());
    there
        .map(|(path, text)| Shown {
            path: PathBuf::from(path),
            content: text.into_bytes(),
        })
        .collect()
}

/// Files of trusted certificates with one more in each.
pub(super) fn bundles(authority: &str) -> Vec<Shown> {
    let there = BUNDLES
        .iter()
        .filter_map(|path| Some((path, fs::read(path).ok()?)));
    there
        .map(|(path, mut content)| {
            content.push(b'\n');
            content.extend(authority.as_bytes());
            Shown {
                path: PathBuf::from(path),
                content,
            }
        })
        .collect()
}

/// Folders that are to be empty: the user's own AWS, and a cache of names that others fill.
pub(super) fn hidden(flags: &Entering) -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").filter(|_| !flags.keep_env);
    let own = home.map(|home| PathBuf::from(home).join(".aws"));
    let cache = (!flags.no_names).then(|| PathBuf::from("/run/nscd"));
    let folders = [own, cache].into_iter().flatten();
    folders.filter(|folder| folder.is_dir()).collect()
}

/// `nsswitch.conf` without whatever would ask a service outside for a host.
fn by_dns(text: &str) -> String {
    let line = |line: &str| {
        if line.trim_start().starts_with("hosts:") {
            "hosts: files dns\n".to_owned()
        } else {
            format!("{line}\n")
        }
    };
    text.lines().map(line).collect()
}

const RESOLVER: &str = "nameserver 127.0.0.1\noptions timeout:2 attempts:2\n";
const SWITCH: &str = "/etc/nsswitch.conf";
/// Where distributions keep what is trusted: Debian, Fedora, SUSE, Alpine.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// botocore and the AWS CLI, OpenSSL, Python's requests, Node.js, curl.
const BUNDLE_VARIABLES: [&str; 5] = [
    "AWS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "CURL_CA_BUNDLE",
];
const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
const PROXIES: [&str; 4] = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];
/// How an SDK or the CLI behaves, and not for whom.
const MANNERS: [&str; 5] = [
    "AWS_PAGER",
    "AWS_DEFAULT_OUTPUT",
    "AWS_CLI_",
    "AWS_RETRY_MODE",
    "AWS_MAX_ATTEMPTS",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_who_the_user_is_is_taken_away() {
        for (name, taken, taken_when_kept) in [
            ("AWS_ACCESS_KEY_ID", true, false),
            ("AWS_PROFILE", true, false),
            ("AWS_ENDPOINT_URL_STS", true, false),
            ("AWS_SHARED_CREDENTIALS_FILE", true, false),
            ("AWS_REGION", true, false),
            ("AWS_PAGER", false, false),
            ("AWS_CLI_AUTO_PROMPT", false, false),
            ("HTTPS_PROXY", true, true),
            ("no_proxy", true, true),
            ("PATH", false, false),
            ("SAWS_X", false, false),
        ] {
            assert_eq!(is_taken(name.as_bytes(), false), taken, "{name}");
            assert_eq!(is_taken(name.as_bytes(), true), taken_when_kept, "{name}");
        }
    }

    #[test]
    fn hosts_are_looked_up_in_files_and_by_dns_alone() {
        let text = "passwd: files systemd\nhosts: files resolve [!UNAVAIL=return] dns\nrpc: db\n";
        let expect = "passwd: files systemd\nhosts: files dns\nrpc: db\n";
        assert_eq!(by_dns(text), expect);
        assert_eq!(by_dns(""), "");
    }
}
