//! Shapes of autoscaling, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{
    boolean, error, float, integer, list, member, operation, string, structure, timestamp,
};
use super::{ErrorShape, Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "autoscaling",
    protocol: Protocol::Query {
        namespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    },
    api_version: "2011-01-01",
    operations: &[
        operation("AttachInstances")
            .takes(&ATTACH_INSTANCES_QUERY)
            .fails(&[&RESOURCE_CONTENTION_FAULT, &SERVICE_LINKED_ROLE_FAILURE]),
        operation("CreateAutoScalingGroup")
            .takes(&CREATE_AUTO_SCALING_GROUP_TYPE)
            .fails(&[
                &ALREADY_EXISTS_FAULT,
                &LIMIT_EXCEEDED_FAULT,
                &RESOURCE_CONTENTION_FAULT,
                &SERVICE_LINKED_ROLE_FAILURE,
            ]),
        operation("CreateLaunchConfiguration")
            .takes(&CREATE_LAUNCH_CONFIGURATION_TYPE)
            .fails(&[
                &ALREADY_EXISTS_FAULT,
                &LIMIT_EXCEEDED_FAULT,
                &RESOURCE_CONTENTION_FAULT,
            ]),
        operation("CreateOrUpdateTags")
            .takes(&CREATE_OR_UPDATE_TAGS_TYPE)
            .fails(&[
                &LIMIT_EXCEEDED_FAULT,
                &ALREADY_EXISTS_FAULT,
                &RESOURCE_CONTENTION_FAULT,
                &RESOURCE_IN_USE_FAULT,
            ]),
        operation("DeleteAutoScalingGroup")
            .takes(&DELETE_AUTO_SCALING_GROUP_TYPE)
            .fails(&[
                &SCALING_ACTIVITY_IN_PROGRESS_FAULT,
                &RESOURCE_IN_USE_FAULT,
                &RESOURCE_CONTENTION_FAULT,
            ]),
        operation("DeleteLaunchConfiguration")
            .takes(&LAUNCH_CONFIGURATION_NAME_TYPE)
            .fails(&[&RESOURCE_IN_USE_FAULT, &RESOURCE_CONTENTION_FAULT]),
        operation("DeleteTags")
            .takes(&DELETE_TAGS_TYPE)
            .fails(&[&RESOURCE_CONTENTION_FAULT, &RESOURCE_IN_USE_FAULT]),
        operation("DescribeAccountLimits")
            .returns(&DESCRIBE_ACCOUNT_LIMITS_ANSWER)
            .wrapped("DescribeAccountLimitsResult")
            .fails(&[&RESOURCE_CONTENTION_FAULT]),
        operation("DescribeAutoScalingGroups")
            .takes(&AUTO_SCALING_GROUP_NAMES_TYPE)
            .returns(&AUTO_SCALING_GROUPS_TYPE)
            .wrapped("DescribeAutoScalingGroupsResult")
            .fails(&[&INVALID_NEXT_TOKEN, &RESOURCE_CONTENTION_FAULT]),
        operation("DescribeAutoScalingInstances")
            .takes(&DESCRIBE_AUTO_SCALING_INSTANCES_TYPE)
            .returns(&AUTO_SCALING_INSTANCES_TYPE)
            .wrapped("DescribeAutoScalingInstancesResult")
            .fails(&[&INVALID_NEXT_TOKEN, &RESOURCE_CONTENTION_FAULT]),
        operation("DescribeLaunchConfigurations")
            .takes(&LAUNCH_CONFIGURATION_NAMES_TYPE)
            .returns(&LAUNCH_CONFIGURATIONS_TYPE)
            .wrapped("DescribeLaunchConfigurationsResult")
            .fails(&[&INVALID_NEXT_TOKEN, &RESOURCE_CONTENTION_FAULT]),
        operation("DescribeScalingActivities")
            .takes(&DESCRIBE_SCALING_ACTIVITIES_TYPE)
            .returns(&ACTIVITIES_TYPE)
            .wrapped("DescribeScalingActivitiesResult")
            .fails(&[&INVALID_NEXT_TOKEN, &RESOURCE_CONTENTION_FAULT]),
        operation("DescribeTags")
            .takes(&DESCRIBE_TAGS_TYPE)
            .returns(&TAGS_TYPE)
            .wrapped("DescribeTagsResult")
            .fails(&[&INVALID_NEXT_TOKEN, &RESOURCE_CONTENTION_FAULT]),
        operation("DetachInstances")
            .takes(&DETACH_INSTANCES_QUERY)
            .returns(&DETACH_INSTANCES_ANSWER)
            .wrapped("DetachInstancesResult")
            .fails(&[&RESOURCE_CONTENTION_FAULT]),
        operation("ResumeProcesses")
            .takes(&SCALING_PROCESS_QUERY)
            .fails(&[&RESOURCE_IN_USE_FAULT, &RESOURCE_CONTENTION_FAULT]),
        operation("SetDesiredCapacity")
            .takes(&SET_DESIRED_CAPACITY_TYPE)
            .fails(&[
                &SCALING_ACTIVITY_IN_PROGRESS_FAULT,
                &RESOURCE_CONTENTION_FAULT,
            ]),
        operation("SetInstanceProtection")
            .takes(&SET_INSTANCE_PROTECTION_QUERY)
            .returns(&SET_INSTANCE_PROTECTION_ANSWER)
            .wrapped("SetInstanceProtectionResult")
            .fails(&[&LIMIT_EXCEEDED_FAULT, &RESOURCE_CONTENTION_FAULT]),
        operation("SuspendProcesses")
            .takes(&SCALING_PROCESS_QUERY)
            .fails(&[&RESOURCE_IN_USE_FAULT, &RESOURCE_CONTENTION_FAULT]),
        operation("TerminateInstanceInAutoScalingGroup")
            .takes(&TERMINATE_INSTANCE_IN_AUTO_SCALING_GROUP_TYPE)
            .returns(&ACTIVITY_TYPE)
            .wrapped("TerminateInstanceInAutoScalingGroupResult")
            .fails(&[
                &SCALING_ACTIVITY_IN_PROGRESS_FAULT,
                &RESOURCE_CONTENTION_FAULT,
            ]),
        operation("UpdateAutoScalingGroup")
            .takes(&UPDATE_AUTO_SCALING_GROUP_TYPE)
            .fails(&[
                &SCALING_ACTIVITY_IN_PROGRESS_FAULT,
                &RESOURCE_CONTENTION_FAULT,
                &SERVICE_LINKED_ROLE_FAILURE,
            ]),
    ],
};

static ACCELERATOR_COUNT_REQUEST: Shape = structure(
    "AcceleratorCountRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_INTEGER),
        member("Max", &NULLABLE_POSITIVE_INTEGER),
    ],
);

static ACCELERATOR_MANUFACTURER: Shape = string(
    "AcceleratorManufacturer",
    Text::ANY.values(&["nvidia", "amd", "amazon-web-services", "xilinx"]),
);

static ACCELERATOR_MANUFACTURERS: Shape = list(
    "AcceleratorManufacturers",
    &ACCELERATOR_MANUFACTURER,
    None,
    None,
    None,
);

static ACCELERATOR_NAME: Shape = string(
    "AcceleratorName",
    Text::ANY.values(&[
        "a100",
        "v100",
        "k80",
        "t4",
        "m60",
        "radeon-pro-v520",
        "vu9p",
    ]),
);

static ACCELERATOR_NAMES: Shape = list("AcceleratorNames", &ACCELERATOR_NAME, None, None, None);

static ACCELERATOR_TOTAL_MEMORY_MI_B_REQUEST: Shape = structure(
    "AcceleratorTotalMemoryMiBRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_INTEGER),
        member("Max", &NULLABLE_POSITIVE_INTEGER),
    ],
);

static ACCELERATOR_TYPE: Shape = string(
    "AcceleratorType",
    Text::ANY.values(&["gpu", "fpga", "inference"]),
);

static ACCELERATOR_TYPES: Shape = list("AcceleratorTypes", &ACCELERATOR_TYPE, None, None, None);

static ACTIVITIES: Shape = list("Activities", &ACTIVITY, None, None, None);

static ACTIVITIES_TYPE: Shape = structure(
    "ActivitiesType",
    &[
        member("Activities", &ACTIVITIES).required(),
        member("NextToken", &XML_STRING),
    ],
);

