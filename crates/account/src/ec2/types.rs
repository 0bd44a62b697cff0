//! Instance types, as data: what clients compute with.
//!
//! Source: EC2 User Guide, "Amazon EC2 instance types".

use protocol::{Fault, Record, Value};

use super::listing::{Listing, one};
use crate::entity::Credits;
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "DescribeInstanceTypes",
    needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeInstanceTypes", "*")]),
    run: describe,
}];

/// One instance type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InstanceType {
    pub(super) name: String,
    pub(super) vcpus: u32,
    pub(super) threads_per_core: u32,
    pub(super) mib: u32,
    pub(super) family: &'static Family,
}

/// What the types of a family have in common.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Family {
    name: &'static str,
    pub(super) architecture: &'static str,
    /// How CPU credits are spent unless asked for otherwise; `None` where there are none.
    pub(super) credits: Option<Credits>,
    is_nitro: bool,
    is_current: bool,
    threads_per_core: u32,
    /// Name, vCPUs and memory in MiB of each size.
    sizes: Sizes,
}

/// How the sizes of a family are told.
#[derive(Debug, PartialEq, Eq)]
enum Sizes {
    Each(&'static [(&'static str, u32, u32)]),
    /// So many MiB for each vCPU.
    By(u32, &'static [(&'static str, u32)]),
}

impl Family {
    fn types(&'static self) -> Vec<InstanceType> {
        let of = |size: &str, vcpus: u32, mib: u32| InstanceType {
            name: format!("{}.{size}", self.name),
            vcpus,
            threads_per_core: self.threads_per_core.min(vcpus),
            mib,
            family: self,
        };
        match self.sizes {
            Sizes::Each(sizes) => sizes
                .iter()
                .map(|(size, n, mib)| of(size, *n, *mib))
                .collect(),
            Sizes::By(mib, sizes) => sizes
                .iter()
                .map(|(size, n)| of(size, *n, n * mib))
                .collect(),
        }
    }
}

/// The type by name, where it is in the table.
pub(super) fn find(name: &str) -> Option<InstanceType> {
    let (family, _) = name.split_once('.')?;
    let family = FAMILIES.iter().find(|known| known.name == family)?;
    family.types().into_iter().find(|known| known.name == name)
}

/// Names of all types of the table.
pub(super) fn names() -> Vec<String> {
    let all = FAMILIES.iter().flat_map(Family::types);
    all.map(|known| known.name).collect()
}

fn describe(_: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let known = [
        "bare-metal",
        "burstable-performance-supported",
        "current-generation",
        "hypervisor",
        "instance-storage-supported",
        "instance-type",
        "memory-info.size-in-mib",
        "processor-info.supported-architecture",
        "vcpu-info.default-cores",
        "vcpu-info.default-threads-per-core",
        "vcpu-info.default-vcpus",
    ];
    let listing = Listing::read(input, "InstanceTypes", &known)?;
    let mut all: Vec<InstanceType> = FAMILIES.iter().flat_map(Family::types).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    listing.check_there(
        |name| all.iter().any(|known| known.name == name),
        |name| {
            Fault::new(
                "InvalidInstanceType",
                format!("The following supplied instance types do not exist: [{name}]"),
            )
        },
    )?;
    let (page, next) = listing.page(all.into_iter(), |it| it.name.clone(), attributes);
    let shown: Value = page.iter().map(shown).collect();
    Ok(Record::new()
        .with("InstanceTypes", shown)
        .with_some("NextToken", next))
}

fn attributes(of: &InstanceType, name: &str) -> Option<Vec<String>> {
    let family = of.family;
    match name {
        "bare-metal" | "instance-storage-supported" => one("false"),
        "burstable-performance-supported" => one(family.credits.is_some().to_string()),
        "current-generation" => one(family.is_current.to_string()),
        "hypervisor" => one(hypervisor(family)),
        "instance-type" => one(&of.name),
        "memory-info.size-in-mib" => one(of.mib.to_string()),
        "processor-info.supported-architecture" => one(family.architecture),
        "vcpu-info.default-cores" => one((of.vcpus / of.threads_per_core).to_string()),
        "vcpu-info.default-threads-per-core" => one(of.threads_per_core.to_string()),
        "vcpu-info.default-vcpus" => one(of.vcpus.to_string()),
        _ => None,
    }
}

fn hypervisor(family: &Family) -> &'static str {
    if family.is_nitro { "nitro" } else { "xen" }
}

fn shown(of: &InstanceType) -> Record {
    let family = of.family;
    let cpus = Record::new()
        .with("DefaultVCpus", i64::from(of.vcpus))
        .with("DefaultCores", i64::from(of.vcpus / of.threads_per_core))
        .with("DefaultThreadsPerCore", i64::from(of.threads_per_core));
    Record::new()
        .with("InstanceType", of.name.as_str())
        .with("CurrentGeneration", family.is_current)
        .with("FreeTierEligible", FREE.contains(&of.name.as_str()))
        .with("SupportedUsageClasses", vec!["on-demand"])
        .with("SupportedRootDeviceTypes", vec!["ebs"])
        .with("SupportedVirtualizationTypes", vec!["hvm"])
        .with("BareMetal", false)
        .with("Hypervisor", hypervisor(family))
        .with(
            "ProcessorInfo",
            Record::new().with("SupportedArchitectures", vec![family.architecture]),
        )
        .with("VCpuInfo", cpus)
        .with(
            "MemoryInfo",
            Record::new().with("SizeInMiB", i64::from(of.mib)),
        )
        .with("InstanceStorageSupported", false)
        .with("HibernationSupported", false)
        .with("BurstablePerformanceSupported", family.credits.is_some())
        .with("DedicatedHostsSupported", false)
        .with("AutoRecoverySupported", family.is_nitro)
}

