//! What differs from AWS's Auto Scaling.

use super::{changes, configurations, describe, parameters};
use crate::fidelity::note::{Note, Service, all_but, differs, exact, named, within};

pub(crate) static FIDELITY: Service = Service {
    name: "autoscaling",
    title: "Auto Scaling",
    remarks: &[
        "There is no process that watches: the call that changes a group or one of its instances \
         brings the group to its number, and activities have ended when they are told of.",
        "Nothing else moves a group: no scaling policies, schedules, hooks, refreshes or load \
         balancers.",
    ],
    notes: NOTES,
};

static NOTES: &[Note] = &[
    exact("AttachInstances").in_own_words(),
    differs(
        "CreateAutoScalingGroup",
        "A group launches by a launch template or a launch configuration, not by `InstanceId` or \
         `MixedInstancesPolicy`; the termination policy is `Default`, there are at most 500 \
         instances, and `AvailabilityZoneDistribution`, `CapacityRebalance` and `HealthCheckType` \
         are taken with their defaults alone.",
    )
    .refuses(&[all_but("", &[parameters::SUPPORTED, parameters::AS_IT_IS])])
    .in_own_words(),
    differs(
        "CreateLaunchConfiguration",
        "`AssociatePublicIpAddress` and `PlacementTenancy` are taken with their defaults alone.",
    )
    .refuses(&[
        all_but("", &[configurations::SUPPORTED, configurations::AS_IT_IS]),
        within("BlockDeviceMappings", configurations::REFUSED_OF_DEVICES),
    ]),
    exact("CreateOrUpdateTags").in_own_words(),
    differs(
        "DeleteAutoScalingGroup",
        "With `ForceDelete` the instances are terminated and the group is gone with the answer.",
    ),
    exact("DeleteLaunchConfiguration"),
    exact("DeleteTags"),
    exact("DescribeAccountLimits"),
    differs(
        "DescribeAutoScalingGroups",
        "Instances are `InService` and `Healthy`, because those that are not are replaced at once.",
    ),
    differs(
        "DescribeAutoScalingInstances",
        "Instances are `InService` and `HEALTHY`, because those that are not are replaced at once.",
    ),
    exact("DescribeLaunchConfigurations"),
    differs(
        "DescribeScalingActivities",
        "The last 100 activities of a group are kept, where AWS keeps six weeks, and none of a \
         group that is deleted.",
    )
    .refuses(&[named(describe::REFUSED)]),
    exact("DescribeTags"),
    exact("DetachInstances").in_own_words(),
    exact("ResumeProcesses").in_own_words(),
    exact("SetDesiredCapacity").in_own_words(),
    exact("SetInstanceProtection").in_own_words(),
    exact("SuspendProcesses").in_own_words(),
    exact("TerminateInstanceInAutoScalingGroup").refuses(&[named(changes::REFUSED)]),
    differs("UpdateAutoScalingGroup", "As CreateAutoScalingGroup.")
        .refuses(&[all_but("", &[parameters::SUPPORTED, parameters::AS_IT_IS])])
        .in_own_words(),
];
