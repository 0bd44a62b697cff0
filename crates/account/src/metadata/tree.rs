//! What the metadata service tells of an instance, as data.
//!
//! Laid out once for each instance, when it is put. What depends on more than the instance (its
//! role, its credentials) is marked as live and made when it is read.
//!
//! Source of names and the versions that brought them: EC2 User Guide, "Instance metadata
//! categories".

use std::collections::BTreeMap;

use bytes::Bytes;
use protocol::metadata::Version;
use protocol::{Secret, metadata};

use crate::ec2;
use crate::entity::{Instance, Settings};

/// The metadata of one instance.
#[derive(Debug)]
pub(crate) struct Tree {
    root: Folder,
}

/// One place in the tree.
#[derive(Debug)]
pub(super) enum Node {
    Folder(Folder),
    /// Text as it is served.
    Text(Bytes),
    /// `user-data`: bytes that often hold keys.
    UserData(Secret),
    /// `iam/info`, made when read.
    ProfileInfo,
    /// `iam/security-credentials/`, made when read: the role's name, and credentials below it.
    Roles,
}

#[derive(Debug, Default)]
pub(super) struct Folder(BTreeMap<String, Entry>);

#[derive(Debug)]
struct Entry {
    since: &'static str,
    node: Node,
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// The names in a folder.
    Listing(Vec<String>),
    Text(&'a Bytes),
    UserData(&'a Secret),
    ProfileInfo,
    RoleListing,
    Credentials {
        role: &'a str,
    },
}

impl Tree {
    /// Lays out an instance.
    pub(crate) fn of(instance: &Instance, settings: &Settings) -> Self {
        let mut root = Folder::default();
        root.put("meta-data", V1, Node::Folder(meta_data(instance, settings)));
        root.put(
            "dynamic",
            "2009-04-04",
            Node::Folder(dynamic(instance, settings)),
        );
        if let Some(data) = &instance.user_data {
            root.put("user-data", V1, Node::UserData(data.clone()));
        }
        Self { root }
    }

    /// Follows the segments below a version.
    pub(super) fn find<'a>(
        &'a self,
        version: Version,
        segments: &'a [String],
    ) -> Option<Found<'a>> {
        let mut folder = &self.root;
        let mut rest = segments.iter();
        while let Some(segment) = rest.next() {
            match folder.get(segment, version)? {
                Node::Folder(next) => folder = next,
                Node::Roles => {
                    return match (rest.next(), rest.next()) {
                        (None, _) => Some(Found::RoleListing),
                        (Some(role), None) => Some(Found::Credentials { role }),
                        (Some(_), Some(_)) => None,
                    };
                }
                // A leaf with a slash after it is the leaf; with a name after it, nothing.
                _ if rest.len() > 0 => return None,
                Node::Text(text) => return Some(Found::Text(text)),
                Node::UserData(data) => return Some(Found::UserData(data)),
                Node::ProfileInfo => return Some(Found::ProfileInfo),
            }
        }
        // The folder right below a version lists its names bare.
        Some(Found::Listing(folder.names(version, !segments.is_empty())))
    }
}

impl Entry {
    /// Names of versions are dates, except the first, `1.0`, and the last, `latest`; as text they
    /// are in the order of time.
    fn is_in(&self, version: Version) -> bool {
        self.since <= version.as_str()
    }
}

impl Folder {
    fn put(&mut self, name: &str, since: &'static str, node: Node) {
        self.0.insert(name.to_owned(), Entry { since, node });
    }

    fn text(&mut self, name: &str, since: &'static str, text: impl Into<String>) {
        self.put(name, since, Node::Text(text.into().into()));
    }

    fn folder(&mut self, name: &str, since: &'static str, fill: impl FnOnce(&mut Self)) {
        let mut folder = Self::default();
        fill(&mut folder);
        self.put(name, since, Node::Folder(folder));
    }

    fn get(&self, name: &str, version: Version) -> Option<&Node> {
        let entry = self.0.get(name)?;
        entry.is_in(version).then_some(&entry.node)
    }

    fn names(&self, version: Version, slashes: bool) -> Vec<String> {
        let shown = self.0.iter().filter(|(_, entry)| entry.is_in(version));
        shown
            .map(|(name, entry)| match entry.node {
                Node::Folder(_) | Node::Roles if slashes => format!("{name}/"),
                _ => name.clone(),
            })
            .collect()
    }
}

