//! What must hold for whatever bytes come: one function for each target, called by the
//! coverage-guided fuzzer (`cargo xtask fuzz`) and, on the seeds and some thousand inputs made of
//! them, by an ordinary test. Knows no fuzzer.
//!
//! A function returns when all is well, also for bytes that mean nothing, and panics otherwise.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a panic is how a fuzzer is told of a flaw"
)]

mod agents;
mod audits;
mod calls;
mod language;
mod message;
mod protocols;
#[expect(
    dead_code,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the sources of a test, shared with it"
)]
mod reference;

pub use agents::{agent_config, agent_http, secret_agent};
pub use audits::{audited_code, audited_host, keys};
pub use calls::{account_call, metadata_service};
pub use language::{decide, pattern, policy_text, template};
pub use protocols::{metadata_path, sigv4, wire_input, wire_output};

/// One target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Of the function, the binary and the folder of seeds.
    pub name: &'static str,
    /// The function.
    pub run: fn(&[u8]),
    /// What it proves, as far as fuzzing does.
    pub proves: &'static str,
}

/// All there is.
pub const TARGETS: &[Target] = &[
    Target {
        name: "policy_text",
        run: policy_text,
        proves: "any text is read or refused as each kind of policy and linted, the places told \
                 lie in it, what is taken is JSON to another reader too, and white space around \
                 it changes nothing",
    },
    Target {
        name: "decide",
        run: decide,
        proves: "`decide` and `explain` say what the literal evaluator of the policy package's \
                 tests says, of policies and requests that the bytes choose",
    },
    Target {
        name: "pattern",
        run: pattern,
        proves: "a pattern matches what a table of all beginnings of both says that it matches",
    },
    Target {
        name: "template",
        run: template,
        proves: "the same of patterns and texts with policy variables, in conditions and resources",
    },
    Target {
        name: "sigv4",
        run: sigv4,
        proves: "any request is read or refused, none passes under a key that did not sign it, and \
                 one that is signed passes until its body is another",
    },
    Target {
        name: "wire_input",
        run: wire_input,
        proves: "any call is decoded or refused as the caller's fault, for each operation, and \
                 what is decoded comes back when it is written and read again",
    },
    Target {
        name: "wire_output",
        run: wire_output,
        proves: "any answer is decoded or refused, for each operation",
    },
    Target {
        name: "metadata_path",
        run: metadata_path,
        proves: "a path is made plain for good: written and made plain again it is the same, and \
                 no segment is empty, a dot segment, or holds a slash",
    },
    Target {
        name: "secret_agent",
        run: secret_agent,
        proves: "any frame is read or refused in both directions, and a request or reply that is \
                 read comes back when it is written and read again",
    },
    Target {
        name: "agent_config",
        run: agent_config,
        proves: "any text is a configuration or is refused with places that lie in it",
    },
    Target {
        name: "agent_http",
        run: agent_http,
        proves: "any request is answered, and none gets a secret without the token",
    },
    Target {
        name: "account_call",
        run: account_call,
        proves: "any call of any operation, by an administrator or unsigned, is answered without a \
                 fault of ours, its changes can be applied, and the unsigned one changes nothing",
    },
    Target {
        name: "metadata_service",
        run: metadata_service,
        proves: "any request is answered without a fault of ours, and nothing is read without a \
                 token from an instance that wants one",
    },
    Target {
        name: "keys",
        run: keys,
        proves: "any file is searched for keys within bounds, the places told lie in it, and the \
                 same file gives the same keys",
    },
    Target {
        name: "audited_code",
        run: audited_code,
        proves: "any text is read as Terraform and as a stack or is told as missing, in one line, \
                 and places told lie in it",
    },
    Target {
        name: "audited_host",
        run: audited_host,
        proves: "any text is judged at any place of a host, and no more is found than keys ask for",
    },
];
