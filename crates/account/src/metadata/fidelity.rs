//! What differs from EC2's metadata service, path by path.
//!
//! Source of the paths: EC2 User Guide, "Instance metadata categories" and "Dynamic data
//! categories".

use crate::fidelity::Fidelity::{self, Absent, Differs, Exact};

/// What there is below a version, and what EC2 has besides. `MAC` is an interface's address, and
/// `ROLE` a role's name.
pub static PATHS: &[(&str, Fidelity)] = &[
    (
        "dynamic/fws/instance-monitoring",
        Differs("Always `disabled`, also where monitoring is on."),
    ),
    ("dynamic/instance-identity/document", Exact),
    ("dynamic/instance-identity/pkcs7", Absent),
    ("dynamic/instance-identity/rsa2048", Absent),
    ("dynamic/instance-identity/signature", Absent),
    ("meta-data/ami-id", Exact),
    ("meta-data/ami-launch-index", Exact),
    ("meta-data/ami-manifest-path", Exact),
    ("meta-data/ancestor-ami-ids", Absent),
    ("meta-data/autoscaling/target-lifecycle-state", Absent),
    (
        "meta-data/block-device-mapping/",
        Differs("`ami` and `root` alone: other volumes are not listed."),
    ),
    (
        "meta-data/events/maintenance/history",
        Differs("Always empty."),
    ),
    (
        "meta-data/events/maintenance/scheduled",
        Differs("Always empty."),
    ),
    ("meta-data/events/recommendations/rebalance", Absent),
    ("meta-data/hostname", Exact),
    (
        "meta-data/iam/info",
        Differs("A change of profile or role is in force at once; EC2 may need minutes."),
    ),
    (
        "meta-data/iam/security-credentials/ROLE",
        Differs(
            "Credentials last six hours and are replaced after five, so that an hour is left at \
             least; EC2 says only that new ones are there five minutes before the old ones end.",
        ),
    ),
    ("meta-data/identity-credentials/ec2/info", Absent),
    (
        "meta-data/identity-credentials/ec2/security-credentials/ec2-instance",
        Absent,
    ),
    ("meta-data/instance-action", Exact),
    ("meta-data/instance-id", Exact),
    ("meta-data/instance-life-cycle", Exact),
    ("meta-data/instance-type", Exact),
    ("meta-data/ipv6", Absent),
    ("meta-data/kernel-id", Absent),
    ("meta-data/local-hostname", Exact),
    ("meta-data/local-ipv4", Exact),
    ("meta-data/mac", Exact),
    ("meta-data/metrics/vhostmd", Exact),
    ("meta-data/network/interfaces/macs/MAC/device-number", Exact),
    ("meta-data/network/interfaces/macs/MAC/interface-id", Exact),
    (
        "meta-data/network/interfaces/macs/MAC/ipv4-associations/",
        Absent,
    ),
    ("meta-data/network/interfaces/macs/MAC/ipv6s", Absent),
    (
        "meta-data/network/interfaces/macs/MAC/local-hostname",
        Exact,
    ),
    ("meta-data/network/interfaces/macs/MAC/local-ipv4s", Exact),
    ("meta-data/network/interfaces/macs/MAC/mac", Exact),
    (
        "meta-data/network/interfaces/macs/MAC/network-card-index",
        Exact,
    ),
    ("meta-data/network/interfaces/macs/MAC/owner-id", Exact),
    (
        "meta-data/network/interfaces/macs/MAC/public-hostname",
        Absent,
    ),
    ("meta-data/network/interfaces/macs/MAC/public-ipv4s", Absent),
    (
        "meta-data/network/interfaces/macs/MAC/security-group-ids",
        Exact,
    ),
    (
        "meta-data/network/interfaces/macs/MAC/security-groups",
        Exact,
    ),
    ("meta-data/network/interfaces/macs/MAC/subnet-id", Exact),
    (
        "meta-data/network/interfaces/macs/MAC/subnet-ipv4-cidr-block",
        Exact,
    ),
    (
        "meta-data/network/interfaces/macs/MAC/subnet-ipv6-cidr-blocks",
        Absent,
    ),
    ("meta-data/network/interfaces/macs/MAC/vpc-id", Exact),
    (
        "meta-data/network/interfaces/macs/MAC/vpc-ipv4-cidr-block",
        Exact,
    ),
    (
        "meta-data/network/interfaces/macs/MAC/vpc-ipv4-cidr-blocks",
        Exact,
    ),
    (
        "meta-data/network/interfaces/macs/MAC/vpc-ipv6-cidr-blocks",
        Absent,
    ),
    ("meta-data/placement/availability-zone", Exact),
    ("meta-data/placement/availability-zone-id", Exact),
    ("meta-data/placement/group-name", Absent),
    ("meta-data/placement/host-id", Absent),
    ("meta-data/placement/partition-number", Absent),
    ("meta-data/placement/region", Exact),
    ("meta-data/product-codes", Absent),
    ("meta-data/profile", Exact),
    ("meta-data/public-hostname", Absent),
    ("meta-data/public-ipv4", Absent),
    ("meta-data/public-keys/", Absent),
    ("meta-data/ramdisk-id", Absent),
    ("meta-data/reservation-id", Exact),
    ("meta-data/security-groups", Exact),
    ("meta-data/services/domain", Exact),
    ("meta-data/services/partition", Exact),
    ("meta-data/spot/", Absent),
    (
        "meta-data/tags/instance/",
        Differs(
            "Tags with a slash in the key are left out; EC2 refuses them where tags are shown.",
        ),
    ),
    ("user-data", Exact),
];