fn meta_data(instance: &Instance, settings: &Settings) -> Folder {
    let mut folder = Folder::default();
    let image = ec2::image(&instance.image_id);
    let dns_name = ec2::private_dns_name(settings, instance);
    let ip = instance.placement.private_ip.to_string();
    folder.text("ami-id", V1, &instance.image_id);
    folder.text("ami-launch-index", V1, instance.launch_index.to_string());
    folder.text("ami-manifest-path", V1, "(unknown)");
    folder.text("hostname", V1, &dns_name);
    folder.text("instance-action", "2008-09-01", "none");
    folder.text("instance-id", V1, &instance.id);
    folder.text("instance-life-cycle", "2019-10-01", "on-demand");
    folder.text("instance-type", "2007-08-29", &instance.instance_type);
    folder.text("local-hostname", "2007-01-19", &dns_name);
    folder.text("local-ipv4", V1, ip);
    folder.text("mac", "2011-01-01", &instance.mac);
    folder.text("profile", V1, "default-hvm");
    folder.text("reservation-id", V1, &instance.reservation_id);
    folder.text("security-groups", V1, "default");
    folder.folder("block-device-mapping", "2007-12-15", |devices| {
        let root = image.map_or("/dev/xvda", |image| image.root_device);
        devices.text("ami", "2007-12-15", root.trim_start_matches("/dev/"));
        devices.text("root", "2007-12-15", root);
    });
    folder.folder("events", "2018-08-17", |events| {
        events.folder("maintenance", "2018-08-17", |maintenance| {
            maintenance.text("history", "2018-08-17", "[]");
            maintenance.text("scheduled", "2018-08-17", "[]");
        });
    });
    folder.folder("metrics", "2011-05-01", |metrics| {
        metrics.text("vhostmd", "2011-05-01", VHOSTMD);
    });
    folder.folder("placement", "2008-02-01", |folder| {
        let placement = &instance.placement;
        folder.text(
            "availability-zone",
            "2008-02-01",
            &placement.availability_zone,
        );
        folder.text(
            "availability-zone-id",
            "2019-10-01",
            &placement.availability_zone_id,
        );
        folder.text("region", "2020-08-24", &settings.region);
    });
    folder.folder("services", "2014-02-25", |services| {
        services.text("domain", "2014-02-25", "amazonaws.com");
        services.text("partition", "2015-10-20", "aws");
    });
    folder.folder("network", "2011-01-01", |network| {
        network.folder("interfaces", "2011-01-01", |interfaces| {
            interfaces.folder("macs", "2011-01-01", |macs| {
                macs.folder(&instance.mac, "2011-01-01", |folder| {
                    interface(folder, instance, settings);
                });
            });
        });
    });
    depending(&mut folder, instance);
    folder
}

/// What is there only for some instances.
fn depending(folder: &mut Folder, instance: &Instance) {
    if instance.association.is_some() {
        folder.folder("iam", "2012-01-12", |iam| {
            iam.put("info", "2012-01-12", Node::ProfileInfo);
            iam.put("security-credentials", "2012-01-12", Node::Roles);
        });
    }
    if ec2::shows_tags(&instance.metadata_options) {
        folder.folder("tags", "2021-03-23", |tags| {
            tags.folder("instance", "2021-03-23", |folder| {
                for tag in instance.tags.iter().filter(|tag| !tag.key.contains('/')) {
                    folder.text(&tag.key, "2021-03-23", &tag.value);
                }
            });
        });
    }
}

fn interface(interface: &mut Folder, instance: &Instance, settings: &Settings) {
    let network = &settings.network;
    let ip = instance.placement.private_ip.to_string();
    interface.text("device-number", "2011-01-01", "0");
    interface.text("interface-id", "2011-01-01", &instance.interface_id);
    interface.text(
        "local-hostname",
        "2011-01-01",
        ec2::private_dns_name(settings, instance),
    );
    interface.text("local-ipv4s", "2011-01-01", ip);
    interface.text("mac", "2011-01-01", &instance.mac);
    interface.text("network-card-index", "2020-11-01", "0");
    interface.text("owner-id", "2011-01-01", &settings.account_id);
    interface.text(
        "security-group-ids",
        "2011-01-01",
        &network.security_group_id,
    );
    interface.text("security-groups", "2011-01-01", "default");
    interface.text("subnet-id", "2011-01-01", &instance.placement.subnet_id);
    let subnet = network
        .subnets
        .iter()
        .find(|subnet| subnet.id == instance.placement.subnet_id);
    if let Some(subnet) = subnet {
        interface.text(
            "subnet-ipv4-cidr-block",
            "2011-01-01",
            format!("{}/20", subnet.base),
        );
    }
    interface.text("vpc-id", "2011-01-01", &network.vpc_id);
    interface.text("vpc-ipv4-cidr-block", "2011-01-01", &network.vpc_cidr);
    interface.text("vpc-ipv4-cidr-blocks", "2016-06-30", &network.vpc_cidr);
}

fn dynamic(instance: &Instance, settings: &Settings) -> Folder {
    let mut folder = Folder::default();
    folder.folder("fws", "2009-04-04", |fws| {
        fws.text("instance-monitoring", "2009-04-04", "disabled");
    });
    folder.folder("instance-identity", "2009-04-04", |identity| {
        let document = identity_document(instance, settings);
        identity.put("document", "2009-04-04", Node::Text(document));
    });
    folder
}

fn identity_document(instance: &Instance, settings: &Settings) -> Bytes {
    let architecture = ec2::image(&instance.image_id).map_or("x86_64", |image| image.architecture);
    let ip = instance.placement.private_ip.to_string();
    let pending = metadata::instant(instance.launched);
    metadata::document(&[
        ("accountId", Some(&settings.account_id)),
        ("architecture", Some(architecture)),
        (
            "availabilityZone",
            Some(&instance.placement.availability_zone),
        ),
        ("billingProducts", None),
        ("devpayProductCodes", None),
        ("marketplaceProductCodes", None),
        ("imageId", Some(&instance.image_id)),
        ("instanceId", Some(&instance.id)),
        ("instanceType", Some(&instance.instance_type)),
        ("kernelId", None),
        ("pendingTime", Some(&pending)),
        ("privateIp", Some(&ip)),
        ("ramdiskId", None),
        ("region", Some(&settings.region)),
        ("version", Some("2017-09-30")),
    ])
}

const V1: &str = "1.0";
const VHOSTMD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
