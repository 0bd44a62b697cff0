//! What differs from AWS's EC2.

use super::{attributes, launch, power, templates, volumes};
use crate::fidelity::note::{Note, Service, all_but, differs, exact, named, within};

pub(crate) static FIDELITY: Service = Service {
    name: "ec2",
    title: "EC2",
    remarks: &[
        "Nothing runs. An instance is `pending`, `stopping` or `shutting-down` in the answer to \
         the call that makes it so, and for as long after it as `--instance-delay` says, which is \
         no time unless it is set.",
        "There are three images, a table of instance types, one default VPC with its subnets in \
         each region, and no key pairs. Volumes live and end with their instance.",
    ],
    notes: NOTES,
};

static NOTES: &[Note] = &[
    differs(
        "AssociateIamInstanceProfile",
        "The answer says `associating`, and the role is in force already.",
    ),
    differs(
        "CreateLaunchTemplate",
        "Data that a launch here could not use are refused when they are stored.",
    )
    .refuses(&[
        named(templates::REFUSED),
        all_but("LaunchTemplateData", &[templates::data::SUPPORTED]),
    ]),
    differs(
        "CreateLaunchTemplateVersion",
        "As CreateLaunchTemplate; a template has at most 500 versions, where EC2 has 10,000.",
    )
    .refuses(&[all_but("LaunchTemplateData", &[templates::data::SUPPORTED])])
    .in_own_words(),
    differs(
        "CreateTags",
        "Instances, volumes and launch templates have tags; what the account has from the start \
         has none.",
    )
    .in_own_words(),
    exact("DeleteLaunchTemplate"),
    differs(
        "DeleteTags",
        "Instances, volumes and launch templates have tags; what the account has from the start \
         has none.",
    )
    .in_own_words(),
    differs(
        "DescribeAccountAttributes",
        "The limits are those of a new account, whatever there is.",
    ),
    differs(
        "DescribeAvailabilityZones",
        "There are three in each region; no local zones and no wavelength zones.",
    ),
    exact("DescribeIamInstanceProfileAssociations"),
    differs(
        "DescribeImages",
        "It knows three images of Amazon Linux, and no others can be made.",
    ),
    exact("DescribeInstanceAttribute"),
    differs(
        "DescribeInstanceCreditSpecifications",
        "Without ids it shows every burstable instance; EC2 shows those with `unlimited`.",
    )
    .in_own_words(),
    differs(
        "DescribeInstanceStatus",
        "Checks of a running instance have always passed; events are those that the operator \
         announced.",
    ),
    differs(
        "DescribeInstanceTypeOfferings",
        "Every type of the table is offered in every zone.",
    ),
    differs(
        "DescribeInstanceTypes",
        "It knows a table of common types, and of each what clients compute with.",
    ),
    exact("DescribeInstances"),
    differs(
        "DescribeInternetGateways",
        "There is the one of the default VPC.",
    ),
    differs("DescribeKeyPairs", "There are none, and none can be made."),
    exact("DescribeLaunchTemplateVersions"),
    exact("DescribeLaunchTemplates"),
    differs(
        "DescribeNetworkInterfaces",
        "There is one for each instance, without tags.",
    ),
    differs(
        "DescribeRegions",
        "All regions of the partition, all of them open; `AllRegions` adds none.",
    ),
    differs(
        "DescribeRouteTables",
        "There is the main one of the default VPC.",
    ),
    differs("DescribeSecurityGroups", "There is the default one."),
    differs("DescribeSubnets", "There are those of the default VPC."),
    exact("DescribeTags"),
    differs(
        "DescribeVolumes",
        "There are those of instances alone, always `in-use`.",
    ),
    differs(
        "DescribeVpcAttribute",
        "The default VPC's, which nothing changes.",
    ),
    differs("DescribeVpcs", "There is the default one."),
    differs(
        "DisassociateIamInstanceProfile",
        "The answer says `disassociating`, and the role is gone already.",
    ),
    differs(
        "GetConsoleOutput",
        "The output is that of `rolecall instance boot`; where it never ran, empty.",
    ),
    exact("GetInstanceMetadataDefaults"),
    differs(
        "GetLaunchTemplateData",
        "It tells security groups and a zone, where EC2 tells network interfaces, so that the \
         data launch here.",
    ),
    differs(
        "ModifyInstanceAttribute",
        "`DeleteOnTermination` `false` is refused.",
    )
    .refuses(&[
        named(attributes::REFUSED),
        within("BlockDeviceMappings", volumes::REFUSED),
    ])
    .in_own_words(),
    exact("ModifyInstanceMetadataDefaults"),
    differs(
        "ModifyInstanceMetadataOptions",
        "The answer says `pending`, and the options are in force already.",
    ),
    exact("ModifyLaunchTemplate"),
    differs(
        "MonitorInstances",
        "Nothing is measured, so `MetricCategoryIds` has no effect.",
    ),
    differs("RebootInstances", "It is done with the answer."),
    differs(
        "ReplaceIamInstanceProfileAssociation",
        "The answer says `associating`, and the role is in force already.",
    ),
    differs(
        "RunInstances",
        "`Placement` beyond a zone, hibernation, `AutoRecovery` `disabled` and \
         `DeleteOnTermination` `false` are refused; `MetricCategoryIds` has no effect; tags of \
         network interfaces are taken and not shown.",
    )
    .refuses(&[
        named(launch::REFUSED),
        within("BlockDeviceMappings", volumes::REFUSED),
        all_but("BlockDeviceMappings.Ebs", &[volumes::SUPPORTED]),
    ])
    .in_own_words(),
    differs("StartInstances", "It is done with the answer.").refuses(&[named(power::REFUSED)]),
    differs(
        "StopInstances",
        "It is done with the answer, so `Force` and `SkipOsShutdown` make no difference; \
         `Hibernate` is refused.",
    )
    .in_own_words(),
    differs(
        "TerminateInstances",
        "It is done with the answer, so `Force` and `SkipOsShutdown` make no difference.",
    ),
    differs(
        "UnmonitorInstances",
        "Nothing is measured, so `MetricCategoryIds` has no effect.",
    ),
];
