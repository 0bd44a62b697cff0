//! The rules over a host, in the order of their codes.

use crate::benchmarks::{INSTANCE_ROLES, KEY_ROTATION};
use crate::{Rule, Severity};

/// Rules over a host, by code: `RC-HOST-...`.
pub const RULES: &[Rule] = &[
    LONG_LIVED_KEY,
    KEY_BEFORE_ROLE,
    ROLE_CREDENTIALS_COPIED,
    KEY_ID_ALONE,
    METADATA_REACH,
    ONE_ADDRESS_GUARDED,
    ROLE_AND_KEY,
    KEY_OWNER,
    FOREIGN_KEY,
    DEAD_KEY,
];

pub(super) const LONG_LIVED_KEY: Rule = Rule {
    code: "RC-HOST-001",
    title: "a long-lived access key stands on the host",
    severity: Severity::High,
    why: "Whoever reads the file, the backup or the disk image has the key until somebody deletes \
          it, from anywhere. A role's credentials end within hours and leave no file.",
    fix_terraform: "",
    fix_cli: "# give the instance a role, take the key out of the place named, then\n\
              aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive\n\
              aws iam delete-access-key --user-name USER --access-key-id KEY",
    references: INSTANCE_ROLES,
};

pub(super) const KEY_BEFORE_ROLE: Rule = Rule {
    code: "RC-HOST-002",
    title: "an SDK takes a key before it asks for the role",
    severity: Severity::High,
    why: "SDKs look into the environment and the shared files before they ask the metadata \
          service. As long as the key is there, the instance's role is not used, whatever the \
          account shows.",
    fix_terraform: "",
    fix_cli: "# take the key out of the place named, restart what uses it, and see who it is now\n\
              aws sts get-caller-identity",
    references: INSTANCE_ROLES,
};

pub(super) const ROLE_CREDENTIALS_COPIED: Rule = Rule {
    code: "RC-HOST-003",
    title: "temporary credentials were copied to disk",
    severity: Severity::Medium,
    why: "Credentials of a role belong to the process that asked for them. In a file they outlive \
          it, reach other users and backups, and work from elsewhere until they end.",
    fix_terraform: "",
    fix_cli: "# delete the file, and have programs take the credentials from the SDK's chain; to \
              end the sessions now:\n\
              aws iam put-role-policy --role-name ROLE --policy-name AWSRevokeOlderSessions \\\n  \
              --policy-document file://deny-older-sessions.json",
    references: INSTANCE_ROLES,
};

pub(super) const KEY_ID_ALONE: Rule = Rule {
    code: "RC-HOST-004",
    title: "the id of an access key stands on the host",
    severity: Severity::Info,
    why: "An id opens nothing without its secret access key. It says that a key was used here, and \
          of which account.",
    fix_terraform: "",
    fix_cli: "aws iam get-access-key-last-used --access-key-id KEY",
    references: &[],
};

pub(super) const METADATA_REACH: Rule = Rule {
    code: "RC-HOST-005",
    title: "every process of the host can take the role's credentials",
    severity: Severity::Low,
    why: "The metadata service answers whoever asks from the host: each user, each program that \
          can be made to fetch an address, and containers where the hop limit lets them. Where \
          only one service needs the role, the others should not reach it.",
    fix_terraform: "",
    fix_cli: "# for one user only, in both families\n\
              nft add table inet imds\n\
              nft add chain inet imds out '{ type filter hook output priority 0; }'\n\
              nft add rule inet imds out ip daddr 169.254.169.254 meta skuid != APP_USER reject\n\
              nft add rule inet imds out ip6 daddr fd00:ec2::254 meta skuid != APP_USER reject",
    references: &[],
};

pub(super) const ONE_ADDRESS_GUARDED: Rule = Rule {
    code: "RC-HOST-006",
    title: "the metadata service is guarded at one of its two addresses",
    severity: Severity::Low,
    why: "The same credentials are served at 169.254.169.254 and, where the instance has the IPv6 \
          endpoint enabled, at fd00:ec2::254. A rule about one of them is walked around.",
    fix_terraform: "",
    fix_cli: "nft add rule inet imds out ip6 daddr fd00:ec2::254 meta skuid != APP_USER reject",
    references: &[],
};

pub(super) const ROLE_AND_KEY: Rule = Rule {
    code: "RC-HOST-007",
    title: "the instance has a role, and its host has a key",
    severity: Severity::High,
    why: "In the account the instance looks right: it has a profile with a role. What runs on it \
          uses the key all the same, with the permissions of the key's user and without end.",
    fix_terraform: "",
    fix_cli: "# take the key out of the place named, restart what uses it, and see who it is now\n\
              aws sts get-caller-identity",
    references: INSTANCE_ROLES,
};

pub(super) const KEY_OWNER: Rule = Rule {
    code: "RC-HOST-008",
    title: "an active key of a user stands on the host",
    severity: Severity::High,
    why: "What runs on the instance acts as that user, with all that the user may. A key that is \
          older than 90 days, or that was never used elsewhere, is the host's alone.",
    fix_terraform: "",
    fix_cli: "aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive",
    references: KEY_ROTATION,
};

pub(super) const FOREIGN_KEY: Rule = Rule {
    code: "RC-HOST-009",
    title: "a key of another account stands on the host",
    severity: Severity::High,
    why: "The id says which account owns the key. Nobody here can deactivate it or see what it \
          does, and what uses it sends this account's data there.",
    fix_terraform: "",
    fix_cli: "aws sts get-access-key-info --access-key-id KEY",
    references: INSTANCE_ROLES,
};

pub(super) const DEAD_KEY: Rule = Rule {
    code: "RC-HOST-010",
    title: "a key on the host opens nothing any more",
    severity: Severity::Low,
    why: "The account does not know the key, or it is inactive. What takes it before the role \
          fails, and a key that is switched on again is open at once.",
    fix_terraform: "",
    fix_cli: "# take the key out of the place named\n\
              aws iam delete-access-key --user-name USER --access-key-id KEY",
    references: &[],
};