static ACTIVITY: Shape = structure(
    "Activity",
    &[
        member("ActivityId", &XML_STRING).required(),
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("Description", &XML_STRING),
        member("Cause", &XML_STRING_MAX_LEN1023).required(),
        member("StartTime", &TIMESTAMP_TYPE).required(),
        member("EndTime", &TIMESTAMP_TYPE),
        member("StatusCode", &SCALING_ACTIVITY_STATUS_CODE).required(),
        member("StatusMessage", &XML_STRING_MAX_LEN255),
        member("Progress", &PROGRESS),
        member("Details", &XML_STRING),
        member("AutoScalingGroupState", &AUTO_SCALING_GROUP_STATE),
        member("AutoScalingGroupARN", &RESOURCE_NAME),
    ],
);

static ACTIVITY_IDS: Shape = list("ActivityIds", &XML_STRING, None, None, None);

static ACTIVITY_TYPE: Shape = structure(
    "ActivityType",
    &[
        member("Activity", &ACTIVITY),
        member("Activities", &ACTIVITIES),
    ],
);

static ALLOWED_INSTANCE_TYPE_PATTERN: Pattern = Pattern::new(r"[a-zA-Z0-9\.\*\-]+");

static ALLOWED_INSTANCE_TYPE: Shape = string(
    "AllowedInstanceType",
    Text::ANY
        .min(1)
        .max(30)
        .pattern(&ALLOWED_INSTANCE_TYPE_PATTERN),
);

static ALLOWED_INSTANCE_TYPES: Shape = list(
    "AllowedInstanceTypes",
    &ALLOWED_INSTANCE_TYPE,
    None,
    None,
    Some(400),
);

static ANY_PRINTABLE_ASCII_STRING_MAX_LEN4000_PATTERN: Pattern =
    Pattern::new(r"[\u0009\u000A\u000D\u0020-\u007e]+");

static ANY_PRINTABLE_ASCII_STRING_MAX_LEN4000: Shape = string(
    "AnyPrintableAsciiStringMaxLen4000",
    Text::ANY
        .min(1)
        .max(4_000)
        .pattern(&ANY_PRINTABLE_ASCII_STRING_MAX_LEN4000_PATTERN),
);

static ASCII_STRING_MAX_LEN255_PATTERN: Pattern = Pattern::new(r"[A-Za-z0-9\-_\/]+");

static ASCII_STRING_MAX_LEN255: Shape = string(
    "AsciiStringMaxLen255",
    Text::ANY
        .min(1)
        .max(255)
        .pattern(&ASCII_STRING_MAX_LEN255_PATTERN),
);

static ASSOCIATE_PUBLIC_IP_ADDRESS: Shape = boolean("AssociatePublicIpAddress");

static ATTACH_INSTANCES_QUERY: Shape = structure(
    "AttachInstancesQuery",
    &[
        member("InstanceIds", &INSTANCE_IDS),
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
    ],
);

static AUTO_SCALING_GROUP: Shape = structure(
    "AutoScalingGroup",
    &[
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("AutoScalingGroupARN", &RESOURCE_NAME),
        member("LaunchConfigurationName", &XML_STRING_MAX_LEN255),
        member("LaunchTemplate", &LAUNCH_TEMPLATE_SPECIFICATION),
        member("MixedInstancesPolicy", &MIXED_INSTANCES_POLICY),
        member("MinSize", &AUTO_SCALING_GROUP_MIN_SIZE).required(),
        member("MaxSize", &AUTO_SCALING_GROUP_MAX_SIZE).required(),
        member("DesiredCapacity", &AUTO_SCALING_GROUP_DESIRED_CAPACITY).required(),
        member("PredictedCapacity", &AUTO_SCALING_GROUP_PREDICTED_CAPACITY),
        member("DefaultCooldown", &COOLDOWN).required(),
        member("AvailabilityZones", &AVAILABILITY_ZONES).required(),
        member("AvailabilityZoneIds", &AVAILABILITY_ZONE_IDS),
        member("LoadBalancerNames", &LOAD_BALANCER_NAMES),
        member("TargetGroupARNs", &TARGET_GROUP_AR_NS),
        member("HealthCheckType", &XML_STRING_MAX_LEN32).required(),
        member("HealthCheckGracePeriod", &HEALTH_CHECK_GRACE_PERIOD),
        member("Instances", &INSTANCES),
        member("CreatedTime", &TIMESTAMP_TYPE).required(),
        member("SuspendedProcesses", &SUSPENDED_PROCESSES),
        member("PlacementGroup", &XML_STRING_MAX_LEN255),
        member("VPCZoneIdentifier", &XML_STRING_MAX_LEN5000),
        member("EnabledMetrics", &ENABLED_METRICS),
        member("Status", &XML_STRING_MAX_LEN255),
        member("Tags", &TAG_DESCRIPTION_LIST),
        member("TerminationPolicies", &TERMINATION_POLICIES),
        member("NewInstancesProtectedFromScaleIn", &INSTANCE_PROTECTED),
        member("ServiceLinkedRoleARN", &RESOURCE_NAME),
        member("MaxInstanceLifetime", &MAX_INSTANCE_LIFETIME),
        member("CapacityRebalance", &CAPACITY_REBALANCE_ENABLED),
        member("WarmPoolConfiguration", &WARM_POOL_CONFIGURATION),
        member("WarmPoolSize", &WARM_POOL_SIZE),
        member("Context", &CONTEXT),
        member("DesiredCapacityType", &XML_STRING_MAX_LEN255),
        member("DefaultInstanceWarmup", &DEFAULT_INSTANCE_WARMUP),
        member("TrafficSources", &TRAFFIC_SOURCES),
        member("InstanceMaintenancePolicy", &INSTANCE_MAINTENANCE_POLICY),
        member("DeletionProtection", &DELETION_PROTECTION),
        member(
            "AvailabilityZoneDistribution",
            &AVAILABILITY_ZONE_DISTRIBUTION,
        ),
        member(
            "AvailabilityZoneImpairmentPolicy",
            &AVAILABILITY_ZONE_IMPAIRMENT_POLICY,
        ),
        member(
            "CapacityReservationSpecification",
            &CAPACITY_RESERVATION_SPECIFICATION,
        ),
        member("InstanceLifecyclePolicy", &INSTANCE_LIFECYCLE_POLICY),
        member("Operator", &OPERATOR),
    ],
);

static AUTO_SCALING_GROUP_DESIRED_CAPACITY: Shape =
    integer("AutoScalingGroupDesiredCapacity", 32, None, None);

static AUTO_SCALING_GROUP_MAX_SIZE: Shape = integer("AutoScalingGroupMaxSize", 32, None, None);

static AUTO_SCALING_GROUP_MIN_SIZE: Shape = integer("AutoScalingGroupMinSize", 32, None, None);

static AUTO_SCALING_GROUP_NAMES: Shape = list(
    "AutoScalingGroupNames",
    &XML_STRING_MAX_LEN255,
    None,
    None,
    None,
);

static AUTO_SCALING_GROUP_NAMES_TYPE: Shape = structure(
    "AutoScalingGroupNamesType",
    &[
        member("AutoScalingGroupNames", &AUTO_SCALING_GROUP_NAMES),
        member("IncludeInstances", &INCLUDE_INSTANCES),
        member("IncludeManagedResources", &INCLUDE_MANAGED_RESOURCES),
        member("NextToken", &XML_STRING),
        member("MaxRecords", &MAX_RECORDS),
        member("Filters", &FILTERS),
    ],
);

static AUTO_SCALING_GROUP_PREDICTED_CAPACITY: Shape =
    integer("AutoScalingGroupPredictedCapacity", 32, None, None);

static AUTO_SCALING_GROUP_STATE: Shape = string("AutoScalingGroupState", Text::ANY.min(1).max(32));

static AUTO_SCALING_GROUPS: Shape =
    list("AutoScalingGroups", &AUTO_SCALING_GROUP, None, None, None);

static AUTO_SCALING_GROUPS_TYPE: Shape = structure(
    "AutoScalingGroupsType",
    &[
        member("AutoScalingGroups", &AUTO_SCALING_GROUPS).required(),
        member("NextToken", &XML_STRING),
    ],
);

static AUTO_SCALING_INSTANCE_DETAILS: Shape = structure(
    "AutoScalingInstanceDetails",
    &[
        member("InstanceId", &XML_STRING_MAX_LEN19).required(),
        member("InstanceType", &XML_STRING_MAX_LEN255),
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("AvailabilityZone", &XML_STRING_MAX_LEN255).required(),
        member("AvailabilityZoneId", &XML_STRING_MAX_LEN255),
        member("LifecycleState", &XML_STRING_MAX_LEN32).required(),
        member("HealthStatus", &XML_STRING_MAX_LEN32).required(),
        member("LaunchConfigurationName", &XML_STRING_MAX_LEN255),
        member("LaunchTemplate", &LAUNCH_TEMPLATE_SPECIFICATION),
        member("ImageId", &XML_STRING_MAX_LEN255),
        member("ProtectedFromScaleIn", &INSTANCE_PROTECTED).required(),
        member("WeightedCapacity", &XML_STRING_MAX_LEN32),
    ],
);

