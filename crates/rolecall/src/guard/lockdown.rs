//! The packet filter around the metadata service: a table of its own, put in place as a whole.
//!
//! Only root reaches the service itself. Connections of everybody else on the host come to the
//! guard, or are reset at once; so does what the host forwards, as for containers. A drop would
//! cost every client its time limit.
//!
//! Sources: nft(8); the names of hooks and priorities there under "ADDRESS FAMILIES".

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::ENDPOINTS;
use crate::failure::Failure;

/// What becomes of everybody but root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lockdown {
    /// The guard's port on loopback; `None` refuses.
    pub(crate) redirect_to: Option<u16>,
    /// The guard's port for what the host forwards; `None` refuses.
    pub(crate) forward_to: Option<u16>,
}

impl Lockdown {
    /// Puts the rules in place of those that may be there, in one step: a moment without rules
    /// never is.
    pub(crate) async fn load(self) -> Result<(), Failure> {
        nft(&["-f", "-"], &self.script()).await.map(drop)
    }

    /// The rules as the kernel has them, without their counters.
    pub(crate) async fn listing() -> Result<Vec<u8>, Failure> {
        nft(&["-s", "list", "table", "inet", TABLE], "").await
    }

    /// Whether a table of that name is there.
    pub(crate) async fn is_there() -> bool {
        nft(&["list", "table", "inet", TABLE], "").await.is_ok()
    }

    /// Takes the rules away.
    pub(crate) async fn remove() -> Result<(), Failure> {
        // Adding it first makes it no mistake that somebody else removed it.
        let script = format!("table inet {TABLE}\ndelete table inet {TABLE}\n");
        nft(&["-f", "-"], &script).await.map(drop)
    }

    fn script(self) -> String {
        let [v4, v6] = ENDPOINTS.map(|address| address.ip());
        let mut script = format!(
            "table inet {TABLE}\n\
             delete table inet {TABLE}\n\
             table inet {TABLE} {{\n"
        );
        let mut add = |chain: &str, rules: &[String]| {
            let lines = rules.iter().map(|rule| format!("    {rule}\n"));
            let lines: String = lines.collect();
            let _never = write!(script, "  chain {chain} {{\n{lines}  }}\n");
        };
        let line = |text: &str| text.to_owned();
        add(
            "refused",
            &[
                line("meta l4proto tcp counter reject with tcp reset"),
                line("counter reject with icmpx type admin-prohibited"),
            ],
        );
        add(
            "to_service",
            &[
                line("meta skuid 0 accept"),
                line("meta skuid != 0 goto refused"),
                // No process has the socket any more: the end of a connection that was root's.
                line("ct state established,related accept"),
                line("goto refused"),
            ],
        );
        let mut output = vec![
            line("type filter hook output priority 0; policy accept;"),
            format!("ip daddr {v4} goto to_service"),
            format!("ip6 daddr {v6} goto to_service"),
        ];
        if let Some(port) = self.redirect_to {
            add("to_guard", &to_guard());
            output.push(format!(
                "ip daddr 127.0.0.0/8 tcp dport {port} goto to_guard"
            ));
            output.push(format!("ip6 daddr ::1 tcp dport {port} goto to_guard"));
            add(
                "led",
                &[
                    line("type nat hook output priority -100; policy accept;"),
                    line("meta skuid 0 return"),
                    format!("ip daddr {v4} tcp dport 80 counter redirect to :{port}"),
                    format!("ip6 daddr {v6} tcp dport 80 counter redirect to :{port}"),
                ],
            );
        }
        add("sent", &output);
        for (name, rules) in self.forward_to.map(led_from_outside).into_iter().flatten() {
            add(name, &rules);
        }
        add(
            "forwarded",
            &[
                line("type filter hook forward priority 0; policy accept;"),
                format!("ip daddr {v4} goto refused"),
                format!("ip6 daddr {v6} goto refused"),
            ],
        );
        script.push_str("}\n");
        script
    }
}