const fn burstable(
    name: &'static str,
    architecture: &'static str,
    threads_per_core: u32,
) -> Family {
    Family {
        name,
        architecture,
        credits: Some(Credits::Unlimited),
        is_nitro: true,
        is_current: true,
        threads_per_core,
        sizes: Sizes::Each(&[
            ("nano", 2, 512),
            ("micro", 2, 1_024),
            ("small", 2, 2_048),
            ("medium", 2, 4_096),
            ("large", 2, 8_192),
            ("xlarge", 4, 16_384),
            ("2xlarge", 8, 32_768),
        ]),
    }
}

const fn steady(name: &'static str, sizes: Sizes) -> Family {
    Family {
        name,
        architecture: "x86_64",
        credits: None,
        is_nitro: true,
        is_current: true,
        threads_per_core: 2,
        sizes,
    }
}

const fn graviton(name: &'static str, mib_per_vcpu: u32) -> Family {
    Family {
        name,
        architecture: "arm64",
        credits: None,
        is_nitro: true,
        is_current: true,
        threads_per_core: 1,
        sizes: Sizes::By(mib_per_vcpu, SIXTY_FOUR),
    }
}

const FAMILIES: &[Family] = &[
    burstable("t3", "x86_64", 2),
    burstable("t3a", "x86_64", 2),
    burstable("t4g", "arm64", 1),
    Family {
        name: "t2",
        architecture: "x86_64",
        credits: Some(Credits::Standard),
        is_nitro: false,
        is_current: true,
        threads_per_core: 1,
        sizes: Sizes::Each(&[
            ("nano", 1, 512),
            ("micro", 1, 1_024),
            ("small", 1, 2_048),
            ("medium", 2, 4_096),
            ("large", 2, 8_192),
            ("xlarge", 4, 16_384),
            ("2xlarge", 8, 32_768),
        ]),
    },
    Family {
        name: "m1",
        architecture: "x86_64",
        credits: None,
        is_nitro: false,
        is_current: false,
        threads_per_core: 1,
        sizes: Sizes::Each(&[("small", 1, 1_740)]),
    },
    steady("c5", Sizes::By(2_048, SEVENTY_TWO)),
    steady("m5", Sizes::By(4_096, NINETY_SIX)),
    steady("r5", Sizes::By(8_192, NINETY_SIX)),
    steady("c6i", Sizes::By(2_048, HUNDRED_TWENTY_EIGHT)),
    steady("m6i", Sizes::By(4_096, HUNDRED_TWENTY_EIGHT)),
    steady("r6i", Sizes::By(8_192, HUNDRED_TWENTY_EIGHT)),
    steady("c7i", Sizes::By(2_048, HUNDRED_NINETY_TWO)),
    steady("m7i", Sizes::By(4_096, HUNDRED_NINETY_TWO)),
    steady("r7i", Sizes::By(8_192, HUNDRED_NINETY_TWO)),
    graviton("c6g", 2_048),
    graviton("m6g", 4_096),
    graviton("r6g", 8_192),
    graviton("c7g", 2_048),
    graviton("m7g", 4_096),
    graviton("r7g", 8_192),
];
const SIXTY_FOUR: &[(&str, u32)] = &[
    ("medium", 1),
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
];
const SEVENTY_TWO: &[(&str, u32)] = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("9xlarge", 36),
    ("18xlarge", 72),
];
const NINETY_SIX: &[(&str, u32)] = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
];
const HUNDRED_TWENTY_EIGHT: &[(&str, u32)] = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("32xlarge", 128),
];
const HUNDRED_NINETY_TWO: &[(&str, u32)] = &[
    ("large", 2),
    ("xlarge", 4),
    ("2xlarge", 8),
    ("4xlarge", 16),
    ("8xlarge", 32),
    ("12xlarge", 48),
    ("16xlarge", 64),
    ("24xlarge", 96),
    ("48xlarge", 192),
];
const FREE: &[&str] = &["t2.micro", "t3.micro"];

#[cfg(test)]
mod tests {
    use protocol::shape::{Kind, Service};

    use super::*;

    #[test]
    fn every_type_is_one_that_aws_publishes() {
        let launch = Service::find("ec2").and_then(|ec2| ec2.operation("RunInstances"));
        let Some(Kind::Structure(members)) = launch.and_then(|it| it.input).map(|it| &it.kind)
        else {
            panic!("no input");
        };
        let member = members.iter().find(|member| member.name == "InstanceType");
        let Kind::String(known) = &member.unwrap().shape.kind else {
            panic!("no string");
        };
        for it in FAMILIES.iter().flat_map(Family::types) {
            assert!(known.values.contains(&it.name.as_str()), "{}", it.name);
            assert_eq!(find(&it.name), Some(it));
        }
    }

    #[test]
    fn what_is_no_type_is_not_found() {
        for name in [
            "",
            "t3",
            "t3.",
            "t3.huge",
            ".micro",
            "t3.micro.x",
            "x9.micro",
        ] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