static AUTO_SCALING_INSTANCES: Shape = list(
    "AutoScalingInstances",
    &AUTO_SCALING_INSTANCE_DETAILS,
    None,
    None,
    None,
);

static AUTO_SCALING_INSTANCES_TYPE: Shape = structure(
    "AutoScalingInstancesType",
    &[
        member("AutoScalingInstances", &AUTO_SCALING_INSTANCES),
        member("NextToken", &XML_STRING),
    ],
);

static AVAILABILITY_ZONE_DISTRIBUTION: Shape = structure(
    "AvailabilityZoneDistribution",
    &[member(
        "CapacityDistributionStrategy",
        &CAPACITY_DISTRIBUTION_STRATEGY,
    )],
);

static AVAILABILITY_ZONE_IDS: Shape = list(
    "AvailabilityZoneIds",
    &XML_STRING_MAX_LEN255,
    None,
    None,
    None,
);

static AVAILABILITY_ZONE_IMPAIRMENT_POLICY: Shape = structure(
    "AvailabilityZoneImpairmentPolicy",
    &[
        member("ZonalShiftEnabled", &ZONAL_SHIFT_ENABLED),
        member(
            "ImpairedZoneHealthCheckBehavior",
            &IMPAIRED_ZONE_HEALTH_CHECK_BEHAVIOR,
        ),
    ],
);

static AVAILABILITY_ZONES: Shape = list(
    "AvailabilityZones",
    &XML_STRING_MAX_LEN255,
    None,
    None,
    None,
);

static BARE_METAL: Shape = string(
    "BareMetal",
    Text::ANY.values(&["included", "excluded", "required"]),
);

static BASELINE_EBS_BANDWIDTH_MBPS_REQUEST: Shape = structure(
    "BaselineEbsBandwidthMbpsRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_INTEGER),
        member("Max", &NULLABLE_POSITIVE_INTEGER),
    ],
);

static BASELINE_PERFORMANCE_FACTORS_REQUEST: Shape = structure(
    "BaselinePerformanceFactorsRequest",
    &[member("Cpu", &CPU_PERFORMANCE_FACTOR_REQUEST)],
);

static BLOCK_DEVICE_EBS_DELETE_ON_TERMINATION: Shape = boolean("BlockDeviceEbsDeleteOnTermination");

static BLOCK_DEVICE_EBS_ENCRYPTED: Shape = boolean("BlockDeviceEbsEncrypted");

static BLOCK_DEVICE_EBS_IOPS: Shape = integer("BlockDeviceEbsIops", 32, Some(100), Some(20_000));

static BLOCK_DEVICE_EBS_THROUGHPUT: Shape =
    integer("BlockDeviceEbsThroughput", 32, Some(125), Some(1_000));

static BLOCK_DEVICE_EBS_VOLUME_SIZE: Shape =
    integer("BlockDeviceEbsVolumeSize", 32, Some(1), Some(16_384));

static BLOCK_DEVICE_EBS_VOLUME_TYPE: Shape =
    string("BlockDeviceEbsVolumeType", Text::ANY.min(1).max(255));

static BLOCK_DEVICE_MAPPING: Shape = structure(
    "BlockDeviceMapping",
    &[
        member("VirtualName", &XML_STRING_MAX_LEN255),
        member("DeviceName", &XML_STRING_MAX_LEN255).required(),
        member("Ebs", &EBS),
        member("NoDevice", &NO_DEVICE),
    ],
);

static BLOCK_DEVICE_MAPPINGS: Shape = list(
    "BlockDeviceMappings",
    &BLOCK_DEVICE_MAPPING,
    None,
    None,
    None,
);

static BURSTABLE_PERFORMANCE: Shape = string(
    "BurstablePerformance",
    Text::ANY.values(&["included", "excluded", "required"]),
);

static CAPACITY_DISTRIBUTION_STRATEGY: Shape = string(
    "CapacityDistributionStrategy",
    Text::ANY.values(&[
        "balanced-only",
        "balanced-best-effort",
        "reservations-then-balanced",
    ]),
);

static CAPACITY_REBALANCE_ENABLED: Shape = boolean("CapacityRebalanceEnabled");

static CAPACITY_RESERVATION_IDS: Shape = list(
    "CapacityReservationIds",
    &ASCII_STRING_MAX_LEN255,
    None,
    None,
    None,
);

static CAPACITY_RESERVATION_PREFERENCE: Shape = string(
    "CapacityReservationPreference",
    Text::ANY.values(&[
        "capacity-reservations-only",
        "capacity-reservations-first",
        "none",
        "default",
    ]),
);

static CAPACITY_RESERVATION_RESOURCE_GROUP_ARNS: Shape = list(
    "CapacityReservationResourceGroupArns",
    &RESOURCE_NAME,
    None,
    None,
    None,
);

static CAPACITY_RESERVATION_SPECIFICATION: Shape = structure(
    "CapacityReservationSpecification",
    &[
        member(
            "CapacityReservationPreference",
            &CAPACITY_RESERVATION_PREFERENCE,
        ),
        member("CapacityReservationTarget", &CAPACITY_RESERVATION_TARGET),
    ],
);

static CAPACITY_RESERVATION_TARGET: Shape = structure(
    "CapacityReservationTarget",
    &[
        member("CapacityReservationIds", &CAPACITY_RESERVATION_IDS),
        member(
            "CapacityReservationResourceGroupArns",
            &CAPACITY_RESERVATION_RESOURCE_GROUP_ARNS,
        ),
    ],
);

static CLASSIC_LINK_VPC_SECURITY_GROUPS: Shape = list(
    "ClassicLinkVPCSecurityGroups",
    &XML_STRING_MAX_LEN255,
    None,
    None,
    None,
);

static CONTEXT: Shape = string("Context", Text::ANY);

static COOLDOWN: Shape = integer("Cooldown", 32, None, None);

static CPU_MANUFACTURER: Shape = string(
    "CpuManufacturer",
    Text::ANY.values(&["intel", "amd", "amazon-web-services", "apple"]),
);

static CPU_MANUFACTURERS: Shape = list("CpuManufacturers", &CPU_MANUFACTURER, None, None, None);

static CPU_PERFORMANCE_FACTOR_REQUEST: Shape = structure(
    "CpuPerformanceFactorRequest",
    &[member("References", &PERFORMANCE_FACTOR_REFERENCE_SET_REQUEST).wire("Reference")],
);

static CREATE_AUTO_SCALING_GROUP_TYPE: Shape = structure(
    "CreateAutoScalingGroupType",
    &[
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("LaunchConfigurationName", &XML_STRING_MAX_LEN255),
        member("LaunchTemplate", &LAUNCH_TEMPLATE_SPECIFICATION),
        member("MixedInstancesPolicy", &MIXED_INSTANCES_POLICY),
        member("InstanceId", &XML_STRING_MAX_LEN19),
        member("MinSize", &AUTO_SCALING_GROUP_MIN_SIZE).required(),
        member("MaxSize", &AUTO_SCALING_GROUP_MAX_SIZE).required(),
        member("DesiredCapacity", &AUTO_SCALING_GROUP_DESIRED_CAPACITY),
        member("DefaultCooldown", &COOLDOWN),
        member("AvailabilityZones", &AVAILABILITY_ZONES),
        member("AvailabilityZoneIds", &AVAILABILITY_ZONE_IDS),
        member("LoadBalancerNames", &LOAD_BALANCER_NAMES),
        member("TargetGroupARNs", &TARGET_GROUP_AR_NS),
        member("HealthCheckType", &XML_STRING_MAX_LEN32),
        member("HealthCheckGracePeriod", &HEALTH_CHECK_GRACE_PERIOD),
        member("PlacementGroup", &XML_STRING_MAX_LEN255),
        member("VPCZoneIdentifier", &XML_STRING_MAX_LEN5000),
        member("TerminationPolicies", &TERMINATION_POLICIES),
        member("NewInstancesProtectedFromScaleIn", &INSTANCE_PROTECTED),
        member("CapacityRebalance", &CAPACITY_REBALANCE_ENABLED),
        member(
            "LifecycleHookSpecificationList",
            &LIFECYCLE_HOOK_SPECIFICATIONS,
        ),
        member("DeletionProtection", &DELETION_PROTECTION),
        member("Tags", &TAGS),
        member("ServiceLinkedRoleARN", &RESOURCE_NAME),
        member("MaxInstanceLifetime", &MAX_INSTANCE_LIFETIME),
        member("Context", &CONTEXT),
        member("DesiredCapacityType", &XML_STRING_MAX_LEN255),
        member("DefaultInstanceWarmup", &DEFAULT_INSTANCE_WARMUP),
        member("TrafficSources", &TRAFFIC_SOURCES),
        member("InstanceMaintenancePolicy", &INSTANCE_MAINTENANCE_POLICY),
        member(
            "AvailabilityZoneDistribution",
            &AVAILABILITY_ZONE_DISTRIBUTION,
        ),
        member(
            "AvailabilityZoneImpairmentPolicy",
            &AVAILABILITY_ZONE_IMPAIRMENT_POLICY,
        ),
        member("SkipZonalShiftValidation", &SKIP_ZONAL_SHIFT_VALIDATION),
        member(
            "CapacityReservationSpecification",
            &CAPACITY_RESERVATION_SPECIFICATION,
        ),
        member("InstanceLifecyclePolicy", &INSTANCE_LIFECYCLE_POLICY),
        member("Operator", &OPERATOR),
    ],
);

