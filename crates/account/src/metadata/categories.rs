//! The categories of instance metadata, as a table: path, version, how far it is as on EC2, value.
//!
//! A row says where a value comes from; `values` knows how it is made, `tree` how it is found. A
//! segment in capitals stands for names of the instance: `MAC` is the address of its interface,
//! `ROLE` its role, `KEY` a tag's key, `NAME` a device.
//!
//! Source: EC2 User Guide, "Instance metadata categories" and "Dynamic data categories".

use bytes::Bytes;

use super::about::About;
use super::values;
use crate::fidelity::note::Fidelity;

/// One row.
pub(super) struct Category {
    /// Below a version.
    pub(super) path: &'static str,
    /// The version that brought it.
    pub(super) since: &'static str,
    pub(super) fidelity: Fidelity,
    pub(super) is: Is,
}

/// What stands at a path.
pub(super) enum Is {
    /// The same for every instance.
    Always(&'static str),
    /// A short text that every instance has.
    Text(fn(&About<'_>) -> String),
    /// A short text, where the instance has it.
    Of(fn(&About<'_>) -> Option<String>),
    /// What takes some effort: whether it is there, and what it is.
    Made(fn(&About<'_>) -> bool, fn(&About<'_>) -> Option<Bytes>),
    /// One value for each of these names, which may be none; the folder is not there without them.
    Each(
        fn(&About<'_>) -> Option<Vec<String>>,
        fn(&About<'_>, &str) -> Option<Bytes>,
    ),
    /// Nothing, ever.
    Absent,
}

/// Every path, and how far it is as on EC2.
pub fn paths() -> impl Iterator<Item = (&'static str, Fidelity)> {
    CATEGORIES
        .iter()
        .map(|category| (category.path, category.fidelity))
}

const fn exact(path: &'static str, since: &'static str, is: Is) -> Category {
    Category {
        path,
        since,
        fidelity: Fidelity::Exact,
        is,
    }
}

const fn differs(path: &'static str, since: &'static str, how: &'static str, is: Is) -> Category {
    Category {
        fidelity: Fidelity::Differs(how),
        ..exact(path, since, is)
    }
}

const fn absent(path: &'static str) -> Category {
    Category {
        fidelity: Fidelity::Absent,
        ..exact(path, V1, Is::Absent)
    }
}

const V1: &str = "1.0";
/// The version that brought interfaces and most of what is told of them.
const INTERFACES: &str = "2011-01-01";

/// Sorted by path.
pub(super) static CATEGORIES: &[Category] = &[
    exact(
        "dynamic/fws/instance-monitoring",
        "2009-04-04",
        Is::Text(values::monitoring),
    ),
    exact(
        "dynamic/instance-identity/document",
        "2009-04-04",
        Is::Made(|_| true, |it| Some(values::identity_document(it))),
    ),
    absent("dynamic/instance-identity/pkcs7"),
    differs(
        "dynamic/instance-identity/rsa2048",
        "2009-04-04",
        "Signed with the server's own key, one for all regions ([metadata.md](metadata.md)).",
        Is::Made(|_| true, values::rsa2048),
    ),
    differs(
        "dynamic/instance-identity/signature",
        "2009-04-04",
        "Signed with the same key as `rsa2048`; EC2's key for it has 1024 bits.",
        Is::Made(|_| true, values::signature),
    ),
    exact(
        "meta-data/ami-id",
        V1,
        Is::Text(|it| it.instance().image_id.clone()),
    ),
    exact(
        "meta-data/ami-launch-index",
        V1,
        Is::Text(|it| it.instance().launch_index.to_string()),
    ),
    exact("meta-data/ami-manifest-path", V1, Is::Always("(unknown)")),
    absent("meta-data/ancestor-ami-ids"),
    differs(
        "meta-data/autoscaling/target-lifecycle-state",
        "2021-07-15",
        "`InService` in a group, because groups have no hooks and no warm pools.",
        Is::Of(values::target_lifecycle_state),
    ),
    exact(
        "meta-data/block-device-mapping/NAME",
        "2007-12-15",
        Is::Each(|it| Some(values::devices(it)), values::device),
    ),
    differs(
        "meta-data/events/maintenance/history",
        "2018-08-17",
        "What the operator has announced and ended; nothing happens by itself.",
        Is::Made(|_| true, |it| Some(values::maintenance_history(it))),
    ),
    differs(
        "meta-data/events/maintenance/scheduled",
        "2018-08-17",
        "What the operator has announced; nothing happens to the instance at that time.",
        Is::Made(|_| true, |it| Some(values::maintenance_scheduled(it))),
    ),
    differs(
        "meta-data/events/recommendations/rebalance",
        "2020-10-27",
        "Where the operator has announced it, on any instance.",
        Is::Of(values::rebalance),
    ),
    exact("meta-data/hostname", V1, Is::Text(values::host_name)),
    differs(
        "meta-data/iam/info",
        "2012-01-12",
        "A change of profile or role is in force at once; EC2 may need minutes.",
        Is::Made(values::has_profile, values::profile_info),
    ),
    differs(
        "meta-data/iam/security-credentials/ROLE",
        "2012-01-12",
        "Credentials last six hours and are replaced after five, so that an hour is left at \
         least; EC2 says only that new ones are there five minutes before the old ones end.",
        Is::Each(values::roles, values::role_credentials),
    ),
    differs(
        "meta-data/iam/security-credentials-extended/ROLE",
        "latest",
        "Only where the listener is told to have it: SDKs ask for it, and EC2 has not announced \
         it.",
        Is::Each(values::extended_roles, values::extended_credentials),
    ),
    exact(
        "meta-data/identity-credentials/ec2/info",
        "2018-05-23",
        Is::Made(|_| true, |it| Some(values::identity_info(it))),
    ),
    differs(
        "meta-data/identity-credentials/ec2/security-credentials/ec2-instance",
        "2018-05-23",
        "No call is accepted with them; on EC2 they serve AWS's own agents.",
        Is::Made(|_| true, values::identity_credentials),
    ),
    exact(
        "meta-data/instance-action",
        "2008-09-01",
        Is::Always("none"),
    ),
    exact(
        "meta-data/instance-id",
        V1,
        Is::Text(|it| it.instance().id.clone()),
    ),
    exact(
        "meta-data/instance-life-cycle",
        "2019-10-01",
        Is::Always("on-demand"),
    ),
    exact(
        "meta-data/instance-type",
        "2007-08-29",
        Is::Text(|it| it.instance().instance_type.clone()),
    ),
    absent("meta-data/ipv6"),
    absent("meta-data/kernel-id"),
    exact(
        "meta-data/local-hostname",
        "2007-01-19",
        Is::Text(values::host_name),
    ),
    exact("meta-data/local-ipv4", V1, Is::Text(values::private_ip)),
    exact("meta-data/mac", INTERFACES, Is::Text(values::mac)),
    exact(
        "meta-data/metrics/vhostmd",
        "2011-05-01",
        Is::Always("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/device-number",
        INTERFACES,
        Is::Always("0"),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/interface-id",
        INTERFACES,
        Is::Text(|it| it.instance().interface_id.clone()),
    ),
    absent("meta-data/network/interfaces/macs/MAC/ipv4-associations/"),
    absent("meta-data/network/interfaces/macs/MAC/ipv6s"),
    exact(
        "meta-data/network/interfaces/macs/MAC/local-hostname",
        INTERFACES,
        Is::Text(values::host_name),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/local-ipv4s",
        INTERFACES,
        Is::Text(values::private_ip),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/mac",
        INTERFACES,
        Is::Text(values::mac),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/network-card-index",
        "2020-11-01",
        Is::Always("0"),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/owner-id",
        INTERFACES,
        Is::Text(|it| it.settings().account_id.clone()),
    ),
    absent("meta-data/network/interfaces/macs/MAC/public-hostname"),
    absent("meta-data/network/interfaces/macs/MAC/public-ipv4s"),
    exact(
        "meta-data/network/interfaces/macs/MAC/security-group-ids",
        INTERFACES,
        Is::Text(|it| it.settings().network.security_group_id.clone()),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/security-groups",
        INTERFACES,
        Is::Always("default"),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/subnet-id",
        INTERFACES,
        Is::Text(|it| it.instance().placement.subnet_id.clone()),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/subnet-ipv4-cidr-block",
        INTERFACES,
        Is::Of(values::subnet_block),
    ),
    absent("meta-data/network/interfaces/macs/MAC/subnet-ipv6-cidr-blocks"),
    exact(
        "meta-data/network/interfaces/macs/MAC/vpc-id",
        INTERFACES,
        Is::Text(|it| it.settings().network.vpc_id.clone()),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/vpc-ipv4-cidr-block",
        INTERFACES,
        Is::Text(|it| it.settings().network.vpc_cidr.clone()),
    ),
    exact(
        "meta-data/network/interfaces/macs/MAC/vpc-ipv4-cidr-blocks",
        "2016-06-30",
        Is::Text(|it| it.settings().network.vpc_cidr.clone()),
    ),
    absent("meta-data/network/interfaces/macs/MAC/vpc-ipv6-cidr-blocks"),
    exact(
        "meta-data/placement/availability-zone",
        "2008-02-01",
        Is::Text(|it| it.instance().placement.availability_zone.clone()),
    ),
    exact(
        "meta-data/placement/availability-zone-id",
        "2019-10-01",
        Is::Text(|it| it.instance().placement.availability_zone_id.clone()),
    ),
    absent("meta-data/placement/group-name"),
    absent("meta-data/placement/host-id"),
    absent("meta-data/placement/partition-number"),
    exact(
        "meta-data/placement/region",
        "2020-08-24",
        Is::Text(|it| it.settings().region.clone()),
    ),
    absent("meta-data/product-codes"),
    exact("meta-data/profile", V1, Is::Always("default-hvm")),
    absent("meta-data/public-hostname"),
    absent("meta-data/public-ipv4"),
    absent("meta-data/public-keys/"),
    absent("meta-data/ramdisk-id"),
    exact(
        "meta-data/reservation-id",
        V1,
        Is::Text(|it| it.instance().reservation_id.clone()),
    ),
    exact("meta-data/security-groups", V1, Is::Always("default")),
    exact(
        "meta-data/services/domain",
        "2014-02-25",
        Is::Always("amazonaws.com"),
    ),
    exact(
        "meta-data/services/partition",
        "2015-10-20",
        Is::Always("aws"),
    ),
    differs(
        "meta-data/spot/instance-action",
        "2016-11-15",
        "Where the operator has announced it, on any instance; nothing is done at that time.",
        Is::Of(values::spot_action),
    ),
    differs(
        "meta-data/spot/termination-time",
        "2014-11-05",
        "As `spot/instance-action`.",
        Is::Of(values::spot_termination),
    ),
    differs(
        "meta-data/tags/instance/KEY",
        "2021-03-23",
        "Tags with a slash in the key are left out; EC2 refuses them where tags are shown.",
        Is::Each(values::tag_keys, values::tag),
    ),
    exact(
        "user-data",
        V1,
        Is::Made(values::has_user_data, values::user_data),
    ),
];
