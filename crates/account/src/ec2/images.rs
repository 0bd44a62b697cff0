//! The images that can be launched, as data.

use protocol::{Fault, Record, Value};

use super::listing::{Listing, one};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "DescribeImages",
    needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeImages", "*")]),
    run: describe,
}];

/// An image.
#[derive(Debug)]
pub(crate) struct Image {
    /// `ami-…`
    pub(crate) id: &'static str,
    /// As its publisher calls it.
    name: &'static str,
    /// When it was published.
    created: &'static str,
    /// Of the instances launched from it.
    pub(crate) architecture: &'static str,
    /// Where its root volume is attached.
    pub(crate) root_device: &'static str,
    /// Size of its root volume in GiB.
    pub(crate) root_gib: u32,
    /// Type of its root volume.
    pub(crate) root_type: &'static str,
    /// Whether its instances need tokens unless told otherwise (`ImdsSupport` `v2.0`).
    pub(crate) is_imds_v2: bool,
}

/// The image by id.
pub(crate) fn find(id: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| image.id == id)
}

fn describe(_: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let listing = Listing::read(input, "ImageIds", ATTRIBUTES)?;
    listing.check_there(
        |id| find(id).is_some(),
        |id| {
            let message = format!("The image id '[{id}]' does not exist");
            Fault::new("InvalidAMIID.NotFound", message)
        },
    )?;
    let owners: Vec<&str> = input.texts("Owners").collect();
    let is_asked = owners.is_empty() || owners.iter().any(|it| [ALIAS, OWNER].contains(it));
    let executable: Vec<&str> = input.texts("ExecutableUsers").collect();
    let is_asked = is_asked && (executable.is_empty() || executable.contains(&"all"));
    let mut all: Vec<&Image> = IMAGES.iter().filter(|_| is_asked).collect();
    all.sort_by_key(|image| image.id);
    let (page, next) = listing.page(
        all.into_iter(),
        |image| image.id.to_owned(),
        |image, name| attributes(image, name),
    );
    let shown: Value = page.iter().map(|image| shown(image)).collect();
    Ok(Record::new()
        .with("Images", shown)
        .with_some("NextToken", next))
}

fn attributes(image: &Image, name: &str) -> Option<Vec<String>> {
    match name {
        "architecture" => one(image.architecture),
        "creation-date" => one(image.created),
        "hypervisor" => one("xen"),
        "image-id" => one(image.id),
        "image-type" => one("machine"),
        "is-public" => one("true"),
        "name" => one(image.name),
        "owner-alias" => one(ALIAS),
        "owner-id" => one(OWNER),
        "root-device-name" => one(image.root_device),
        "root-device-type" => one("ebs"),
        "state" => one("available"),
        "virtualization-type" => one("hvm"),
        _ => Some(Vec::new()),
    }
}

fn shown(image: &Image) -> Record {
    let ebs = Record::new()
        .with("DeleteOnTermination", true)
        .with("VolumeSize", i64::from(image.root_gib))
        .with("VolumeType", image.root_type)
        .with("Encrypted", false);
    let root = Record::new()
        .with("DeviceName", image.root_device)
        .with("Ebs", ebs);
    Record::new()
        .with("ImageId", image.id)
        .with("Name", image.name)
        .with("ImageLocation", format!("{ALIAS}/{}", image.name))
        .with("ImageOwnerAlias", ALIAS)
        .with("OwnerId", OWNER)
        .with("CreationDate", image.created)
        .with("Architecture", image.architecture)
        .with("ImageType", "machine")
        .with("State", "available")
        .with("Public", true)
        .with("EnaSupport", true)
        .with("Hypervisor", "xen")
        .with("PlatformDetails", "Linux/UNIX")
        .with("UsageOperation", "RunInstances")
        .with("RootDeviceName", image.root_device)
        .with("RootDeviceType", "ebs")
        .with("VirtualizationType", "hvm")
        .with("BlockDeviceMappings", vec![root])
        .with_some("ImdsSupport", image.is_imds_v2.then_some("v2.0"))
}

const ALIAS: &str = "amazon";
// Amazon's own account for its Linux images.
const OWNER: &str = "137112412989";
const ATTRIBUTES: &[&str] = &[
    "architecture",
    "creation-date",
    "hypervisor",
    "image-id",
    "image-type",
    "is-public",
    "name",
    "owner-alias",
    "owner-id",
    "root-device-name",
    "root-device-type",
    "state",
    "tag-key",
    "virtualization-type",
];
const IMAGES: &[Image] = &[
    Image {
        id: "ami-12c6146b",
        name: "amzn2-ami-hvm-2.0.20210813.1-x86_64-gp2",
        created: "2021-08-13T00:00:00.000Z",
        architecture: "x86_64",
        root_device: "/dev/xvda",
        root_gib: 8,
        root_type: "gp2",
        is_imds_v2: false,
    },
    Image {
        id: "ami-0a1b2c3d4e5f60001",
        name: "al2023-ami-2023.6.20250115.0-kernel-6.1-x86_64",
        created: "2025-01-15T00:00:00.000Z",
        architecture: "x86_64",
        root_device: "/dev/xvda",
        root_gib: 8,
        root_type: "gp3",
        is_imds_v2: true,
    },
    Image {
        id: "ami-0a1b2c3d4e5f60002",
        name: "al2023-ami-2023.6.20250115.0-kernel-6.1-arm64",
        created: "2025-01-15T00:00:00.000Z",
        architecture: "arm64",
        root_device: "/dev/xvda",
        root_gib: 8,
        root_type: "gp3",
        is_imds_v2: true,
    },
];