static CREATE_LAUNCH_CONFIGURATION_TYPE: Shape = structure(
    "CreateLaunchConfigurationType",
    &[
        member("LaunchConfigurationName", &XML_STRING_MAX_LEN255).required(),
        member("ImageId", &XML_STRING_MAX_LEN255),
        member("KeyName", &XML_STRING_MAX_LEN255),
        member("SecurityGroups", &SECURITY_GROUPS),
        member("ClassicLinkVPCId", &XML_STRING_MAX_LEN255),
        member(
            "ClassicLinkVPCSecurityGroups",
            &CLASSIC_LINK_VPC_SECURITY_GROUPS,
        ),
        member("UserData", &XML_STRING_USER_DATA),
        member("InstanceId", &XML_STRING_MAX_LEN19),
        member("InstanceType", &XML_STRING_MAX_LEN255),
        member("KernelId", &XML_STRING_MAX_LEN255),
        member("RamdiskId", &XML_STRING_MAX_LEN255),
        member("BlockDeviceMappings", &BLOCK_DEVICE_MAPPINGS),
        member("InstanceMonitoring", &INSTANCE_MONITORING),
        member("SpotPrice", &SPOT_PRICE),
        member("IamInstanceProfile", &XML_STRING_MAX_LEN1600),
        member("EbsOptimized", &EBS_OPTIMIZED),
        member("AssociatePublicIpAddress", &ASSOCIATE_PUBLIC_IP_ADDRESS),
        member("PlacementTenancy", &XML_STRING_MAX_LEN64),
        member("MetadataOptions", &INSTANCE_METADATA_OPTIONS),
    ],
);

static CREATE_OR_UPDATE_TAGS_TYPE: Shape = structure(
    "CreateOrUpdateTagsType",
    &[member("Tags", &TAGS).required()],
);

static DEFAULT_INSTANCE_WARMUP: Shape = integer("DefaultInstanceWarmup", 32, None, None);

static DELETE_AUTO_SCALING_GROUP_TYPE: Shape = structure(
    "DeleteAutoScalingGroupType",
    &[
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("ForceDelete", &FORCE_DELETE),
    ],
);

static DELETE_TAGS_TYPE: Shape = structure("DeleteTagsType", &[member("Tags", &TAGS).required()]);

static DELETION_PROTECTION: Shape = string(
    "DeletionProtection",
    Text::ANY.values(&["none", "prevent-force-deletion", "prevent-all-deletion"]),
);

static DESCRIBE_ACCOUNT_LIMITS_ANSWER: Shape = structure(
    "DescribeAccountLimitsAnswer",
    &[
        member(
            "MaxNumberOfAutoScalingGroups",
            &MAX_NUMBER_OF_AUTO_SCALING_GROUPS,
        ),
        member(
            "MaxNumberOfLaunchConfigurations",
            &MAX_NUMBER_OF_LAUNCH_CONFIGURATIONS,
        ),
        member("NumberOfAutoScalingGroups", &NUMBER_OF_AUTO_SCALING_GROUPS),
        member(
            "NumberOfLaunchConfigurations",
            &NUMBER_OF_LAUNCH_CONFIGURATIONS,
        ),
    ],
);

static DESCRIBE_AUTO_SCALING_INSTANCES_TYPE: Shape = structure(
    "DescribeAutoScalingInstancesType",
    &[
        member("InstanceIds", &INSTANCE_IDS),
        member("IncludeManagedResources", &INCLUDE_MANAGED_RESOURCES),
        member("MaxRecords", &MAX_RECORDS),
        member("NextToken", &XML_STRING),
    ],
);

static DESCRIBE_SCALING_ACTIVITIES_TYPE: Shape = structure(
    "DescribeScalingActivitiesType",
    &[
        member("ActivityIds", &ACTIVITY_IDS),
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255),
        member("IncludeDeletedGroups", &INCLUDE_DELETED_GROUPS),
        member("IncludeManagedResources", &INCLUDE_MANAGED_RESOURCES),
        member("MaxRecords", &MAX_RECORDS),
        member("NextToken", &XML_STRING),
        member("Filters", &FILTERS),
    ],
);

static DESCRIBE_TAGS_TYPE: Shape = structure(
    "DescribeTagsType",
    &[
        member("Filters", &FILTERS),
        member("IncludeManagedResources", &INCLUDE_MANAGED_RESOURCES),
        member("NextToken", &XML_STRING),
        member("MaxRecords", &MAX_RECORDS),
    ],
);

static DETACH_INSTANCES_ANSWER: Shape = structure(
    "DetachInstancesAnswer",
    &[member("Activities", &ACTIVITIES)],
);

static DETACH_INSTANCES_QUERY: Shape = structure(
    "DetachInstancesQuery",
    &[
        member("InstanceIds", &INSTANCE_IDS),
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member(
            "ShouldDecrementDesiredCapacity",
            &SHOULD_DECREMENT_DESIRED_CAPACITY,
        )
        .required(),
    ],
);

static DISTRIBUTION_SEGMENT: Shape = structure(
    "DistributionSegment",
    &[member("TargetCapacityTypes", &TARGET_CAPACITY_TYPES)],
);

static DISTRIBUTION_SEGMENTS: Shape = list(
    "DistributionSegments",
    &DISTRIBUTION_SEGMENT,
    None,
    None,
    None,
);

static EBS: Shape = structure(
    "Ebs",
    &[
        member("SnapshotId", &XML_STRING_MAX_LEN255),
        member("VolumeSize", &BLOCK_DEVICE_EBS_VOLUME_SIZE),
        member("VolumeType", &BLOCK_DEVICE_EBS_VOLUME_TYPE),
        member(
            "DeleteOnTermination",
            &BLOCK_DEVICE_EBS_DELETE_ON_TERMINATION,
        ),
        member("Iops", &BLOCK_DEVICE_EBS_IOPS),
        member("Encrypted", &BLOCK_DEVICE_EBS_ENCRYPTED),
        member("Throughput", &BLOCK_DEVICE_EBS_THROUGHPUT),
    ],
);

static EBS_OPTIMIZED: Shape = boolean("EbsOptimized");

static ENABLED_METRIC: Shape = structure(
    "EnabledMetric",
    &[
        member("Metric", &XML_STRING_MAX_LEN255),
        member("Granularity", &XML_STRING_MAX_LEN255),
    ],
);

static ENABLED_METRICS: Shape = list("EnabledMetrics", &ENABLED_METRIC, None, None, None);

static EXCLUDED_INSTANCE_PATTERN: Pattern = Pattern::new(r"[a-zA-Z0-9\.\*\-]+");

static EXCLUDED_INSTANCE: Shape = string(
    "ExcludedInstance",
    Text::ANY.min(1).max(30).pattern(&EXCLUDED_INSTANCE_PATTERN),
);

static EXCLUDED_INSTANCE_TYPES: Shape = list(
    "ExcludedInstanceTypes",
    &EXCLUDED_INSTANCE,
    None,
    None,
    Some(400),
);

static FILTER: Shape = structure(
    "Filter",
    &[member("Name", &XML_STRING), member("Values", &VALUES)],
);

static FILTERS: Shape = list("Filters", &FILTER, None, None, None);

static FORCE_DELETE: Shape = boolean("ForceDelete");

static HEALTH_CHECK_GRACE_PERIOD: Shape = integer("HealthCheckGracePeriod", 32, None, None);

static HEARTBEAT_TIMEOUT: Shape = integer("HeartbeatTimeout", 32, None, None);