/// The chains that lead what the host would forward to a port of its own, and nothing else there.
fn led_from_outside(port: u16) -> [(&'static str, Vec<String>); 3] {
    let [v4, v6] = ENDPOINTS.map(|address| address.ip());
    let arrived = [
        "type nat hook prerouting priority -100; policy accept;".to_owned(),
        // What the host sends itself was led already.
        "iifname \"lo\" return".to_owned(),
        format!("ip daddr {v4} tcp dport 80 counter redirect to :{port}"),
        format!("ip6 daddr {v6} tcp dport 80 counter redirect to :{port}"),
    ];
    let received = [
        "type filter hook input priority 0; policy accept;".to_owned(),
        format!("tcp dport {port} goto to_guard_forwarded"),
    ];
    [
        ("to_guard_forwarded", to_guard().to_vec()),
        ("arrived", arrived.to_vec()),
        ("received", received.to_vec()),
    ]
}

/// A connection that was not led there could make the kernel give another one a new port, by which
/// its caller would be looked for.
fn to_guard() -> [String; 2] {
    ["ct status dnat accept", "counter reject with tcp reset"].map(str::to_owned)
}

/// Runs `nft` with a script on its standard input; what it printed.
async fn nft(arguments: &[&str], script: &str) -> Result<Vec<u8>, Failure> {
    let spawned = Command::new("nft")
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = spawned.map_err(|error| not_started(&error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that ends early says why.
        let _unread = stdin.write_all(script.as_bytes()).await;
    }
    let output = child.wait_with_output().await;
    let output = output.map_err(|error| not_started(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(refused(&String::from_utf8_lossy(&output.stderr)))
}

fn not_started(error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => Failure::unfinished("this host has no `nft`")
            .hint("install it: `apt-get install nftables` or `dnf install nftables`"),
        _ => Failure::unfinished(format!("`nft` does not run: {error}")),
    }
}

fn refused(said: &str) -> Failure {
    let first = said.lines().next().unwrap_or_default().trim();
    let failure = Failure::unfinished(format!("`nft` refuses the rules: {first}"));
    if said.contains("Operation not permitted") {
        failure.hint("run it as root with `CAP_NET_ADMIN`, which a container has to be given")
    } else if said.contains("No such file") || said.contains("not supported") {
        failure.hint(
            "the kernel needs `nf_tables`, `nft_chain_nat`, `nft_redir` and `nft_reject_inet`",
        )
    } else {
        failure
    }
}

const TABLE: &str = "rolecall_guard";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_table_goes_in_the_step_in_which_the_new_one_comes() {
        for (redirect_to, forward_to) in [(None, None), (Some(980), None), (Some(980), Some(982))] {
            let lockdown = Lockdown {
                redirect_to,
                forward_to,
            };
            let script = lockdown.script();
            assert!(script.starts_with(
                "table inet rolecall_guard\ndelete table inet rolecall_guard\n\
                 table inet rolecall_guard {\n"
            ));
            assert_eq!(script.contains("redirect to :980"), redirect_to.is_some());
            assert_eq!(script.contains("redirect to :982"), forward_to.is_some());
            // Whatever is not led to the guard is refused.
            assert!(script.contains("hook forward"));
            // In nft 1.0.6 a brace behind a rule is a mistake, and nothing is loaded.
            for line in script.lines() {
                let is_rule = line.starts_with("    ");
                assert!(!is_rule || !line.contains(['{', '}']), "{line}");
            }
        }
    }

    #[test]
    fn what_nft_says_has_a_way_out() {
        let hint = |said| refused(said).hints.concat();
        assert!(hint("Error: Could not process rule: Operation not permitted").contains("ADMIN"));
        assert!(hint("Error: Could not process rule: No such file").contains("nf_tables"));
        assert!(hint("Error: syntax error").is_empty());
        let missing = not_started(&ErrorKind::NotFound.into());
        assert!(missing.hints.concat().contains("nftables"));
    }
}