static HONOR_COOLDOWN: Shape = boolean("HonorCooldown");

static IMAGE_ID_PATTERN: Pattern = Pattern::new(r"^ami-[a-z0-9]{1,17}$");

static IMAGE_ID: Shape = string(
    "ImageId",
    Text::ANY.min(5).max(21).pattern(&IMAGE_ID_PATTERN),
);

static IMPAIRED_ZONE_HEALTH_CHECK_BEHAVIOR: Shape = string(
    "ImpairedZoneHealthCheckBehavior",
    Text::ANY.values(&["ReplaceUnhealthy", "IgnoreUnhealthy"]),
);

static INCLUDE_DELETED_GROUPS: Shape = boolean("IncludeDeletedGroups");

static INCLUDE_INSTANCES: Shape = boolean("IncludeInstances");

static INCLUDE_MANAGED_RESOURCES: Shape = boolean("IncludeManagedResources");

static INSTANCE: Shape = structure(
    "Instance",
    &[
        member("InstanceId", &XML_STRING_MAX_LEN19).required(),
        member("InstanceType", &XML_STRING_MAX_LEN255),
        member("AvailabilityZone", &XML_STRING_MAX_LEN255).required(),
        member("AvailabilityZoneId", &XML_STRING_MAX_LEN255),
        member("LifecycleState", &LIFECYCLE_STATE).required(),
        member("HealthStatus", &XML_STRING_MAX_LEN32).required(),
        member("LaunchConfigurationName", &XML_STRING_MAX_LEN255),
        member("LaunchTemplate", &LAUNCH_TEMPLATE_SPECIFICATION),
        member("ImageId", &XML_STRING_MAX_LEN255),
        member("ProtectedFromScaleIn", &INSTANCE_PROTECTED).required(),
        member("WeightedCapacity", &XML_STRING_MAX_LEN32),
    ],
);

static INSTANCE_GENERATION: Shape = string(
    "InstanceGeneration",
    Text::ANY.values(&["current", "previous"]),
);

static INSTANCE_GENERATIONS: Shape = list(
    "InstanceGenerations",
    &INSTANCE_GENERATION,
    None,
    None,
    None,
);

static INSTANCE_IDS: Shape = list("InstanceIds", &XML_STRING_MAX_LEN19, None, None, None);

static INSTANCE_LIFECYCLE_POLICY: Shape = structure(
    "InstanceLifecyclePolicy",
    &[member("RetentionTriggers", &RETENTION_TRIGGERS)],
);

static INSTANCE_MAINTENANCE_POLICY: Shape = structure(
    "InstanceMaintenancePolicy",
    &[
        member("MinHealthyPercentage", &INT_PERCENT_RESETTABLE),
        member("MaxHealthyPercentage", &INT_PERCENT100_TO200_RESETTABLE),
    ],
);

static INSTANCE_METADATA_ENDPOINT_STATE: Shape = string(
    "InstanceMetadataEndpointState",
    Text::ANY.values(&["disabled", "enabled"]),
);

static INSTANCE_METADATA_HTTP_PUT_RESPONSE_HOP_LIMIT: Shape = integer(
    "InstanceMetadataHttpPutResponseHopLimit",
    32,
    Some(1),
    Some(64),
);

static INSTANCE_METADATA_HTTP_TOKENS_STATE: Shape = string(
    "InstanceMetadataHttpTokensState",
    Text::ANY.values(&["optional", "required"]),
);

static INSTANCE_METADATA_OPTIONS: Shape = structure(
    "InstanceMetadataOptions",
    &[
        member("HttpTokens", &INSTANCE_METADATA_HTTP_TOKENS_STATE),
        member(
            "HttpPutResponseHopLimit",
            &INSTANCE_METADATA_HTTP_PUT_RESPONSE_HOP_LIMIT,
        ),
        member("HttpEndpoint", &INSTANCE_METADATA_ENDPOINT_STATE),
    ],
);

static INSTANCE_MONITORING: Shape = structure(
    "InstanceMonitoring",
    &[member("Enabled", &MONITORING_ENABLED)],
);

static INSTANCE_PROTECTED: Shape = boolean("InstanceProtected");

static INSTANCE_REQUIREMENTS: Shape = structure(
    "InstanceRequirements",
    &[
        member("VCpuCount", &V_CPU_COUNT_REQUEST).required(),
        member("MemoryMiB", &MEMORY_MI_B_REQUEST).required(),
        member("CpuManufacturers", &CPU_MANUFACTURERS),
        member("MemoryGiBPerVCpu", &MEMORY_GI_B_PER_V_CPU_REQUEST),
        member("ExcludedInstanceTypes", &EXCLUDED_INSTANCE_TYPES),
        member("InstanceGenerations", &INSTANCE_GENERATIONS),
        member(
            "SpotMaxPricePercentageOverLowestPrice",
            &NULLABLE_POSITIVE_INTEGER,
        ),
        member(
            "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice",
            &NULLABLE_POSITIVE_INTEGER,
        ),
        member(
            "OnDemandMaxPricePercentageOverLowestPrice",
            &NULLABLE_POSITIVE_INTEGER,
        ),
        member("BareMetal", &BARE_METAL),
        member("BurstablePerformance", &BURSTABLE_PERFORMANCE),
        member("RequireHibernateSupport", &NULLABLE_BOOLEAN),
        member("NetworkInterfaceCount", &NETWORK_INTERFACE_COUNT_REQUEST),
        member("LocalStorage", &LOCAL_STORAGE),
        member("LocalStorageTypes", &LOCAL_STORAGE_TYPES),
        member("TotalLocalStorageGB", &TOTAL_LOCAL_STORAGE_GB_REQUEST),
        member(
            "BaselineEbsBandwidthMbps",
            &BASELINE_EBS_BANDWIDTH_MBPS_REQUEST,
        ),
        member("AcceleratorTypes", &ACCELERATOR_TYPES),
        member("AcceleratorCount", &ACCELERATOR_COUNT_REQUEST),
        member("AcceleratorManufacturers", &ACCELERATOR_MANUFACTURERS),
        member("AcceleratorNames", &ACCELERATOR_NAMES),
        member(
            "AcceleratorTotalMemoryMiB",
            &ACCELERATOR_TOTAL_MEMORY_MI_B_REQUEST,
        ),
        member("NetworkBandwidthGbps", &NETWORK_BANDWIDTH_GBPS_REQUEST),
        member("AllowedInstanceTypes", &ALLOWED_INSTANCE_TYPES),
        member(
            "BaselinePerformanceFactors",
            &BASELINE_PERFORMANCE_FACTORS_REQUEST,
        ),
    ],
);

static INSTANCE_REUSE_POLICY: Shape = structure(
    "InstanceReusePolicy",
    &[member("ReuseOnScaleIn", &REUSE_ON_SCALE_IN)],
);

static INSTANCES: Shape = list("Instances", &INSTANCE, None, None, None);

static INSTANCES_DISTRIBUTION: Shape = structure(
    "InstancesDistribution",
    &[
        member("OnDemandAllocationStrategy", &XML_STRING),
        member("OnDemandBaseCapacity", &ON_DEMAND_BASE_CAPACITY),
        member(
            "OnDemandPercentageAboveBaseCapacity",
            &ON_DEMAND_PERCENTAGE_ABOVE_BASE_CAPACITY,
        ),
        member("SpotAllocationStrategy", &XML_STRING),
        member("SpotInstancePools", &SPOT_INSTANCE_POOLS),
        member("SpotMaxPrice", &MIXED_INSTANCE_SPOT_PRICE),
        member("DistributionSegments", &DISTRIBUTION_SEGMENTS),
    ],
);

static INT_PERCENT100_TO200_RESETTABLE: Shape =
    integer("IntPercent100To200Resettable", 32, Some(-1), Some(200));

static INT_PERCENT_RESETTABLE: Shape = integer("IntPercentResettable", 32, Some(-1), Some(100));

static LAUNCH_CONFIGURATION: Shape = structure(
    "LaunchConfiguration",
    &[
        member("LaunchConfigurationName", &XML_STRING_MAX_LEN255).required(),
        member("LaunchConfigurationARN", &RESOURCE_NAME),
        member("ImageId", &XML_STRING_MAX_LEN255).required(),
        member("KeyName", &XML_STRING_MAX_LEN255),
        member("SecurityGroups", &SECURITY_GROUPS),
        member("ClassicLinkVPCId", &XML_STRING_MAX_LEN255),
        member(
            "ClassicLinkVPCSecurityGroups",
            &CLASSIC_LINK_VPC_SECURITY_GROUPS,
        ),
        member("UserData", &XML_STRING_USER_DATA),
        member("InstanceType", &XML_STRING_MAX_LEN255).required(),
        member("KernelId", &XML_STRING_MAX_LEN255),
        member("RamdiskId", &XML_STRING_MAX_LEN255),
        member("BlockDeviceMappings", &BLOCK_DEVICE_MAPPINGS),
        member("InstanceMonitoring", &INSTANCE_MONITORING),
        member("SpotPrice", &SPOT_PRICE),
        member("IamInstanceProfile", &XML_STRING_MAX_LEN1600),
        member("CreatedTime", &TIMESTAMP_TYPE).required(),
        member("EbsOptimized", &EBS_OPTIMIZED),
        member("AssociatePublicIpAddress", &ASSOCIATE_PUBLIC_IP_ADDRESS),
        member("PlacementTenancy", &XML_STRING_MAX_LEN64),
        member("MetadataOptions", &INSTANCE_METADATA_OPTIONS),
    ],
);

static LAUNCH_CONFIGURATION_NAME_TYPE: Shape = structure(
    "LaunchConfigurationNameType",
    &[member("LaunchConfigurationName", &XML_STRING_MAX_LEN255).required()],
);

static LAUNCH_CONFIGURATION_NAMES: Shape = list(
    "LaunchConfigurationNames",
    &XML_STRING_MAX_LEN255,
    None,
    None,
    None,
);

static LAUNCH_CONFIGURATION_NAMES_TYPE: Shape = structure(
    "LaunchConfigurationNamesType",
    &[
        member("LaunchConfigurationNames", &LAUNCH_CONFIGURATION_NAMES),
        member("NextToken", &XML_STRING),
        member("MaxRecords", &MAX_RECORDS),
    ],
);

static LAUNCH_CONFIGURATIONS: Shape = list(
    "LaunchConfigurations",
    &LAUNCH_CONFIGURATION,
    None,
    None,
    None,
);

static LAUNCH_CONFIGURATIONS_TYPE: Shape = structure(
    "LaunchConfigurationsType",
    &[
        member("LaunchConfigurations", &LAUNCH_CONFIGURATIONS).required(),
        member("NextToken", &XML_STRING),
    ],
);

static LAUNCH_TEMPLATE: Shape = structure(
    "LaunchTemplate",
    &[
        member(
            "LaunchTemplateSpecification",
            &LAUNCH_TEMPLATE_SPECIFICATION,
        ),
        member("Overrides", &OVERRIDES),
    ],
);

static LAUNCH_TEMPLATE_NAME_PATTERN: Pattern = Pattern::new(r"[a-zA-Z0-9\(\)\.\-/_]+");

static LAUNCH_TEMPLATE_NAME: Shape = string(
    "LaunchTemplateName",
    Text::ANY
        .min(3)
        .max(128)
        .pattern(&LAUNCH_TEMPLATE_NAME_PATTERN),
);

static LAUNCH_TEMPLATE_OVERRIDES: Shape = structure(
    "LaunchTemplateOverrides",
    &[
        member("InstanceType", &XML_STRING_MAX_LEN255),
        member("WeightedCapacity", &XML_STRING_MAX_LEN32),
        member(
            "LaunchTemplateSpecification",
            &LAUNCH_TEMPLATE_SPECIFICATION,
        ),
        member("InstanceRequirements", &INSTANCE_REQUIREMENTS),
        member("ImageId", &IMAGE_ID),
    ],
);

static LAUNCH_TEMPLATE_SPECIFICATION: Shape = structure(
    "LaunchTemplateSpecification",
    &[
        member("LaunchTemplateId", &XML_STRING_MAX_LEN255),
        member("LaunchTemplateName", &LAUNCH_TEMPLATE_NAME),
        member("Version", &XML_STRING_MAX_LEN255),
    ],
);

static LIFECYCLE_ACTION_RESULT: Shape = string("LifecycleActionResult", Text::ANY);

static LIFECYCLE_HOOK_SPECIFICATION: Shape = structure(
    "LifecycleHookSpecification",
    &[
        member("LifecycleHookName", &ASCII_STRING_MAX_LEN255).required(),
        member("LifecycleTransition", &LIFECYCLE_TRANSITION).required(),
        member(
            "NotificationMetadata",
            &ANY_PRINTABLE_ASCII_STRING_MAX_LEN4000,
        ),
        member("HeartbeatTimeout", &HEARTBEAT_TIMEOUT),
        member("DefaultResult", &LIFECYCLE_ACTION_RESULT),
        member("NotificationTargetARN", &NOTIFICATION_TARGET_RESOURCE_NAME),
        member("RoleARN", &XML_STRING_MAX_LEN255),
    ],
);

static LIFECYCLE_HOOK_SPECIFICATIONS: Shape = list(
    "LifecycleHookSpecifications",
    &LIFECYCLE_HOOK_SPECIFICATION,
    None,
    None,
    None,
);

static LIFECYCLE_STATE: Shape = string(
    "LifecycleState",
    Text::ANY.values(&[
        "Pending",
        "Pending:Wait",
        "Pending:Proceed",
        "Quarantined",
        "InService",
        "Terminating",
        "Terminating:Wait",
        "Terminating:Proceed",
        "Terminating:Retained",
        "Terminated",
        "Detaching",
        "Detached",
        "EnteringStandby",
        "Standby",
        "ReplacingRootVolume",
        "ReplacingRootVolume:Wait",
        "ReplacingRootVolume:Proceed",
        "RootVolumeReplaced",
        "Warmed:Pending",
        "Warmed:Pending:Wait",
        "Warmed:Pending:Proceed",
        "Warmed:Pending:Retained",
        "Warmed:Terminating",
        "Warmed:Terminating:Wait",
        "Warmed:Terminating:Proceed",
        "Warmed:Terminating:Retained",
        "Warmed:Terminated",
        "Warmed:Stopped",
        "Warmed:Running",
        "Warmed:Hibernated",
    ]),
);

static LIFECYCLE_TRANSITION: Shape = string("LifecycleTransition", Text::ANY);

static LOAD_BALANCER_NAMES: Shape = list(
    "LoadBalancerNames",
    &XML_STRING_MAX_LEN255,
    None,
    None,
    None,
);

static LOCAL_STORAGE: Shape = string(
    "LocalStorage",
    Text::ANY.values(&["included", "excluded", "required"]),
);

static LOCAL_STORAGE_TYPE: Shape = string("LocalStorageType", Text::ANY.values(&["hdd", "ssd"]));

static LOCAL_STORAGE_TYPES: Shape =
    list("LocalStorageTypes", &LOCAL_STORAGE_TYPE, None, None, None);

static MANAGER_IDENTIFIER: Shape = string("ManagerIdentifier", Text::ANY.min(1).max(128));

static MAX_GROUP_PREPARED_CAPACITY: Shape = integer("MaxGroupPreparedCapacity", 32, Some(-1), None);

static MAX_INSTANCE_LIFETIME: Shape = integer("MaxInstanceLifetime", 32, None, None);

static MAX_NUMBER_OF_AUTO_SCALING_GROUPS: Shape =
    integer("MaxNumberOfAutoScalingGroups", 32, None, None);

static MAX_NUMBER_OF_LAUNCH_CONFIGURATIONS: Shape =
    integer("MaxNumberOfLaunchConfigurations", 32, None, None);

static MAX_RECORDS: Shape = integer("MaxRecords", 32, None, None);

static MEMORY_GI_B_PER_V_CPU_REQUEST: Shape = structure(
    "MemoryGiBPerVCpuRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_DOUBLE),
        member("Max", &NULLABLE_POSITIVE_DOUBLE),
    ],
);

static MEMORY_MI_B_REQUEST: Shape = structure(
    "MemoryMiBRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_INTEGER).required(),
        member("Max", &NULLABLE_POSITIVE_INTEGER),
    ],
);

static MIXED_INSTANCE_SPOT_PRICE: Shape =
    string("MixedInstanceSpotPrice", Text::ANY.min(0).max(255));

static MIXED_INSTANCES_POLICY: Shape = structure(
    "MixedInstancesPolicy",
    &[
        member("LaunchTemplate", &LAUNCH_TEMPLATE),
        member("InstancesDistribution", &INSTANCES_DISTRIBUTION),
    ],
);

static MONITORING_ENABLED: Shape = boolean("MonitoringEnabled");

static NETWORK_BANDWIDTH_GBPS_REQUEST: Shape = structure(
    "NetworkBandwidthGbpsRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_DOUBLE),
        member("Max", &NULLABLE_POSITIVE_DOUBLE),
    ],
);

static NETWORK_INTERFACE_COUNT_REQUEST: Shape = structure(
    "NetworkInterfaceCountRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_INTEGER),
        member("Max", &NULLABLE_POSITIVE_INTEGER),
    ],
);

static NO_DEVICE: Shape = boolean("NoDevice");

static NOTIFICATION_TARGET_RESOURCE_NAME_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static NOTIFICATION_TARGET_RESOURCE_NAME: Shape = string(
    "NotificationTargetResourceName",
    Text::ANY
        .min(0)
        .max(255)
        .pattern(&NOTIFICATION_TARGET_RESOURCE_NAME_PATTERN),
);

static NULLABLE_BOOLEAN: Shape = boolean("NullableBoolean");

static NULLABLE_POSITIVE_DOUBLE: Shape = float("NullablePositiveDouble");

static NULLABLE_POSITIVE_INTEGER: Shape = integer("NullablePositiveInteger", 32, Some(0), None);

static NUMBER_OF_AUTO_SCALING_GROUPS: Shape = integer("NumberOfAutoScalingGroups", 32, None, None);

static NUMBER_OF_LAUNCH_CONFIGURATIONS: Shape =
    integer("NumberOfLaunchConfigurations", 32, None, None);

static ON_DEMAND_BASE_CAPACITY: Shape = integer("OnDemandBaseCapacity", 32, None, None);

static ON_DEMAND_PERCENTAGE_ABOVE_BASE_CAPACITY: Shape =
    integer("OnDemandPercentageAboveBaseCapacity", 32, None, None);

static OPERATOR: Shape = structure(
    "Operator",
    &[member("Principal", &MANAGER_IDENTIFIER).required()],
);

static OVERRIDES: Shape = list("Overrides", &LAUNCH_TEMPLATE_OVERRIDES, None, None, None);

static PERFORMANCE_FACTOR_REFERENCE_REQUEST: Shape = structure(
    "PerformanceFactorReferenceRequest",
    &[member("InstanceFamily", &STRING)],
);

static PERFORMANCE_FACTOR_REFERENCE_SET_REQUEST: Shape = list(
    "PerformanceFactorReferenceSetRequest",
    &PERFORMANCE_FACTOR_REFERENCE_REQUEST,
    Some("item"),
    None,
    None,
);

static PROCESS_NAMES: Shape = list("ProcessNames", &XML_STRING_MAX_LEN255, None, None, None);

static PROGRESS: Shape = integer("Progress", 32, None, None);

static PROPAGATE_AT_LAUNCH: Shape = boolean("PropagateAtLaunch");

static PROTECTED_FROM_SCALE_IN: Shape = boolean("ProtectedFromScaleIn");

static RESOURCE_NAME_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static RESOURCE_NAME: Shape = string(
    "ResourceName",
    Text::ANY.min(1).max(1_600).pattern(&RESOURCE_NAME_PATTERN),
);

static RETENTION_ACTION: Shape = string(
    "RetentionAction",
    Text::ANY.values(&["retain", "terminate"]),
);

static RETENTION_TRIGGERS: Shape = structure(
    "RetentionTriggers",
    &[member("TerminateHookAbandon", &RETENTION_ACTION)],
);

static REUSE_ON_SCALE_IN: Shape = boolean("ReuseOnScaleIn");

static SCALING_ACTIVITY_STATUS_CODE: Shape = string(
    "ScalingActivityStatusCode",
    Text::ANY.values(&[
        "PendingSpotBidPlacement",
        "WaitingForSpotInstanceRequestId",
        "WaitingForSpotInstanceId",
        "WaitingForInstanceId",
        "PreInService",
        "InProgress",
        "WaitingForELBConnectionDraining",
        "MidLifecycleAction",
        "WaitingForInstanceWarmup",
        "Successful",
        "Failed",
        "Cancelled",
        "WaitingForConnectionDraining",
        "WaitingForInPlaceUpdateToStart",
        "WaitingForInPlaceUpdateToFinalize",
        "InPlaceUpdateInProgress",
    ]),
);

static SCALING_PROCESS_QUERY: Shape = structure(
    "ScalingProcessQuery",
    &[
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("ScalingProcesses", &PROCESS_NAMES),
    ],
);

static SECURITY_GROUPS: Shape = list("SecurityGroups", &XML_STRING, None, None, None);

static SET_DESIRED_CAPACITY_TYPE: Shape = structure(
    "SetDesiredCapacityType",
    &[
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("DesiredCapacity", &AUTO_SCALING_GROUP_DESIRED_CAPACITY).required(),
        member("HonorCooldown", &HONOR_COOLDOWN),
    ],
);

static SET_INSTANCE_PROTECTION_ANSWER: Shape = structure("SetInstanceProtectionAnswer", &[]);

static SET_INSTANCE_PROTECTION_QUERY: Shape = structure(
    "SetInstanceProtectionQuery",
    &[
        member("InstanceIds", &INSTANCE_IDS).required(),
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("ProtectedFromScaleIn", &PROTECTED_FROM_SCALE_IN).required(),
    ],
);

static SHOULD_DECREMENT_DESIRED_CAPACITY: Shape = boolean("ShouldDecrementDesiredCapacity");

static SKIP_ZONAL_SHIFT_VALIDATION: Shape = boolean("SkipZonalShiftValidation");

static SPOT_INSTANCE_POOLS: Shape = integer("SpotInstancePools", 32, None, None);

static SPOT_PRICE: Shape = string("SpotPrice", Text::ANY.min(1).max(255));

static STRING: Shape = string("String", Text::ANY);

static SUSPENDED_PROCESS: Shape = structure(
    "SuspendedProcess",
    &[
        member("ProcessName", &XML_STRING_MAX_LEN255),
        member("SuspensionReason", &XML_STRING_MAX_LEN255),
    ],
);

static SUSPENDED_PROCESSES: Shape =
    list("SuspendedProcesses", &SUSPENDED_PROCESS, None, None, None);

static TAG: Shape = structure(
    "Tag",
    &[
        member("ResourceId", &XML_STRING),
        member("ResourceType", &XML_STRING),
        member("Key", &TAG_KEY).required(),
        member("Value", &TAG_VALUE),
        member("PropagateAtLaunch", &PROPAGATE_AT_LAUNCH),
    ],
);

static TAG_DESCRIPTION: Shape = structure(
    "TagDescription",
    &[
        member("ResourceId", &XML_STRING),
        member("ResourceType", &XML_STRING),
        member("Key", &TAG_KEY),
        member("Value", &TAG_VALUE),
        member("PropagateAtLaunch", &PROPAGATE_AT_LAUNCH),
    ],
);

static TAG_DESCRIPTION_LIST: Shape = list("TagDescriptionList", &TAG_DESCRIPTION, None, None, None);

static TAG_KEY_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static TAG_KEY: Shape = string(
    "TagKey",
    Text::ANY.min(1).max(128).pattern(&TAG_KEY_PATTERN),
);

static TAG_VALUE_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static TAG_VALUE: Shape = string(
    "TagValue",
    Text::ANY.min(0).max(256).pattern(&TAG_VALUE_PATTERN),
);

static TAGS: Shape = list("Tags", &TAG, None, None, None);

static TAGS_TYPE: Shape = structure(
    "TagsType",
    &[
        member("Tags", &TAG_DESCRIPTION_LIST),
        member("NextToken", &XML_STRING),
    ],
);

static TARGET_CAPACITY_TYPE: Shape = string(
    "TargetCapacityType",
    Text::ANY.values(&[
        "on-demand-capacity-reservation",
        "capacity-block",
        "interruptible-capacity-reservation",
        "on-demand",
    ]),
);

static TARGET_CAPACITY_TYPES: Shape = list(
    "TargetCapacityTypes",
    &TARGET_CAPACITY_TYPE,
    None,
    None,
    None,
);

static TARGET_GROUP_AR_NS: Shape =
    list("TargetGroupARNs", &XML_STRING_MAX_LEN511, None, None, None);

static TERMINATE_INSTANCE_IN_AUTO_SCALING_GROUP_TYPE: Shape = structure(
    "TerminateInstanceInAutoScalingGroupType",
    &[
        member("InstanceId", &XML_STRING_MAX_LEN19),
        member("InstanceIds", &TERMINATION_INSTANCE_IDS),
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255),
        member(
            "ShouldDecrementDesiredCapacity",
            &SHOULD_DECREMENT_DESIRED_CAPACITY,
        )
        .required(),
    ],
);

static TERMINATION_INSTANCE_IDS: Shape = list(
    "TerminationInstanceIds",
    &XML_STRING_MAX_LEN19,
    None,
    Some(1),
    Some(100),
);

static TERMINATION_POLICIES: Shape = list(
    "TerminationPolicies",
    &XML_STRING_MAX_LEN1600,
    None,
    None,
    None,
);

static TIMESTAMP_TYPE: Shape = timestamp("TimestampType");

static TOTAL_LOCAL_STORAGE_GB_REQUEST: Shape = structure(
    "TotalLocalStorageGBRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_DOUBLE),
        member("Max", &NULLABLE_POSITIVE_DOUBLE),
    ],
);

static TRAFFIC_SOURCE_IDENTIFIER: Shape = structure(
    "TrafficSourceIdentifier",
    &[
        member("Identifier", &XML_STRING_MAX_LEN511).required(),
        member("Type", &XML_STRING_MAX_LEN511),
    ],
);

static TRAFFIC_SOURCES: Shape = list(
    "TrafficSources",
    &TRAFFIC_SOURCE_IDENTIFIER,
    None,
    None,
    None,
);

static UPDATE_AUTO_SCALING_GROUP_TYPE: Shape = structure(
    "UpdateAutoScalingGroupType",
    &[
        member("AutoScalingGroupName", &XML_STRING_MAX_LEN255).required(),
        member("LaunchConfigurationName", &XML_STRING_MAX_LEN255),
        member("LaunchTemplate", &LAUNCH_TEMPLATE_SPECIFICATION),
        member("MixedInstancesPolicy", &MIXED_INSTANCES_POLICY),
        member("MinSize", &AUTO_SCALING_GROUP_MIN_SIZE),
        member("MaxSize", &AUTO_SCALING_GROUP_MAX_SIZE),
        member("DesiredCapacity", &AUTO_SCALING_GROUP_DESIRED_CAPACITY),
        member("DefaultCooldown", &COOLDOWN),
        member("AvailabilityZones", &AVAILABILITY_ZONES),
        member("AvailabilityZoneIds", &AVAILABILITY_ZONE_IDS),
        member("HealthCheckType", &XML_STRING_MAX_LEN32),
        member("HealthCheckGracePeriod", &HEALTH_CHECK_GRACE_PERIOD),
        member("PlacementGroup", &UPDATE_PLACEMENT_GROUP_PARAM),
        member("VPCZoneIdentifier", &XML_STRING_MAX_LEN5000),
        member("TerminationPolicies", &TERMINATION_POLICIES),
        member("NewInstancesProtectedFromScaleIn", &INSTANCE_PROTECTED),
        member("ServiceLinkedRoleARN", &RESOURCE_NAME),
        member("MaxInstanceLifetime", &MAX_INSTANCE_LIFETIME),
        member("CapacityRebalance", &CAPACITY_REBALANCE_ENABLED),
        member("Context", &CONTEXT),
        member("DesiredCapacityType", &XML_STRING_MAX_LEN255),
        member("DefaultInstanceWarmup", &DEFAULT_INSTANCE_WARMUP),
        member("InstanceMaintenancePolicy", &INSTANCE_MAINTENANCE_POLICY),
        member(
            "AvailabilityZoneDistribution",
            &AVAILABILITY_ZONE_DISTRIBUTION,
        ),
        member(
            "AvailabilityZoneImpairmentPolicy",
            &AVAILABILITY_ZONE_IMPAIRMENT_POLICY,
        ),
        member("SkipZonalShiftValidation", &SKIP_ZONAL_SHIFT_VALIDATION),
        member(
            "CapacityReservationSpecification",
            &CAPACITY_RESERVATION_SPECIFICATION,
        ),
        member("InstanceLifecyclePolicy", &INSTANCE_LIFECYCLE_POLICY),
        member("DeletionProtection", &DELETION_PROTECTION),
    ],
);

static UPDATE_PLACEMENT_GROUP_PARAM_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static UPDATE_PLACEMENT_GROUP_PARAM: Shape = string(
    "UpdatePlacementGroupParam",
    Text::ANY
        .min(0)
        .max(255)
        .pattern(&UPDATE_PLACEMENT_GROUP_PARAM_PATTERN),
);

static V_CPU_COUNT_REQUEST: Shape = structure(
    "VCpuCountRequest",
    &[
        member("Min", &NULLABLE_POSITIVE_INTEGER).required(),
        member("Max", &NULLABLE_POSITIVE_INTEGER),
    ],
);

static VALUES: Shape = list("Values", &XML_STRING, None, None, None);

static WARM_POOL_CONFIGURATION: Shape = structure(
    "WarmPoolConfiguration",
    &[
        member("MaxGroupPreparedCapacity", &MAX_GROUP_PREPARED_CAPACITY),
        member("MinSize", &WARM_POOL_MIN_SIZE),
        member("PoolState", &WARM_POOL_STATE),
        member("Status", &WARM_POOL_STATUS),
        member("InstanceReusePolicy", &INSTANCE_REUSE_POLICY),
    ],
);

static WARM_POOL_MIN_SIZE: Shape = integer("WarmPoolMinSize", 32, Some(0), None);

static WARM_POOL_SIZE: Shape = integer("WarmPoolSize", 32, None, None);

static WARM_POOL_STATE: Shape = string(
    "WarmPoolState",
    Text::ANY.values(&["Stopped", "Running", "Hibernated"]),
);

static WARM_POOL_STATUS: Shape = string("WarmPoolStatus", Text::ANY.values(&["PendingDelete"]));

static XML_STRING_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING: Shape = string("XmlString", Text::ANY.pattern(&XML_STRING_PATTERN));

static XML_STRING_MAX_LEN1023_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN1023: Shape = string(
    "XmlStringMaxLen1023",
    Text::ANY
        .min(1)
        .max(1_023)
        .pattern(&XML_STRING_MAX_LEN1023_PATTERN),
);

static XML_STRING_MAX_LEN1600_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN1600: Shape = string(
    "XmlStringMaxLen1600",
    Text::ANY
        .min(1)
        .max(1_600)
        .pattern(&XML_STRING_MAX_LEN1600_PATTERN),
);

static XML_STRING_MAX_LEN19_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN19: Shape = string(
    "XmlStringMaxLen19",
    Text::ANY
        .min(1)
        .max(19)
        .pattern(&XML_STRING_MAX_LEN19_PATTERN),
);

static XML_STRING_MAX_LEN255_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN255: Shape = string(
    "XmlStringMaxLen255",
    Text::ANY
        .min(1)
        .max(255)
        .pattern(&XML_STRING_MAX_LEN255_PATTERN),
);

static XML_STRING_MAX_LEN32_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN32: Shape = string(
    "XmlStringMaxLen32",
    Text::ANY
        .min(1)
        .max(32)
        .pattern(&XML_STRING_MAX_LEN32_PATTERN),
);

static XML_STRING_MAX_LEN5000_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN5000: Shape = string(
    "XmlStringMaxLen5000",
    Text::ANY
        .min(1)
        .max(5_000)
        .pattern(&XML_STRING_MAX_LEN5000_PATTERN),
);

static XML_STRING_MAX_LEN511_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN511: Shape = string(
    "XmlStringMaxLen511",
    Text::ANY
        .min(1)
        .max(511)
        .pattern(&XML_STRING_MAX_LEN511_PATTERN),
);

static XML_STRING_MAX_LEN64_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_MAX_LEN64: Shape = string(
    "XmlStringMaxLen64",
    Text::ANY
        .min(1)
        .max(64)
        .pattern(&XML_STRING_MAX_LEN64_PATTERN),
);

static XML_STRING_USER_DATA_PATTERN: Pattern =
    Pattern::new(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*");

static XML_STRING_USER_DATA: Shape = string(
    "XmlStringUserData",
    Text::ANY
        .max(21_847)
        .pattern(&XML_STRING_USER_DATA_PATTERN)
        .sensitive(),
);

static ZONAL_SHIFT_ENABLED: Shape = boolean("ZonalShiftEnabled");

static ALREADY_EXISTS_FAULT: ErrorShape = error("AlreadyExists", 400);

static INVALID_NEXT_TOKEN: ErrorShape = error("InvalidNextToken", 400);

static LIMIT_EXCEEDED_FAULT: ErrorShape = error("LimitExceeded", 400);

static RESOURCE_CONTENTION_FAULT: ErrorShape = error("ResourceContention", 500);

static RESOURCE_IN_USE_FAULT: ErrorShape = error("ResourceInUse", 400);

static SCALING_ACTIVITY_IN_PROGRESS_FAULT: ErrorShape = error("ScalingActivityInProgress", 400);

static SERVICE_LINKED_ROLE_FAILURE: ErrorShape = error("ServiceLinkedRoleFailure", 500);
