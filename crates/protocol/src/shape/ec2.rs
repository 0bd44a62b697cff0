//! Shapes of ec2, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{
    blob, boolean, float, integer, list, member, operation, string, structure, timestamp,
};
use super::{Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "ec2",
    protocol: Protocol::Ec2 {
        namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    },
    api_version: "2016-11-15",
    operations: &[
        operation("AssociateIamInstanceProfile")
            .takes(&ASSOCIATE_IAM_INSTANCE_PROFILE_REQUEST)
            .returns(&ASSOCIATE_IAM_INSTANCE_PROFILE_RESULT),
        operation("CreateLaunchTemplate")
            .takes(&CREATE_LAUNCH_TEMPLATE_REQUEST)
            .returns(&CREATE_LAUNCH_TEMPLATE_RESULT),
        operation("CreateLaunchTemplateVersion")
            .takes(&CREATE_LAUNCH_TEMPLATE_VERSION_REQUEST)
            .returns(&CREATE_LAUNCH_TEMPLATE_VERSION_RESULT),
        operation("CreateTags").takes(&CREATE_TAGS_REQUEST),
        operation("DeleteLaunchTemplate")
            .takes(&DELETE_LAUNCH_TEMPLATE_REQUEST)
            .returns(&DELETE_LAUNCH_TEMPLATE_RESULT),
        operation("DeleteTags").takes(&DELETE_TAGS_REQUEST),
        operation("DescribeAccountAttributes")
            .takes(&DESCRIBE_ACCOUNT_ATTRIBUTES_REQUEST)
            .returns(&DESCRIBE_ACCOUNT_ATTRIBUTES_RESULT),
        operation("DescribeAvailabilityZones")
            .takes(&DESCRIBE_AVAILABILITY_ZONES_REQUEST)
            .returns(&DESCRIBE_AVAILABILITY_ZONES_RESULT),
        operation("DescribeIamInstanceProfileAssociations")
            .takes(&DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS_REQUEST)
            .returns(&DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS_RESULT),
        operation("DescribeImages")
            .takes(&DESCRIBE_IMAGES_REQUEST)
            .returns(&DESCRIBE_IMAGES_RESULT),
        operation("DescribeInstanceAttribute")
            .takes(&DESCRIBE_INSTANCE_ATTRIBUTE_REQUEST)
            .returns(&INSTANCE_ATTRIBUTE),
        operation("DescribeInstanceCreditSpecifications")
            .takes(&DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS_REQUEST)
            .returns(&DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS_RESULT),
        operation("DescribeInstanceStatus")
            .takes(&DESCRIBE_INSTANCE_STATUS_REQUEST)
            .returns(&DESCRIBE_INSTANCE_STATUS_RESULT),
        operation("DescribeInstanceTypeOfferings")
            .takes(&DESCRIBE_INSTANCE_TYPE_OFFERINGS_REQUEST)
            .returns(&DESCRIBE_INSTANCE_TYPE_OFFERINGS_RESULT),
        operation("DescribeInstanceTypes")
            .takes(&DESCRIBE_INSTANCE_TYPES_REQUEST)
            .returns(&DESCRIBE_INSTANCE_TYPES_RESULT),
        operation("DescribeInstances")
            .takes(&DESCRIBE_INSTANCES_REQUEST)
            .returns(&DESCRIBE_INSTANCES_RESULT),
        operation("DescribeInternetGateways")
            .takes(&DESCRIBE_INTERNET_GATEWAYS_REQUEST)
            .returns(&DESCRIBE_INTERNET_GATEWAYS_RESULT),
        operation("DescribeKeyPairs")
            .takes(&DESCRIBE_KEY_PAIRS_REQUEST)
            .returns(&DESCRIBE_KEY_PAIRS_RESULT),
        operation("DescribeLaunchTemplateVersions")
            .takes(&DESCRIBE_LAUNCH_TEMPLATE_VERSIONS_REQUEST)
            .returns(&DESCRIBE_LAUNCH_TEMPLATE_VERSIONS_RESULT),
        operation("DescribeLaunchTemplates")
            .takes(&DESCRIBE_LAUNCH_TEMPLATES_REQUEST)
            .returns(&DESCRIBE_LAUNCH_TEMPLATES_RESULT),
        operation("DescribeNetworkInterfaces")
            .takes(&DESCRIBE_NETWORK_INTERFACES_REQUEST)
            .returns(&DESCRIBE_NETWORK_INTERFACES_RESULT),
        operation("DescribeRegions")
            .takes(&DESCRIBE_REGIONS_REQUEST)
            .returns(&DESCRIBE_REGIONS_RESULT),
        operation("DescribeRouteTables")
            .takes(&DESCRIBE_ROUTE_TABLES_REQUEST)
            .returns(&DESCRIBE_ROUTE_TABLES_RESULT),
        operation("DescribeSecurityGroups")
            .takes(&DESCRIBE_SECURITY_GROUPS_REQUEST)
            .returns(&DESCRIBE_SECURITY_GROUPS_RESULT),
        operation("DescribeSubnets")
            .takes(&DESCRIBE_SUBNETS_REQUEST)
            .returns(&DESCRIBE_SUBNETS_RESULT),
        operation("DescribeTags")
            .takes(&DESCRIBE_TAGS_REQUEST)
            .returns(&DESCRIBE_TAGS_RESULT),
        operation("DescribeVolumes")
            .takes(&DESCRIBE_VOLUMES_REQUEST)
            .returns(&DESCRIBE_VOLUMES_RESULT),
        operation("DescribeVpcAttribute")
            .takes(&DESCRIBE_VPC_ATTRIBUTE_REQUEST)
            .returns(&DESCRIBE_VPC_ATTRIBUTE_RESULT),
        operation("DescribeVpcs")
            .takes(&DESCRIBE_VPCS_REQUEST)
            .returns(&DESCRIBE_VPCS_RESULT),
        operation("DisassociateIamInstanceProfile")
            .takes(&DISASSOCIATE_IAM_INSTANCE_PROFILE_REQUEST)
            .returns(&DISASSOCIATE_IAM_INSTANCE_PROFILE_RESULT),
        operation("GetConsoleOutput")
            .takes(&GET_CONSOLE_OUTPUT_REQUEST)
            .returns(&GET_CONSOLE_OUTPUT_RESULT),
        operation("GetInstanceMetadataDefaults")
            .takes(&GET_INSTANCE_METADATA_DEFAULTS_REQUEST)
            .returns(&GET_INSTANCE_METADATA_DEFAULTS_RESULT),
        operation("GetLaunchTemplateData")
            .takes(&GET_LAUNCH_TEMPLATE_DATA_REQUEST)
            .returns(&GET_LAUNCH_TEMPLATE_DATA_RESULT),
        operation("ModifyInstanceAttribute").takes(&MODIFY_INSTANCE_ATTRIBUTE_REQUEST),
        operation("ModifyInstanceMetadataDefaults")
            .takes(&MODIFY_INSTANCE_METADATA_DEFAULTS_REQUEST)
            .returns(&MODIFY_INSTANCE_METADATA_DEFAULTS_RESULT),
        operation("ModifyInstanceMetadataOptions")
            .takes(&MODIFY_INSTANCE_METADATA_OPTIONS_REQUEST)
            .returns(&MODIFY_INSTANCE_METADATA_OPTIONS_RESULT),
        operation("ModifyLaunchTemplate")
            .takes(&MODIFY_LAUNCH_TEMPLATE_REQUEST)
            .returns(&MODIFY_LAUNCH_TEMPLATE_RESULT),
        operation("MonitorInstances")
            .takes(&MONITOR_INSTANCES_REQUEST)
            .returns(&MONITOR_INSTANCES_RESULT),
        operation("RebootInstances").takes(&REBOOT_INSTANCES_REQUEST),
        operation("ReplaceIamInstanceProfileAssociation")
            .takes(&REPLACE_IAM_INSTANCE_PROFILE_ASSOCIATION_REQUEST)
            .returns(&REPLACE_IAM_INSTANCE_PROFILE_ASSOCIATION_RESULT),
        operation("RunInstances")
            .takes(&RUN_INSTANCES_REQUEST)
            .returns(&RESERVATION),
        operation("StartInstances")
            .takes(&START_INSTANCES_REQUEST)
            .returns(&START_INSTANCES_RESULT),
        operation("StopInstances")
            .takes(&STOP_INSTANCES_REQUEST)
            .returns(&STOP_INSTANCES_RESULT),
        operation("TerminateInstances")
            .takes(&TERMINATE_INSTANCES_REQUEST)
            .returns(&TERMINATE_INSTANCES_RESULT),
        operation("UnmonitorInstances")
            .takes(&UNMONITOR_INSTANCES_REQUEST)
            .returns(&UNMONITOR_INSTANCES_RESULT),
    ],
};

static ACCELERATOR_COUNT: Shape = structure(
    "AcceleratorCount",
    &[
        member("Min", &INTEGER).wire("min"),
        member("Max", &INTEGER).wire("max"),
    ],
);

static ACCELERATOR_COUNT_REQUEST: Shape = structure(
    "AcceleratorCountRequest",
    &[member("Min", &INTEGER), member("Max", &INTEGER)],
);

static ACCELERATOR_MANUFACTURER: Shape = string(
    "AcceleratorManufacturer",
    Text::ANY.values(&["amazon-web-services", "amd", "nvidia", "xilinx", "habana"]),
);

static ACCELERATOR_MANUFACTURER_SET: Shape = list(
    "AcceleratorManufacturerSet",
    &ACCELERATOR_MANUFACTURER,
    Some("item"),
    None,
    None,
);

static ACCELERATOR_NAME: Shape = string(
    "AcceleratorName",
    Text::ANY.values(&[
        "a100",
        "inferentia",
        "k520",
        "k80",
        "m60",
        "radeon-pro-v520",
        "t4",
        "vu9p",
        "v100",
        "a10g",
        "h100",
        "t4g",
        "l40s",
        "l4",
        "gaudi-hl-205",
        "inferentia2",
        "trainium",
        "trainium2",
        "u30",
    ]),
);

static ACCELERATOR_NAME_SET: Shape = list(
    "AcceleratorNameSet",
    &ACCELERATOR_NAME,
    Some("item"),
    None,
    None,
);

static ACCELERATOR_TOTAL_MEMORY_MI_B: Shape = structure(
    "AcceleratorTotalMemoryMiB",
    &[
        member("Min", &INTEGER).wire("min"),
        member("Max", &INTEGER).wire("max"),
    ],
);

static ACCELERATOR_TOTAL_MEMORY_MI_B_REQUEST: Shape = structure(
    "AcceleratorTotalMemoryMiBRequest",
    &[member("Min", &INTEGER), member("Max", &INTEGER)],
);

static ACCELERATOR_TYPE: Shape = string(
    "AcceleratorType",
    Text::ANY.values(&["gpu", "fpga", "inference", "media"]),
);

static ACCELERATOR_TYPE_SET: Shape = list(
    "AcceleratorTypeSet",
    &ACCELERATOR_TYPE,
    Some("item"),
    None,
    None,
);

static ACCOUNT_ATTRIBUTE: Shape = structure(
    "AccountAttribute",
    &[
        member("AttributeName", &STRING).wire("attributeName"),
        member("AttributeValues", &ACCOUNT_ATTRIBUTE_VALUE_LIST)
            .wire("attributeValueSet")
            .query("AttributeValueSet"),
    ],
);

static ACCOUNT_ATTRIBUTE_LIST: Shape = list(
    "AccountAttributeList",
    &ACCOUNT_ATTRIBUTE,
    Some("item"),
    None,
    None,
);

static ACCOUNT_ATTRIBUTE_NAME: Shape = string(
    "AccountAttributeName",
    Text::ANY.values(&["supported-platforms", "default-vpc"]),
);

static ACCOUNT_ATTRIBUTE_NAME_STRING_LIST: Shape = list(
    "AccountAttributeNameStringList",
    &ACCOUNT_ATTRIBUTE_NAME,
    Some("attributeName"),
    None,
    None,
);

static ACCOUNT_ATTRIBUTE_VALUE: Shape = structure(
    "AccountAttributeValue",
    &[member("AttributeValue", &STRING).wire("attributeValue")],
);

static ACCOUNT_ATTRIBUTE_VALUE_LIST: Shape = list(
    "AccountAttributeValueList",
    &ACCOUNT_ATTRIBUTE_VALUE,
    Some("item"),
    None,
    None,
);

static ADDITIONAL_FLEXIBLE_NETWORK_INTERFACES: Shape =
    integer("AdditionalFlexibleNetworkInterfaces", 32, None, None);

static ALLOWED_INSTANCE_TYPE_PATTERN: Pattern = Pattern::new(r"[a-zA-Z0-9\.\*\-]+");

static ALLOWED_INSTANCE_TYPE: Shape = string(
    "AllowedInstanceType",
    Text::ANY
        .min(1)
        .max(30)
        .pattern(&ALLOWED_INSTANCE_TYPE_PATTERN),
);

static ALLOWED_INSTANCE_TYPE_SET: Shape = list(
    "AllowedInstanceTypeSet",
    &ALLOWED_INSTANCE_TYPE,
    Some("item"),
    Some(0),
    Some(400),
);

static AMD_SEV_SNP_SPECIFICATION: Shape = string(
    "AmdSevSnpSpecification",
    Text::ANY.values(&["enabled", "disabled"]),
);

static APPLICATION_STATUS_SUMMARY: Shape = structure(
    "ApplicationStatusSummary",
    &[
        member("Status", &SUMMARY_STATUS).wire("status"),
        member("ImpairedSince", &MILLISECOND_DATE_TIME).wire("impairedSince"),
    ],
);

static ARCHITECTURE_TYPE: Shape = string(
    "ArchitectureType",
    Text::ANY.values(&["i386", "x86_64", "arm64", "x86_64_mac", "arm64_mac"]),
);

static ARCHITECTURE_TYPE_LIST: Shape = list(
    "ArchitectureTypeList",
    &ARCHITECTURE_TYPE,
    Some("item"),
    None,
    None,
);

static ARCHITECTURE_VALUES: Shape = string(
    "ArchitectureValues",
    Text::ANY.values(&["i386", "x86_64", "arm64", "x86_64_mac", "arm64_mac"]),
);

static ASSOCIATE_IAM_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "AssociateIamInstanceProfileRequest",
    &[
        member("IamInstanceProfile", &IAM_INSTANCE_PROFILE_SPECIFICATION).required(),
        member("InstanceId", &INSTANCE_ID).required(),
    ],
);

static ASSOCIATE_IAM_INSTANCE_PROFILE_RESULT: Shape = structure(
    "AssociateIamInstanceProfileResult",
    &[member(
        "IamInstanceProfileAssociation",
        &IAM_INSTANCE_PROFILE_ASSOCIATION,
    )
    .wire("iamInstanceProfileAssociation")],
);

static ASSOCIATED_SUBNET_LIST: Shape =
    list("AssociatedSubnetList", &SUBNET_ID, Some("item"), None, None);

static ASSOCIATION_ID_LIST: Shape = list(
    "AssociationIdList",
    &IAM_INSTANCE_PROFILE_ASSOCIATION_ID,
    Some("AssociationId"),
    None,
    None,
);

static ATTACHMENT_ENA_SRD_SPECIFICATION: Shape = structure(
    "AttachmentEnaSrdSpecification",
    &[
        member("EnaSrdEnabled", &BOOLEAN).wire("enaSrdEnabled"),
        member(
            "EnaSrdUdpSpecification",
            &ATTACHMENT_ENA_SRD_UDP_SPECIFICATION,
        )
        .wire("enaSrdUdpSpecification"),
    ],
);

static ATTACHMENT_ENA_SRD_UDP_SPECIFICATION: Shape = structure(
    "AttachmentEnaSrdUdpSpecification",
    &[member("EnaSrdUdpEnabled", &BOOLEAN).wire("enaSrdUdpEnabled")],
);

static ATTACHMENT_LIMIT_TYPE: Shape = string(
    "AttachmentLimitType",
    Text::ANY.values(&["shared", "dedicated"]),
);

static ATTACHMENT_STATUS: Shape = string(
    "AttachmentStatus",
    Text::ANY.values(&["attaching", "attached", "detaching", "detached"]),
);

static ATTRIBUTE_BOOLEAN_VALUE: Shape = structure(
    "AttributeBooleanValue",
    &[member("Value", &BOOLEAN).wire("value")],
);

static ATTRIBUTE_VALUE: Shape =
    structure("AttributeValue", &[member("Value", &STRING).wire("value")]);

static AUTO_RECOVERY_FLAG: Shape = boolean("AutoRecoveryFlag");

static AVAILABILITY_ZONE: Shape = structure(
    "AvailabilityZone",
    &[
        member("OptInStatus", &AVAILABILITY_ZONE_OPT_IN_STATUS).wire("optInStatus"),
        member("Messages", &AVAILABILITY_ZONE_MESSAGE_LIST)
            .wire("messageSet")
            .query("MessageSet"),
        member("RegionName", &STRING).wire("regionName"),
        member("ZoneName", &STRING).wire("zoneName"),
        member("ZoneId", &STRING).wire("zoneId"),
        member("GroupName", &STRING).wire("groupName"),
        member("NetworkBorderGroup", &STRING).wire("networkBorderGroup"),
        member("ZoneType", &STRING).wire("zoneType"),
        member("ParentZoneName", &STRING).wire("parentZoneName"),
        member("ParentZoneId", &STRING).wire("parentZoneId"),
        member("GroupLongName", &STRING).wire("groupLongName"),
        member("Geography", &AVAILABILITY_ZONE_GEOGRAPHY_LIST)
            .wire("geographySet")
            .query("GeographySet"),
        member("SubGeography", &AVAILABILITY_ZONE_SUB_GEOGRAPHY_LIST)
            .wire("subGeographySet")
            .query("SubGeographySet"),
        member("State", &AVAILABILITY_ZONE_STATE)
            .wire("zoneState")
            .query("ZoneState"),
    ],
);

static AVAILABILITY_ZONE_GEOGRAPHY: Shape = structure(
    "AvailabilityZoneGeography",
    &[member("Name", &STRING).wire("name")],
);

static AVAILABILITY_ZONE_GEOGRAPHY_LIST: Shape = list(
    "AvailabilityZoneGeographyList",
    &AVAILABILITY_ZONE_GEOGRAPHY,
    Some("item"),
    None,
    None,
);

static AVAILABILITY_ZONE_ID: Shape = string("AvailabilityZoneId", Text::ANY);

static AVAILABILITY_ZONE_LIST: Shape = list(
    "AvailabilityZoneList",
    &AVAILABILITY_ZONE,
    Some("item"),
    None,
    None,
);

static AVAILABILITY_ZONE_MESSAGE: Shape = structure(
    "AvailabilityZoneMessage",
    &[member("Message", &STRING).wire("message")],
);

static AVAILABILITY_ZONE_MESSAGE_LIST: Shape = list(
    "AvailabilityZoneMessageList",
    &AVAILABILITY_ZONE_MESSAGE,
    Some("item"),
    None,
    None,
);

static AVAILABILITY_ZONE_OPT_IN_STATUS: Shape = string(
    "AvailabilityZoneOptInStatus",
    Text::ANY.values(&["opt-in-not-required", "opted-in", "not-opted-in"]),
);

static AVAILABILITY_ZONE_STATE: Shape = string(
    "AvailabilityZoneState",
    Text::ANY.values(&[
        "available",
        "information",
        "impaired",
        "unavailable",
        "constrained",
    ]),
);

static AVAILABILITY_ZONE_SUB_GEOGRAPHY: Shape = structure(
    "AvailabilityZoneSubGeography",
    &[member("Name", &STRING).wire("name")],
);

static AVAILABILITY_ZONE_SUB_GEOGRAPHY_LIST: Shape = list(
    "AvailabilityZoneSubGeographyList",
    &AVAILABILITY_ZONE_SUB_GEOGRAPHY,
    Some("item"),
    None,
    None,
);

static BANDWIDTH_WEIGHTING_TYPE: Shape = string(
    "BandwidthWeightingType",
    Text::ANY.values(&["default", "vpc-1", "ebs-1"]),
);

static BANDWIDTH_WEIGHTING_TYPE_LIST: Shape = list(
    "BandwidthWeightingTypeList",
    &BANDWIDTH_WEIGHTING_TYPE,
    Some("item"),
    None,
    None,
);

static BARE_METAL: Shape = string(
    "BareMetal",
    Text::ANY.values(&["included", "required", "excluded"]),
);

static BARE_METAL_FLAG: Shape = boolean("BareMetalFlag");

static BASELINE_BANDWIDTH_IN_GBPS: Shape = float("BaselineBandwidthInGbps");

static BASELINE_BANDWIDTH_IN_MBPS: Shape = integer("BaselineBandwidthInMbps", 32, None, None);

static BASELINE_EBS_BANDWIDTH_MBPS: Shape = structure(
    "BaselineEbsBandwidthMbps",
    &[
        member("Min", &INTEGER).wire("min"),
        member("Max", &INTEGER).wire("max"),
    ],
);

static BASELINE_EBS_BANDWIDTH_MBPS_REQUEST: Shape = structure(
    "BaselineEbsBandwidthMbpsRequest",
    &[member("Min", &INTEGER), member("Max", &INTEGER)],
);

static BASELINE_IOPS: Shape = integer("BaselineIops", 32, None, None);

static BASELINE_PERFORMANCE_FACTORS: Shape = structure(
    "BaselinePerformanceFactors",
    &[member("Cpu", &CPU_PERFORMANCE_FACTOR).wire("cpu")],
);

static BASELINE_PERFORMANCE_FACTORS_REQUEST: Shape = structure(
    "BaselinePerformanceFactorsRequest",
    &[member("Cpu", &CPU_PERFORMANCE_FACTOR_REQUEST)],
);

static BASELINE_THROUGHPUT_IN_M_BPS: Shape = float("BaselineThroughputInMBps");

static BLOCK_DEVICE_MAPPING: Shape = structure(
    "BlockDeviceMapping",
    &[
        member("Ebs", &EBS_BLOCK_DEVICE).wire("ebs"),
        member("NoDevice", &STRING).wire("noDevice"),
        member("DeviceName", &STRING).wire("deviceName"),
        member("VirtualName", &STRING).wire("virtualName"),
    ],
);

static BLOCK_DEVICE_MAPPING_LIST: Shape = list(
    "BlockDeviceMappingList",
    &BLOCK_DEVICE_MAPPING,
    Some("item"),
    None,
    None,
);

static BLOCK_DEVICE_MAPPING_REQUEST_LIST: Shape = list(
    "BlockDeviceMappingRequestList",
    &BLOCK_DEVICE_MAPPING,
    Some("BlockDeviceMapping"),
    None,
    None,
);

static BLOCK_PUBLIC_ACCESS_MODE: Shape = string(
    "BlockPublicAccessMode",
    Text::ANY.values(&["off", "block-bidirectional", "block-ingress"]),
);

static BLOCK_PUBLIC_ACCESS_STATES: Shape = structure(
    "BlockPublicAccessStates",
    &[
        member("InternetGatewayBlockMode", &BLOCK_PUBLIC_ACCESS_MODE)
            .wire("internetGatewayBlockMode"),
    ],
);

static BOOLEAN: Shape = boolean("Boolean");

static BOOT_MODE_TYPE: Shape = string("BootModeType", Text::ANY.values(&["legacy-bios", "uefi"]));

static BOOT_MODE_TYPE_LIST: Shape = list(
    "BootModeTypeList",
    &BOOT_MODE_TYPE,
    Some("item"),
    None,
    None,
);

static BOOT_MODE_VALUES: Shape = string(
    "BootModeValues",
    Text::ANY.values(&["legacy-bios", "uefi", "uefi-preferred"]),
);

static BOXED_INTEGER: Shape = integer("BoxedInteger", 32, None, None);

static BURSTABLE_PERFORMANCE: Shape = string(
    "BurstablePerformance",
    Text::ANY.values(&["included", "required", "excluded"]),
);

static BURSTABLE_PERFORMANCE_FLAG: Shape = boolean("BurstablePerformanceFlag");

static CAPACITY_RESERVATION_ID: Shape = string("CapacityReservationId", Text::ANY);

static CAPACITY_RESERVATION_PREFERENCE: Shape = string(
    "CapacityReservationPreference",
    Text::ANY.values(&["capacity-reservations-only", "open", "none"]),
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

static CAPACITY_RESERVATION_SPECIFICATION_RESPONSE: Shape = structure(
    "CapacityReservationSpecificationResponse",
    &[
        member(
            "CapacityReservationPreference",
            &CAPACITY_RESERVATION_PREFERENCE,
        )
        .wire("capacityReservationPreference"),
        member(
            "CapacityReservationTarget",
            &CAPACITY_RESERVATION_TARGET_RESPONSE,
        )
        .wire("capacityReservationTarget"),
    ],
);

static CAPACITY_RESERVATION_TARGET: Shape = structure(
    "CapacityReservationTarget",
    &[
        member("CapacityReservationId", &CAPACITY_RESERVATION_ID),
        member("CapacityReservationResourceGroupArn", &STRING),
    ],
);

static CAPACITY_RESERVATION_TARGET_RESPONSE: Shape = structure(
    "CapacityReservationTargetResponse",
    &[
        member("CapacityReservationId", &STRING).wire("capacityReservationId"),
        member("CapacityReservationResourceGroupArn", &STRING)
            .wire("capacityReservationResourceGroupArn"),
    ],
);

static CARRIER_GATEWAY_ID: Shape = string("CarrierGatewayId", Text::ANY);

static COIP_POOL_ID: Shape = string("CoipPoolId", Text::ANY);

static CONNECTION_TRACKING_CONFIGURATION: Shape = structure(
    "ConnectionTrackingConfiguration",
    &[
        member("TcpEstablishedTimeout", &INTEGER).wire("tcpEstablishedTimeout"),
        member("UdpStreamTimeout", &INTEGER).wire("udpStreamTimeout"),
        member("UdpTimeout", &INTEGER).wire("udpTimeout"),
    ],
);

static CONNECTION_TRACKING_SPECIFICATION: Shape = structure(
    "ConnectionTrackingSpecification",
    &[
        member("TcpEstablishedTimeout", &INTEGER).wire("tcpEstablishedTimeout"),
        member("UdpTimeout", &INTEGER).wire("udpTimeout"),
        member("UdpStreamTimeout", &INTEGER).wire("udpStreamTimeout"),
    ],
);

static CONNECTION_TRACKING_SPECIFICATION_REQUEST: Shape = structure(
    "ConnectionTrackingSpecificationRequest",
    &[
        member("TcpEstablishedTimeout", &INTEGER),
        member("UdpStreamTimeout", &INTEGER),
        member("UdpTimeout", &INTEGER),
    ],
);

static CONNECTION_TRACKING_SPECIFICATION_RESPONSE: Shape = structure(
    "ConnectionTrackingSpecificationResponse",
    &[
        member("TcpEstablishedTimeout", &INTEGER).wire("tcpEstablishedTimeout"),
        member("UdpStreamTimeout", &INTEGER).wire("udpStreamTimeout"),
        member("UdpTimeout", &INTEGER).wire("udpTimeout"),
    ],
);

static CORE_COUNT: Shape = integer("CoreCount", 32, None, None);

static CORE_COUNT_LIST: Shape = list("CoreCountList", &CORE_COUNT, Some("item"), None, None);

static CORE_NETWORK_ARN: Shape = string("CoreNetworkArn", Text::ANY);

static CPU_MANUFACTURER: Shape = string(
    "CpuManufacturer",
    Text::ANY.values(&["intel", "amd", "amazon-web-services", "apple"]),
);

static CPU_MANUFACTURER_NAME: Shape = string("CpuManufacturerName", Text::ANY);

static CPU_MANUFACTURER_SET: Shape = list(
    "CpuManufacturerSet",
    &CPU_MANUFACTURER,
    Some("item"),
    None,
    None,
);

static CPU_OPTIONS: Shape = structure(
    "CpuOptions",
    &[
        member("CoreCount", &INTEGER).wire("coreCount"),
        member("ThreadsPerCore", &INTEGER).wire("threadsPerCore"),
        member("AmdSevSnp", &AMD_SEV_SNP_SPECIFICATION).wire("amdSevSnp"),
        member("NestedVirtualization", &NESTED_VIRTUALIZATION_SPECIFICATION)
            .wire("nestedVirtualization"),
    ],
);

static CPU_OPTIONS_REQUEST: Shape = structure(
    "CpuOptionsRequest",
    &[
        member("CoreCount", &INTEGER),
        member("ThreadsPerCore", &INTEGER),
        member("AmdSevSnp", &AMD_SEV_SNP_SPECIFICATION),
        member("NestedVirtualization", &NESTED_VIRTUALIZATION_SPECIFICATION),
    ],
);

static CPU_PERFORMANCE_FACTOR: Shape = structure(
    "CpuPerformanceFactor",
    &[member("References", &PERFORMANCE_FACTOR_REFERENCE_SET)
        .wire("referenceSet")
        .query("ReferenceSet")],
);

static CPU_PERFORMANCE_FACTOR_REQUEST: Shape = structure(
    "CpuPerformanceFactorRequest",
    &[
        member("References", &PERFORMANCE_FACTOR_REFERENCE_SET_REQUEST)
            .wire("Reference")
            .query("Reference"),
    ],
);

static CREATE_LAUNCH_TEMPLATE_REQUEST: Shape = structure(
    "CreateLaunchTemplateRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("ClientToken", &STRING),
        member("LaunchTemplateName", &STRING).required(),
        member("VersionDescription", &VERSION_DESCRIPTION),
        member("LaunchTemplateData", &REQUEST_LAUNCH_TEMPLATE_DATA).required(),
        member("Operator", &OPERATOR_REQUEST),
        member("TagSpecifications", &TAG_SPECIFICATION_LIST)
            .wire("TagSpecification")
            .query("TagSpecification"),
    ],
);

static CREATE_LAUNCH_TEMPLATE_RESULT: Shape = structure(
    "CreateLaunchTemplateResult",
    &[
        member("LaunchTemplate", &LAUNCH_TEMPLATE).wire("launchTemplate"),
        member("Warning", &VALIDATION_WARNING).wire("warning"),
    ],
);

static CREATE_LAUNCH_TEMPLATE_VERSION_REQUEST: Shape = structure(
    "CreateLaunchTemplateVersionRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("ClientToken", &STRING),
        member("LaunchTemplateId", &LAUNCH_TEMPLATE_ID),
        member("LaunchTemplateName", &LAUNCH_TEMPLATE_NAME),
        member("SourceVersion", &STRING),
        member("VersionDescription", &VERSION_DESCRIPTION),
        member("LaunchTemplateData", &REQUEST_LAUNCH_TEMPLATE_DATA).required(),
        member("ResolveAlias", &BOOLEAN),
    ],
);

static CREATE_LAUNCH_TEMPLATE_VERSION_RESULT: Shape = structure(
    "CreateLaunchTemplateVersionResult",
    &[
        member("LaunchTemplateVersion", &LAUNCH_TEMPLATE_VERSION).wire("launchTemplateVersion"),
        member("Warning", &VALIDATION_WARNING).wire("warning"),
    ],
);

static CREATE_TAGS_REQUEST: Shape = structure(
    "CreateTagsRequest",
    &[
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Resources", &RESOURCE_ID_LIST)
            .required()
            .wire("ResourceId")
            .query("ResourceId"),
        member("Tags", &TAG_LIST)
            .required()
            .wire("Tag")
            .query("Tag"),
    ],
);

static CREDIT_SPECIFICATION: Shape = structure(
    "CreditSpecification",
    &[member("CpuCredits", &STRING).wire("cpuCredits")],
);

static CREDIT_SPECIFICATION_REQUEST: Shape = structure(
    "CreditSpecificationRequest",
    &[member("CpuCredits", &STRING).required()],
);

static CURRENT_GENERATION_FLAG: Shape = boolean("CurrentGenerationFlag");

static DIT_MAX_RESULTS: Shape = integer("DITMaxResults", 32, Some(5), Some(100));

static DITO_MAX_RESULTS: Shape = integer("DITOMaxResults", 32, Some(5), Some(1_000));

static DATE_TIME: Shape = timestamp("DateTime");

static DEDICATED_HOST_FLAG: Shape = boolean("DedicatedHostFlag");

static DEDICATED_HOST_ID: Shape = string("DedicatedHostId", Text::ANY);

static DEFAULT_CONNECTION_TRACKING_CONFIGURATION: Shape = structure(
    "DefaultConnectionTrackingConfiguration",
    &[
        member(
            "DefaultTcpEstablishedTimeout",
            &DEFAULT_TCP_ESTABLISHED_TIMEOUT,
        )
        .wire("defaultTcpEstablishedTimeout"),
        member("DefaultUdpTimeout", &DEFAULT_UDP_TIMEOUT).wire("defaultUdpTimeout"),
        member("DefaultUdpStreamTimeout", &DEFAULT_UDP_STREAM_TIMEOUT)
            .wire("defaultUdpStreamTimeout"),
    ],
);

static DEFAULT_ENA_QUEUE_COUNT_PER_INTERFACE: Shape =
    integer("DefaultEnaQueueCountPerInterface", 32, None, None);

static DEFAULT_HTTP_TOKENS_ENFORCED_STATE: Shape = string(
    "DefaultHttpTokensEnforcedState",
    Text::ANY.values(&["disabled", "enabled", "no-preference"]),
);

static DEFAULT_INSTANCE_METADATA_ENDPOINT_STATE: Shape = string(
    "DefaultInstanceMetadataEndpointState",
    Text::ANY.values(&["disabled", "enabled", "no-preference"]),
);

static DEFAULT_INSTANCE_METADATA_TAGS_STATE: Shape = string(
    "DefaultInstanceMetadataTagsState",
    Text::ANY.values(&["disabled", "enabled", "no-preference"]),
);

static DEFAULT_NETWORK_CARD_INDEX: Shape = integer("DefaultNetworkCardIndex", 32, None, None);

static DEFAULT_TCP_ESTABLISHED_TIMEOUT: Shape =
    integer("DefaultTcpEstablishedTimeout", 32, None, None);

static DEFAULT_UDP_STREAM_TIMEOUT: Shape = integer("DefaultUdpStreamTimeout", 32, None, None);

static DEFAULT_UDP_TIMEOUT: Shape = integer("DefaultUdpTimeout", 32, None, None);

static DELETE_LAUNCH_TEMPLATE_REQUEST: Shape = structure(
    "DeleteLaunchTemplateRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("LaunchTemplateId", &LAUNCH_TEMPLATE_ID),
        member("LaunchTemplateName", &LAUNCH_TEMPLATE_NAME),
    ],
);

static DELETE_LAUNCH_TEMPLATE_RESULT: Shape = structure(
    "DeleteLaunchTemplateResult",
    &[member("LaunchTemplate", &LAUNCH_TEMPLATE).wire("launchTemplate")],
);

static DELETE_TAGS_REQUEST: Shape = structure(
    "DeleteTagsRequest",
    &[
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Resources", &RESOURCE_ID_LIST)
            .required()
            .wire("resourceId")
            .query("ResourceId"),
        member("Tags", &TAG_LIST).wire("tag").query("Tag"),
    ],
);

static DESCRIBE_ACCOUNT_ATTRIBUTES_REQUEST: Shape = structure(
    "DescribeAccountAttributesRequest",
    &[
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("AttributeNames", &ACCOUNT_ATTRIBUTE_NAME_STRING_LIST)
            .wire("attributeName")
            .query("AttributeName"),
    ],
);

static DESCRIBE_ACCOUNT_ATTRIBUTES_RESULT: Shape = structure(
    "DescribeAccountAttributesResult",
    &[member("AccountAttributes", &ACCOUNT_ATTRIBUTE_LIST)
        .wire("accountAttributeSet")
        .query("AccountAttributeSet")],
);

static DESCRIBE_AVAILABILITY_ZONES_REQUEST: Shape = structure(
    "DescribeAvailabilityZonesRequest",
    &[
        member("ZoneNames", &ZONE_NAME_STRING_LIST)
            .wire("ZoneName")
            .query("ZoneName"),
        member("ZoneIds", &ZONE_ID_STRING_LIST)
            .wire("ZoneId")
            .query("ZoneId"),
        member("AllAvailabilityZones", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
    ],
);

static DESCRIBE_AVAILABILITY_ZONES_RESULT: Shape = structure(
    "DescribeAvailabilityZonesResult",
    &[member("AvailabilityZones", &AVAILABILITY_ZONE_LIST)
        .wire("availabilityZoneInfo")
        .query("AvailabilityZoneInfo")],
);

static DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS_MAX_RESULTS: Shape = integer(
    "DescribeIamInstanceProfileAssociationsMaxResults",
    32,
    Some(5),
    Some(1_000),
);

static DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS_REQUEST: Shape = structure(
    "DescribeIamInstanceProfileAssociationsRequest",
    &[
        member("AssociationIds", &ASSOCIATION_ID_LIST)
            .wire("AssociationId")
            .query("AssociationId"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member(
            "MaxResults",
            &DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS_MAX_RESULTS,
        ),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS_RESULT: Shape = structure(
    "DescribeIamInstanceProfileAssociationsResult",
    &[
        member(
            "IamInstanceProfileAssociations",
            &IAM_INSTANCE_PROFILE_ASSOCIATION_SET,
        )
        .wire("iamInstanceProfileAssociationSet")
        .query("IamInstanceProfileAssociationSet"),
        member("NextToken", &NEXT_TOKEN).wire("nextToken"),
    ],
);

static DESCRIBE_IMAGES_REQUEST: Shape = structure(
    "DescribeImagesRequest",
    &[
        member("ExecutableUsers", &EXECUTABLE_BY_STRING_LIST)
            .wire("ExecutableBy")
            .query("ExecutableBy"),
        member("ImageIds", &IMAGE_ID_STRING_LIST)
            .wire("ImageId")
            .query("ImageId"),
        member("Owners", &OWNER_STRING_LIST)
            .wire("Owner")
            .query("Owner"),
        member("IncludeDeprecated", &BOOLEAN),
        member("IncludeDisabled", &BOOLEAN),
        member("MaxResults", &INTEGER),
        member("NextToken", &STRING),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
    ],
);

static DESCRIBE_IMAGES_RESULT: Shape = structure(
    "DescribeImagesResult",
    &[
        member("NextToken", &STRING).wire("nextToken"),
        member("Images", &IMAGE_LIST)
            .wire("imagesSet")
            .query("ImagesSet"),
    ],
);

static DESCRIBE_INSTANCE_ATTRIBUTE_REQUEST: Shape = structure(
    "DescribeInstanceAttributeRequest",
    &[
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("InstanceId", &INSTANCE_ID)
            .required()
            .wire("instanceId"),
        member("Attribute", &INSTANCE_ATTRIBUTE_NAME)
            .required()
            .wire("attribute"),
    ],
);

static DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS_MAX_RESULTS: Shape = integer(
    "DescribeInstanceCreditSpecificationsMaxResults",
    32,
    Some(5),
    Some(1_000),
);

static DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS_REQUEST: Shape = structure(
    "DescribeInstanceCreditSpecificationsRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .wire("InstanceId")
            .query("InstanceId"),
        member(
            "MaxResults",
            &DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS_MAX_RESULTS,
        ),
        member("NextToken", &STRING),
    ],
);

static DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS_RESULT: Shape = structure(
    "DescribeInstanceCreditSpecificationsResult",
    &[
        member(
            "InstanceCreditSpecifications",
            &INSTANCE_CREDIT_SPECIFICATION_LIST,
        )
        .wire("instanceCreditSpecificationSet")
        .query("InstanceCreditSpecificationSet"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_INSTANCE_STATUS_REQUEST: Shape = structure(
    "DescribeInstanceStatusRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .wire("InstanceId")
            .query("InstanceId"),
        member("MaxResults", &INTEGER),
        member("NextToken", &STRING),
        member("IncludeManagedResources", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("IncludeAllInstances", &BOOLEAN).wire("includeAllInstances"),
    ],
);

static DESCRIBE_INSTANCE_STATUS_RESULT: Shape = structure(
    "DescribeInstanceStatusResult",
    &[
        member("InstanceStatuses", &INSTANCE_STATUS_LIST)
            .wire("instanceStatusSet")
            .query("InstanceStatusSet"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_INSTANCE_TYPE_OFFERINGS_REQUEST: Shape = structure(
    "DescribeInstanceTypeOfferingsRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("LocationType", &LOCATION_TYPE),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("MaxResults", &DITO_MAX_RESULTS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static DESCRIBE_INSTANCE_TYPE_OFFERINGS_RESULT: Shape = structure(
    "DescribeInstanceTypeOfferingsResult",
    &[
        member("InstanceTypeOfferings", &INSTANCE_TYPE_OFFERINGS_LIST)
            .wire("instanceTypeOfferingSet")
            .query("InstanceTypeOfferingSet"),
        member("NextToken", &NEXT_TOKEN).wire("nextToken"),
    ],
);

static DESCRIBE_INSTANCE_TYPES_REQUEST: Shape = structure(
    "DescribeInstanceTypesRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("InstanceTypes", &REQUEST_INSTANCE_TYPE_LIST)
            .wire("InstanceType")
            .query("InstanceType"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("MaxResults", &DIT_MAX_RESULTS),
        member("NextToken", &NEXT_TOKEN),
        member("IncludeUnsupportedInRegion", &INCLUDE_UNSUPPORTED_IN_REGION),
    ],
);

static DESCRIBE_INSTANCE_TYPES_RESULT: Shape = structure(
    "DescribeInstanceTypesResult",
    &[
        member("InstanceTypes", &INSTANCE_TYPE_INFO_LIST)
            .wire("instanceTypeSet")
            .query("InstanceTypeSet"),
        member("NextToken", &NEXT_TOKEN).wire("nextToken"),
    ],
);

static DESCRIBE_INSTANCES_REQUEST: Shape = structure(
    "DescribeInstancesRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .wire("InstanceId")
            .query("InstanceId"),
        member("IncludeManagedResources", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("NextToken", &STRING).wire("nextToken"),
        member("MaxResults", &INTEGER).wire("maxResults"),
    ],
);

static DESCRIBE_INSTANCES_RESULT: Shape = structure(
    "DescribeInstancesResult",
    &[
        member("NextToken", &STRING).wire("nextToken"),
        member("Reservations", &RESERVATION_LIST)
            .wire("reservationSet")
            .query("ReservationSet"),
    ],
);

static DESCRIBE_INTERNET_GATEWAYS_MAX_RESULTS: Shape = integer(
    "DescribeInternetGatewaysMaxResults",
    32,
    Some(5),
    Some(1_000),
);

static DESCRIBE_INTERNET_GATEWAYS_REQUEST: Shape = structure(
    "DescribeInternetGatewaysRequest",
    &[
        member("NextToken", &STRING),
        member("MaxResults", &DESCRIBE_INTERNET_GATEWAYS_MAX_RESULTS),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("InternetGatewayIds", &INTERNET_GATEWAY_ID_LIST)
            .wire("internetGatewayId")
            .query("InternetGatewayId"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
    ],
);

static DESCRIBE_INTERNET_GATEWAYS_RESULT: Shape = structure(
    "DescribeInternetGatewaysResult",
    &[
        member("InternetGateways", &INTERNET_GATEWAY_LIST)
            .wire("internetGatewaySet")
            .query("InternetGatewaySet"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_KEY_PAIRS_REQUEST: Shape = structure(
    "DescribeKeyPairsRequest",
    &[
        member("KeyNames", &KEY_NAME_STRING_LIST)
            .wire("KeyName")
            .query("KeyName"),
        member("KeyPairIds", &KEY_PAIR_ID_STRING_LIST)
            .wire("KeyPairId")
            .query("KeyPairId"),
        member("IncludePublicKey", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
    ],
);

static DESCRIBE_KEY_PAIRS_RESULT: Shape = structure(
    "DescribeKeyPairsResult",
    &[member("KeyPairs", &KEY_PAIR_LIST)
        .wire("keySet")
        .query("KeySet")],
);

static DESCRIBE_LAUNCH_TEMPLATE_VERSIONS_REQUEST: Shape = structure(
    "DescribeLaunchTemplateVersionsRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("LaunchTemplateId", &LAUNCH_TEMPLATE_ID),
        member("LaunchTemplateName", &LAUNCH_TEMPLATE_NAME),
        member("Versions", &VERSION_STRING_LIST)
            .wire("LaunchTemplateVersion")
            .query("LaunchTemplateVersion"),
        member("MinVersion", &STRING),
        member("MaxVersion", &STRING),
        member("NextToken", &STRING),
        member("MaxResults", &INTEGER),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("ResolveAlias", &BOOLEAN),
        member("IncludeManagedResources", &BOOLEAN),
    ],
);

static DESCRIBE_LAUNCH_TEMPLATE_VERSIONS_RESULT: Shape = structure(
    "DescribeLaunchTemplateVersionsResult",
    &[
        member("LaunchTemplateVersions", &LAUNCH_TEMPLATE_VERSION_SET)
            .wire("launchTemplateVersionSet")
            .query("LaunchTemplateVersionSet"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_LAUNCH_TEMPLATES_MAX_RESULTS: Shape =
    integer("DescribeLaunchTemplatesMaxResults", 32, Some(1), Some(200));

static DESCRIBE_LAUNCH_TEMPLATES_REQUEST: Shape = structure(
    "DescribeLaunchTemplatesRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("LaunchTemplateIds", &LAUNCH_TEMPLATE_ID_STRING_LIST)
            .wire("LaunchTemplateId")
            .query("LaunchTemplateId"),
        member("LaunchTemplateNames", &LAUNCH_TEMPLATE_NAME_STRING_LIST)
            .wire("LaunchTemplateName")
            .query("LaunchTemplateName"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("NextToken", &STRING),
        member("MaxResults", &DESCRIBE_LAUNCH_TEMPLATES_MAX_RESULTS),
        member("IncludeManagedResources", &BOOLEAN),
    ],
);

static DESCRIBE_LAUNCH_TEMPLATES_RESULT: Shape = structure(
    "DescribeLaunchTemplatesResult",
    &[
        member("LaunchTemplates", &LAUNCH_TEMPLATE_SET).wire("launchTemplates"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_NETWORK_INTERFACES_MAX_RESULTS: Shape = integer(
    "DescribeNetworkInterfacesMaxResults",
    32,
    Some(5),
    Some(1_000),
);

static DESCRIBE_NETWORK_INTERFACES_REQUEST: Shape = structure(
    "DescribeNetworkInterfacesRequest",
    &[
        member("NextToken", &STRING),
        member("MaxResults", &DESCRIBE_NETWORK_INTERFACES_MAX_RESULTS),
        member("IncludeManagedResources", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("NetworkInterfaceIds", &NETWORK_INTERFACE_ID_LIST)
            .wire("NetworkInterfaceId")
            .query("NetworkInterfaceId"),
        member("Filters", &FILTER_LIST)
            .wire("filter")
            .query("Filter"),
    ],
);

static DESCRIBE_NETWORK_INTERFACES_RESULT: Shape = structure(
    "DescribeNetworkInterfacesResult",
    &[
        member("NetworkInterfaces", &NETWORK_INTERFACE_LIST)
            .wire("networkInterfaceSet")
            .query("NetworkInterfaceSet"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_REGIONS_REQUEST: Shape = structure(
    "DescribeRegionsRequest",
    &[
        member("RegionNames", &REGION_NAME_STRING_LIST)
            .wire("RegionName")
            .query("RegionName"),
        member("AllRegions", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
    ],
);

static DESCRIBE_REGIONS_RESULT: Shape = structure(
    "DescribeRegionsResult",
    &[member("Regions", &REGION_LIST)
        .wire("regionInfo")
        .query("RegionInfo")],
);

static DESCRIBE_ROUTE_TABLES_MAX_RESULTS: Shape =
    integer("DescribeRouteTablesMaxResults", 32, Some(5), Some(100));

static DESCRIBE_ROUTE_TABLES_REQUEST: Shape = structure(
    "DescribeRouteTablesRequest",
    &[
        member("NextToken", &STRING),
        member("MaxResults", &DESCRIBE_ROUTE_TABLES_MAX_RESULTS),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("RouteTableIds", &ROUTE_TABLE_ID_STRING_LIST)
            .wire("RouteTableId")
            .query("RouteTableId"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
    ],
);

static DESCRIBE_ROUTE_TABLES_RESULT: Shape = structure(
    "DescribeRouteTablesResult",
    &[
        member("RouteTables", &ROUTE_TABLE_LIST)
            .wire("routeTableSet")
            .query("RouteTableSet"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_SECURITY_GROUPS_MAX_RESULTS: Shape =
    integer("DescribeSecurityGroupsMaxResults", 32, Some(5), Some(1_000));

static DESCRIBE_SECURITY_GROUPS_REQUEST: Shape = structure(
    "DescribeSecurityGroupsRequest",
    &[
        member("GroupIds", &GROUP_ID_STRING_LIST)
            .wire("GroupId")
            .query("GroupId"),
        member("GroupNames", &GROUP_NAME_STRING_LIST)
            .wire("GroupName")
            .query("GroupName"),
        member("NextToken", &STRING),
        member("MaxResults", &DESCRIBE_SECURITY_GROUPS_MAX_RESULTS),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
    ],
);

static DESCRIBE_SECURITY_GROUPS_RESULT: Shape = structure(
    "DescribeSecurityGroupsResult",
    &[
        member("NextToken", &STRING).wire("nextToken"),
        member("SecurityGroups", &SECURITY_GROUP_LIST)
            .wire("securityGroupInfo")
            .query("SecurityGroupInfo"),
    ],
);

static DESCRIBE_SUBNETS_MAX_RESULTS: Shape =
    integer("DescribeSubnetsMaxResults", 32, Some(5), Some(1_000));

static DESCRIBE_SUBNETS_REQUEST: Shape = structure(
    "DescribeSubnetsRequest",
    &[
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("SubnetIds", &SUBNET_ID_STRING_LIST)
            .wire("SubnetId")
            .query("SubnetId"),
        member("NextToken", &STRING),
        member("MaxResults", &DESCRIBE_SUBNETS_MAX_RESULTS),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static DESCRIBE_SUBNETS_RESULT: Shape = structure(
    "DescribeSubnetsResult",
    &[
        member("NextToken", &STRING).wire("nextToken"),
        member("Subnets", &SUBNET_LIST)
            .wire("subnetSet")
            .query("SubnetSet"),
    ],
);

static DESCRIBE_TAGS_REQUEST: Shape = structure(
    "DescribeTagsRequest",
    &[
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("MaxResults", &INTEGER).wire("maxResults"),
        member("NextToken", &STRING).wire("nextToken"),
    ],
);

static DESCRIBE_TAGS_RESULT: Shape = structure(
    "DescribeTagsResult",
    &[
        member("NextToken", &STRING).wire("nextToken"),
        member("Tags", &TAG_DESCRIPTION_LIST)
            .wire("tagSet")
            .query("TagSet"),
    ],
);

static DESCRIBE_VOLUMES_REQUEST: Shape = structure(
    "DescribeVolumesRequest",
    &[
        member("VolumeIds", &VOLUME_ID_STRING_LIST)
            .wire("VolumeId")
            .query("VolumeId"),
        member("IncludeManagedResources", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("NextToken", &STRING).wire("nextToken"),
        member("MaxResults", &INTEGER).wire("maxResults"),
    ],
);

static DESCRIBE_VOLUMES_RESULT: Shape = structure(
    "DescribeVolumesResult",
    &[
        member("NextToken", &STRING).wire("nextToken"),
        member("Volumes", &VOLUME_LIST)
            .wire("volumeSet")
            .query("VolumeSet"),
    ],
);

static DESCRIBE_VPC_ATTRIBUTE_REQUEST: Shape = structure(
    "DescribeVpcAttributeRequest",
    &[
        member("Attribute", &VPC_ATTRIBUTE_NAME).required(),
        member("VpcId", &VPC_ID).required(),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static DESCRIBE_VPC_ATTRIBUTE_RESULT: Shape = structure(
    "DescribeVpcAttributeResult",
    &[
        member("EnableDnsHostnames", &ATTRIBUTE_BOOLEAN_VALUE).wire("enableDnsHostnames"),
        member("EnableDnsSupport", &ATTRIBUTE_BOOLEAN_VALUE).wire("enableDnsSupport"),
        member("EnableNetworkAddressUsageMetrics", &ATTRIBUTE_BOOLEAN_VALUE)
            .wire("enableNetworkAddressUsageMetrics"),
        member("VpcId", &STRING).wire("vpcId"),
    ],
);

static DESCRIBE_VPCS_MAX_RESULTS: Shape =
    integer("DescribeVpcsMaxResults", 32, Some(5), Some(1_000));

static DESCRIBE_VPCS_REQUEST: Shape = structure(
    "DescribeVpcsRequest",
    &[
        member("Filters", &FILTER_LIST)
            .wire("Filter")
            .query("Filter"),
        member("VpcIds", &VPC_ID_STRING_LIST)
            .wire("VpcId")
            .query("VpcId"),
        member("NextToken", &STRING),
        member("MaxResults", &DESCRIBE_VPCS_MAX_RESULTS),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static DESCRIBE_VPCS_RESULT: Shape = structure(
    "DescribeVpcsResult",
    &[
        member("NextToken", &STRING).wire("nextToken"),
        member("Vpcs", &VPC_LIST).wire("vpcSet").query("VpcSet"),
    ],
);

static DEVICE_TYPE: Shape = string("DeviceType", Text::ANY.values(&["ebs", "instance-store"]));

static DISASSOCIATE_IAM_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "DisassociateIamInstanceProfileRequest",
    &[member("AssociationId", &IAM_INSTANCE_PROFILE_ASSOCIATION_ID).required()],
);

static DISASSOCIATE_IAM_INSTANCE_PROFILE_RESULT: Shape = structure(
    "DisassociateIamInstanceProfileResult",
    &[member(
        "IamInstanceProfileAssociation",
        &IAM_INSTANCE_PROFILE_ASSOCIATION,
    )
    .wire("iamInstanceProfileAssociation")],
);

static DISK_COUNT: Shape = integer("DiskCount", 32, None, None);

static DISK_INFO: Shape = structure(
    "DiskInfo",
    &[
        member("SizeInGB", &DISK_SIZE).wire("sizeInGB"),
        member("Count", &DISK_COUNT).wire("count"),
        member("Type", &DISK_TYPE).wire("type"),
    ],
);

static DISK_INFO_LIST: Shape = list("DiskInfoList", &DISK_INFO, Some("item"), None, None);

static DISK_SIZE: Shape = integer("DiskSize", 64, None, None);

static DISK_TYPE: Shape = string("DiskType", Text::ANY.values(&["hdd", "ssd"]));

static DOUBLE: Shape = float("Double");

static EBS_BLOCK_DEVICE: Shape = structure(
    "EbsBlockDevice",
    &[
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("Iops", &INTEGER).wire("iops"),
        member("SnapshotId", &SNAPSHOT_ID).wire("snapshotId"),
        member("VolumeSize", &INTEGER).wire("volumeSize"),
        member("VolumeType", &VOLUME_TYPE).wire("volumeType"),
        member("KmsKeyId", &STRING).wire("kmsKeyId"),
        member("Throughput", &INTEGER).wire("throughput"),
        member("OutpostArn", &STRING).wire("outpostArn"),
        member("AvailabilityZone", &STRING).wire("availabilityZone"),
        member("Encrypted", &BOOLEAN).wire("encrypted"),
        member("VolumeInitializationRate", &INTEGER),
        member("AvailabilityZoneId", &STRING),
        member("EbsCardIndex", &INTEGER),
    ],
);

static EBS_CARD_INDEX: Shape = integer("EbsCardIndex", 32, None, None);

static EBS_CARD_INFO: Shape = structure(
    "EbsCardInfo",
    &[
        member("EbsCardIndex", &EBS_CARD_INDEX).wire("ebsCardIndex"),
        member("BaselineBandwidthInMbps", &BASELINE_BANDWIDTH_IN_MBPS)
            .wire("baselineBandwidthInMbps"),
        member("BaselineThroughputInMBps", &BASELINE_THROUGHPUT_IN_M_BPS)
            .wire("baselineThroughputInMBps"),
        member("BaselineIops", &BASELINE_IOPS).wire("baselineIops"),
        member("MaximumBandwidthInMbps", &MAXIMUM_BANDWIDTH_IN_MBPS).wire("maximumBandwidthInMbps"),
        member("MaximumThroughputInMBps", &MAXIMUM_THROUGHPUT_IN_M_BPS)
            .wire("maximumThroughputInMBps"),
        member("MaximumIops", &MAXIMUM_IOPS).wire("maximumIops"),
    ],
);

static EBS_CARD_INFO_LIST: Shape =
    list("EbsCardInfoList", &EBS_CARD_INFO, Some("item"), None, None);

static EBS_ENCRYPTION_SUPPORT: Shape = string(
    "EbsEncryptionSupport",
    Text::ANY.values(&["unsupported", "supported"]),
);

static EBS_INFO: Shape = structure(
    "EbsInfo",
    &[
        member("EbsOptimizedSupport", &EBS_OPTIMIZED_SUPPORT).wire("ebsOptimizedSupport"),
        member("EncryptionSupport", &EBS_ENCRYPTION_SUPPORT).wire("encryptionSupport"),
        member("EbsOptimizedInfo", &EBS_OPTIMIZED_INFO).wire("ebsOptimizedInfo"),
        member("NvmeSupport", &EBS_NVME_SUPPORT).wire("nvmeSupport"),
        member("MaximumEbsAttachments", &MAXIMUM_EBS_ATTACHMENTS).wire("maximumEbsAttachments"),
        member("AttachmentLimitType", &ATTACHMENT_LIMIT_TYPE).wire("attachmentLimitType"),
        member("MaximumEbsCards", &MAXIMUM_EBS_CARDS).wire("maximumEbsCards"),
        member("EbsCards", &EBS_CARD_INFO_LIST)
            .wire("ebsCardSet")
            .query("EbsCardSet"),
    ],
);

static EBS_INSTANCE_BLOCK_DEVICE: Shape = structure(
    "EbsInstanceBlockDevice",
    &[
        member("AttachTime", &DATE_TIME).wire("attachTime"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("Status", &ATTACHMENT_STATUS).wire("status"),
        member("VolumeId", &STRING).wire("volumeId"),
        member("AssociatedResource", &STRING).wire("associatedResource"),
        member("VolumeOwnerId", &STRING).wire("volumeOwnerId"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
        member("EbsCardIndex", &INTEGER).wire("ebsCardIndex"),
    ],
);

static EBS_INSTANCE_BLOCK_DEVICE_SPECIFICATION: Shape = structure(
    "EbsInstanceBlockDeviceSpecification",
    &[
        member("VolumeId", &VOLUME_ID).wire("volumeId"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
    ],
);

static EBS_NVME_SUPPORT: Shape = string(
    "EbsNvmeSupport",
    Text::ANY.values(&["unsupported", "supported", "required"]),
);

static EBS_OPTIMIZED_INFO: Shape = structure(
    "EbsOptimizedInfo",
    &[
        member("BaselineBandwidthInMbps", &BASELINE_BANDWIDTH_IN_MBPS)
            .wire("baselineBandwidthInMbps"),
        member("BaselineThroughputInMBps", &BASELINE_THROUGHPUT_IN_M_BPS)
            .wire("baselineThroughputInMBps"),
        member("BaselineIops", &BASELINE_IOPS).wire("baselineIops"),
        member("MaximumBandwidthInMbps", &MAXIMUM_BANDWIDTH_IN_MBPS).wire("maximumBandwidthInMbps"),
        member("MaximumThroughputInMBps", &MAXIMUM_THROUGHPUT_IN_M_BPS)
            .wire("maximumThroughputInMBps"),
        member("MaximumIops", &MAXIMUM_IOPS).wire("maximumIops"),
    ],
);

static EBS_OPTIMIZED_SUPPORT: Shape = string(
    "EbsOptimizedSupport",
    Text::ANY.values(&["unsupported", "supported", "default"]),
);

static EBS_STATUS_DETAILS: Shape = structure(
    "EbsStatusDetails",
    &[
        member("ImpairedSince", &MILLISECOND_DATE_TIME).wire("impairedSince"),
        member("Name", &STATUS_NAME).wire("name"),
        member("Status", &STATUS_TYPE).wire("status"),
    ],
);

static EBS_STATUS_DETAILS_LIST: Shape = list(
    "EbsStatusDetailsList",
    &EBS_STATUS_DETAILS,
    Some("item"),
    None,
    None,
);

static EBS_STATUS_SUMMARY: Shape = structure(
    "EbsStatusSummary",
    &[
        member("Details", &EBS_STATUS_DETAILS_LIST).wire("details"),
        member("Status", &SUMMARY_STATUS).wire("status"),
    ],
);

static EFA_INFO: Shape = structure(
    "EfaInfo",
    &[member("MaximumEfaInterfaces", &MAXIMUM_EFA_INTERFACES).wire("maximumEfaInterfaces")],
);

static EFA_SUPPORTED_FLAG: Shape = boolean("EfaSupportedFlag");

static ELASTIC_GPU_ASSOCIATION: Shape = structure(
    "ElasticGpuAssociation",
    &[
        member("ElasticGpuId", &ELASTIC_GPU_ID).wire("elasticGpuId"),
        member("ElasticGpuAssociationId", &STRING).wire("elasticGpuAssociationId"),
        member("ElasticGpuAssociationState", &STRING).wire("elasticGpuAssociationState"),
        member("ElasticGpuAssociationTime", &STRING).wire("elasticGpuAssociationTime"),
    ],
);

static ELASTIC_GPU_ASSOCIATION_LIST: Shape = list(
    "ElasticGpuAssociationList",
    &ELASTIC_GPU_ASSOCIATION,
    Some("item"),
    None,
    None,
);

static ELASTIC_GPU_ID: Shape = string("ElasticGpuId", Text::ANY);

static ELASTIC_GPU_SPECIFICATION: Shape = structure(
    "ElasticGpuSpecification",
    &[member("Type", &STRING).required()],
);

static ELASTIC_GPU_SPECIFICATION_LIST: Shape = list(
    "ElasticGpuSpecificationList",
    &ELASTIC_GPU_SPECIFICATION,
    Some("ElasticGpuSpecification"),
    None,
    None,
);

static ELASTIC_GPU_SPECIFICATION_RESPONSE: Shape = structure(
    "ElasticGpuSpecificationResponse",
    &[member("Type", &STRING).wire("type")],
);

static ELASTIC_GPU_SPECIFICATION_RESPONSE_LIST: Shape = list(
    "ElasticGpuSpecificationResponseList",
    &ELASTIC_GPU_SPECIFICATION_RESPONSE,
    Some("item"),
    None,
    None,
);

static ELASTIC_GPU_SPECIFICATIONS: Shape = list(
    "ElasticGpuSpecifications",
    &ELASTIC_GPU_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static ELASTIC_INFERENCE_ACCELERATOR: Shape = structure(
    "ElasticInferenceAccelerator",
    &[
        member("Type", &STRING).required(),
        member("Count", &ELASTIC_INFERENCE_ACCELERATOR_COUNT),
    ],
);

static ELASTIC_INFERENCE_ACCELERATOR_ASSOCIATION: Shape = structure(
    "ElasticInferenceAcceleratorAssociation",
    &[
        member("ElasticInferenceAcceleratorArn", &STRING).wire("elasticInferenceAcceleratorArn"),
        member("ElasticInferenceAcceleratorAssociationId", &STRING)
            .wire("elasticInferenceAcceleratorAssociationId"),
        member("ElasticInferenceAcceleratorAssociationState", &STRING)
            .wire("elasticInferenceAcceleratorAssociationState"),
        member("ElasticInferenceAcceleratorAssociationTime", &DATE_TIME)
            .wire("elasticInferenceAcceleratorAssociationTime"),
    ],
);

static ELASTIC_INFERENCE_ACCELERATOR_ASSOCIATION_LIST: Shape = list(
    "ElasticInferenceAcceleratorAssociationList",
    &ELASTIC_INFERENCE_ACCELERATOR_ASSOCIATION,
    Some("item"),
    None,
    None,
);

static ELASTIC_INFERENCE_ACCELERATOR_COUNT: Shape =
    integer("ElasticInferenceAcceleratorCount", 32, Some(1), None);

static ELASTIC_INFERENCE_ACCELERATORS: Shape = list(
    "ElasticInferenceAccelerators",
    &ELASTIC_INFERENCE_ACCELERATOR,
    Some("item"),
    None,
    None,
);

static ENA_SRD_SPECIFICATION_REQUEST: Shape = structure(
    "EnaSrdSpecificationRequest",
    &[
        member("EnaSrdEnabled", &BOOLEAN),
        member("EnaSrdUdpSpecification", &ENA_SRD_UDP_SPECIFICATION_REQUEST),
    ],
);

static ENA_SRD_SUPPORTED: Shape = boolean("EnaSrdSupported");

static ENA_SRD_UDP_SPECIFICATION_REQUEST: Shape = structure(
    "EnaSrdUdpSpecificationRequest",
    &[member("EnaSrdUdpEnabled", &BOOLEAN)],
);

static ENA_SUPPORT: Shape = string(
    "EnaSupport",
    Text::ANY.values(&["unsupported", "supported", "required"]),
);

static ENCLAVE_OPTIONS: Shape = structure(
    "EnclaveOptions",
    &[member("Enabled", &BOOLEAN).wire("enabled")],
);

static ENCLAVE_OPTIONS_REQUEST: Shape =
    structure("EnclaveOptionsRequest", &[member("Enabled", &BOOLEAN)]);

static ENCRYPTION_IN_TRANSIT_SUPPORTED: Shape = boolean("EncryptionInTransitSupported");

static EPHEMERAL_NVME_SUPPORT: Shape = string(
    "EphemeralNvmeSupport",
    Text::ANY.values(&["unsupported", "supported", "required"]),
);

static ERROR_SET: Shape = list("ErrorSet", &VALIDATION_ERROR, Some("item"), None, None);

static EVENT_CODE: Shape = string(
    "EventCode",
    Text::ANY.values(&[
        "instance-reboot",
        "system-reboot",
        "system-maintenance",
        "instance-retirement",
        "instance-stop",
    ]),
);

static EXCLUDED_INSTANCE_TYPE_PATTERN: Pattern = Pattern::new(r"[a-zA-Z0-9\.\*\-]+");

static EXCLUDED_INSTANCE_TYPE: Shape = string(
    "ExcludedInstanceType",
    Text::ANY
        .min(1)
        .max(30)
        .pattern(&EXCLUDED_INSTANCE_TYPE_PATTERN),
);

static EXCLUDED_INSTANCE_TYPE_SET: Shape = list(
    "ExcludedInstanceTypeSet",
    &EXCLUDED_INSTANCE_TYPE,
    Some("item"),
    Some(0),
    Some(400),
);

static EXECUTABLE_BY_STRING_LIST: Shape = list(
    "ExecutableByStringList",
    &STRING,
    Some("ExecutableBy"),
    None,
    None,
);

static FILTER: Shape = structure(
    "Filter",
    &[
        member("Name", &STRING),
        member("Values", &VALUE_STRING_LIST)
            .wire("Value")
            .query("Value"),
    ],
);

static FILTER_LIST: Shape = list("FilterList", &FILTER, Some("Filter"), None, None);

static FLEXIBLE_ENA_QUEUES_SUPPORT: Shape = string(
    "FlexibleEnaQueuesSupport",
    Text::ANY.values(&["unsupported", "supported"]),
);

static FPGA_DEVICE_COUNT: Shape = integer("FpgaDeviceCount", 32, None, None);

static FPGA_DEVICE_INFO: Shape = structure(
    "FpgaDeviceInfo",
    &[
        member("Name", &FPGA_DEVICE_NAME).wire("name"),
        member("Manufacturer", &FPGA_DEVICE_MANUFACTURER_NAME).wire("manufacturer"),
        member("Count", &FPGA_DEVICE_COUNT).wire("count"),
        member("MemoryInfo", &FPGA_DEVICE_MEMORY_INFO).wire("memoryInfo"),
    ],
);

static FPGA_DEVICE_INFO_LIST: Shape = list(
    "FpgaDeviceInfoList",
    &FPGA_DEVICE_INFO,
    Some("item"),
    None,
    None,
);

static FPGA_DEVICE_MANUFACTURER_NAME: Shape = string("FpgaDeviceManufacturerName", Text::ANY);

static FPGA_DEVICE_MEMORY_INFO: Shape = structure(
    "FpgaDeviceMemoryInfo",
    &[member("SizeInMiB", &FPGA_DEVICE_MEMORY_SIZE).wire("sizeInMiB")],
);

static FPGA_DEVICE_MEMORY_SIZE: Shape = integer("FpgaDeviceMemorySize", 32, None, None);

static FPGA_DEVICE_NAME: Shape = string("FpgaDeviceName", Text::ANY);

static FPGA_INFO: Shape = structure(
    "FpgaInfo",
    &[
        member("Fpgas", &FPGA_DEVICE_INFO_LIST).wire("fpgas"),
        member("TotalFpgaMemoryInMiB", &TOTAL_FPGA_MEMORY).wire("totalFpgaMemoryInMiB"),
    ],
);

static FREE_TIER_ELIGIBLE_FLAG: Shape = boolean("FreeTierEligibleFlag");

static GET_CONSOLE_OUTPUT_REQUEST: Shape = structure(
    "GetConsoleOutputRequest",
    &[
        member("InstanceId", &INSTANCE_ID).required(),
        member("Latest", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static GET_CONSOLE_OUTPUT_RESULT: Shape = structure(
    "GetConsoleOutputResult",
    &[
        member("InstanceId", &STRING).wire("instanceId"),
        member("Timestamp", &DATE_TIME).wire("timestamp"),
        member("Output", &STRING).wire("output"),
    ],
);

static GET_INSTANCE_METADATA_DEFAULTS_REQUEST: Shape = structure(
    "GetInstanceMetadataDefaultsRequest",
    &[member("DryRun", &BOOLEAN)],
);

static GET_INSTANCE_METADATA_DEFAULTS_RESULT: Shape = structure(
    "GetInstanceMetadataDefaultsResult",
    &[member("AccountLevel", &INSTANCE_METADATA_DEFAULTS_RESPONSE).wire("accountLevel")],
);

static GET_LAUNCH_TEMPLATE_DATA_REQUEST: Shape = structure(
    "GetLaunchTemplateDataRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("InstanceId", &INSTANCE_ID).required(),
    ],
);

static GET_LAUNCH_TEMPLATE_DATA_RESULT: Shape = structure(
    "GetLaunchTemplateDataResult",
    &[member("LaunchTemplateData", &RESPONSE_LAUNCH_TEMPLATE_DATA).wire("launchTemplateData")],
);

static GPU_DEVICE_COUNT: Shape = integer("GpuDeviceCount", 32, None, None);

static GPU_DEVICE_INFO: Shape = structure(
    "GpuDeviceInfo",
    &[
        member("Name", &GPU_DEVICE_NAME).wire("name"),
        member("Manufacturer", &GPU_DEVICE_MANUFACTURER_NAME).wire("manufacturer"),
        member("Count", &GPU_DEVICE_COUNT).wire("count"),
        member("LogicalGpuCount", &LOGICAL_GPU_COUNT).wire("logicalGpuCount"),
        member("GpuPartitionSize", &GPU_PARTITION_SIZE).wire("gpuPartitionSize"),
        member("Workloads", &WORKLOADS_LIST)
            .wire("workloadSet")
            .query("WorkloadSet"),
        member("MemoryInfo", &GPU_DEVICE_MEMORY_INFO).wire("memoryInfo"),
    ],
);

static GPU_DEVICE_INFO_LIST: Shape = list(
    "GpuDeviceInfoList",
    &GPU_DEVICE_INFO,
    Some("item"),
    None,
    None,
);

static GPU_DEVICE_MANUFACTURER_NAME: Shape = string("GpuDeviceManufacturerName", Text::ANY);

static GPU_DEVICE_MEMORY_INFO: Shape = structure(
    "GpuDeviceMemoryInfo",
    &[member("SizeInMiB", &GPU_DEVICE_MEMORY_SIZE).wire("sizeInMiB")],
);

static GPU_DEVICE_MEMORY_SIZE: Shape = integer("GpuDeviceMemorySize", 32, None, None);

static GPU_DEVICE_NAME: Shape = string("GpuDeviceName", Text::ANY);

static GPU_INFO: Shape = structure(
    "GpuInfo",
    &[
        member("Gpus", &GPU_DEVICE_INFO_LIST).wire("gpus"),
        member("TotalGpuMemoryInMiB", &TOTAL_GPU_MEMORY).wire("totalGpuMemoryInMiB"),
    ],
);

static GPU_PARTITION_SIZE: Shape = float("GpuPartitionSize");

static GROUP_ID_STRING_LIST: Shape = list(
    "GroupIdStringList",
    &SECURITY_GROUP_ID,
    Some("groupId"),
    None,
    None,
);

static GROUP_IDENTIFIER: Shape = structure(
    "GroupIdentifier",
    &[
        member("GroupId", &STRING).wire("groupId"),
        member("GroupName", &STRING).wire("groupName"),
    ],
);

static GROUP_IDENTIFIER_LIST: Shape = list(
    "GroupIdentifierList",
    &GROUP_IDENTIFIER,
    Some("item"),
    None,
    None,
);

static GROUP_NAME_STRING_LIST: Shape = list(
    "GroupNameStringList",
    &SECURITY_GROUP_NAME,
    Some("GroupName"),
    None,
    None,
);

static HIBERNATION_FLAG: Shape = boolean("HibernationFlag");

static HIBERNATION_OPTIONS: Shape = structure(
    "HibernationOptions",
    &[member("Configured", &BOOLEAN).wire("configured")],
);

static HIBERNATION_OPTIONS_REQUEST: Shape = structure(
    "HibernationOptionsRequest",
    &[member("Configured", &BOOLEAN)],
);

static HOSTNAME_TYPE: Shape = string(
    "HostnameType",
    Text::ANY.values(&["ip-name", "resource-name"]),
);

static HTTP_TOKENS_ENFORCED_STATE: Shape = string(
    "HttpTokensEnforcedState",
    Text::ANY.values(&["disabled", "enabled"]),
);

static HTTP_TOKENS_STATE: Shape = string(
    "HttpTokensState",
    Text::ANY.values(&["optional", "required"]),
);

static HYPERVISOR_TYPE: Shape = string("HypervisorType", Text::ANY.values(&["ovm", "xen"]));

static IAM_INSTANCE_PROFILE: Shape = structure(
    "IamInstanceProfile",
    &[
        member("Arn", &STRING).wire("arn"),
        member("Id", &STRING).wire("id"),
    ],
);

static IAM_INSTANCE_PROFILE_ASSOCIATION: Shape = structure(
    "IamInstanceProfileAssociation",
    &[
        member("AssociationId", &STRING).wire("associationId"),
        member("InstanceId", &STRING).wire("instanceId"),
        member("IamInstanceProfile", &IAM_INSTANCE_PROFILE).wire("iamInstanceProfile"),
        member("State", &IAM_INSTANCE_PROFILE_ASSOCIATION_STATE).wire("state"),
        member("Timestamp", &DATE_TIME).wire("timestamp"),
    ],
);

static IAM_INSTANCE_PROFILE_ASSOCIATION_ID: Shape =
    string("IamInstanceProfileAssociationId", Text::ANY);

static IAM_INSTANCE_PROFILE_ASSOCIATION_SET: Shape = list(
    "IamInstanceProfileAssociationSet",
    &IAM_INSTANCE_PROFILE_ASSOCIATION,
    Some("item"),
    None,
    None,
);

static IAM_INSTANCE_PROFILE_ASSOCIATION_STATE: Shape = string(
    "IamInstanceProfileAssociationState",
    Text::ANY.values(&[
        "associating",
        "associated",
        "disassociating",
        "disassociated",
    ]),
);

static IAM_INSTANCE_PROFILE_SPECIFICATION: Shape = structure(
    "IamInstanceProfileSpecification",
    &[
        member("Arn", &STRING).wire("arn"),
        member("Name", &STRING).wire("name"),
    ],
);

static IMAGE: Shape = structure(
    "Image",
    &[
        member("PlatformDetails", &STRING).wire("platformDetails"),
        member("UsageOperation", &STRING).wire("usageOperation"),
        member("BlockDeviceMappings", &BLOCK_DEVICE_MAPPING_LIST)
            .wire("blockDeviceMapping")
            .query("BlockDeviceMapping"),
        member("Description", &STRING).wire("description"),
        member("EnaSupport", &BOOLEAN).wire("enaSupport"),
        member("Hypervisor", &HYPERVISOR_TYPE).wire("hypervisor"),
        member("ImageOwnerAlias", &STRING).wire("imageOwnerAlias"),
        member("Name", &STRING).wire("name"),
        member("RootDeviceName", &STRING).wire("rootDeviceName"),
        member("RootDeviceType", &DEVICE_TYPE).wire("rootDeviceType"),
        member("SriovNetSupport", &STRING).wire("sriovNetSupport"),
        member("StateReason", &STATE_REASON).wire("stateReason"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("VirtualizationType", &VIRTUALIZATION_TYPE).wire("virtualizationType"),
        member("BootMode", &BOOT_MODE_VALUES).wire("bootMode"),
        member("TpmSupport", &TPM_SUPPORT_VALUES).wire("tpmSupport"),
        member("DeprecationTime", &STRING).wire("deprecationTime"),
        member("ImdsSupport", &IMDS_SUPPORT_VALUES).wire("imdsSupport"),
        member("SourceInstanceId", &STRING).wire("sourceInstanceId"),
        member("DeregistrationProtection", &STRING).wire("deregistrationProtection"),
        member("LastLaunchedTime", &STRING).wire("lastLaunchedTime"),
        member("ImageAllowed", &BOOLEAN).wire("imageAllowed"),
        member("SourceImageId", &STRING).wire("sourceImageId"),
        member("SourceImageRegion", &STRING).wire("sourceImageRegion"),
        member("FreeTierEligible", &BOOLEAN).wire("freeTierEligible"),
        member("PublicSsmParameterName", &STRING).wire("publicSsmParameterName"),
        member("ImageWatermarks", &IMAGE_WATERMARK_LIST)
            .wire("imageWatermarkSet")
            .query("ImageWatermarkSet"),
        member("ScanResults", &SCAN_RESULTS).wire("scanResults"),
        member("InstanceTypeSpecification", &INSTANCE_TYPE_SPECIFICATION)
            .wire("instanceTypeSpecification"),
        member("ImageId", &STRING).wire("imageId"),
        member("ImageLocation", &STRING).wire("imageLocation"),
        member("State", &IMAGE_STATE)
            .wire("imageState")
            .query("ImageState"),
        member("OwnerId", &STRING)
            .wire("imageOwnerId")
            .query("ImageOwnerId"),
        member("CreationDate", &STRING).wire("creationDate"),
        member("Public", &BOOLEAN)
            .wire("isPublic")
            .query("IsPublic"),
        member("ProductCodes", &PRODUCT_CODE_LIST).wire("productCodes"),
        member("Architecture", &ARCHITECTURE_VALUES).wire("architecture"),
        member("ImageType", &IMAGE_TYPE_VALUES).wire("imageType"),
        member("KernelId", &STRING).wire("kernelId"),
        member("RamdiskId", &STRING).wire("ramdiskId"),
        member("Platform", &PLATFORM_VALUES).wire("platform"),
    ],
);

static IMAGE_ID: Shape = string("ImageId", Text::ANY);

static IMAGE_ID_STRING_LIST: Shape =
    list("ImageIdStringList", &IMAGE_ID, Some("ImageId"), None, None);

static IMAGE_LIST: Shape = list("ImageList", &IMAGE, Some("item"), None, None);

static IMAGE_STATE: Shape = string(
    "ImageState",
    Text::ANY.values(&[
        "pending",
        "available",
        "invalid",
        "deregistered",
        "transient",
        "failed",
        "error",
        "disabled",
    ]),
);

static IMAGE_TYPE_VALUES: Shape = string(
    "ImageTypeValues",
    Text::ANY.values(&["machine", "kernel", "ramdisk"]),
);

static IMAGE_WATERMARK: Shape = structure(
    "ImageWatermark",
    &[
        member("WatermarkKey", &STRING).wire("watermarkKey"),
        member("SourceImageRegion", &STRING).wire("sourceImageRegion"),
        member("SourceImageId", &STRING).wire("sourceImageId"),
        member("SourceImageCreationTime", &MILLISECOND_DATE_TIME).wire("sourceImageCreationTime"),
        member("WatermarkCreationTime", &MILLISECOND_DATE_TIME).wire("watermarkCreationTime"),
    ],
);

static IMAGE_WATERMARK_LIST: Shape = list(
    "ImageWatermarkList",
    &IMAGE_WATERMARK,
    Some("item"),
    None,
    None,
);

static IMDS_SUPPORT_VALUES: Shape = string("ImdsSupportValues", Text::ANY.values(&["v2.0"]));

static INCLUDE_UNSUPPORTED_IN_REGION: Shape = boolean("IncludeUnsupportedInRegion");

static INFERENCE_ACCELERATOR_INFO: Shape = structure(
    "InferenceAcceleratorInfo",
    &[
        member("Accelerators", &INFERENCE_DEVICE_INFO_LIST).wire("accelerators"),
        member("TotalInferenceMemoryInMiB", &TOTAL_INFERENCE_MEMORY)
            .wire("totalInferenceMemoryInMiB"),
    ],
);

static INFERENCE_DEVICE_COUNT: Shape = integer("InferenceDeviceCount", 32, None, None);

static INFERENCE_DEVICE_INFO: Shape = structure(
    "InferenceDeviceInfo",
    &[
        member("Count", &INFERENCE_DEVICE_COUNT).wire("count"),
        member("Name", &INFERENCE_DEVICE_NAME).wire("name"),
        member("Manufacturer", &INFERENCE_DEVICE_MANUFACTURER_NAME).wire("manufacturer"),
        member("MemoryInfo", &INFERENCE_DEVICE_MEMORY_INFO).wire("memoryInfo"),
    ],
);

static INFERENCE_DEVICE_INFO_LIST: Shape = list(
    "InferenceDeviceInfoList",
    &INFERENCE_DEVICE_INFO,
    None,
    None,
    None,
);

static INFERENCE_DEVICE_MANUFACTURER_NAME: Shape =
    string("InferenceDeviceManufacturerName", Text::ANY);

static INFERENCE_DEVICE_MEMORY_INFO: Shape = structure(
    "InferenceDeviceMemoryInfo",
    &[member("SizeInMiB", &INFERENCE_DEVICE_MEMORY_SIZE).wire("sizeInMiB")],
);

static INFERENCE_DEVICE_MEMORY_SIZE: Shape = integer("InferenceDeviceMemorySize", 32, None, None);

static INFERENCE_DEVICE_NAME: Shape = string("InferenceDeviceName", Text::ANY);

static INSTANCE: Shape = structure(
    "Instance",
    &[
        member("Architecture", &ARCHITECTURE_VALUES).wire("architecture"),
        member("BlockDeviceMappings", &INSTANCE_BLOCK_DEVICE_MAPPING_LIST)
            .wire("blockDeviceMapping")
            .query("BlockDeviceMapping"),
        member("ClientToken", &STRING).wire("clientToken"),
        member("EbsOptimized", &BOOLEAN).wire("ebsOptimized"),
        member("EnaSupport", &BOOLEAN).wire("enaSupport"),
        member("Hypervisor", &HYPERVISOR_TYPE).wire("hypervisor"),
        member("IamInstanceProfile", &IAM_INSTANCE_PROFILE).wire("iamInstanceProfile"),
        member("InstanceLifecycle", &INSTANCE_LIFECYCLE_TYPE).wire("instanceLifecycle"),
        member("ElasticGpuAssociations", &ELASTIC_GPU_ASSOCIATION_LIST)
            .wire("elasticGpuAssociationSet")
            .query("ElasticGpuAssociationSet"),
        member(
            "ElasticInferenceAcceleratorAssociations",
            &ELASTIC_INFERENCE_ACCELERATOR_ASSOCIATION_LIST,
        )
        .wire("elasticInferenceAcceleratorAssociationSet")
        .query("ElasticInferenceAcceleratorAssociationSet"),
        member("NetworkInterfaces", &INSTANCE_NETWORK_INTERFACE_LIST)
            .wire("networkInterfaceSet")
            .query("NetworkInterfaceSet"),
        member("OutpostArn", &STRING).wire("outpostArn"),
        member("RootDeviceName", &STRING).wire("rootDeviceName"),
        member("RootDeviceType", &DEVICE_TYPE).wire("rootDeviceType"),
        member("SecurityGroups", &GROUP_IDENTIFIER_LIST)
            .wire("groupSet")
            .query("GroupSet"),
        member("SourceDestCheck", &BOOLEAN).wire("sourceDestCheck"),
        member("SpotInstanceRequestId", &STRING).wire("spotInstanceRequestId"),
        member("SriovNetSupport", &STRING).wire("sriovNetSupport"),
        member("StateReason", &STATE_REASON).wire("stateReason"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("VirtualizationType", &VIRTUALIZATION_TYPE).wire("virtualizationType"),
        member("CpuOptions", &CPU_OPTIONS).wire("cpuOptions"),
        member("CapacityBlockId", &STRING).wire("capacityBlockId"),
        member("CapacityReservationId", &STRING).wire("capacityReservationId"),
        member(
            "CapacityReservationSpecification",
            &CAPACITY_RESERVATION_SPECIFICATION_RESPONSE,
        )
        .wire("capacityReservationSpecification"),
        member("HibernationOptions", &HIBERNATION_OPTIONS).wire("hibernationOptions"),
        member("Licenses", &LICENSE_LIST)
            .wire("licenseSet")
            .query("LicenseSet"),
        member("MetadataOptions", &INSTANCE_METADATA_OPTIONS_RESPONSE).wire("metadataOptions"),
        member("EnclaveOptions", &ENCLAVE_OPTIONS).wire("enclaveOptions"),
        member("BootMode", &BOOT_MODE_VALUES).wire("bootMode"),
        member("PlatformDetails", &STRING).wire("platformDetails"),
        member("UsageOperation", &STRING).wire("usageOperation"),
        member("UsageOperationUpdateTime", &MILLISECOND_DATE_TIME).wire("usageOperationUpdateTime"),
        member("PrivateDnsNameOptions", &PRIVATE_DNS_NAME_OPTIONS_RESPONSE)
            .wire("privateDnsNameOptions"),
        member("Ipv6Address", &STRING).wire("ipv6Address"),
        member("TpmSupport", &STRING).wire("tpmSupport"),
        member("MaintenanceOptions", &INSTANCE_MAINTENANCE_OPTIONS).wire("maintenanceOptions"),
        member("CurrentInstanceBootMode", &INSTANCE_BOOT_MODE_VALUES)
            .wire("currentInstanceBootMode"),
        member(
            "NetworkPerformanceOptions",
            &INSTANCE_NETWORK_PERFORMANCE_OPTIONS,
        )
        .wire("networkPerformanceOptions"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
        member("SecondaryInterfaces", &INSTANCE_SECONDARY_INTERFACE_LIST)
            .wire("secondaryInterfaceSet")
            .query("SecondaryInterfaceSet"),
        member("InstanceId", &STRING).wire("instanceId"),
        member("ImageId", &STRING).wire("imageId"),
        member("State", &INSTANCE_STATE)
            .wire("instanceState")
            .query("InstanceState"),
        member("PrivateDnsName", &STRING).wire("privateDnsName"),
        member("PublicDnsName", &STRING)
            .wire("dnsName")
            .query("DnsName"),
        member("StateTransitionReason", &STRING)
            .wire("reason")
            .query("Reason"),
        member("KeyName", &STRING).wire("keyName"),
        member("AmiLaunchIndex", &INTEGER).wire("amiLaunchIndex"),
        member("ProductCodes", &PRODUCT_CODE_LIST).wire("productCodes"),
        member("InstanceType", &INSTANCE_TYPE).wire("instanceType"),
        member("LaunchTime", &DATE_TIME).wire("launchTime"),
        member("Placement", &PLACEMENT).wire("placement"),
        member("KernelId", &STRING).wire("kernelId"),
        member("RamdiskId", &STRING).wire("ramdiskId"),
        member("Platform", &PLATFORM_VALUES).wire("platform"),
        member("Monitoring", &MONITORING).wire("monitoring"),
        member("SubnetId", &STRING).wire("subnetId"),
        member("VpcId", &STRING).wire("vpcId"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
        member("PublicIpAddress", &STRING)
            .wire("ipAddress")
            .query("IpAddress"),
    ],
);

static INSTANCE_ATTACHMENT_ENA_SRD_SPECIFICATION: Shape = structure(
    "InstanceAttachmentEnaSrdSpecification",
    &[
        member("EnaSrdEnabled", &BOOLEAN).wire("enaSrdEnabled"),
        member(
            "EnaSrdUdpSpecification",
            &INSTANCE_ATTACHMENT_ENA_SRD_UDP_SPECIFICATION,
        )
        .wire("enaSrdUdpSpecification"),
    ],
);

static INSTANCE_ATTACHMENT_ENA_SRD_UDP_SPECIFICATION: Shape = structure(
    "InstanceAttachmentEnaSrdUdpSpecification",
    &[member("EnaSrdUdpEnabled", &BOOLEAN).wire("enaSrdUdpEnabled")],
);

static INSTANCE_ATTRIBUTE: Shape = structure(
    "InstanceAttribute",
    &[
        member("BlockDeviceMappings", &INSTANCE_BLOCK_DEVICE_MAPPING_LIST)
            .wire("blockDeviceMapping")
            .query("BlockDeviceMapping"),
        member("DisableApiTermination", &ATTRIBUTE_BOOLEAN_VALUE).wire("disableApiTermination"),
        member("EnaSupport", &ATTRIBUTE_BOOLEAN_VALUE).wire("enaSupport"),
        member("EnclaveOptions", &ENCLAVE_OPTIONS).wire("enclaveOptions"),
        member("EbsOptimized", &ATTRIBUTE_BOOLEAN_VALUE).wire("ebsOptimized"),
        member("InstanceId", &STRING).wire("instanceId"),
        member("InstanceInitiatedShutdownBehavior", &ATTRIBUTE_VALUE)
            .wire("instanceInitiatedShutdownBehavior"),
        member("InstanceType", &ATTRIBUTE_VALUE).wire("instanceType"),
        member("KernelId", &ATTRIBUTE_VALUE)
            .wire("kernel")
            .query("Kernel"),
        member("ProductCodes", &PRODUCT_CODE_LIST).wire("productCodes"),
        member("RamdiskId", &ATTRIBUTE_VALUE)
            .wire("ramdisk")
            .query("Ramdisk"),
        member("RootDeviceName", &ATTRIBUTE_VALUE).wire("rootDeviceName"),
        member("SourceDestCheck", &ATTRIBUTE_BOOLEAN_VALUE).wire("sourceDestCheck"),
        member("SriovNetSupport", &ATTRIBUTE_VALUE).wire("sriovNetSupport"),
        member("UserData", &ATTRIBUTE_VALUE).wire("userData"),
        member("DisableApiStop", &ATTRIBUTE_BOOLEAN_VALUE).wire("disableApiStop"),
        member("Groups", &GROUP_IDENTIFIER_LIST)
            .wire("groupSet")
            .query("GroupSet"),
    ],
);

static INSTANCE_ATTRIBUTE_NAME: Shape = string(
    "InstanceAttributeName",
    Text::ANY.values(&[
        "instanceType",
        "kernel",
        "ramdisk",
        "userData",
        "disableApiTermination",
        "instanceInitiatedShutdownBehavior",
        "rootDeviceName",
        "blockDeviceMapping",
        "productCodes",
        "sourceDestCheck",
        "groupSet",
        "ebsOptimized",
        "sriovNetSupport",
        "enaSupport",
        "enclaveOptions",
        "disableApiStop",
    ]),
);

static INSTANCE_AUTO_RECOVERY_STATE: Shape = string(
    "InstanceAutoRecoveryState",
    Text::ANY.values(&["disabled", "default"]),
);

static INSTANCE_BANDWIDTH_WEIGHTING: Shape = string(
    "InstanceBandwidthWeighting",
    Text::ANY.values(&["default", "vpc-1", "ebs-1"]),
);

static INSTANCE_BLOCK_DEVICE_MAPPING: Shape = structure(
    "InstanceBlockDeviceMapping",
    &[
        member("DeviceName", &STRING).wire("deviceName"),
        member("Ebs", &EBS_INSTANCE_BLOCK_DEVICE).wire("ebs"),
    ],
);

static INSTANCE_BLOCK_DEVICE_MAPPING_LIST: Shape = list(
    "InstanceBlockDeviceMappingList",
    &INSTANCE_BLOCK_DEVICE_MAPPING,
    Some("item"),
    None,
    None,
);

static INSTANCE_BLOCK_DEVICE_MAPPING_SPECIFICATION: Shape = structure(
    "InstanceBlockDeviceMappingSpecification",
    &[
        member("DeviceName", &STRING).wire("deviceName"),
        member("Ebs", &EBS_INSTANCE_BLOCK_DEVICE_SPECIFICATION).wire("ebs"),
        member("VirtualName", &STRING).wire("virtualName"),
        member("NoDevice", &STRING).wire("noDevice"),
    ],
);

static INSTANCE_BLOCK_DEVICE_MAPPING_SPECIFICATION_LIST: Shape = list(
    "InstanceBlockDeviceMappingSpecificationList",
    &INSTANCE_BLOCK_DEVICE_MAPPING_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static INSTANCE_BOOT_MODE_VALUES: Shape = string(
    "InstanceBootModeValues",
    Text::ANY.values(&["legacy-bios", "uefi"]),
);

static INSTANCE_CREDIT_SPECIFICATION: Shape = structure(
    "InstanceCreditSpecification",
    &[
        member("InstanceId", &STRING).wire("instanceId"),
        member("CpuCredits", &STRING).wire("cpuCredits"),
    ],
);

static INSTANCE_CREDIT_SPECIFICATION_LIST: Shape = list(
    "InstanceCreditSpecificationList",
    &INSTANCE_CREDIT_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static INSTANCE_EVENT_ID: Shape = string("InstanceEventId", Text::ANY);

static INSTANCE_GENERATION: Shape = string(
    "InstanceGeneration",
    Text::ANY.values(&["current", "previous"]),
);

static INSTANCE_GENERATION_SET: Shape = list(
    "InstanceGenerationSet",
    &INSTANCE_GENERATION,
    Some("item"),
    None,
    None,
);

static INSTANCE_ID: Shape = string("InstanceId", Text::ANY);

static INSTANCE_ID_STRING_LIST: Shape = list(
    "InstanceIdStringList",
    &INSTANCE_ID,
    Some("InstanceId"),
    None,
    None,
);

static INSTANCE_INTERRUPTION_BEHAVIOR: Shape = string(
    "InstanceInterruptionBehavior",
    Text::ANY.values(&["hibernate", "stop", "terminate"]),
);

static INSTANCE_IPV4_PREFIX: Shape = structure(
    "InstanceIpv4Prefix",
    &[member("Ipv4Prefix", &STRING).wire("ipv4Prefix")],
);

static INSTANCE_IPV4_PREFIX_LIST: Shape = list(
    "InstanceIpv4PrefixList",
    &INSTANCE_IPV4_PREFIX,
    Some("item"),
    None,
    None,
);

static INSTANCE_IPV6_ADDRESS: Shape = structure(
    "InstanceIpv6Address",
    &[
        member("Ipv6Address", &STRING).wire("ipv6Address"),
        member("IsPrimaryIpv6", &BOOLEAN).wire("isPrimaryIpv6"),
    ],
);

static INSTANCE_IPV6_ADDRESS_LIST: Shape = list(
    "InstanceIpv6AddressList",
    &INSTANCE_IPV6_ADDRESS,
    Some("item"),
    None,
    None,
);

static INSTANCE_IPV6_ADDRESS_LIST_REQUEST: Shape = list(
    "InstanceIpv6AddressListRequest",
    &INSTANCE_IPV6_ADDRESS_REQUEST,
    Some("InstanceIpv6Address"),
    None,
    None,
);

static INSTANCE_IPV6_ADDRESS_REQUEST: Shape = structure(
    "InstanceIpv6AddressRequest",
    &[member("Ipv6Address", &STRING)],
);

static INSTANCE_IPV6_PREFIX: Shape = structure(
    "InstanceIpv6Prefix",
    &[member("Ipv6Prefix", &STRING).wire("ipv6Prefix")],
);

static INSTANCE_IPV6_PREFIX_LIST: Shape = list(
    "InstanceIpv6PrefixList",
    &INSTANCE_IPV6_PREFIX,
    Some("item"),
    None,
    None,
);

static INSTANCE_LIFECYCLE_TYPE: Shape = string(
    "InstanceLifecycleType",
    Text::ANY.values(&[
        "spot",
        "scheduled",
        "capacity-block",
        "interruptible-capacity-reservation",
    ]),
);

static INSTANCE_LIST: Shape = list("InstanceList", &INSTANCE, Some("item"), None, None);

static INSTANCE_MAINTENANCE_OPTIONS: Shape = structure(
    "InstanceMaintenanceOptions",
    &[
        member("AutoRecovery", &INSTANCE_AUTO_RECOVERY_STATE).wire("autoRecovery"),
        member("RebootMigration", &INSTANCE_REBOOT_MIGRATION_STATE).wire("rebootMigration"),
    ],
);

static INSTANCE_MAINTENANCE_OPTIONS_REQUEST: Shape = structure(
    "InstanceMaintenanceOptionsRequest",
    &[member("AutoRecovery", &INSTANCE_AUTO_RECOVERY_STATE)],
);

static INSTANCE_MARKET_OPTIONS_REQUEST: Shape = structure(
    "InstanceMarketOptionsRequest",
    &[
        member("MarketType", &MARKET_TYPE),
        member("SpotOptions", &SPOT_MARKET_OPTIONS),
    ],
);

static INSTANCE_METADATA_DEFAULTS_RESPONSE: Shape = structure(
    "InstanceMetadataDefaultsResponse",
    &[
        member("HttpTokens", &HTTP_TOKENS_STATE).wire("httpTokens"),
        member("HttpPutResponseHopLimit", &BOXED_INTEGER).wire("httpPutResponseHopLimit"),
        member("HttpEndpoint", &INSTANCE_METADATA_ENDPOINT_STATE).wire("httpEndpoint"),
        member("InstanceMetadataTags", &INSTANCE_METADATA_TAGS_STATE).wire("instanceMetadataTags"),
        member("ManagedBy", &MANAGED_BY).wire("managedBy"),
        member("ManagedExceptionMessage", &STRING).wire("managedExceptionMessage"),
        member("HttpTokensEnforced", &HTTP_TOKENS_ENFORCED_STATE).wire("httpTokensEnforced"),
    ],
);

static INSTANCE_METADATA_ENDPOINT_STATE: Shape = string(
    "InstanceMetadataEndpointState",
    Text::ANY.values(&["disabled", "enabled"]),
);

static INSTANCE_METADATA_OPTIONS_REQUEST: Shape = structure(
    "InstanceMetadataOptionsRequest",
    &[
        member("HttpTokens", &HTTP_TOKENS_STATE),
        member("HttpPutResponseHopLimit", &INTEGER),
        member("HttpEndpoint", &INSTANCE_METADATA_ENDPOINT_STATE),
        member("HttpProtocolIpv6", &INSTANCE_METADATA_PROTOCOL_STATE),
        member("InstanceMetadataTags", &INSTANCE_METADATA_TAGS_STATE),
    ],
);

static INSTANCE_METADATA_OPTIONS_RESPONSE: Shape = structure(
    "InstanceMetadataOptionsResponse",
    &[
        member("State", &INSTANCE_METADATA_OPTIONS_STATE).wire("state"),
        member("HttpTokens", &HTTP_TOKENS_STATE).wire("httpTokens"),
        member("HttpPutResponseHopLimit", &INTEGER).wire("httpPutResponseHopLimit"),
        member("HttpEndpoint", &INSTANCE_METADATA_ENDPOINT_STATE).wire("httpEndpoint"),
        member("HttpProtocolIpv6", &INSTANCE_METADATA_PROTOCOL_STATE).wire("httpProtocolIpv6"),
        member("InstanceMetadataTags", &INSTANCE_METADATA_TAGS_STATE).wire("instanceMetadataTags"),
    ],
);

static INSTANCE_METADATA_OPTIONS_STATE: Shape = string(
    "InstanceMetadataOptionsState",
    Text::ANY.values(&["pending", "applied"]),
);

static INSTANCE_METADATA_PROTOCOL_STATE: Shape = string(
    "InstanceMetadataProtocolState",
    Text::ANY.values(&["disabled", "enabled"]),
);

static INSTANCE_METADATA_TAGS_STATE: Shape = string(
    "InstanceMetadataTagsState",
    Text::ANY.values(&["disabled", "enabled"]),
);

static INSTANCE_MONITORING: Shape = structure(
    "InstanceMonitoring",
    &[
        member("InstanceId", &STRING).wire("instanceId"),
        member("Monitoring", &MONITORING).wire("monitoring"),
    ],
);

static INSTANCE_MONITORING_LIST: Shape = list(
    "InstanceMonitoringList",
    &INSTANCE_MONITORING,
    Some("item"),
    None,
    None,
);

static INSTANCE_NETWORK_INTERFACE: Shape = structure(
    "InstanceNetworkInterface",
    &[
        member("Association", &INSTANCE_NETWORK_INTERFACE_ASSOCIATION).wire("association"),
        member("Attachment", &INSTANCE_NETWORK_INTERFACE_ATTACHMENT).wire("attachment"),
        member("Description", &STRING).wire("description"),
        member("Groups", &GROUP_IDENTIFIER_LIST)
            .wire("groupSet")
            .query("GroupSet"),
        member("Ipv6Addresses", &INSTANCE_IPV6_ADDRESS_LIST)
            .wire("ipv6AddressesSet")
            .query("Ipv6AddressesSet"),
        member("MacAddress", &STRING).wire("macAddress"),
        member("NetworkInterfaceId", &STRING).wire("networkInterfaceId"),
        member("OwnerId", &STRING).wire("ownerId"),
        member("PrivateDnsName", &STRING).wire("privateDnsName"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
        member("PrivateIpAddresses", &INSTANCE_PRIVATE_IP_ADDRESS_LIST)
            .wire("privateIpAddressesSet")
            .query("PrivateIpAddressesSet"),
        member("SourceDestCheck", &BOOLEAN).wire("sourceDestCheck"),
        member("Status", &NETWORK_INTERFACE_STATUS).wire("status"),
        member("SubnetId", &STRING).wire("subnetId"),
        member("VpcId", &STRING).wire("vpcId"),
        member("InterfaceType", &STRING).wire("interfaceType"),
        member("Ipv4Prefixes", &INSTANCE_IPV4_PREFIX_LIST)
            .wire("ipv4PrefixSet")
            .query("Ipv4PrefixSet"),
        member("Ipv6Prefixes", &INSTANCE_IPV6_PREFIX_LIST)
            .wire("ipv6PrefixSet")
            .query("Ipv6PrefixSet"),
        member(
            "ConnectionTrackingConfiguration",
            &CONNECTION_TRACKING_SPECIFICATION_RESPONSE,
        )
        .wire("connectionTrackingConfiguration"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
    ],
);

static INSTANCE_NETWORK_INTERFACE_ASSOCIATION: Shape = structure(
    "InstanceNetworkInterfaceAssociation",
    &[
        member("CarrierIp", &STRING).wire("carrierIp"),
        member("CustomerOwnedIp", &STRING).wire("customerOwnedIp"),
        member("IpOwnerId", &STRING).wire("ipOwnerId"),
        member("PublicDnsName", &STRING).wire("publicDnsName"),
        member("PublicIp", &STRING).wire("publicIp"),
    ],
);

static INSTANCE_NETWORK_INTERFACE_ATTACHMENT: Shape = structure(
    "InstanceNetworkInterfaceAttachment",
    &[
        member("AttachTime", &DATE_TIME).wire("attachTime"),
        member("AttachmentId", &STRING).wire("attachmentId"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("DeviceIndex", &INTEGER).wire("deviceIndex"),
        member("Status", &ATTACHMENT_STATUS).wire("status"),
        member("NetworkCardIndex", &INTEGER).wire("networkCardIndex"),
        member(
            "EnaSrdSpecification",
            &INSTANCE_ATTACHMENT_ENA_SRD_SPECIFICATION,
        )
        .wire("enaSrdSpecification"),
        member("EnaQueueCount", &INTEGER).wire("enaQueueCount"),
    ],
);

static INSTANCE_NETWORK_INTERFACE_LIST: Shape = list(
    "InstanceNetworkInterfaceList",
    &INSTANCE_NETWORK_INTERFACE,
    Some("item"),
    None,
    None,
);

static INSTANCE_NETWORK_INTERFACE_SPECIFICATION: Shape = structure(
    "InstanceNetworkInterfaceSpecification",
    &[
        member("AssociatePublicIpAddress", &BOOLEAN).wire("associatePublicIpAddress"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("Description", &STRING).wire("description"),
        member("DeviceIndex", &INTEGER).wire("deviceIndex"),
        member("Groups", &SECURITY_GROUP_ID_STRING_LIST)
            .wire("SecurityGroupId")
            .query("SecurityGroupId"),
        member("Ipv6AddressCount", &INTEGER).wire("ipv6AddressCount"),
        member("Ipv6Addresses", &INSTANCE_IPV6_ADDRESS_LIST).wire("ipv6AddressesSet"),
        member("NetworkInterfaceId", &NETWORK_INTERFACE_ID).wire("networkInterfaceId"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
        member("PrivateIpAddresses", &PRIVATE_IP_ADDRESS_SPECIFICATION_LIST)
            .wire("privateIpAddressesSet"),
        member("SecondaryPrivateIpAddressCount", &INTEGER).wire("secondaryPrivateIpAddressCount"),
        member("SubnetId", &STRING).wire("subnetId"),
        member("AssociateCarrierIpAddress", &BOOLEAN),
        member("InterfaceType", &STRING),
        member("NetworkCardIndex", &INTEGER),
        member("Ipv4Prefixes", &IPV4_PREFIX_LIST)
            .wire("Ipv4Prefix")
            .query("Ipv4Prefix"),
        member("Ipv4PrefixCount", &INTEGER),
        member("Ipv6Prefixes", &IPV6_PREFIX_LIST)
            .wire("Ipv6Prefix")
            .query("Ipv6Prefix"),
        member("Ipv6PrefixCount", &INTEGER),
        member("PrimaryIpv6", &BOOLEAN),
        member("EnaSrdSpecification", &ENA_SRD_SPECIFICATION_REQUEST),
        member(
            "ConnectionTrackingSpecification",
            &CONNECTION_TRACKING_SPECIFICATION_REQUEST,
        ),
        member("EnaQueueCount", &INTEGER),
    ],
);

static INSTANCE_NETWORK_INTERFACE_SPECIFICATION_LIST: Shape = list(
    "InstanceNetworkInterfaceSpecificationList",
    &INSTANCE_NETWORK_INTERFACE_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static INSTANCE_NETWORK_PERFORMANCE_OPTIONS: Shape = structure(
    "InstanceNetworkPerformanceOptions",
    &[member("BandwidthWeighting", &INSTANCE_BANDWIDTH_WEIGHTING).wire("bandwidthWeighting")],
);

static INSTANCE_NETWORK_PERFORMANCE_OPTIONS_REQUEST: Shape = structure(
    "InstanceNetworkPerformanceOptionsRequest",
    &[member("BandwidthWeighting", &INSTANCE_BANDWIDTH_WEIGHTING)],
);

static INSTANCE_PRIVATE_IP_ADDRESS: Shape = structure(
    "InstancePrivateIpAddress",
    &[
        member("Association", &INSTANCE_NETWORK_INTERFACE_ASSOCIATION).wire("association"),
        member("Primary", &BOOLEAN).wire("primary"),
        member("PrivateDnsName", &STRING).wire("privateDnsName"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
    ],
);

static INSTANCE_PRIVATE_IP_ADDRESS_LIST: Shape = list(
    "InstancePrivateIpAddressList",
    &INSTANCE_PRIVATE_IP_ADDRESS,
    Some("item"),
    None,
    None,
);

static INSTANCE_REBOOT_MIGRATION_STATE: Shape = string(
    "InstanceRebootMigrationState",
    Text::ANY.values(&["disabled", "default"]),
);

static INSTANCE_REQUIREMENTS: Shape = structure(
    "InstanceRequirements",
    &[
        member("VCpuCount", &V_CPU_COUNT_RANGE).wire("vCpuCount"),
        member("MemoryMiB", &MEMORY_MI_B).wire("memoryMiB"),
        member("CpuManufacturers", &CPU_MANUFACTURER_SET)
            .wire("cpuManufacturerSet")
            .query("CpuManufacturerSet"),
        member("MemoryGiBPerVCpu", &MEMORY_GI_B_PER_V_CPU).wire("memoryGiBPerVCpu"),
        member("ExcludedInstanceTypes", &EXCLUDED_INSTANCE_TYPE_SET)
            .wire("excludedInstanceTypeSet")
            .query("ExcludedInstanceTypeSet"),
        member("InstanceGenerations", &INSTANCE_GENERATION_SET)
            .wire("instanceGenerationSet")
            .query("InstanceGenerationSet"),
        member("SpotMaxPricePercentageOverLowestPrice", &INTEGER)
            .wire("spotMaxPricePercentageOverLowestPrice"),
        member("OnDemandMaxPricePercentageOverLowestPrice", &INTEGER)
            .wire("onDemandMaxPricePercentageOverLowestPrice"),
        member("BareMetal", &BARE_METAL).wire("bareMetal"),
        member("BurstablePerformance", &BURSTABLE_PERFORMANCE).wire("burstablePerformance"),
        member("RequireHibernateSupport", &BOOLEAN).wire("requireHibernateSupport"),
        member("NetworkInterfaceCount", &NETWORK_INTERFACE_COUNT).wire("networkInterfaceCount"),
        member("LocalStorage", &LOCAL_STORAGE).wire("localStorage"),
        member("LocalStorageTypes", &LOCAL_STORAGE_TYPE_SET)
            .wire("localStorageTypeSet")
            .query("LocalStorageTypeSet"),
        member("TotalLocalStorageGB", &TOTAL_LOCAL_STORAGE_GB).wire("totalLocalStorageGB"),
        member("BaselineEbsBandwidthMbps", &BASELINE_EBS_BANDWIDTH_MBPS)
            .wire("baselineEbsBandwidthMbps"),
        member("AcceleratorTypes", &ACCELERATOR_TYPE_SET)
            .wire("acceleratorTypeSet")
            .query("AcceleratorTypeSet"),
        member("AcceleratorCount", &ACCELERATOR_COUNT).wire("acceleratorCount"),
        member("AcceleratorManufacturers", &ACCELERATOR_MANUFACTURER_SET)
            .wire("acceleratorManufacturerSet")
            .query("AcceleratorManufacturerSet"),
        member("AcceleratorNames", &ACCELERATOR_NAME_SET)
            .wire("acceleratorNameSet")
            .query("AcceleratorNameSet"),
        member("AcceleratorTotalMemoryMiB", &ACCELERATOR_TOTAL_MEMORY_MI_B)
            .wire("acceleratorTotalMemoryMiB"),
        member("NetworkBandwidthGbps", &NETWORK_BANDWIDTH_GBPS).wire("networkBandwidthGbps"),
        member("AllowedInstanceTypes", &ALLOWED_INSTANCE_TYPE_SET)
            .wire("allowedInstanceTypeSet")
            .query("AllowedInstanceTypeSet"),
        member("MaxSpotPriceAsPercentageOfOptimalOnDemandPrice", &INTEGER)
            .wire("maxSpotPriceAsPercentageOfOptimalOnDemandPrice"),
        member("BaselinePerformanceFactors", &BASELINE_PERFORMANCE_FACTORS)
            .wire("baselinePerformanceFactors"),
        member("RequireEncryptionInTransit", &BOOLEAN).wire("requireEncryptionInTransit"),
    ],
);

static INSTANCE_REQUIREMENTS_REQUEST: Shape = structure(
    "InstanceRequirementsRequest",
    &[
        member("VCpuCount", &V_CPU_COUNT_RANGE_REQUEST).required(),
        member("MemoryMiB", &MEMORY_MI_B_REQUEST).required(),
        member("CpuManufacturers", &CPU_MANUFACTURER_SET)
            .wire("CpuManufacturer")
            .query("CpuManufacturer"),
        member("MemoryGiBPerVCpu", &MEMORY_GI_B_PER_V_CPU_REQUEST),
        member("ExcludedInstanceTypes", &EXCLUDED_INSTANCE_TYPE_SET)
            .wire("ExcludedInstanceType")
            .query("ExcludedInstanceType"),
        member("InstanceGenerations", &INSTANCE_GENERATION_SET)
            .wire("InstanceGeneration")
            .query("InstanceGeneration"),
        member("SpotMaxPricePercentageOverLowestPrice", &INTEGER),
        member("OnDemandMaxPricePercentageOverLowestPrice", &INTEGER),
        member("BareMetal", &BARE_METAL),
        member("BurstablePerformance", &BURSTABLE_PERFORMANCE),
        member("RequireHibernateSupport", &BOOLEAN),
        member("NetworkInterfaceCount", &NETWORK_INTERFACE_COUNT_REQUEST),
        member("LocalStorage", &LOCAL_STORAGE),
        member("LocalStorageTypes", &LOCAL_STORAGE_TYPE_SET)
            .wire("LocalStorageType")
            .query("LocalStorageType"),
        member("TotalLocalStorageGB", &TOTAL_LOCAL_STORAGE_GB_REQUEST),
        member(
            "BaselineEbsBandwidthMbps",
            &BASELINE_EBS_BANDWIDTH_MBPS_REQUEST,
        ),
        member("AcceleratorTypes", &ACCELERATOR_TYPE_SET)
            .wire("AcceleratorType")
            .query("AcceleratorType"),
        member("AcceleratorCount", &ACCELERATOR_COUNT_REQUEST),
        member("AcceleratorManufacturers", &ACCELERATOR_MANUFACTURER_SET)
            .wire("AcceleratorManufacturer")
            .query("AcceleratorManufacturer"),
        member("AcceleratorNames", &ACCELERATOR_NAME_SET)
            .wire("AcceleratorName")
            .query("AcceleratorName"),
        member(
            "AcceleratorTotalMemoryMiB",
            &ACCELERATOR_TOTAL_MEMORY_MI_B_REQUEST,
        ),
        member("NetworkBandwidthGbps", &NETWORK_BANDWIDTH_GBPS_REQUEST),
        member("AllowedInstanceTypes", &ALLOWED_INSTANCE_TYPE_SET)
            .wire("AllowedInstanceType")
            .query("AllowedInstanceType"),
        member("MaxSpotPriceAsPercentageOfOptimalOnDemandPrice", &INTEGER),
        member(
            "BaselinePerformanceFactors",
            &BASELINE_PERFORMANCE_FACTORS_REQUEST,
        ),
        member("RequireEncryptionInTransit", &BOOLEAN),
    ],
);

static INSTANCE_SECONDARY_INTERFACE: Shape = structure(
    "InstanceSecondaryInterface",
    &[
        member("Attachment", &INSTANCE_SECONDARY_INTERFACE_ATTACHMENT).wire("attachment"),
        member("MacAddress", &STRING).wire("macAddress"),
        member("SecondaryInterfaceId", &SECONDARY_INTERFACE_ID).wire("secondaryInterfaceId"),
        member("OwnerId", &STRING).wire("ownerId"),
        member(
            "PrivateIpAddresses",
            &INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_LIST,
        )
        .wire("privateIpAddressSet")
        .query("PrivateIpAddressSet"),
        member("SourceDestCheck", &BOOLEAN).wire("sourceDestCheck"),
        member("Status", &SECONDARY_INTERFACE_STATUS).wire("status"),
        member("SecondarySubnetId", &SECONDARY_SUBNET_ID).wire("secondarySubnetId"),
        member("SecondaryNetworkId", &SECONDARY_NETWORK_ID).wire("secondaryNetworkId"),
        member("InterfaceType", &SECONDARY_INTERFACE_TYPE).wire("interfaceType"),
    ],
);

static INSTANCE_SECONDARY_INTERFACE_ATTACHMENT: Shape = structure(
    "InstanceSecondaryInterfaceAttachment",
    &[
        member("AttachTime", &MILLISECOND_DATE_TIME).wire("attachTime"),
        member("AttachmentId", &STRING).wire("attachmentId"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("DeviceIndex", &INTEGER).wire("deviceIndex"),
        member("Status", &ATTACHMENT_STATUS).wire("status"),
        member("NetworkCardIndex", &INTEGER).wire("networkCardIndex"),
    ],
);

static INSTANCE_SECONDARY_INTERFACE_LIST: Shape = list(
    "InstanceSecondaryInterfaceList",
    &INSTANCE_SECONDARY_INTERFACE,
    Some("item"),
    None,
    None,
);

static INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS: Shape = structure(
    "InstanceSecondaryInterfacePrivateIpAddress",
    &[member("PrivateIpAddress", &STRING).wire("privateIpAddress")],
);

static INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_LIST: Shape = list(
    "InstanceSecondaryInterfacePrivateIpAddressList",
    &INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS,
    Some("item"),
    None,
    None,
);

static INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_LIST_REQUEST: Shape = list(
    "InstanceSecondaryInterfacePrivateIpAddressListRequest",
    &INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_REQUEST,
    Some("item"),
    None,
    None,
);

static INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_REQUEST: Shape = structure(
    "InstanceSecondaryInterfacePrivateIpAddressRequest",
    &[member("PrivateIpAddress", &STRING).required()],
);

static INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_LIST_REQUEST: Shape = list(
    "InstanceSecondaryInterfaceSpecificationListRequest",
    &INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_REQUEST,
    Some("item"),
    None,
    None,
);

static INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_REQUEST: Shape = structure(
    "InstanceSecondaryInterfaceSpecificationRequest",
    &[
        member("DeleteOnTermination", &BOOLEAN),
        member("DeviceIndex", &INTEGER),
        member(
            "PrivateIpAddresses",
            &INSTANCE_SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_LIST_REQUEST,
        )
        .wire("PrivateIpAddress")
        .query("PrivateIpAddress"),
        member("PrivateIpAddressCount", &INTEGER),
        member("SecondarySubnetId", &SECONDARY_SUBNET_ID),
        member("InterfaceType", &SECONDARY_INTERFACE_TYPE),
        member("NetworkCardIndex", &INTEGER),
    ],
);

static INSTANCE_STATE: Shape = structure(
    "InstanceState",
    &[
        member("Code", &INTEGER).wire("code"),
        member("Name", &INSTANCE_STATE_NAME).wire("name"),
    ],
);

static INSTANCE_STATE_CHANGE: Shape = structure(
    "InstanceStateChange",
    &[
        member("InstanceId", &STRING).wire("instanceId"),
        member("CurrentState", &INSTANCE_STATE).wire("currentState"),
        member("PreviousState", &INSTANCE_STATE).wire("previousState"),
    ],
);

static INSTANCE_STATE_CHANGE_LIST: Shape = list(
    "InstanceStateChangeList",
    &INSTANCE_STATE_CHANGE,
    Some("item"),
    None,
    None,
);

static INSTANCE_STATE_NAME: Shape = string(
    "InstanceStateName",
    Text::ANY.values(&[
        "pending",
        "running",
        "shutting-down",
        "terminated",
        "stopping",
        "stopped",
    ]),
);

static INSTANCE_STATUS: Shape = structure(
    "InstanceStatus",
    &[
        member("AvailabilityZone", &STRING).wire("availabilityZone"),
        member("AvailabilityZoneId", &AVAILABILITY_ZONE_ID).wire("availabilityZoneId"),
        member("OutpostArn", &STRING).wire("outpostArn"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
        member("Events", &INSTANCE_STATUS_EVENT_LIST)
            .wire("eventsSet")
            .query("EventsSet"),
        member("InstanceId", &STRING).wire("instanceId"),
        member("InstanceState", &INSTANCE_STATE).wire("instanceState"),
        member("InstanceStatus", &INSTANCE_STATUS_SUMMARY).wire("instanceStatus"),
        member("SystemStatus", &INSTANCE_STATUS_SUMMARY).wire("systemStatus"),
        member("AttachedEbsStatus", &EBS_STATUS_SUMMARY).wire("attachedEbsStatus"),
        member("ApplicationStatus", &APPLICATION_STATUS_SUMMARY).wire("applicationStatus"),
        member("PerformanceStatus", &PERFORMANCE_STATUS_SUMMARY).wire("performanceStatus"),
    ],
);

static INSTANCE_STATUS_DETAILS: Shape = structure(
    "InstanceStatusDetails",
    &[
        member("ImpairedSince", &DATE_TIME).wire("impairedSince"),
        member("Name", &STATUS_NAME).wire("name"),
        member("Status", &STATUS_TYPE).wire("status"),
    ],
);

static INSTANCE_STATUS_DETAILS_LIST: Shape = list(
    "InstanceStatusDetailsList",
    &INSTANCE_STATUS_DETAILS,
    Some("item"),
    None,
    None,
);

static INSTANCE_STATUS_EVENT: Shape = structure(
    "InstanceStatusEvent",
    &[
        member("InstanceEventId", &INSTANCE_EVENT_ID).wire("instanceEventId"),
        member("Code", &EVENT_CODE).wire("code"),
        member("Description", &STRING).wire("description"),
        member("NotAfter", &DATE_TIME).wire("notAfter"),
        member("NotBefore", &DATE_TIME).wire("notBefore"),
        member("NotBeforeDeadline", &DATE_TIME).wire("notBeforeDeadline"),
    ],
);

static INSTANCE_STATUS_EVENT_LIST: Shape = list(
    "InstanceStatusEventList",
    &INSTANCE_STATUS_EVENT,
    Some("item"),
    None,
    None,
);

static INSTANCE_STATUS_LIST: Shape = list(
    "InstanceStatusList",
    &INSTANCE_STATUS,
    Some("item"),
    None,
    None,
);

static INSTANCE_STATUS_SUMMARY: Shape = structure(
    "InstanceStatusSummary",
    &[
        member("Details", &INSTANCE_STATUS_DETAILS_LIST).wire("details"),
        member("Status", &SUMMARY_STATUS).wire("status"),
    ],
);

static INSTANCE_STORAGE_ENCRYPTION_SUPPORT: Shape = string(
    "InstanceStorageEncryptionSupport",
    Text::ANY.values(&["unsupported", "required"]),
);

static INSTANCE_STORAGE_FLAG: Shape = boolean("InstanceStorageFlag");

static INSTANCE_STORAGE_INFO: Shape = structure(
    "InstanceStorageInfo",
    &[
        member("TotalSizeInGB", &DISK_SIZE).wire("totalSizeInGB"),
        member("Disks", &DISK_INFO_LIST).wire("disks"),
        member("NvmeSupport", &EPHEMERAL_NVME_SUPPORT).wire("nvmeSupport"),
        member("EncryptionSupport", &INSTANCE_STORAGE_ENCRYPTION_SUPPORT).wire("encryptionSupport"),
    ],
);

static INSTANCE_TYPE: Shape = string(
    "InstanceType",
    Text::ANY.values(&[
        "a1.medium",
        "a1.large",
        "a1.xlarge",
        "a1.2xlarge",
        "a1.4xlarge",
        "a1.metal",
        "c1.medium",
        "c1.xlarge",
        "c3.large",
        "c3.xlarge",
        "c3.2xlarge",
        "c3.4xlarge",
        "c3.8xlarge",
        "c4.large",
        "c4.xlarge",
        "c4.2xlarge",
        "c4.4xlarge",
        "c4.8xlarge",
        "c5.large",
        "c5.xlarge",
        "c5.2xlarge",
        "c5.4xlarge",
        "c5.9xlarge",
        "c5.12xlarge",
        "c5.18xlarge",
        "c5.24xlarge",
        "c5.metal",
        "c5a.large",
        "c5a.xlarge",
        "c5a.2xlarge",
        "c5a.4xlarge",
        "c5a.8xlarge",
        "c5a.12xlarge",
        "c5a.16xlarge",
        "c5a.24xlarge",
        "c5ad.large",
        "c5ad.xlarge",
        "c5ad.2xlarge",
        "c5ad.4xlarge",
        "c5ad.8xlarge",
        "c5ad.12xlarge",
        "c5ad.16xlarge",
        "c5ad.24xlarge",
        "c5d.large",
        "c5d.xlarge",
        "c5d.2xlarge",
        "c5d.4xlarge",
        "c5d.9xlarge",
        "c5d.12xlarge",
        "c5d.18xlarge",
        "c5d.24xlarge",
        "c5d.metal",
        "c5n.large",
        "c5n.xlarge",
        "c5n.2xlarge",
        "c5n.4xlarge",
        "c5n.9xlarge",
        "c5n.18xlarge",
        "c5n.metal",
        "c6g.medium",
        "c6g.large",
        "c6g.xlarge",
        "c6g.2xlarge",
        "c6g.4xlarge",
        "c6g.8xlarge",
        "c6g.12xlarge",
        "c6g.16xlarge",
        "c6g.metal",
        "c6gd.medium",
        "c6gd.large",
        "c6gd.xlarge",
        "c6gd.2xlarge",
        "c6gd.4xlarge",
        "c6gd.8xlarge",
        "c6gd.12xlarge",
        "c6gd.16xlarge",
        "c6gd.metal",
        "c6gn.medium",
        "c6gn.large",
        "c6gn.xlarge",
        "c6gn.2xlarge",
        "c6gn.4xlarge",
        "c6gn.8xlarge",
        "c6gn.12xlarge",
        "c6gn.16xlarge",
        "c6i.large",
        "c6i.xlarge",
        "c6i.2xlarge",
        "c6i.4xlarge",
        "c6i.8xlarge",
        "c6i.12xlarge",
        "c6i.16xlarge",
        "c6i.24xlarge",
        "c6i.32xlarge",
        "c6i.metal",
        "cc1.4xlarge",
        "cc2.8xlarge",
        "cg1.4xlarge",
        "cr1.8xlarge",
        "d2.xlarge",
        "d2.2xlarge",
        "d2.4xlarge",
        "d2.8xlarge",
        "d3.xlarge",
        "d3.2xlarge",
        "d3.4xlarge",
        "d3.8xlarge",
        "d3en.xlarge",
        "d3en.2xlarge",
        "d3en.4xlarge",
        "d3en.6xlarge",
        "d3en.8xlarge",
        "d3en.12xlarge",
        "dl1.24xlarge",
        "f1.2xlarge",
        "f1.4xlarge",
        "f1.16xlarge",
        "g2.2xlarge",
        "g2.8xlarge",
        "g3.4xlarge",
        "g3.8xlarge",
        "g3.16xlarge",
        "g3s.xlarge",
        "g4ad.xlarge",
        "g4ad.2xlarge",
        "g4ad.4xlarge",
        "g4ad.8xlarge",
        "g4ad.16xlarge",
        "g4dn.xlarge",
        "g4dn.2xlarge",
        "g4dn.4xlarge",
        "g4dn.8xlarge",
        "g4dn.12xlarge",
        "g4dn.16xlarge",
        "g4dn.metal",
        "g5.xlarge",
        "g5.2xlarge",
        "g5.4xlarge",
        "g5.8xlarge",
        "g5.12xlarge",
        "g5.16xlarge",
        "g5.24xlarge",
        "g5.48xlarge",
        "g5g.xlarge",
        "g5g.2xlarge",
        "g5g.4xlarge",
        "g5g.8xlarge",
        "g5g.16xlarge",
        "g5g.metal",
        "hi1.4xlarge",
        "hpc6a.48xlarge",
        "hs1.8xlarge",
        "h1.2xlarge",
        "h1.4xlarge",
        "h1.8xlarge",
        "h1.16xlarge",
        "i2.xlarge",
        "i2.2xlarge",
        "i2.4xlarge",
        "i2.8xlarge",
        "i3.large",
        "i3.xlarge",
        "i3.2xlarge",
        "i3.4xlarge",
        "i3.8xlarge",
        "i3.16xlarge",
        "i3.metal",
        "i3en.large",
        "i3en.xlarge",
        "i3en.2xlarge",
        "i3en.3xlarge",
        "i3en.6xlarge",
        "i3en.12xlarge",
        "i3en.24xlarge",
        "i3en.metal",
        "im4gn.large",
        "im4gn.xlarge",
        "im4gn.2xlarge",
        "im4gn.4xlarge",
        "im4gn.8xlarge",
        "im4gn.16xlarge",
        "inf1.xlarge",
        "inf1.2xlarge",
        "inf1.6xlarge",
        "inf1.24xlarge",
        "is4gen.medium",
        "is4gen.large",
        "is4gen.xlarge",
        "is4gen.2xlarge",
        "is4gen.4xlarge",
        "is4gen.8xlarge",
        "m1.small",
        "m1.medium",
        "m1.large",
        "m1.xlarge",
        "m2.xlarge",
        "m2.2xlarge",
        "m2.4xlarge",
        "m3.medium",
        "m3.large",
        "m3.xlarge",
        "m3.2xlarge",
        "m4.large",
        "m4.xlarge",
        "m4.2xlarge",
        "m4.4xlarge",
        "m4.10xlarge",
        "m4.16xlarge",
        "m5.large",
        "m5.xlarge",
        "m5.2xlarge",
        "m5.4xlarge",
        "m5.8xlarge",
        "m5.12xlarge",
        "m5.16xlarge",
        "m5.24xlarge",
        "m5.metal",
        "m5a.large",
        "m5a.xlarge",
        "m5a.2xlarge",
        "m5a.4xlarge",
        "m5a.8xlarge",
        "m5a.12xlarge",
        "m5a.16xlarge",
        "m5a.24xlarge",
        "m5ad.large",
        "m5ad.xlarge",
        "m5ad.2xlarge",
        "m5ad.4xlarge",
        "m5ad.8xlarge",
        "m5ad.12xlarge",
        "m5ad.16xlarge",
        "m5ad.24xlarge",
        "m5d.large",
        "m5d.xlarge",
        "m5d.2xlarge",
        "m5d.4xlarge",
        "m5d.8xlarge",
        "m5d.12xlarge",
        "m5d.16xlarge",
        "m5d.24xlarge",
        "m5d.metal",
        "m5dn.large",
        "m5dn.xlarge",
        "m5dn.2xlarge",
        "m5dn.4xlarge",
        "m5dn.8xlarge",
        "m5dn.12xlarge",
        "m5dn.16xlarge",
        "m5dn.24xlarge",
        "m5dn.metal",
        "m5n.large",
        "m5n.xlarge",
        "m5n.2xlarge",
        "m5n.4xlarge",
        "m5n.8xlarge",
        "m5n.12xlarge",
        "m5n.16xlarge",
        "m5n.24xlarge",
        "m5n.metal",
        "m5zn.large",
        "m5zn.xlarge",
        "m5zn.2xlarge",
        "m5zn.3xlarge",
        "m5zn.6xlarge",
        "m5zn.12xlarge",
        "m5zn.metal",
        "m6a.large",
        "m6a.xlarge",
        "m6a.2xlarge",
        "m6a.4xlarge",
        "m6a.8xlarge",
        "m6a.12xlarge",
        "m6a.16xlarge",
        "m6a.24xlarge",
        "m6a.32xlarge",
        "m6a.48xlarge",
        "m6g.metal",
        "m6g.medium",
        "m6g.large",
        "m6g.xlarge",
        "m6g.2xlarge",
        "m6g.4xlarge",
        "m6g.8xlarge",
        "m6g.12xlarge",
        "m6g.16xlarge",
        "m6gd.metal",
        "m6gd.medium",
        "m6gd.large",
        "m6gd.xlarge",
        "m6gd.2xlarge",
        "m6gd.4xlarge",
        "m6gd.8xlarge",
        "m6gd.12xlarge",
        "m6gd.16xlarge",
        "m6i.large",
        "m6i.xlarge",
        "m6i.2xlarge",
        "m6i.4xlarge",
        "m6i.8xlarge",
        "m6i.12xlarge",
        "m6i.16xlarge",
        "m6i.24xlarge",
        "m6i.32xlarge",
        "m6i.metal",
        "mac1.metal",
        "p2.xlarge",
        "p2.8xlarge",
        "p2.16xlarge",
        "p3.2xlarge",
        "p3.8xlarge",
        "p3.16xlarge",
        "p3dn.24xlarge",
        "p4d.24xlarge",
        "r3.large",
        "r3.xlarge",
        "r3.2xlarge",
        "r3.4xlarge",
        "r3.8xlarge",
        "r4.large",
        "r4.xlarge",
        "r4.2xlarge",
        "r4.4xlarge",
        "r4.8xlarge",
        "r4.16xlarge",
        "r5.large",
        "r5.xlarge",
        "r5.2xlarge",
        "r5.4xlarge",
        "r5.8xlarge",
        "r5.12xlarge",
        "r5.16xlarge",
        "r5.24xlarge",
        "r5.metal",
        "r5a.large",
        "r5a.xlarge",
        "r5a.2xlarge",
        "r5a.4xlarge",
        "r5a.8xlarge",
        "r5a.12xlarge",
        "r5a.16xlarge",
        "r5a.24xlarge",
        "r5ad.large",
        "r5ad.xlarge",
        "r5ad.2xlarge",
        "r5ad.4xlarge",
        "r5ad.8xlarge",
        "r5ad.12xlarge",
        "r5ad.16xlarge",
        "r5ad.24xlarge",
        "r5b.large",
        "r5b.xlarge",
        "r5b.2xlarge",
        "r5b.4xlarge",
        "r5b.8xlarge",
        "r5b.12xlarge",
        "r5b.16xlarge",
        "r5b.24xlarge",
        "r5b.metal",
        "r5d.large",
        "r5d.xlarge",
        "r5d.2xlarge",
        "r5d.4xlarge",
        "r5d.8xlarge",
        "r5d.12xlarge",
        "r5d.16xlarge",
        "r5d.24xlarge",
        "r5d.metal",
        "r5dn.large",
        "r5dn.xlarge",
        "r5dn.2xlarge",
        "r5dn.4xlarge",
        "r5dn.8xlarge",
        "r5dn.12xlarge",
        "r5dn.16xlarge",
        "r5dn.24xlarge",
        "r5dn.metal",
        "r5n.large",
        "r5n.xlarge",
        "r5n.2xlarge",
        "r5n.4xlarge",
        "r5n.8xlarge",
        "r5n.12xlarge",
        "r5n.16xlarge",
        "r5n.24xlarge",
        "r5n.metal",
        "r6g.medium",
        "r6g.large",
        "r6g.xlarge",
        "r6g.2xlarge",
        "r6g.4xlarge",
        "r6g.8xlarge",
        "r6g.12xlarge",
        "r6g.16xlarge",
        "r6g.metal",
        "r6gd.medium",
        "r6gd.large",
        "r6gd.xlarge",
        "r6gd.2xlarge",
        "r6gd.4xlarge",
        "r6gd.8xlarge",
        "r6gd.12xlarge",
        "r6gd.16xlarge",
        "r6gd.metal",
        "r6i.large",
        "r6i.xlarge",
        "r6i.2xlarge",
        "r6i.4xlarge",
        "r6i.8xlarge",
        "r6i.12xlarge",
        "r6i.16xlarge",
        "r6i.24xlarge",
        "r6i.32xlarge",
        "r6i.metal",
        "t1.micro",
        "t2.nano",
        "t2.micro",
        "t2.small",
        "t2.medium",
        "t2.large",
        "t2.xlarge",
        "t2.2xlarge",
        "t3.nano",
        "t3.micro",
        "t3.small",
        "t3.medium",
        "t3.large",
        "t3.xlarge",
        "t3.2xlarge",
        "t3a.nano",
        "t3a.micro",
        "t3a.small",
        "t3a.medium",
        "t3a.large",
        "t3a.xlarge",
        "t3a.2xlarge",
        "t4g.nano",
        "t4g.micro",
        "t4g.small",
        "t4g.medium",
        "t4g.large",
        "t4g.xlarge",
        "t4g.2xlarge",
        "u-6tb1.56xlarge",
        "u-6tb1.112xlarge",
        "u-9tb1.112xlarge",
        "u-12tb1.112xlarge",
        "u-6tb1.metal",
        "u-9tb1.metal",
        "u-12tb1.metal",
        "u-18tb1.metal",
        "u-24tb1.metal",
        "vt1.3xlarge",
        "vt1.6xlarge",
        "vt1.24xlarge",
        "x1.16xlarge",
        "x1.32xlarge",
        "x1e.xlarge",
        "x1e.2xlarge",
        "x1e.4xlarge",
        "x1e.8xlarge",
        "x1e.16xlarge",
        "x1e.32xlarge",
        "x2iezn.2xlarge",
        "x2iezn.4xlarge",
        "x2iezn.6xlarge",
        "x2iezn.8xlarge",
        "x2iezn.12xlarge",
        "x2iezn.metal",
        "x2gd.medium",
        "x2gd.large",
        "x2gd.xlarge",
        "x2gd.2xlarge",
        "x2gd.4xlarge",
        "x2gd.8xlarge",
        "x2gd.12xlarge",
        "x2gd.16xlarge",
        "x2gd.metal",
        "z1d.large",
        "z1d.xlarge",
        "z1d.2xlarge",
        "z1d.3xlarge",
        "z1d.6xlarge",
        "z1d.12xlarge",
        "z1d.metal",
        "x2idn.16xlarge",
        "x2idn.24xlarge",
        "x2idn.32xlarge",
        "x2iedn.xlarge",
        "x2iedn.2xlarge",
        "x2iedn.4xlarge",
        "x2iedn.8xlarge",
        "x2iedn.16xlarge",
        "x2iedn.24xlarge",
        "x2iedn.32xlarge",
        "c6a.large",
        "c6a.xlarge",
        "c6a.2xlarge",
        "c6a.4xlarge",
        "c6a.8xlarge",
        "c6a.12xlarge",
        "c6a.16xlarge",
        "c6a.24xlarge",
        "c6a.32xlarge",
        "c6a.48xlarge",
        "c6a.metal",
        "m6a.metal",
        "i4i.large",
        "i4i.xlarge",
        "i4i.2xlarge",
        "i4i.4xlarge",
        "i4i.8xlarge",
        "i4i.16xlarge",
        "i4i.32xlarge",
        "i4i.metal",
        "x2idn.metal",
        "x2iedn.metal",
        "c7g.medium",
        "c7g.large",
        "c7g.xlarge",
        "c7g.2xlarge",
        "c7g.4xlarge",
        "c7g.8xlarge",
        "c7g.12xlarge",
        "c7g.16xlarge",
        "mac2.metal",
        "c6id.large",
        "c6id.xlarge",
        "c6id.2xlarge",
        "c6id.4xlarge",
        "c6id.8xlarge",
        "c6id.12xlarge",
        "c6id.16xlarge",
        "c6id.24xlarge",
        "c6id.32xlarge",
        "c6id.metal",
        "m6id.large",
        "m6id.xlarge",
        "m6id.2xlarge",
        "m6id.4xlarge",
        "m6id.8xlarge",
        "m6id.12xlarge",
        "m6id.16xlarge",
        "m6id.24xlarge",
        "m6id.32xlarge",
        "m6id.metal",
        "r6id.large",
        "r6id.xlarge",
        "r6id.2xlarge",
        "r6id.4xlarge",
        "r6id.8xlarge",
        "r6id.12xlarge",
        "r6id.16xlarge",
        "r6id.24xlarge",
        "r6id.32xlarge",
        "r6id.metal",
        "r6a.large",
        "r6a.xlarge",
        "r6a.2xlarge",
        "r6a.4xlarge",
        "r6a.8xlarge",
        "r6a.12xlarge",
        "r6a.16xlarge",
        "r6a.24xlarge",
        "r6a.32xlarge",
        "r6a.48xlarge",
        "r6a.metal",
        "p4de.24xlarge",
        "u-3tb1.56xlarge",
        "u-18tb1.112xlarge",
        "u-24tb1.112xlarge",
        "trn1.2xlarge",
        "trn1.32xlarge",
        "hpc6id.32xlarge",
        "c6in.large",
        "c6in.xlarge",
        "c6in.2xlarge",
        "c6in.4xlarge",
        "c6in.8xlarge",
        "c6in.12xlarge",
        "c6in.16xlarge",
        "c6in.24xlarge",
        "c6in.32xlarge",
        "m6in.large",
        "m6in.xlarge",
        "m6in.2xlarge",
        "m6in.4xlarge",
        "m6in.8xlarge",
        "m6in.12xlarge",
        "m6in.16xlarge",
        "m6in.24xlarge",
        "m6in.32xlarge",
        "m6idn.large",
        "m6idn.xlarge",
        "m6idn.2xlarge",
        "m6idn.4xlarge",
        "m6idn.8xlarge",
        "m6idn.12xlarge",
        "m6idn.16xlarge",
        "m6idn.24xlarge",
        "m6idn.32xlarge",
        "r6in.large",
        "r6in.xlarge",
        "r6in.2xlarge",
        "r6in.4xlarge",
        "r6in.8xlarge",
        "r6in.12xlarge",
        "r6in.16xlarge",
        "r6in.24xlarge",
        "r6in.32xlarge",
        "r6idn.large",
        "r6idn.xlarge",
        "r6idn.2xlarge",
        "r6idn.4xlarge",
        "r6idn.8xlarge",
        "r6idn.12xlarge",
        "r6idn.16xlarge",
        "r6idn.24xlarge",
        "r6idn.32xlarge",
        "c7g.metal",
        "m7g.medium",
        "m7g.large",
        "m7g.xlarge",
        "m7g.2xlarge",
        "m7g.4xlarge",
        "m7g.8xlarge",
        "m7g.12xlarge",
        "m7g.16xlarge",
        "m7g.metal",
        "r7g.medium",
        "r7g.large",
        "r7g.xlarge",
        "r7g.2xlarge",
        "r7g.4xlarge",
        "r7g.8xlarge",
        "r7g.12xlarge",
        "r7g.16xlarge",
        "r7g.metal",
        "c6in.metal",
        "m6in.metal",
        "m6idn.metal",
        "r6in.metal",
        "r6idn.metal",
        "inf2.xlarge",
        "inf2.8xlarge",
        "inf2.24xlarge",
        "inf2.48xlarge",
        "trn1n.32xlarge",
        "i4g.large",
        "i4g.xlarge",
        "i4g.2xlarge",
        "i4g.4xlarge",
        "i4g.8xlarge",
        "i4g.16xlarge",
        "hpc7g.4xlarge",
        "hpc7g.8xlarge",
        "hpc7g.16xlarge",
        "c7gn.medium",
        "c7gn.large",
        "c7gn.xlarge",
        "c7gn.2xlarge",
        "c7gn.4xlarge",
        "c7gn.8xlarge",
        "c7gn.12xlarge",
        "c7gn.16xlarge",
        "p5.48xlarge",
        "m7i.large",
        "m7i.xlarge",
        "m7i.2xlarge",
        "m7i.4xlarge",
        "m7i.8xlarge",
        "m7i.12xlarge",
        "m7i.16xlarge",
        "m7i.24xlarge",
        "m7i.48xlarge",
        "m7i-flex.large",
        "m7i-flex.xlarge",
        "m7i-flex.2xlarge",
        "m7i-flex.4xlarge",
        "m7i-flex.8xlarge",
        "m7a.medium",
        "m7a.large",
        "m7a.xlarge",
        "m7a.2xlarge",
        "m7a.4xlarge",
        "m7a.8xlarge",
        "m7a.12xlarge",
        "m7a.16xlarge",
        "m7a.24xlarge",
        "m7a.32xlarge",
        "m7a.48xlarge",
        "m7a.metal-48xl",
        "hpc7a.12xlarge",
        "hpc7a.24xlarge",
        "hpc7a.48xlarge",
        "hpc7a.96xlarge",
        "c7gd.medium",
        "c7gd.large",
        "c7gd.xlarge",
        "c7gd.2xlarge",
        "c7gd.4xlarge",
        "c7gd.8xlarge",
        "c7gd.12xlarge",
        "c7gd.16xlarge",
        "m7gd.medium",
        "m7gd.large",
        "m7gd.xlarge",
        "m7gd.2xlarge",
        "m7gd.4xlarge",
        "m7gd.8xlarge",
        "m7gd.12xlarge",
        "m7gd.16xlarge",
        "r7gd.medium",
        "r7gd.large",
        "r7gd.xlarge",
        "r7gd.2xlarge",
        "r7gd.4xlarge",
        "r7gd.8xlarge",
        "r7gd.12xlarge",
        "r7gd.16xlarge",
        "r7a.medium",
        "r7a.large",
        "r7a.xlarge",
        "r7a.2xlarge",
        "r7a.4xlarge",
        "r7a.8xlarge",
        "r7a.12xlarge",
        "r7a.16xlarge",
        "r7a.24xlarge",
        "r7a.32xlarge",
        "r7a.48xlarge",
        "c7i.large",
        "c7i.xlarge",
        "c7i.2xlarge",
        "c7i.4xlarge",
        "c7i.8xlarge",
        "c7i.12xlarge",
        "c7i.16xlarge",
        "c7i.24xlarge",
        "c7i.48xlarge",
        "mac2-m2pro.metal",
        "r7iz.large",
        "r7iz.xlarge",
        "r7iz.2xlarge",
        "r7iz.4xlarge",
        "r7iz.8xlarge",
        "r7iz.12xlarge",
        "r7iz.16xlarge",
        "r7iz.32xlarge",
        "c7a.medium",
        "c7a.large",
        "c7a.xlarge",
        "c7a.2xlarge",
        "c7a.4xlarge",
        "c7a.8xlarge",
        "c7a.12xlarge",
        "c7a.16xlarge",
        "c7a.24xlarge",
        "c7a.32xlarge",
        "c7a.48xlarge",
        "c7a.metal-48xl",
        "r7a.metal-48xl",
        "r7i.large",
        "r7i.xlarge",
        "r7i.2xlarge",
        "r7i.4xlarge",
        "r7i.8xlarge",
        "r7i.12xlarge",
        "r7i.16xlarge",
        "r7i.24xlarge",
        "r7i.48xlarge",
        "dl2q.24xlarge",
        "mac2-m2.metal",
        "i4i.12xlarge",
        "i4i.24xlarge",
        "c7i.metal-24xl",
        "c7i.metal-48xl",
        "m7i.metal-24xl",
        "m7i.metal-48xl",
        "r7i.metal-24xl",
        "r7i.metal-48xl",
        "r7iz.metal-16xl",
        "r7iz.metal-32xl",
        "c7gd.metal",
        "m7gd.metal",
        "r7gd.metal",
        "g6.xlarge",
        "g6.2xlarge",
        "g6.4xlarge",
        "g6.8xlarge",
        "g6.12xlarge",
        "g6.16xlarge",
        "g6.24xlarge",
        "g6.48xlarge",
        "gr6.4xlarge",
        "gr6.8xlarge",
        "c7i-flex.large",
        "c7i-flex.xlarge",
        "c7i-flex.2xlarge",
        "c7i-flex.4xlarge",
        "c7i-flex.8xlarge",
        "u7i-12tb.224xlarge",
        "u7in-16tb.224xlarge",
        "u7in-24tb.224xlarge",
        "u7in-32tb.224xlarge",
        "u7ib-12tb.224xlarge",
        "c7gn.metal",
        "r8g.medium",
        "r8g.large",
        "r8g.xlarge",
        "r8g.2xlarge",
        "r8g.4xlarge",
        "r8g.8xlarge",
        "r8g.12xlarge",
        "r8g.16xlarge",
        "r8g.24xlarge",
        "r8g.48xlarge",
        "r8g.metal-24xl",
        "r8g.metal-48xl",
        "mac2-m1ultra.metal",
        "g6e.xlarge",
        "g6e.2xlarge",
        "g6e.4xlarge",
        "g6e.8xlarge",
        "g6e.12xlarge",
        "g6e.16xlarge",
        "g6e.24xlarge",
        "g6e.48xlarge",
        "c8g.medium",
        "c8g.large",
        "c8g.xlarge",
        "c8g.2xlarge",
        "c8g.4xlarge",
        "c8g.8xlarge",
        "c8g.12xlarge",
        "c8g.16xlarge",
        "c8g.24xlarge",
        "c8g.48xlarge",
        "c8g.metal-24xl",
        "c8g.metal-48xl",
        "m8g.medium",
        "m8g.large",
        "m8g.xlarge",
        "m8g.2xlarge",
        "m8g.4xlarge",
        "m8g.8xlarge",
        "m8g.12xlarge",
        "m8g.16xlarge",
        "m8g.24xlarge",
        "m8g.48xlarge",
        "m8g.metal-24xl",
        "m8g.metal-48xl",
        "x8g.medium",
        "x8g.large",
        "x8g.xlarge",
        "x8g.2xlarge",
        "x8g.4xlarge",
        "x8g.8xlarge",
        "x8g.12xlarge",
        "x8g.16xlarge",
        "x8g.24xlarge",
        "x8g.48xlarge",
        "x8g.metal-24xl",
        "x8g.metal-48xl",
        "i7ie.large",
        "i7ie.xlarge",
        "i7ie.2xlarge",
        "i7ie.3xlarge",
        "i7ie.6xlarge",
        "i7ie.12xlarge",
        "i7ie.18xlarge",
        "i7ie.24xlarge",
        "i7ie.48xlarge",
        "i8g.large",
        "i8g.xlarge",
        "i8g.2xlarge",
        "i8g.4xlarge",
        "i8g.8xlarge",
        "i8g.12xlarge",
        "i8g.16xlarge",
        "i8g.24xlarge",
        "i8g.metal-24xl",
        "u7i-6tb.112xlarge",
        "u7i-8tb.112xlarge",
        "u7inh-32tb.480xlarge",
        "p5e.48xlarge",
        "p5en.48xlarge",
        "f2.12xlarge",
        "f2.48xlarge",
        "trn2.48xlarge",
        "c7i-flex.12xlarge",
        "c7i-flex.16xlarge",
        "m7i-flex.12xlarge",
        "m7i-flex.16xlarge",
        "i7ie.metal-24xl",
        "i7ie.metal-48xl",
        "i8g.48xlarge",
        "c8gd.medium",
        "c8gd.large",
        "c8gd.xlarge",
        "c8gd.2xlarge",
        "c8gd.4xlarge",
        "c8gd.8xlarge",
        "c8gd.12xlarge",
        "c8gd.16xlarge",
        "c8gd.24xlarge",
        "c8gd.48xlarge",
        "c8gd.metal-24xl",
        "c8gd.metal-48xl",
        "i7i.large",
        "i7i.xlarge",
        "i7i.2xlarge",
        "i7i.4xlarge",
        "i7i.8xlarge",
        "i7i.12xlarge",
        "i7i.16xlarge",
        "i7i.24xlarge",
        "i7i.48xlarge",
        "i7i.metal-24xl",
        "i7i.metal-48xl",
        "p6-b200.48xlarge",
        "m8gd.medium",
        "m8gd.large",
        "m8gd.xlarge",
        "m8gd.2xlarge",
        "m8gd.4xlarge",
        "m8gd.8xlarge",
        "m8gd.12xlarge",
        "m8gd.16xlarge",
        "m8gd.24xlarge",
        "m8gd.48xlarge",
        "m8gd.metal-24xl",
        "m8gd.metal-48xl",
        "r8gd.medium",
        "r8gd.large",
        "r8gd.xlarge",
        "r8gd.2xlarge",
        "r8gd.4xlarge",
        "r8gd.8xlarge",
        "r8gd.12xlarge",
        "r8gd.16xlarge",
        "r8gd.24xlarge",
        "r8gd.48xlarge",
        "r8gd.metal-24xl",
        "r8gd.metal-48xl",
        "c8gn.medium",
        "c8gn.large",
        "c8gn.xlarge",
        "c8gn.2xlarge",
        "c8gn.4xlarge",
        "c8gn.8xlarge",
        "c8gn.12xlarge",
        "c8gn.16xlarge",
        "c8gn.24xlarge",
        "c8gn.48xlarge",
        "c8gn.metal-24xl",
        "c8gn.metal-48xl",
        "f2.6xlarge",
        "p6e-gb200.36xlarge",
        "g6f.large",
        "g6f.xlarge",
        "g6f.2xlarge",
        "g6f.4xlarge",
        "gr6f.4xlarge",
        "p5.4xlarge",
        "r8i.large",
        "r8i.xlarge",
        "r8i.2xlarge",
        "r8i.4xlarge",
        "r8i.8xlarge",
        "r8i.12xlarge",
        "r8i.16xlarge",
        "r8i.24xlarge",
        "r8i.32xlarge",
        "r8i.48xlarge",
        "r8i.96xlarge",
        "r8i.metal-48xl",
        "r8i.metal-96xl",
        "r8i-flex.large",
        "r8i-flex.xlarge",
        "r8i-flex.2xlarge",
        "r8i-flex.4xlarge",
        "r8i-flex.8xlarge",
        "r8i-flex.12xlarge",
        "r8i-flex.16xlarge",
        "m8i.large",
        "m8i.xlarge",
        "m8i.2xlarge",
        "m8i.4xlarge",
        "m8i.8xlarge",
        "m8i.12xlarge",
        "m8i.16xlarge",
        "m8i.24xlarge",
        "m8i.32xlarge",
        "m8i.48xlarge",
        "m8i.96xlarge",
        "m8i.metal-48xl",
        "m8i.metal-96xl",
        "m8i-flex.large",
        "m8i-flex.xlarge",
        "m8i-flex.2xlarge",
        "m8i-flex.4xlarge",
        "m8i-flex.8xlarge",
        "m8i-flex.12xlarge",
        "m8i-flex.16xlarge",
        "i8ge.large",
        "i8ge.xlarge",
        "i8ge.2xlarge",
        "i8ge.3xlarge",
        "i8ge.6xlarge",
        "i8ge.12xlarge",
        "i8ge.18xlarge",
        "i8ge.24xlarge",
        "i8ge.48xlarge",
        "i8ge.metal-24xl",
        "i8ge.metal-48xl",
        "mac-m4.metal",
        "mac-m4pro.metal",
        "r8gn.medium",
        "r8gn.large",
        "r8gn.xlarge",
        "r8gn.2xlarge",
        "r8gn.4xlarge",
        "r8gn.8xlarge",
        "r8gn.12xlarge",
        "r8gn.16xlarge",
        "r8gn.24xlarge",
        "r8gn.48xlarge",
        "r8gn.metal-24xl",
        "r8gn.metal-48xl",
        "c8i.large",
        "c8i.xlarge",
        "c8i.2xlarge",
        "c8i.4xlarge",
        "c8i.8xlarge",
        "c8i.12xlarge",
        "c8i.16xlarge",
        "c8i.24xlarge",
        "c8i.32xlarge",
        "c8i.48xlarge",
        "c8i.96xlarge",
        "c8i.metal-48xl",
        "c8i.metal-96xl",
        "c8i-flex.large",
        "c8i-flex.xlarge",
        "c8i-flex.2xlarge",
        "c8i-flex.4xlarge",
        "c8i-flex.8xlarge",
        "c8i-flex.12xlarge",
        "c8i-flex.16xlarge",
        "r8gb.medium",
        "r8gb.large",
        "r8gb.xlarge",
        "r8gb.2xlarge",
        "r8gb.4xlarge",
        "r8gb.8xlarge",
        "r8gb.12xlarge",
        "r8gb.16xlarge",
        "r8gb.24xlarge",
        "r8gb.metal-24xl",
        "m8a.medium",
        "m8a.large",
        "m8a.xlarge",
        "m8a.2xlarge",
        "m8a.4xlarge",
        "m8a.8xlarge",
        "m8a.12xlarge",
        "m8a.16xlarge",
        "m8a.24xlarge",
        "m8a.48xlarge",
        "m8a.metal-24xl",
        "m8a.metal-48xl",
        "trn2.3xlarge",
        "r8a.medium",
        "r8a.large",
        "r8a.xlarge",
        "r8a.2xlarge",
        "r8a.4xlarge",
        "r8a.8xlarge",
        "r8a.12xlarge",
        "r8a.16xlarge",
        "r8a.24xlarge",
        "r8a.48xlarge",
        "r8a.metal-24xl",
        "r8a.metal-48xl",
        "p6-b300.48xlarge",
        "c8a.medium",
        "c8a.large",
        "c8a.xlarge",
        "c8a.2xlarge",
        "c8a.4xlarge",
        "c8a.8xlarge",
        "c8a.12xlarge",
        "c8a.16xlarge",
        "c8a.24xlarge",
        "c8a.48xlarge",
        "c8a.metal-24xl",
        "c8a.metal-48xl",
        "c8gb.12xlarge",
        "c8gb.16xlarge",
        "c8gb.24xlarge",
        "c8gb.2xlarge",
        "c8gb.4xlarge",
        "c8gb.8xlarge",
        "c8gb.large",
        "c8gb.medium",
        "c8gb.metal-24xl",
        "c8gb.xlarge",
        "c8gb.48xlarge",
        "c8gb.metal-48xl",
        "m8gb.12xlarge",
        "m8gb.16xlarge",
        "m8gb.24xlarge",
        "m8gb.2xlarge",
        "m8gb.4xlarge",
        "m8gb.8xlarge",
        "m8gb.large",
        "m8gb.medium",
        "m8gb.xlarge",
        "m8gb.48xlarge",
        "m8gb.metal-24xl",
        "m8gb.metal-48xl",
        "m8gn.12xlarge",
        "m8gn.16xlarge",
        "m8gn.24xlarge",
        "m8gn.2xlarge",
        "m8gn.48xlarge",
        "m8gn.4xlarge",
        "m8gn.8xlarge",
        "m8gn.large",
        "m8gn.medium",
        "m8gn.xlarge",
        "m8gn.metal-24xl",
        "m8gn.metal-48xl",
        "x8aedz.12xlarge",
        "x8aedz.24xlarge",
        "x8aedz.3xlarge",
        "x8aedz.6xlarge",
        "x8aedz.large",
        "x8aedz.metal-12xl",
        "x8aedz.metal-24xl",
        "x8aedz.xlarge",
        "m8azn.medium",
        "m8azn.large",
        "m8azn.xlarge",
        "m8azn.3xlarge",
        "m8azn.6xlarge",
        "m8azn.12xlarge",
        "m8azn.24xlarge",
        "m8azn.metal-12xl",
        "m8azn.metal-24xl",
        "x8i.large",
        "x8i.xlarge",
        "x8i.2xlarge",
        "x8i.4xlarge",
        "x8i.8xlarge",
        "x8i.12xlarge",
        "x8i.16xlarge",
        "x8i.24xlarge",
        "x8i.32xlarge",
        "x8i.48xlarge",
        "x8i.64xlarge",
        "x8i.96xlarge",
        "x8i.metal-48xl",
        "x8i.metal-96xl",
        "mac-m4max.metal",
        "g7e.2xlarge",
        "g7e.4xlarge",
        "g7e.8xlarge",
        "g7e.12xlarge",
        "g7e.24xlarge",
        "g7e.48xlarge",
        "r8id.large",
        "r8id.xlarge",
        "r8id.2xlarge",
        "r8id.4xlarge",
        "r8id.8xlarge",
        "r8id.12xlarge",
        "r8id.16xlarge",
        "r8id.24xlarge",
        "r8id.32xlarge",
        "r8id.48xlarge",
        "r8id.96xlarge",
        "r8id.metal-48xl",
        "r8id.metal-96xl",
        "c8id.large",
        "c8id.xlarge",
        "c8id.2xlarge",
        "c8id.4xlarge",
        "c8id.8xlarge",
        "c8id.12xlarge",
        "c8id.16xlarge",
        "c8id.24xlarge",
        "c8id.32xlarge",
        "c8id.48xlarge",
        "c8id.96xlarge",
        "c8id.metal-48xl",
        "c8id.metal-96xl",
        "m8id.large",
        "m8id.xlarge",
        "m8id.2xlarge",
        "m8id.4xlarge",
        "m8id.8xlarge",
        "m8id.12xlarge",
        "m8id.16xlarge",
        "m8id.24xlarge",
        "m8id.32xlarge",
        "m8id.48xlarge",
        "m8id.96xlarge",
        "m8id.metal-48xl",
        "m8id.metal-96xl",
        "hpc8a.96xlarge",
        "c8in.large",
        "c8in.xlarge",
        "c8in.2xlarge",
        "c8in.4xlarge",
        "c8in.8xlarge",
        "c8in.12xlarge",
        "c8in.16xlarge",
        "c8in.24xlarge",
        "c8in.32xlarge",
        "c8in.48xlarge",
        "c8in.96xlarge",
        "c8in.metal-48xl",
        "c8in.metal-96xl",
        "c8ib.large",
        "c8ib.xlarge",
        "c8ib.2xlarge",
        "c8ib.4xlarge",
        "c8ib.8xlarge",
        "c8ib.12xlarge",
        "c8ib.16xlarge",
        "c8ib.24xlarge",
        "c8ib.32xlarge",
        "c8ib.48xlarge",
        "c8ib.96xlarge",
        "c8ib.metal-48xl",
        "c8ib.metal-96xl",
        "r8in.large",
        "r8in.xlarge",
        "r8in.2xlarge",
        "r8in.4xlarge",
        "r8in.8xlarge",
        "r8in.12xlarge",
        "r8in.16xlarge",
        "r8in.24xlarge",
        "r8in.32xlarge",
        "r8in.48xlarge",
        "r8in.96xlarge",
        "r8ib.large",
        "r8ib.xlarge",
        "r8ib.2xlarge",
        "r8ib.4xlarge",
        "r8ib.8xlarge",
        "r8ib.12xlarge",
        "r8ib.16xlarge",
        "r8ib.24xlarge",
        "r8ib.32xlarge",
        "r8ib.48xlarge",
        "r8ib.96xlarge",
        "m8in.large",
        "m8in.xlarge",
        "m8in.2xlarge",
        "m8in.4xlarge",
        "m8in.8xlarge",
        "m8in.12xlarge",
        "m8in.16xlarge",
        "m8in.24xlarge",
        "m8in.32xlarge",
        "m8in.48xlarge",
        "m8in.96xlarge",
        "m8ib.large",
        "m8ib.xlarge",
        "m8ib.2xlarge",
        "m8ib.4xlarge",
        "m8ib.8xlarge",
        "m8ib.12xlarge",
        "m8ib.16xlarge",
        "m8ib.24xlarge",
        "m8ib.32xlarge",
        "m8ib.48xlarge",
        "m8ib.96xlarge",
        "m8ine.large",
        "m8ine.xlarge",
        "m8ine.2xlarge",
        "m8ine.4xlarge",
        "m8ine.8xlarge",
        "m8ine.12xlarge",
        "c8ine.large",
        "c8ine.xlarge",
        "c8ine.2xlarge",
        "c8ine.4xlarge",
        "c8ine.8xlarge",
        "c8ine.12xlarge",
        "m8idn.large",
        "m8idn.xlarge",
        "m8idn.2xlarge",
        "m8idn.4xlarge",
        "m8idn.8xlarge",
        "m8idn.12xlarge",
        "m8idn.16xlarge",
        "m8idn.24xlarge",
        "m8idn.32xlarge",
        "m8idn.48xlarge",
        "m8idn.96xlarge",
        "r8idn.large",
        "r8idn.xlarge",
        "r8idn.2xlarge",
        "r8idn.4xlarge",
        "r8idn.8xlarge",
        "r8idn.12xlarge",
        "r8idn.16xlarge",
        "r8idn.24xlarge",
        "r8idn.32xlarge",
        "r8idn.48xlarge",
        "r8idn.96xlarge",
        "m8idb.large",
        "m8idb.xlarge",
        "m8idb.2xlarge",
        "m8idb.4xlarge",
        "m8idb.8xlarge",
        "m8idb.12xlarge",
        "m8idb.16xlarge",
        "m8idb.24xlarge",
        "m8idb.32xlarge",
        "m8idb.48xlarge",
        "m8idb.96xlarge",
        "r8idb.large",
        "r8idb.xlarge",
        "r8idb.2xlarge",
        "r8idb.4xlarge",
        "r8idb.8xlarge",
        "r8idb.12xlarge",
        "r8idb.16xlarge",
        "r8idb.24xlarge",
        "r8idb.32xlarge",
        "r8idb.48xlarge",
        "r8idb.96xlarge",
        "mac-m3ultra.metal",
        "m9g.large",
        "m9g.xlarge",
        "m9g.2xlarge",
        "m9g.4xlarge",
        "m9g.8xlarge",
        "m9g.12xlarge",
        "m9g.16xlarge",
        "m9g.24xlarge",
        "m9g.48xlarge",
        "m9g.metal-24xl",
        "m9g.metal-48xl",
        "m9gd.large",
        "m9gd.xlarge",
        "m9gd.2xlarge",
        "m9gd.4xlarge",
        "m9gd.8xlarge",
        "m9gd.12xlarge",
        "m9gd.16xlarge",
        "m9gd.24xlarge",
        "m9gd.48xlarge",
        "m9gd.metal-24xl",
        "m9gd.metal-48xl",
        "r8in.metal-48xl",
        "r8in.metal-96xl",
        "r8ib.metal-48xl",
        "r8ib.metal-96xl",
        "r8idn.metal-48xl",
        "r8idn.metal-96xl",
        "r8idb.metal-48xl",
        "r8idb.metal-96xl",
        "m8in.metal-48xl",
        "m8in.metal-96xl",
        "m8ib.metal-48xl",
        "m8ib.metal-96xl",
        "m8idn.metal-48xl",
        "m8idn.metal-96xl",
        "m8idb.metal-48xl",
        "m8idb.metal-96xl",
        "g7.2xlarge",
        "g7.4xlarge",
        "g7.8xlarge",
        "g7.12xlarge",
        "g7.24xlarge",
        "g7.48xlarge",
        "c9g.medium",
        "c9g.large",
        "c9g.xlarge",
        "c9g.2xlarge",
        "c9g.4xlarge",
        "c9g.8xlarge",
        "c9g.12xlarge",
        "c9g.16xlarge",
        "c9g.24xlarge",
        "c9g.48xlarge",
        "c9g.metal-48xl",
        "c9gd.medium",
        "c9gd.large",
        "c9gd.xlarge",
        "c9gd.2xlarge",
        "c9gd.4xlarge",
        "c9gd.8xlarge",
        "c9gd.12xlarge",
        "c9gd.16xlarge",
        "c9gd.24xlarge",
        "c9gd.48xlarge",
        "c9gd.metal-48xl",
        "r9g.medium",
        "r9g.large",
        "r9g.xlarge",
        "r9g.2xlarge",
        "r9g.4xlarge",
        "r9g.8xlarge",
        "r9g.12xlarge",
        "r9g.16xlarge",
        "r9g.24xlarge",
        "r9g.48xlarge",
        "r9g.metal-48xl",
        "r9gd.medium",
        "r9gd.large",
        "r9gd.xlarge",
        "r9gd.2xlarge",
        "r9gd.4xlarge",
        "r9gd.8xlarge",
        "r9gd.12xlarge",
        "r9gd.16xlarge",
        "r9gd.24xlarge",
        "r9gd.48xlarge",
        "r9gd.metal-48xl",
        "m9g.medium",
        "t8i.nano",
        "t8i.micro",
        "t8i.small",
        "t8i.medium",
        "i8g.metal-48xl",
        "r8gb.48xlarge",
        "r8gb.metal-48xl",
        "m9gd.medium",
        "trn2u.48xlarge",
    ]),
);

static INSTANCE_TYPE_HYPERVISOR: Shape = string(
    "InstanceTypeHypervisor",
    Text::ANY.values(&["nitro", "xen"]),
);

static INSTANCE_TYPE_INFO: Shape = structure(
    "InstanceTypeInfo",
    &[
        member("InstanceType", &INSTANCE_TYPE).wire("instanceType"),
        member("CurrentGeneration", &CURRENT_GENERATION_FLAG).wire("currentGeneration"),
        member("FreeTierEligible", &FREE_TIER_ELIGIBLE_FLAG).wire("freeTierEligible"),
        member("SupportedUsageClasses", &USAGE_CLASS_TYPE_LIST).wire("supportedUsageClasses"),
        member("SupportedRootDeviceTypes", &ROOT_DEVICE_TYPE_LIST).wire("supportedRootDeviceTypes"),
        member("SupportedVirtualizationTypes", &VIRTUALIZATION_TYPE_LIST)
            .wire("supportedVirtualizationTypes"),
        member("BareMetal", &BARE_METAL_FLAG).wire("bareMetal"),
        member("Hypervisor", &INSTANCE_TYPE_HYPERVISOR).wire("hypervisor"),
        member("ProcessorInfo", &PROCESSOR_INFO).wire("processorInfo"),
        member("VCpuInfo", &V_CPU_INFO).wire("vCpuInfo"),
        member("MemoryInfo", &MEMORY_INFO).wire("memoryInfo"),
        member("InstanceStorageSupported", &INSTANCE_STORAGE_FLAG).wire("instanceStorageSupported"),
        member("InstanceStorageInfo", &INSTANCE_STORAGE_INFO).wire("instanceStorageInfo"),
        member("EbsInfo", &EBS_INFO).wire("ebsInfo"),
        member("NetworkInfo", &NETWORK_INFO).wire("networkInfo"),
        member("GpuInfo", &GPU_INFO).wire("gpuInfo"),
        member("FpgaInfo", &FPGA_INFO).wire("fpgaInfo"),
        member("PlacementGroupInfo", &PLACEMENT_GROUP_INFO).wire("placementGroupInfo"),
        member("InferenceAcceleratorInfo", &INFERENCE_ACCELERATOR_INFO)
            .wire("inferenceAcceleratorInfo"),
        member("HibernationSupported", &HIBERNATION_FLAG).wire("hibernationSupported"),
        member("BurstablePerformanceSupported", &BURSTABLE_PERFORMANCE_FLAG)
            .wire("burstablePerformanceSupported"),
        member("DedicatedHostsSupported", &DEDICATED_HOST_FLAG).wire("dedicatedHostsSupported"),
        member("AutoRecoverySupported", &AUTO_RECOVERY_FLAG).wire("autoRecoverySupported"),
        member("SupportedBootModes", &BOOT_MODE_TYPE_LIST).wire("supportedBootModes"),
        member("NitroEnclavesSupport", &NITRO_ENCLAVES_SUPPORT).wire("nitroEnclavesSupport"),
        member("NitroTpmSupport", &NITRO_TPM_SUPPORT).wire("nitroTpmSupport"),
        member("NitroTpmInfo", &NITRO_TPM_INFO).wire("nitroTpmInfo"),
        member("MediaAcceleratorInfo", &MEDIA_ACCELERATOR_INFO).wire("mediaAcceleratorInfo"),
        member("NeuronInfo", &NEURON_INFO).wire("neuronInfo"),
        member("PhcSupport", &PHC_SUPPORT).wire("phcSupport"),
        member("RebootMigrationSupport", &REBOOT_MIGRATION_SUPPORT).wire("rebootMigrationSupport"),
        member("SupportedInRegion", &SUPPORTED_IN_REGION).wire("supportedInRegion"),
    ],
);

static INSTANCE_TYPE_INFO_LIST: Shape = list(
    "InstanceTypeInfoList",
    &INSTANCE_TYPE_INFO,
    Some("item"),
    None,
    None,
);

static INSTANCE_TYPE_ITEM: Shape = structure(
    "InstanceTypeItem",
    &[member("InstanceType", &STRING).wire("instanceType")],
);

static INSTANCE_TYPE_OFFERING: Shape = structure(
    "InstanceTypeOffering",
    &[
        member("InstanceType", &INSTANCE_TYPE).wire("instanceType"),
        member("LocationType", &LOCATION_TYPE).wire("locationType"),
        member("Location", &LOCATION).wire("location"),
    ],
);

static INSTANCE_TYPE_OFFERINGS_LIST: Shape = list(
    "InstanceTypeOfferingsList",
    &INSTANCE_TYPE_OFFERING,
    Some("item"),
    None,
    None,
);

static INSTANCE_TYPE_SPECIFICATION: Shape = structure(
    "InstanceTypeSpecification",
    &[
        member("SupportedInstanceTypes", &SUPPORTED_INSTANCE_TYPE_SET)
            .wire("supportedInstanceTypeSet")
            .query("SupportedInstanceTypeSet"),
        member("UnsupportedInstanceTypes", &UNSUPPORTED_INSTANCE_TYPE_SET)
            .wire("unsupportedInstanceTypeSet")
            .query("UnsupportedInstanceTypeSet"),
    ],
);

static INTEGER: Shape = integer("Integer", 32, None, None);

static INTERNET_GATEWAY: Shape = structure(
    "InternetGateway",
    &[
        member("Attachments", &INTERNET_GATEWAY_ATTACHMENT_LIST)
            .wire("attachmentSet")
            .query("AttachmentSet"),
        member("InternetGatewayId", &STRING).wire("internetGatewayId"),
        member("OwnerId", &STRING).wire("ownerId"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
    ],
);

static INTERNET_GATEWAY_ATTACHMENT: Shape = structure(
    "InternetGatewayAttachment",
    &[
        member("State", &ATTACHMENT_STATUS).wire("state"),
        member("VpcId", &STRING).wire("vpcId"),
    ],
);

static INTERNET_GATEWAY_ATTACHMENT_LIST: Shape = list(
    "InternetGatewayAttachmentList",
    &INTERNET_GATEWAY_ATTACHMENT,
    Some("item"),
    None,
    None,
);

static INTERNET_GATEWAY_ID: Shape = string("InternetGatewayId", Text::ANY);

static INTERNET_GATEWAY_ID_LIST: Shape = list(
    "InternetGatewayIdList",
    &INTERNET_GATEWAY_ID,
    Some("item"),
    None,
    None,
);

static INTERNET_GATEWAY_LIST: Shape = list(
    "InternetGatewayList",
    &INTERNET_GATEWAY,
    Some("item"),
    None,
    None,
);

static IP_PERMISSION: Shape = structure(
    "IpPermission",
    &[
        member("IpProtocol", &STRING).wire("ipProtocol"),
        member("FromPort", &INTEGER).wire("fromPort"),
        member("ToPort", &INTEGER).wire("toPort"),
        member("UserIdGroupPairs", &USER_ID_GROUP_PAIR_LIST)
            .wire("groups")
            .query("Groups"),
        member("IpRanges", &IP_RANGE_LIST).wire("ipRanges"),
        member("Ipv6Ranges", &IPV6_RANGE_LIST).wire("ipv6Ranges"),
        member("PrefixListIds", &PREFIX_LIST_ID_LIST).wire("prefixListIds"),
    ],
);

static IP_PERMISSION_LIST: Shape =
    list("IpPermissionList", &IP_PERMISSION, Some("item"), None, None);

static IP_RANGE: Shape = structure(
    "IpRange",
    &[
        member("Description", &STRING).wire("description"),
        member("CidrIp", &STRING).wire("cidrIp"),
    ],
);

static IP_RANGE_LIST: Shape = list("IpRangeList", &IP_RANGE, Some("item"), None, None);

static IP_SOURCE: Shape = string("IpSource", Text::ANY.values(&["amazon", "byoip", "none"]));

static IPV4_ADDRESSES_PER_SECONDARY_INTERFACE: Shape =
    integer("Ipv4AddressesPerSecondaryInterface", 32, None, None);

static IPV4_PREFIX_LIST: Shape = list(
    "Ipv4PrefixList",
    &IPV4_PREFIX_SPECIFICATION_REQUEST,
    Some("item"),
    None,
    None,
);

static IPV4_PREFIX_LIST_RESPONSE: Shape = list(
    "Ipv4PrefixListResponse",
    &IPV4_PREFIX_SPECIFICATION_RESPONSE,
    Some("item"),
    None,
    None,
);

static IPV4_PREFIX_SPECIFICATION: Shape = structure(
    "Ipv4PrefixSpecification",
    &[member("Ipv4Prefix", &STRING).wire("ipv4Prefix")],
);

static IPV4_PREFIX_SPECIFICATION_REQUEST: Shape = structure(
    "Ipv4PrefixSpecificationRequest",
    &[member("Ipv4Prefix", &STRING)],
);

static IPV4_PREFIX_SPECIFICATION_RESPONSE: Shape = structure(
    "Ipv4PrefixSpecificationResponse",
    &[member("Ipv4Prefix", &STRING).wire("ipv4Prefix")],
);

static IPV4_PREFIXES_LIST: Shape = list(
    "Ipv4PrefixesList",
    &IPV4_PREFIX_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static IPV6_ADDRESS_ATTRIBUTE: Shape = string(
    "Ipv6AddressAttribute",
    Text::ANY.values(&["public", "private"]),
);

static IPV6_FLAG: Shape = boolean("Ipv6Flag");

static IPV6_PREFIX_LIST: Shape = list(
    "Ipv6PrefixList",
    &IPV6_PREFIX_SPECIFICATION_REQUEST,
    Some("item"),
    None,
    None,
);

static IPV6_PREFIX_LIST_RESPONSE: Shape = list(
    "Ipv6PrefixListResponse",
    &IPV6_PREFIX_SPECIFICATION_RESPONSE,
    Some("item"),
    None,
    None,
);

static IPV6_PREFIX_SPECIFICATION: Shape = structure(
    "Ipv6PrefixSpecification",
    &[member("Ipv6Prefix", &STRING).wire("ipv6Prefix")],
);

static IPV6_PREFIX_SPECIFICATION_REQUEST: Shape = structure(
    "Ipv6PrefixSpecificationRequest",
    &[member("Ipv6Prefix", &STRING)],
);

static IPV6_PREFIX_SPECIFICATION_RESPONSE: Shape = structure(
    "Ipv6PrefixSpecificationResponse",
    &[member("Ipv6Prefix", &STRING).wire("ipv6Prefix")],
);

static IPV6_PREFIXES_LIST: Shape = list(
    "Ipv6PrefixesList",
    &IPV6_PREFIX_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static IPV6_RANGE: Shape = structure(
    "Ipv6Range",
    &[
        member("Description", &STRING).wire("description"),
        member("CidrIpv6", &STRING).wire("cidrIpv6"),
    ],
);

static IPV6_RANGE_LIST: Shape = list("Ipv6RangeList", &IPV6_RANGE, Some("item"), None, None);

static KERNEL_ID: Shape = string("KernelId", Text::ANY);

static KEY_NAME_STRING_LIST: Shape = list(
    "KeyNameStringList",
    &KEY_PAIR_NAME,
    Some("KeyName"),
    None,
    None,
);

static KEY_PAIR_ID: Shape = string("KeyPairId", Text::ANY);

static KEY_PAIR_ID_STRING_LIST: Shape = list(
    "KeyPairIdStringList",
    &KEY_PAIR_ID,
    Some("KeyPairId"),
    None,
    None,
);

static KEY_PAIR_INFO: Shape = structure(
    "KeyPairInfo",
    &[
        member("KeyPairId", &STRING).wire("keyPairId"),
        member("KeyType", &KEY_TYPE).wire("keyType"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("PublicKey", &STRING).wire("publicKey"),
        member("CreateTime", &MILLISECOND_DATE_TIME).wire("createTime"),
        member("KeyName", &STRING).wire("keyName"),
        member("KeyFingerprint", &STRING).wire("keyFingerprint"),
    ],
);

static KEY_PAIR_LIST: Shape = list("KeyPairList", &KEY_PAIR_INFO, Some("item"), None, None);

static KEY_PAIR_NAME: Shape = string("KeyPairName", Text::ANY);

static KEY_TYPE: Shape = string("KeyType", Text::ANY.values(&["rsa", "ed25519"]));

static KMS_KEY_ID: Shape = string("KmsKeyId", Text::ANY);

static LAUNCH_TEMPLATE: Shape = structure(
    "LaunchTemplate",
    &[
        member("LaunchTemplateId", &STRING).wire("launchTemplateId"),
        member("LaunchTemplateName", &LAUNCH_TEMPLATE_NAME).wire("launchTemplateName"),
        member("CreateTime", &DATE_TIME).wire("createTime"),
        member("CreatedBy", &STRING).wire("createdBy"),
        member("DefaultVersionNumber", &LONG).wire("defaultVersionNumber"),
        member("LatestVersionNumber", &LONG).wire("latestVersionNumber"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
    ],
);

static LAUNCH_TEMPLATE_AUTO_RECOVERY_STATE: Shape = string(
    "LaunchTemplateAutoRecoveryState",
    Text::ANY.values(&["default", "disabled"]),
);

static LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING: Shape = structure(
    "LaunchTemplateBlockDeviceMapping",
    &[
        member("DeviceName", &STRING).wire("deviceName"),
        member("VirtualName", &STRING).wire("virtualName"),
        member("Ebs", &LAUNCH_TEMPLATE_EBS_BLOCK_DEVICE).wire("ebs"),
        member("NoDevice", &STRING).wire("noDevice"),
    ],
);

static LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING_LIST: Shape = list(
    "LaunchTemplateBlockDeviceMappingList",
    &LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING_REQUEST: Shape = structure(
    "LaunchTemplateBlockDeviceMappingRequest",
    &[
        member("DeviceName", &STRING),
        member("VirtualName", &STRING),
        member("Ebs", &LAUNCH_TEMPLATE_EBS_BLOCK_DEVICE_REQUEST),
        member("NoDevice", &STRING),
    ],
);

static LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING_REQUEST_LIST: Shape = list(
    "LaunchTemplateBlockDeviceMappingRequestList",
    &LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING_REQUEST,
    Some("BlockDeviceMapping"),
    None,
    None,
);

static LAUNCH_TEMPLATE_CAPACITY_RESERVATION_SPECIFICATION_REQUEST: Shape = structure(
    "LaunchTemplateCapacityReservationSpecificationRequest",
    &[
        member(
            "CapacityReservationPreference",
            &CAPACITY_RESERVATION_PREFERENCE,
        ),
        member("CapacityReservationTarget", &CAPACITY_RESERVATION_TARGET),
    ],
);

static LAUNCH_TEMPLATE_CAPACITY_RESERVATION_SPECIFICATION_RESPONSE: Shape = structure(
    "LaunchTemplateCapacityReservationSpecificationResponse",
    &[
        member(
            "CapacityReservationPreference",
            &CAPACITY_RESERVATION_PREFERENCE,
        )
        .wire("capacityReservationPreference"),
        member(
            "CapacityReservationTarget",
            &CAPACITY_RESERVATION_TARGET_RESPONSE,
        )
        .wire("capacityReservationTarget"),
    ],
);

static LAUNCH_TEMPLATE_CPU_OPTIONS: Shape = structure(
    "LaunchTemplateCpuOptions",
    &[
        member("CoreCount", &INTEGER).wire("coreCount"),
        member("ThreadsPerCore", &INTEGER).wire("threadsPerCore"),
        member("AmdSevSnp", &AMD_SEV_SNP_SPECIFICATION).wire("amdSevSnp"),
        member("NestedVirtualization", &NESTED_VIRTUALIZATION_SPECIFICATION)
            .wire("nestedVirtualization"),
    ],
);

static LAUNCH_TEMPLATE_CPU_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateCpuOptionsRequest",
    &[
        member("CoreCount", &INTEGER),
        member("ThreadsPerCore", &INTEGER),
        member("AmdSevSnp", &AMD_SEV_SNP_SPECIFICATION),
        member("NestedVirtualization", &NESTED_VIRTUALIZATION_SPECIFICATION),
    ],
);

static LAUNCH_TEMPLATE_EBS_BLOCK_DEVICE: Shape = structure(
    "LaunchTemplateEbsBlockDevice",
    &[
        member("Encrypted", &BOOLEAN).wire("encrypted"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("Iops", &INTEGER).wire("iops"),
        member("KmsKeyId", &KMS_KEY_ID).wire("kmsKeyId"),
        member("SnapshotId", &SNAPSHOT_ID).wire("snapshotId"),
        member("VolumeSize", &INTEGER).wire("volumeSize"),
        member("VolumeType", &VOLUME_TYPE).wire("volumeType"),
        member("Throughput", &INTEGER).wire("throughput"),
        member("VolumeInitializationRate", &INTEGER).wire("volumeInitializationRate"),
        member("EbsCardIndex", &INTEGER).wire("ebsCardIndex"),
    ],
);

static LAUNCH_TEMPLATE_EBS_BLOCK_DEVICE_REQUEST: Shape = structure(
    "LaunchTemplateEbsBlockDeviceRequest",
    &[
        member("Encrypted", &BOOLEAN),
        member("DeleteOnTermination", &BOOLEAN),
        member("Iops", &INTEGER),
        member("KmsKeyId", &KMS_KEY_ID),
        member("SnapshotId", &SNAPSHOT_ID),
        member("VolumeSize", &INTEGER),
        member("VolumeType", &VOLUME_TYPE),
        member("Throughput", &INTEGER),
        member("VolumeInitializationRate", &INTEGER),
        member("EbsCardIndex", &INTEGER),
    ],
);

static LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR: Shape = structure(
    "LaunchTemplateElasticInferenceAccelerator",
    &[
        member("Type", &STRING).required(),
        member(
            "Count",
            &LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_COUNT,
        ),
    ],
);

static LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_COUNT: Shape = integer(
    "LaunchTemplateElasticInferenceAcceleratorCount",
    32,
    Some(1),
    None,
);

static LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_LIST: Shape = list(
    "LaunchTemplateElasticInferenceAcceleratorList",
    &LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_RESPONSE: Shape = structure(
    "LaunchTemplateElasticInferenceAcceleratorResponse",
    &[
        member("Type", &STRING).wire("type"),
        member("Count", &INTEGER).wire("count"),
    ],
);

static LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_RESPONSE_LIST: Shape = list(
    "LaunchTemplateElasticInferenceAcceleratorResponseList",
    &LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_RESPONSE,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_ENA_SRD_SPECIFICATION: Shape = structure(
    "LaunchTemplateEnaSrdSpecification",
    &[
        member("EnaSrdEnabled", &BOOLEAN).wire("enaSrdEnabled"),
        member(
            "EnaSrdUdpSpecification",
            &LAUNCH_TEMPLATE_ENA_SRD_UDP_SPECIFICATION,
        )
        .wire("enaSrdUdpSpecification"),
    ],
);

static LAUNCH_TEMPLATE_ENA_SRD_UDP_SPECIFICATION: Shape = structure(
    "LaunchTemplateEnaSrdUdpSpecification",
    &[member("EnaSrdUdpEnabled", &BOOLEAN).wire("enaSrdUdpEnabled")],
);

static LAUNCH_TEMPLATE_ENCLAVE_OPTIONS: Shape = structure(
    "LaunchTemplateEnclaveOptions",
    &[member("Enabled", &BOOLEAN).wire("enabled")],
);

static LAUNCH_TEMPLATE_ENCLAVE_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateEnclaveOptionsRequest",
    &[member("Enabled", &BOOLEAN)],
);

static LAUNCH_TEMPLATE_HIBERNATION_OPTIONS: Shape = structure(
    "LaunchTemplateHibernationOptions",
    &[member("Configured", &BOOLEAN).wire("configured")],
);

static LAUNCH_TEMPLATE_HIBERNATION_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateHibernationOptionsRequest",
    &[member("Configured", &BOOLEAN)],
);

static LAUNCH_TEMPLATE_HTTP_TOKENS_STATE: Shape = string(
    "LaunchTemplateHttpTokensState",
    Text::ANY.values(&["optional", "required"]),
);

static LAUNCH_TEMPLATE_IAM_INSTANCE_PROFILE_SPECIFICATION: Shape = structure(
    "LaunchTemplateIamInstanceProfileSpecification",
    &[
        member("Arn", &STRING).wire("arn"),
        member("Name", &STRING).wire("name"),
    ],
);

static LAUNCH_TEMPLATE_IAM_INSTANCE_PROFILE_SPECIFICATION_REQUEST: Shape = structure(
    "LaunchTemplateIamInstanceProfileSpecificationRequest",
    &[member("Arn", &STRING), member("Name", &STRING)],
);

static LAUNCH_TEMPLATE_ID: Shape = string("LaunchTemplateId", Text::ANY);

static LAUNCH_TEMPLATE_ID_STRING_LIST: Shape = list(
    "LaunchTemplateIdStringList",
    &LAUNCH_TEMPLATE_ID,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_INSTANCE_MAINTENANCE_OPTIONS: Shape = structure(
    "LaunchTemplateInstanceMaintenanceOptions",
    &[member("AutoRecovery", &LAUNCH_TEMPLATE_AUTO_RECOVERY_STATE).wire("autoRecovery")],
);

static LAUNCH_TEMPLATE_INSTANCE_MAINTENANCE_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateInstanceMaintenanceOptionsRequest",
    &[member("AutoRecovery", &LAUNCH_TEMPLATE_AUTO_RECOVERY_STATE)],
);

static LAUNCH_TEMPLATE_INSTANCE_MARKET_OPTIONS: Shape = structure(
    "LaunchTemplateInstanceMarketOptions",
    &[
        member("MarketType", &MARKET_TYPE).wire("marketType"),
        member("SpotOptions", &LAUNCH_TEMPLATE_SPOT_MARKET_OPTIONS).wire("spotOptions"),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_MARKET_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateInstanceMarketOptionsRequest",
    &[
        member("MarketType", &MARKET_TYPE),
        member("SpotOptions", &LAUNCH_TEMPLATE_SPOT_MARKET_OPTIONS_REQUEST),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_METADATA_ENDPOINT_STATE: Shape = string(
    "LaunchTemplateInstanceMetadataEndpointState",
    Text::ANY.values(&["disabled", "enabled"]),
);

static LAUNCH_TEMPLATE_INSTANCE_METADATA_OPTIONS: Shape = structure(
    "LaunchTemplateInstanceMetadataOptions",
    &[
        member("State", &LAUNCH_TEMPLATE_INSTANCE_METADATA_OPTIONS_STATE).wire("state"),
        member("HttpTokens", &LAUNCH_TEMPLATE_HTTP_TOKENS_STATE).wire("httpTokens"),
        member("HttpPutResponseHopLimit", &INTEGER).wire("httpPutResponseHopLimit"),
        member(
            "HttpEndpoint",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_ENDPOINT_STATE,
        )
        .wire("httpEndpoint"),
        member(
            "HttpProtocolIpv6",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_PROTOCOL_IPV6,
        )
        .wire("httpProtocolIpv6"),
        member(
            "InstanceMetadataTags",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_TAGS_STATE,
        )
        .wire("instanceMetadataTags"),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_METADATA_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateInstanceMetadataOptionsRequest",
    &[
        member("HttpTokens", &LAUNCH_TEMPLATE_HTTP_TOKENS_STATE),
        member("HttpPutResponseHopLimit", &INTEGER),
        member(
            "HttpEndpoint",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_ENDPOINT_STATE,
        ),
        member(
            "HttpProtocolIpv6",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_PROTOCOL_IPV6,
        ),
        member(
            "InstanceMetadataTags",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_TAGS_STATE,
        ),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_METADATA_OPTIONS_STATE: Shape = string(
    "LaunchTemplateInstanceMetadataOptionsState",
    Text::ANY.values(&["pending", "applied"]),
);

static LAUNCH_TEMPLATE_INSTANCE_METADATA_PROTOCOL_IPV6: Shape = string(
    "LaunchTemplateInstanceMetadataProtocolIpv6",
    Text::ANY.values(&["disabled", "enabled"]),
);

static LAUNCH_TEMPLATE_INSTANCE_METADATA_TAGS_STATE: Shape = string(
    "LaunchTemplateInstanceMetadataTagsState",
    Text::ANY.values(&["disabled", "enabled"]),
);

static LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION: Shape = structure(
    "LaunchTemplateInstanceNetworkInterfaceSpecification",
    &[
        member("AssociateCarrierIpAddress", &BOOLEAN).wire("associateCarrierIpAddress"),
        member("AssociatePublicIpAddress", &BOOLEAN).wire("associatePublicIpAddress"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("Description", &STRING).wire("description"),
        member("DeviceIndex", &INTEGER).wire("deviceIndex"),
        member("Groups", &GROUP_ID_STRING_LIST)
            .wire("groupSet")
            .query("GroupSet"),
        member("InterfaceType", &STRING).wire("interfaceType"),
        member("Ipv6AddressCount", &INTEGER).wire("ipv6AddressCount"),
        member("Ipv6Addresses", &INSTANCE_IPV6_ADDRESS_LIST)
            .wire("ipv6AddressesSet")
            .query("Ipv6AddressesSet"),
        member("NetworkInterfaceId", &NETWORK_INTERFACE_ID).wire("networkInterfaceId"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
        member("PrivateIpAddresses", &PRIVATE_IP_ADDRESS_SPECIFICATION_LIST)
            .wire("privateIpAddressesSet")
            .query("PrivateIpAddressesSet"),
        member("SecondaryPrivateIpAddressCount", &INTEGER).wire("secondaryPrivateIpAddressCount"),
        member("SubnetId", &SUBNET_ID).wire("subnetId"),
        member("NetworkCardIndex", &INTEGER).wire("networkCardIndex"),
        member("Ipv4Prefixes", &IPV4_PREFIX_LIST_RESPONSE)
            .wire("ipv4PrefixSet")
            .query("Ipv4PrefixSet"),
        member("Ipv4PrefixCount", &INTEGER).wire("ipv4PrefixCount"),
        member("Ipv6Prefixes", &IPV6_PREFIX_LIST_RESPONSE)
            .wire("ipv6PrefixSet")
            .query("Ipv6PrefixSet"),
        member("Ipv6PrefixCount", &INTEGER).wire("ipv6PrefixCount"),
        member("PrimaryIpv6", &BOOLEAN).wire("primaryIpv6"),
        member(
            "EnaSrdSpecification",
            &LAUNCH_TEMPLATE_ENA_SRD_SPECIFICATION,
        )
        .wire("enaSrdSpecification"),
        member(
            "ConnectionTrackingSpecification",
            &CONNECTION_TRACKING_SPECIFICATION,
        )
        .wire("connectionTrackingSpecification"),
        member("EnaQueueCount", &INTEGER).wire("enaQueueCount"),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION_LIST: Shape = list(
    "LaunchTemplateInstanceNetworkInterfaceSpecificationList",
    &LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION_REQUEST: Shape = structure(
    "LaunchTemplateInstanceNetworkInterfaceSpecificationRequest",
    &[
        member("AssociateCarrierIpAddress", &BOOLEAN),
        member("AssociatePublicIpAddress", &BOOLEAN),
        member("DeleteOnTermination", &BOOLEAN),
        member("Description", &STRING),
        member("DeviceIndex", &INTEGER),
        member("Groups", &SECURITY_GROUP_ID_STRING_LIST)
            .wire("SecurityGroupId")
            .query("SecurityGroupId"),
        member("InterfaceType", &STRING),
        member("Ipv6AddressCount", &INTEGER),
        member("Ipv6Addresses", &INSTANCE_IPV6_ADDRESS_LIST_REQUEST),
        member("NetworkInterfaceId", &NETWORK_INTERFACE_ID),
        member("PrivateIpAddress", &STRING),
        member("PrivateIpAddresses", &PRIVATE_IP_ADDRESS_SPECIFICATION_LIST),
        member("SecondaryPrivateIpAddressCount", &INTEGER),
        member("SubnetId", &SUBNET_ID),
        member("NetworkCardIndex", &INTEGER),
        member("Ipv4Prefixes", &IPV4_PREFIX_LIST)
            .wire("Ipv4Prefix")
            .query("Ipv4Prefix"),
        member("Ipv4PrefixCount", &INTEGER),
        member("Ipv6Prefixes", &IPV6_PREFIX_LIST)
            .wire("Ipv6Prefix")
            .query("Ipv6Prefix"),
        member("Ipv6PrefixCount", &INTEGER),
        member("PrimaryIpv6", &BOOLEAN),
        member("EnaSrdSpecification", &ENA_SRD_SPECIFICATION_REQUEST),
        member(
            "ConnectionTrackingSpecification",
            &CONNECTION_TRACKING_SPECIFICATION_REQUEST,
        ),
        member("EnaQueueCount", &INTEGER),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION_REQUEST_LIST: Shape = list(
    "LaunchTemplateInstanceNetworkInterfaceSpecificationRequestList",
    &LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION_REQUEST,
    Some("InstanceNetworkInterfaceSpecification"),
    None,
    None,
);

static LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION: Shape = structure(
    "LaunchTemplateInstanceSecondaryInterfaceSpecification",
    &[
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("DeviceIndex", &INTEGER).wire("deviceIndex"),
        member(
            "PrivateIpAddresses",
            &SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION_LIST,
        )
        .wire("privateIpAddressesSet")
        .query("PrivateIpAddressesSet"),
        member("PrivateIpAddressCount", &INTEGER).wire("privateIpAddressCount"),
        member("SecondarySubnetId", &SECONDARY_SUBNET_ID).wire("secondarySubnetId"),
        member("InterfaceType", &SECONDARY_INTERFACE_TYPE).wire("interfaceType"),
        member("NetworkCardIndex", &INTEGER).wire("networkCardIndex"),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_LIST: Shape = list(
    "LaunchTemplateInstanceSecondaryInterfaceSpecificationList",
    &LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_REQUEST: Shape = structure(
    "LaunchTemplateInstanceSecondaryInterfaceSpecificationRequest",
    &[
        member("DeleteOnTermination", &BOOLEAN),
        member("DeviceIndex", &INTEGER),
        member(
            "PrivateIpAddresses",
            &SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION_LIST_REQUEST,
        )
        .wire("PrivateIpAddress")
        .query("PrivateIpAddress"),
        member("PrivateIpAddressCount", &INTEGER),
        member("SecondarySubnetId", &SECONDARY_SUBNET_ID),
        member("InterfaceType", &SECONDARY_INTERFACE_TYPE),
        member("NetworkCardIndex", &INTEGER),
    ],
);

static LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_REQUEST_LIST: Shape = list(
    "LaunchTemplateInstanceSecondaryInterfaceSpecificationRequestList",
    &LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_REQUEST,
    Some("InstanceSecondaryInterfaceSpecification"),
    None,
    None,
);

static LAUNCH_TEMPLATE_LICENSE_CONFIGURATION: Shape = structure(
    "LaunchTemplateLicenseConfiguration",
    &[member("LicenseConfigurationArn", &STRING).wire("licenseConfigurationArn")],
);

static LAUNCH_TEMPLATE_LICENSE_CONFIGURATION_REQUEST: Shape = structure(
    "LaunchTemplateLicenseConfigurationRequest",
    &[member("LicenseConfigurationArn", &STRING)],
);

static LAUNCH_TEMPLATE_LICENSE_LIST: Shape = list(
    "LaunchTemplateLicenseList",
    &LAUNCH_TEMPLATE_LICENSE_CONFIGURATION,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_LICENSE_SPECIFICATION_LIST_REQUEST: Shape = list(
    "LaunchTemplateLicenseSpecificationListRequest",
    &LAUNCH_TEMPLATE_LICENSE_CONFIGURATION_REQUEST,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_NAME_PATTERN: Pattern = Pattern::new(r"[a-zA-Z0-9\(\)\.\-/_]+");

static LAUNCH_TEMPLATE_NAME: Shape = string(
    "LaunchTemplateName",
    Text::ANY
        .min(3)
        .max(128)
        .pattern(&LAUNCH_TEMPLATE_NAME_PATTERN),
);

static LAUNCH_TEMPLATE_NAME_STRING_LIST: Shape = list(
    "LaunchTemplateNameStringList",
    &LAUNCH_TEMPLATE_NAME,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_NETWORK_PERFORMANCE_OPTIONS: Shape = structure(
    "LaunchTemplateNetworkPerformanceOptions",
    &[member("BandwidthWeighting", &INSTANCE_BANDWIDTH_WEIGHTING).wire("bandwidthWeighting")],
);

static LAUNCH_TEMPLATE_NETWORK_PERFORMANCE_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateNetworkPerformanceOptionsRequest",
    &[member("BandwidthWeighting", &INSTANCE_BANDWIDTH_WEIGHTING)],
);

static LAUNCH_TEMPLATE_PLACEMENT: Shape = structure(
    "LaunchTemplatePlacement",
    &[
        member("AvailabilityZone", &STRING).wire("availabilityZone"),
        member("AvailabilityZoneId", &AVAILABILITY_ZONE_ID).wire("availabilityZoneId"),
        member("Affinity", &STRING).wire("affinity"),
        member("GroupName", &STRING).wire("groupName"),
        member("HostId", &STRING).wire("hostId"),
        member("Tenancy", &TENANCY).wire("tenancy"),
        member("SpreadDomain", &STRING).wire("spreadDomain"),
        member("HostResourceGroupArn", &STRING).wire("hostResourceGroupArn"),
        member("PartitionNumber", &INTEGER).wire("partitionNumber"),
        member("GroupId", &PLACEMENT_GROUP_ID).wire("groupId"),
    ],
);

static LAUNCH_TEMPLATE_PLACEMENT_REQUEST: Shape = structure(
    "LaunchTemplatePlacementRequest",
    &[
        member("AvailabilityZone", &STRING),
        member("AvailabilityZoneId", &AVAILABILITY_ZONE_ID),
        member("Affinity", &STRING),
        member("GroupName", &PLACEMENT_GROUP_NAME),
        member("HostId", &DEDICATED_HOST_ID),
        member("Tenancy", &TENANCY),
        member("SpreadDomain", &STRING),
        member("HostResourceGroupArn", &STRING),
        member("PartitionNumber", &INTEGER),
        member("GroupId", &PLACEMENT_GROUP_ID),
    ],
);

static LAUNCH_TEMPLATE_PRIVATE_DNS_NAME_OPTIONS: Shape = structure(
    "LaunchTemplatePrivateDnsNameOptions",
    &[
        member("HostnameType", &HOSTNAME_TYPE).wire("hostnameType"),
        member("EnableResourceNameDnsARecord", &BOOLEAN).wire("enableResourceNameDnsARecord"),
        member("EnableResourceNameDnsAAAARecord", &BOOLEAN).wire("enableResourceNameDnsAAAARecord"),
    ],
);

static LAUNCH_TEMPLATE_PRIVATE_DNS_NAME_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplatePrivateDnsNameOptionsRequest",
    &[
        member("HostnameType", &HOSTNAME_TYPE),
        member("EnableResourceNameDnsARecord", &BOOLEAN),
        member("EnableResourceNameDnsAAAARecord", &BOOLEAN),
    ],
);

static LAUNCH_TEMPLATE_SET: Shape = list(
    "LaunchTemplateSet",
    &LAUNCH_TEMPLATE,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_SPECIFICATION: Shape = structure(
    "LaunchTemplateSpecification",
    &[
        member("LaunchTemplateId", &LAUNCH_TEMPLATE_ID),
        member("LaunchTemplateName", &STRING),
        member("Version", &STRING),
    ],
);

static LAUNCH_TEMPLATE_SPOT_MARKET_OPTIONS: Shape = structure(
    "LaunchTemplateSpotMarketOptions",
    &[
        member("MaxPrice", &STRING).wire("maxPrice"),
        member("SpotInstanceType", &SPOT_INSTANCE_TYPE).wire("spotInstanceType"),
        member("BlockDurationMinutes", &INTEGER).wire("blockDurationMinutes"),
        member("ValidUntil", &DATE_TIME).wire("validUntil"),
        member(
            "InstanceInterruptionBehavior",
            &INSTANCE_INTERRUPTION_BEHAVIOR,
        )
        .wire("instanceInterruptionBehavior"),
    ],
);

static LAUNCH_TEMPLATE_SPOT_MARKET_OPTIONS_REQUEST: Shape = structure(
    "LaunchTemplateSpotMarketOptionsRequest",
    &[
        member("MaxPrice", &STRING),
        member("SpotInstanceType", &SPOT_INSTANCE_TYPE),
        member("BlockDurationMinutes", &INTEGER),
        member("ValidUntil", &DATE_TIME),
        member(
            "InstanceInterruptionBehavior",
            &INSTANCE_INTERRUPTION_BEHAVIOR,
        ),
    ],
);

static LAUNCH_TEMPLATE_TAG_SPECIFICATION: Shape = structure(
    "LaunchTemplateTagSpecification",
    &[
        member("ResourceType", &RESOURCE_TYPE).wire("resourceType"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
    ],
);

static LAUNCH_TEMPLATE_TAG_SPECIFICATION_LIST: Shape = list(
    "LaunchTemplateTagSpecificationList",
    &LAUNCH_TEMPLATE_TAG_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATE_TAG_SPECIFICATION_REQUEST: Shape = structure(
    "LaunchTemplateTagSpecificationRequest",
    &[
        member("ResourceType", &RESOURCE_TYPE),
        member("Tags", &TAG_LIST).wire("Tag").query("Tag"),
    ],
);

static LAUNCH_TEMPLATE_TAG_SPECIFICATION_REQUEST_LIST: Shape = list(
    "LaunchTemplateTagSpecificationRequestList",
    &LAUNCH_TEMPLATE_TAG_SPECIFICATION_REQUEST,
    Some("LaunchTemplateTagSpecificationRequest"),
    None,
    None,
);

static LAUNCH_TEMPLATE_VERSION: Shape = structure(
    "LaunchTemplateVersion",
    &[
        member("LaunchTemplateId", &STRING).wire("launchTemplateId"),
        member("LaunchTemplateName", &LAUNCH_TEMPLATE_NAME).wire("launchTemplateName"),
        member("VersionNumber", &LONG).wire("versionNumber"),
        member("VersionDescription", &VERSION_DESCRIPTION).wire("versionDescription"),
        member("CreateTime", &DATE_TIME).wire("createTime"),
        member("CreatedBy", &STRING).wire("createdBy"),
        member("DefaultVersion", &BOOLEAN).wire("defaultVersion"),
        member("LaunchTemplateData", &RESPONSE_LAUNCH_TEMPLATE_DATA).wire("launchTemplateData"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
    ],
);

static LAUNCH_TEMPLATE_VERSION_SET: Shape = list(
    "LaunchTemplateVersionSet",
    &LAUNCH_TEMPLATE_VERSION,
    Some("item"),
    None,
    None,
);

static LAUNCH_TEMPLATES_MONITORING: Shape = structure(
    "LaunchTemplatesMonitoring",
    &[
        member("Enabled", &BOOLEAN).wire("enabled"),
        member("MetricCategoryIds", &METRIC_CATEGORY_ID_LIST)
            .wire("metricCategoryIdSet")
            .query("MetricCategoryIdSet"),
    ],
);

static LAUNCH_TEMPLATES_MONITORING_REQUEST: Shape = structure(
    "LaunchTemplatesMonitoringRequest",
    &[
        member("Enabled", &BOOLEAN),
        member("MetricCategoryIds", &METRIC_CATEGORY_ID_LIST)
            .wire("MetricCategoryId")
            .query("MetricCategoryId"),
    ],
);

static LICENSE_CONFIGURATION: Shape = structure(
    "LicenseConfiguration",
    &[member("LicenseConfigurationArn", &STRING).wire("licenseConfigurationArn")],
);

static LICENSE_CONFIGURATION_REQUEST: Shape = structure(
    "LicenseConfigurationRequest",
    &[member("LicenseConfigurationArn", &STRING)],
);

static LICENSE_LIST: Shape = list(
    "LicenseList",
    &LICENSE_CONFIGURATION,
    Some("item"),
    None,
    None,
);

static LICENSE_SPECIFICATION_LIST_REQUEST: Shape = list(
    "LicenseSpecificationListRequest",
    &LICENSE_CONFIGURATION_REQUEST,
    Some("item"),
    None,
    None,
);

static LOCAL_STORAGE: Shape = string(
    "LocalStorage",
    Text::ANY.values(&["included", "required", "excluded"]),
);

static LOCAL_STORAGE_TYPE: Shape = string("LocalStorageType", Text::ANY.values(&["hdd", "ssd"]));

static LOCAL_STORAGE_TYPE_SET: Shape = list(
    "LocalStorageTypeSet",
    &LOCAL_STORAGE_TYPE,
    Some("item"),
    None,
    None,
);

static LOCATION: Shape = string("Location", Text::ANY);

static LOCATION_TYPE: Shape = string(
    "LocationType",
    Text::ANY.values(&[
        "region",
        "availability-zone",
        "availability-zone-id",
        "outpost",
    ]),
);

static LOGICAL_GPU_COUNT: Shape = integer("LogicalGpuCount", 32, None, None);

static LONG: Shape = integer("Long", 64, None, None);

static MANAGED_BY: Shape = string(
    "ManagedBy",
    Text::ANY.values(&["account", "declarative-policy"]),
);

static MARKET_TYPE: Shape = string(
    "MarketType",
    Text::ANY.values(&[
        "spot",
        "capacity-block",
        "interruptible-capacity-reservation",
        "on-demand",
    ]),
);

static MAX_IPV4_ADDR_PER_INTERFACE: Shape = integer("MaxIpv4AddrPerInterface", 32, None, None);

static MAX_IPV6_ADDR_PER_INTERFACE: Shape = integer("MaxIpv6AddrPerInterface", 32, None, None);

static MAX_NETWORK_INTERFACES: Shape = integer("MaxNetworkInterfaces", 32, None, None);

static MAXIMUM_BANDWIDTH_IN_MBPS: Shape = integer("MaximumBandwidthInMbps", 32, None, None);

static MAXIMUM_EBS_ATTACHMENTS: Shape = integer("MaximumEbsAttachments", 32, None, None);

static MAXIMUM_EBS_CARDS: Shape = integer("MaximumEbsCards", 32, None, None);

static MAXIMUM_EFA_INTERFACES: Shape = integer("MaximumEfaInterfaces", 32, None, None);

static MAXIMUM_ENA_QUEUE_COUNT: Shape = integer("MaximumEnaQueueCount", 32, None, None);

static MAXIMUM_ENA_QUEUE_COUNT_PER_INTERFACE: Shape =
    integer("MaximumEnaQueueCountPerInterface", 32, None, None);

static MAXIMUM_IOPS: Shape = integer("MaximumIops", 32, None, None);

static MAXIMUM_NETWORK_CARDS: Shape = integer("MaximumNetworkCards", 32, None, None);

static MAXIMUM_SECONDARY_NETWORK_INTERFACES: Shape =
    integer("MaximumSecondaryNetworkInterfaces", 32, None, None);

static MAXIMUM_THROUGHPUT_IN_M_BPS: Shape = float("MaximumThroughputInMBps");

static MEDIA_ACCELERATOR_INFO: Shape = structure(
    "MediaAcceleratorInfo",
    &[
        member("Accelerators", &MEDIA_DEVICE_INFO_LIST).wire("accelerators"),
        member("TotalMediaMemoryInMiB", &TOTAL_MEDIA_MEMORY).wire("totalMediaMemoryInMiB"),
    ],
);

static MEDIA_DEVICE_COUNT: Shape = integer("MediaDeviceCount", 32, None, None);

static MEDIA_DEVICE_INFO: Shape = structure(
    "MediaDeviceInfo",
    &[
        member("Count", &MEDIA_DEVICE_COUNT).wire("count"),
        member("Name", &MEDIA_DEVICE_NAME).wire("name"),
        member("Manufacturer", &MEDIA_DEVICE_MANUFACTURER_NAME).wire("manufacturer"),
        member("MemoryInfo", &MEDIA_DEVICE_MEMORY_INFO).wire("memoryInfo"),
    ],
);

static MEDIA_DEVICE_INFO_LIST: Shape = list(
    "MediaDeviceInfoList",
    &MEDIA_DEVICE_INFO,
    Some("item"),
    None,
    None,
);

static MEDIA_DEVICE_MANUFACTURER_NAME: Shape = string("MediaDeviceManufacturerName", Text::ANY);

static MEDIA_DEVICE_MEMORY_INFO: Shape = structure(
    "MediaDeviceMemoryInfo",
    &[member("SizeInMiB", &MEDIA_DEVICE_MEMORY_SIZE).wire("sizeInMiB")],
);

static MEDIA_DEVICE_MEMORY_SIZE: Shape = integer("MediaDeviceMemorySize", 32, None, None);

static MEDIA_DEVICE_NAME: Shape = string("MediaDeviceName", Text::ANY);

static MEMORY_GI_B_PER_V_CPU: Shape = structure(
    "MemoryGiBPerVCpu",
    &[
        member("Min", &DOUBLE).wire("min"),
        member("Max", &DOUBLE).wire("max"),
    ],
);

static MEMORY_GI_B_PER_V_CPU_REQUEST: Shape = structure(
    "MemoryGiBPerVCpuRequest",
    &[member("Min", &DOUBLE), member("Max", &DOUBLE)],
);

static MEMORY_INFO: Shape = structure(
    "MemoryInfo",
    &[member("SizeInMiB", &MEMORY_SIZE).wire("sizeInMiB")],
);

static MEMORY_MI_B: Shape = structure(
    "MemoryMiB",
    &[
        member("Min", &INTEGER).wire("min"),
        member("Max", &INTEGER).wire("max"),
    ],
);

static MEMORY_MI_B_REQUEST: Shape = structure(
    "MemoryMiBRequest",
    &[member("Min", &INTEGER).required(), member("Max", &INTEGER)],
);

static MEMORY_SIZE: Shape = integer("MemorySize", 64, None, None);

static METADATA_DEFAULT_HTTP_TOKENS_STATE: Shape = string(
    "MetadataDefaultHttpTokensState",
    Text::ANY.values(&["optional", "required", "no-preference"]),
);

static METRIC_CATEGORY_ID: Shape = string("MetricCategoryId", Text::ANY);

static METRIC_CATEGORY_ID_LIST: Shape = list(
    "MetricCategoryIdList",
    &METRIC_CATEGORY_ID,
    Some("item"),
    None,
    None,
);

static MILLISECOND_DATE_TIME: Shape = timestamp("MillisecondDateTime");

static MODIFY_INSTANCE_ATTRIBUTE_REQUEST: Shape = structure(
    "ModifyInstanceAttributeRequest",
    &[
        member("SourceDestCheck", &ATTRIBUTE_BOOLEAN_VALUE),
        member("EnclaveOptions", &ENCLAVE_OPTIONS_REQUEST),
        member("DisableApiStop", &ATTRIBUTE_BOOLEAN_VALUE),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("InstanceId", &INSTANCE_ID)
            .required()
            .wire("instanceId"),
        member("Attribute", &INSTANCE_ATTRIBUTE_NAME).wire("attribute"),
        member("Value", &MODIFY_INSTANCE_ATTRIBUTE_VALUE).wire("value"),
        member(
            "BlockDeviceMappings",
            &INSTANCE_BLOCK_DEVICE_MAPPING_SPECIFICATION_LIST,
        )
        .wire("blockDeviceMapping")
        .query("BlockDeviceMapping"),
        member("DisableApiTermination", &ATTRIBUTE_BOOLEAN_VALUE).wire("disableApiTermination"),
        member("InstanceType", &ATTRIBUTE_VALUE).wire("instanceType"),
        member("Kernel", &ATTRIBUTE_VALUE).wire("kernel"),
        member("Ramdisk", &ATTRIBUTE_VALUE).wire("ramdisk"),
        member("UserData", &SECURE_BLOB_ATTRIBUTE_VALUE).wire("userData"),
        member("InstanceInitiatedShutdownBehavior", &ATTRIBUTE_VALUE)
            .wire("instanceInitiatedShutdownBehavior"),
        member("Groups", &GROUP_ID_STRING_LIST)
            .wire("GroupId")
            .query("GroupId"),
        member("EbsOptimized", &ATTRIBUTE_BOOLEAN_VALUE).wire("ebsOptimized"),
        member("SriovNetSupport", &ATTRIBUTE_VALUE).wire("sriovNetSupport"),
        member("EnaSupport", &ATTRIBUTE_BOOLEAN_VALUE).wire("enaSupport"),
    ],
);

static MODIFY_INSTANCE_ATTRIBUTE_VALUE: Shape =
    string("ModifyInstanceAttributeValue", Text::ANY.sensitive());

static MODIFY_INSTANCE_METADATA_DEFAULTS_REQUEST: Shape = structure(
    "ModifyInstanceMetadataDefaultsRequest",
    &[
        member("HttpTokens", &METADATA_DEFAULT_HTTP_TOKENS_STATE),
        member("HttpPutResponseHopLimit", &BOXED_INTEGER),
        member("HttpEndpoint", &DEFAULT_INSTANCE_METADATA_ENDPOINT_STATE),
        member(
            "InstanceMetadataTags",
            &DEFAULT_INSTANCE_METADATA_TAGS_STATE,
        ),
        member("DryRun", &BOOLEAN),
        member("HttpTokensEnforced", &DEFAULT_HTTP_TOKENS_ENFORCED_STATE),
    ],
);

static MODIFY_INSTANCE_METADATA_DEFAULTS_RESULT: Shape = structure(
    "ModifyInstanceMetadataDefaultsResult",
    &[member("Return", &BOOLEAN).wire("return")],
);

static MODIFY_INSTANCE_METADATA_OPTIONS_REQUEST: Shape = structure(
    "ModifyInstanceMetadataOptionsRequest",
    &[
        member("InstanceId", &INSTANCE_ID).required(),
        member("HttpTokens", &HTTP_TOKENS_STATE),
        member("HttpPutResponseHopLimit", &INTEGER),
        member("HttpEndpoint", &INSTANCE_METADATA_ENDPOINT_STATE),
        member("DryRun", &BOOLEAN),
        member("HttpProtocolIpv6", &INSTANCE_METADATA_PROTOCOL_STATE),
        member("InstanceMetadataTags", &INSTANCE_METADATA_TAGS_STATE),
    ],
);

static MODIFY_INSTANCE_METADATA_OPTIONS_RESULT: Shape = structure(
    "ModifyInstanceMetadataOptionsResult",
    &[
        member("InstanceId", &STRING).wire("instanceId"),
        member(
            "InstanceMetadataOptions",
            &INSTANCE_METADATA_OPTIONS_RESPONSE,
        )
        .wire("instanceMetadataOptions"),
    ],
);

static MODIFY_LAUNCH_TEMPLATE_REQUEST: Shape = structure(
    "ModifyLaunchTemplateRequest",
    &[
        member("DryRun", &BOOLEAN),
        member("ClientToken", &STRING),
        member("LaunchTemplateId", &LAUNCH_TEMPLATE_ID),
        member("LaunchTemplateName", &LAUNCH_TEMPLATE_NAME),
        member("DefaultVersion", &STRING)
            .wire("SetDefaultVersion")
            .query("SetDefaultVersion"),
    ],
);

static MODIFY_LAUNCH_TEMPLATE_RESULT: Shape = structure(
    "ModifyLaunchTemplateResult",
    &[member("LaunchTemplate", &LAUNCH_TEMPLATE).wire("launchTemplate")],
);

static MONITOR_INSTANCES_REQUEST: Shape = structure(
    "MonitorInstancesRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .required()
            .wire("InstanceId")
            .query("InstanceId"),
        member("MetricCategoryIds", &METRIC_CATEGORY_ID_LIST)
            .wire("MetricCategoryId")
            .query("MetricCategoryId"),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static MONITOR_INSTANCES_RESULT: Shape = structure(
    "MonitorInstancesResult",
    &[member("InstanceMonitorings", &INSTANCE_MONITORING_LIST)
        .wire("instancesSet")
        .query("InstancesSet")],
);

static MONITORING: Shape = structure(
    "Monitoring",
    &[
        member("MetricCategoryIds", &METRIC_CATEGORY_ID_LIST)
            .wire("metricCategoryIdSet")
            .query("MetricCategoryIdSet"),
        member("State", &MONITORING_STATE).wire("state"),
    ],
);

static MONITORING_STATE: Shape = string(
    "MonitoringState",
    Text::ANY.values(&["disabled", "disabling", "enabled", "pending"]),
);

static NESTED_VIRTUALIZATION_SPECIFICATION: Shape = string(
    "NestedVirtualizationSpecification",
    Text::ANY.values(&["enabled", "disabled"]),
);

static NETWORK_BANDWIDTH_GBPS: Shape = structure(
    "NetworkBandwidthGbps",
    &[
        member("Min", &DOUBLE).wire("min"),
        member("Max", &DOUBLE).wire("max"),
    ],
);

static NETWORK_BANDWIDTH_GBPS_REQUEST: Shape = structure(
    "NetworkBandwidthGbpsRequest",
    &[member("Min", &DOUBLE), member("Max", &DOUBLE)],
);

static NETWORK_CARD_INDEX: Shape = integer("NetworkCardIndex", 32, None, None);

static NETWORK_CARD_INFO: Shape = structure(
    "NetworkCardInfo",
    &[
        member("NetworkCardIndex", &NETWORK_CARD_INDEX).wire("networkCardIndex"),
        member("NetworkPerformance", &NETWORK_PERFORMANCE).wire("networkPerformance"),
        member("MaximumNetworkInterfaces", &MAX_NETWORK_INTERFACES)
            .wire("maximumNetworkInterfaces"),
        member(
            "AdditionalFlexibleNetworkInterfaces",
            &ADDITIONAL_FLEXIBLE_NETWORK_INTERFACES,
        )
        .wire("additionalFlexibleNetworkInterfaces"),
        member("BaselineBandwidthInGbps", &BASELINE_BANDWIDTH_IN_GBPS)
            .wire("baselineBandwidthInGbps"),
        member("PeakBandwidthInGbps", &PEAK_BANDWIDTH_IN_GBPS).wire("peakBandwidthInGbps"),
        member(
            "DefaultEnaQueueCountPerInterface",
            &DEFAULT_ENA_QUEUE_COUNT_PER_INTERFACE,
        )
        .wire("defaultEnaQueueCountPerInterface"),
        member("MaximumEnaQueueCount", &MAXIMUM_ENA_QUEUE_COUNT).wire("maximumEnaQueueCount"),
        member(
            "MaximumEnaQueueCountPerInterface",
            &MAXIMUM_ENA_QUEUE_COUNT_PER_INTERFACE,
        )
        .wire("maximumEnaQueueCountPerInterface"),
        member("InterfaceTypes", &NETWORK_CARD_INTERFACE_TYPE_LIST)
            .wire("interfaceTypeSet")
            .query("InterfaceTypeSet"),
    ],
);

static NETWORK_CARD_INFO_LIST: Shape = list(
    "NetworkCardInfoList",
    &NETWORK_CARD_INFO,
    Some("item"),
    None,
    None,
);

static NETWORK_CARD_INTERFACE_TYPE: Shape = string(
    "NetworkCardInterfaceType",
    Text::ANY.values(&["interface", "efa", "efa-only", "secondary"]),
);

static NETWORK_CARD_INTERFACE_TYPE_LIST: Shape = list(
    "NetworkCardInterfaceTypeList",
    &NETWORK_CARD_INTERFACE_TYPE,
    Some("item"),
    None,
    None,
);

static NETWORK_INFO: Shape = structure(
    "NetworkInfo",
    &[
        member("NetworkPerformance", &NETWORK_PERFORMANCE).wire("networkPerformance"),
        member("MaximumNetworkInterfaces", &MAX_NETWORK_INTERFACES)
            .wire("maximumNetworkInterfaces"),
        member("MaximumNetworkCards", &MAXIMUM_NETWORK_CARDS).wire("maximumNetworkCards"),
        member("DefaultNetworkCardIndex", &DEFAULT_NETWORK_CARD_INDEX)
            .wire("defaultNetworkCardIndex"),
        member("NetworkCards", &NETWORK_CARD_INFO_LIST).wire("networkCards"),
        member("Ipv4AddressesPerInterface", &MAX_IPV4_ADDR_PER_INTERFACE)
            .wire("ipv4AddressesPerInterface"),
        member("Ipv6AddressesPerInterface", &MAX_IPV6_ADDR_PER_INTERFACE)
            .wire("ipv6AddressesPerInterface"),
        member("Ipv6Supported", &IPV6_FLAG).wire("ipv6Supported"),
        member("EnaSupport", &ENA_SUPPORT).wire("enaSupport"),
        member("EfaSupported", &EFA_SUPPORTED_FLAG).wire("efaSupported"),
        member("EfaInfo", &EFA_INFO).wire("efaInfo"),
        member(
            "EncryptionInTransitSupported",
            &ENCRYPTION_IN_TRANSIT_SUPPORTED,
        )
        .wire("encryptionInTransitSupported"),
        member("EnaSrdSupported", &ENA_SRD_SUPPORTED).wire("enaSrdSupported"),
        member("BandwidthWeightings", &BANDWIDTH_WEIGHTING_TYPE_LIST).wire("bandwidthWeightings"),
        member("FlexibleEnaQueuesSupport", &FLEXIBLE_ENA_QUEUES_SUPPORT)
            .wire("flexibleEnaQueuesSupport"),
        member(
            "ConnectionTrackingConfiguration",
            &DEFAULT_CONNECTION_TRACKING_CONFIGURATION,
        )
        .wire("connectionTrackingConfiguration"),
        member(
            "SecondaryNetworkSupported",
            &SECONDARY_NETWORK_SUPPORTED_FLAG,
        )
        .wire("secondaryNetworkSupported"),
        member(
            "MaximumSecondaryNetworkInterfaces",
            &MAXIMUM_SECONDARY_NETWORK_INTERFACES,
        )
        .wire("maximumSecondaryNetworkInterfaces"),
        member(
            "Ipv4AddressesPerSecondaryInterface",
            &IPV4_ADDRESSES_PER_SECONDARY_INTERFACE,
        )
        .wire("ipv4AddressesPerSecondaryInterface"),
    ],
);

static NETWORK_INTERFACE: Shape = structure(
    "NetworkInterface",
    &[
        member("Association", &NETWORK_INTERFACE_ASSOCIATION).wire("association"),
        member("Attachment", &NETWORK_INTERFACE_ATTACHMENT).wire("attachment"),
        member("AvailabilityZone", &STRING).wire("availabilityZone"),
        member(
            "ConnectionTrackingConfiguration",
            &CONNECTION_TRACKING_CONFIGURATION,
        )
        .wire("connectionTrackingConfiguration"),
        member("Description", &STRING).wire("description"),
        member("Groups", &GROUP_IDENTIFIER_LIST)
            .wire("groupSet")
            .query("GroupSet"),
        member("InterfaceType", &NETWORK_INTERFACE_TYPE).wire("interfaceType"),
        member("Ipv6Addresses", &NETWORK_INTERFACE_IPV6_ADDRESSES_LIST)
            .wire("ipv6AddressesSet")
            .query("Ipv6AddressesSet"),
        member("MacAddress", &STRING).wire("macAddress"),
        member("NetworkInterfaceId", &STRING).wire("networkInterfaceId"),
        member("OutpostArn", &STRING).wire("outpostArn"),
        member("OwnerId", &STRING).wire("ownerId"),
        member("PrivateDnsName", &STRING).wire("privateDnsName"),
        member("PublicDnsName", &STRING).wire("publicDnsName"),
        member("PublicIpDnsNameOptions", &PUBLIC_IP_DNS_NAME_OPTIONS)
            .wire("publicIpDnsNameOptions"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
        member(
            "PrivateIpAddresses",
            &NETWORK_INTERFACE_PRIVATE_IP_ADDRESS_LIST,
        )
        .wire("privateIpAddressesSet")
        .query("PrivateIpAddressesSet"),
        member("Ipv4Prefixes", &IPV4_PREFIXES_LIST)
            .wire("ipv4PrefixSet")
            .query("Ipv4PrefixSet"),
        member("Ipv6Prefixes", &IPV6_PREFIXES_LIST)
            .wire("ipv6PrefixSet")
            .query("Ipv6PrefixSet"),
        member("RequesterId", &STRING).wire("requesterId"),
        member("RequesterManaged", &BOOLEAN).wire("requesterManaged"),
        member("SourceDestCheck", &BOOLEAN).wire("sourceDestCheck"),
        member("Status", &NETWORK_INTERFACE_STATUS).wire("status"),
        member("SubnetId", &STRING).wire("subnetId"),
        member("TagSet", &TAG_LIST).wire("tagSet"),
        member("VpcId", &STRING).wire("vpcId"),
        member("DenyAllIgwTraffic", &BOOLEAN).wire("denyAllIgwTraffic"),
        member("Ipv6Native", &BOOLEAN).wire("ipv6Native"),
        member("Ipv6Address", &STRING).wire("ipv6Address"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
        member("AssociatedSubnets", &ASSOCIATED_SUBNET_LIST)
            .wire("associatedSubnetSet")
            .query("AssociatedSubnetSet"),
        member("AvailabilityZoneId", &STRING).wire("availabilityZoneId"),
    ],
);

static NETWORK_INTERFACE_ASSOCIATION: Shape = structure(
    "NetworkInterfaceAssociation",
    &[
        member("AllocationId", &STRING).wire("allocationId"),
        member("AssociationId", &STRING).wire("associationId"),
        member("IpOwnerId", &STRING).wire("ipOwnerId"),
        member("PublicDnsName", &STRING).wire("publicDnsName"),
        member("PublicIp", &STRING).wire("publicIp"),
        member("CustomerOwnedIp", &STRING).wire("customerOwnedIp"),
        member("CarrierIp", &STRING).wire("carrierIp"),
    ],
);

static NETWORK_INTERFACE_ATTACHMENT: Shape = structure(
    "NetworkInterfaceAttachment",
    &[
        member("AttachTime", &DATE_TIME).wire("attachTime"),
        member("AttachmentId", &STRING).wire("attachmentId"),
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("DeviceIndex", &INTEGER).wire("deviceIndex"),
        member("NetworkCardIndex", &INTEGER).wire("networkCardIndex"),
        member("InstanceId", &STRING).wire("instanceId"),
        member("InstanceOwnerId", &STRING).wire("instanceOwnerId"),
        member("Status", &ATTACHMENT_STATUS).wire("status"),
        member("EnaSrdSpecification", &ATTACHMENT_ENA_SRD_SPECIFICATION)
            .wire("enaSrdSpecification"),
        member("EnaQueueCount", &INTEGER).wire("enaQueueCount"),
    ],
);

static NETWORK_INTERFACE_COUNT: Shape = structure(
    "NetworkInterfaceCount",
    &[
        member("Min", &INTEGER).wire("min"),
        member("Max", &INTEGER).wire("max"),
    ],
);

static NETWORK_INTERFACE_COUNT_REQUEST: Shape = structure(
    "NetworkInterfaceCountRequest",
    &[member("Min", &INTEGER), member("Max", &INTEGER)],
);

static NETWORK_INTERFACE_ID: Shape = string("NetworkInterfaceId", Text::ANY);

static NETWORK_INTERFACE_ID_LIST: Shape = list(
    "NetworkInterfaceIdList",
    &NETWORK_INTERFACE_ID,
    Some("item"),
    None,
    None,
);

static NETWORK_INTERFACE_IPV6_ADDRESS: Shape = structure(
    "NetworkInterfaceIpv6Address",
    &[
        member("Ipv6Address", &STRING).wire("ipv6Address"),
        member("PublicIpv6DnsName", &STRING).wire("publicIpv6DnsName"),
        member("IsPrimaryIpv6", &BOOLEAN).wire("isPrimaryIpv6"),
    ],
);

static NETWORK_INTERFACE_IPV6_ADDRESSES_LIST: Shape = list(
    "NetworkInterfaceIpv6AddressesList",
    &NETWORK_INTERFACE_IPV6_ADDRESS,
    Some("item"),
    None,
    None,
);

static NETWORK_INTERFACE_LIST: Shape = list(
    "NetworkInterfaceList",
    &NETWORK_INTERFACE,
    Some("item"),
    None,
    None,
);

static NETWORK_INTERFACE_PRIVATE_IP_ADDRESS: Shape = structure(
    "NetworkInterfacePrivateIpAddress",
    &[
        member("Association", &NETWORK_INTERFACE_ASSOCIATION).wire("association"),
        member("Primary", &BOOLEAN).wire("primary"),
        member("PrivateDnsName", &STRING).wire("privateDnsName"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
    ],
);

static NETWORK_INTERFACE_PRIVATE_IP_ADDRESS_LIST: Shape = list(
    "NetworkInterfacePrivateIpAddressList",
    &NETWORK_INTERFACE_PRIVATE_IP_ADDRESS,
    Some("item"),
    None,
    None,
);

static NETWORK_INTERFACE_STATUS: Shape = string(
    "NetworkInterfaceStatus",
    Text::ANY.values(&[
        "available",
        "associated",
        "attaching",
        "in-use",
        "detaching",
    ]),
);

static NETWORK_INTERFACE_TYPE: Shape = string(
    "NetworkInterfaceType",
    Text::ANY.values(&[
        "interface",
        "natGateway",
        "efa",
        "efa-only",
        "trunk",
        "load_balancer",
        "network_load_balancer",
        "vpc_endpoint",
        "branch",
        "transit_gateway",
        "lambda",
        "quicksight",
        "global_accelerator_managed",
        "api_gateway_managed",
        "gateway_load_balancer",
        "gateway_load_balancer_endpoint",
        "iot_rules_managed",
        "aws_codestar_connections_managed",
    ]),
);

static NETWORK_PERFORMANCE: Shape = string("NetworkPerformance", Text::ANY);

static NEURON_DEVICE_CORE_COUNT: Shape = integer("NeuronDeviceCoreCount", 32, None, None);

static NEURON_DEVICE_CORE_INFO: Shape = structure(
    "NeuronDeviceCoreInfo",
    &[
        member("Count", &NEURON_DEVICE_CORE_COUNT).wire("count"),
        member("Version", &NEURON_DEVICE_CORE_VERSION).wire("version"),
    ],
);

static NEURON_DEVICE_CORE_VERSION: Shape = integer("NeuronDeviceCoreVersion", 32, None, None);

static NEURON_DEVICE_COUNT: Shape = integer("NeuronDeviceCount", 32, None, None);

static NEURON_DEVICE_INFO: Shape = structure(
    "NeuronDeviceInfo",
    &[
        member("Count", &NEURON_DEVICE_COUNT).wire("count"),
        member("Name", &NEURON_DEVICE_NAME).wire("name"),
        member("CoreInfo", &NEURON_DEVICE_CORE_INFO).wire("coreInfo"),
        member("MemoryInfo", &NEURON_DEVICE_MEMORY_INFO).wire("memoryInfo"),
    ],
);

static NEURON_DEVICE_INFO_LIST: Shape = list(
    "NeuronDeviceInfoList",
    &NEURON_DEVICE_INFO,
    Some("item"),
    None,
    None,
);

static NEURON_DEVICE_MEMORY_INFO: Shape = structure(
    "NeuronDeviceMemoryInfo",
    &[member("SizeInMiB", &NEURON_DEVICE_MEMORY_SIZE).wire("sizeInMiB")],
);

static NEURON_DEVICE_MEMORY_SIZE: Shape = integer("NeuronDeviceMemorySize", 32, None, None);

static NEURON_DEVICE_NAME: Shape = string("NeuronDeviceName", Text::ANY);

static NEURON_INFO: Shape = structure(
    "NeuronInfo",
    &[
        member("NeuronDevices", &NEURON_DEVICE_INFO_LIST).wire("neuronDevices"),
        member("TotalNeuronDeviceMemoryInMiB", &TOTAL_NEURON_MEMORY)
            .wire("totalNeuronDeviceMemoryInMiB"),
    ],
);

static NEXT_TOKEN: Shape = string("NextToken", Text::ANY);

static NITRO_ENCLAVES_SUPPORT: Shape = string(
    "NitroEnclavesSupport",
    Text::ANY.values(&["unsupported", "supported"]),
);

static NITRO_TPM_INFO: Shape = structure(
    "NitroTpmInfo",
    &[member("SupportedVersions", &NITRO_TPM_SUPPORTED_VERSIONS_LIST).wire("supportedVersions")],
);

static NITRO_TPM_SUPPORT: Shape = string(
    "NitroTpmSupport",
    Text::ANY.values(&["unsupported", "supported"]),
);

static NITRO_TPM_SUPPORTED_VERSION_TYPE: Shape = string("NitroTpmSupportedVersionType", Text::ANY);

static NITRO_TPM_SUPPORTED_VERSIONS_LIST: Shape = list(
    "NitroTpmSupportedVersionsList",
    &NITRO_TPM_SUPPORTED_VERSION_TYPE,
    Some("item"),
    None,
    None,
);

static ODB_NETWORK_ARN: Shape = string("OdbNetworkArn", Text::ANY);

static OPERATOR_REQUEST: Shape = structure("OperatorRequest", &[member("Principal", &STRING)]);

static OPERATOR_RESPONSE: Shape = structure(
    "OperatorResponse",
    &[
        member("Managed", &BOOLEAN).wire("managed"),
        member("Principal", &STRING).wire("principal"),
        member("HiddenByDefault", &BOOLEAN).wire("hiddenByDefault"),
    ],
);

static OWNER_STRING_LIST: Shape = list("OwnerStringList", &STRING, Some("Owner"), None, None);

static PEAK_BANDWIDTH_IN_GBPS: Shape = float("PeakBandwidthInGbps");

static PERFORMANCE_FACTOR_REFERENCE: Shape = structure(
    "PerformanceFactorReference",
    &[member("InstanceFamily", &STRING).wire("instanceFamily")],
);

static PERFORMANCE_FACTOR_REFERENCE_REQUEST: Shape = structure(
    "PerformanceFactorReferenceRequest",
    &[member("InstanceFamily", &STRING)],
);

static PERFORMANCE_FACTOR_REFERENCE_SET: Shape = list(
    "PerformanceFactorReferenceSet",
    &PERFORMANCE_FACTOR_REFERENCE,
    Some("item"),
    None,
    None,
);

static PERFORMANCE_FACTOR_REFERENCE_SET_REQUEST: Shape = list(
    "PerformanceFactorReferenceSetRequest",
    &PERFORMANCE_FACTOR_REFERENCE_REQUEST,
    Some("item"),
    None,
    None,
);

static PERFORMANCE_STATUS_SUMMARY: Shape = structure(
    "PerformanceStatusSummary",
    &[
        member("Status", &SUMMARY_STATUS).wire("status"),
        member("ImpairedSince", &MILLISECOND_DATE_TIME).wire("impairedSince"),
        member("Remediation", &STRING).wire("remediation"),
    ],
);

static PHC_SUPPORT: Shape = string(
    "PhcSupport",
    Text::ANY.values(&["unsupported", "supported"]),
);

static PLACEMENT: Shape = structure(
    "Placement",
    &[
        member("AvailabilityZoneId", &AVAILABILITY_ZONE_ID).wire("availabilityZoneId"),
        member("Affinity", &STRING).wire("affinity"),
        member("GroupName", &PLACEMENT_GROUP_NAME).wire("groupName"),
        member("PartitionNumber", &INTEGER).wire("partitionNumber"),
        member("HostId", &STRING).wire("hostId"),
        member("Tenancy", &TENANCY).wire("tenancy"),
        member("SpreadDomain", &STRING).wire("spreadDomain"),
        member("HostResourceGroupArn", &STRING).wire("hostResourceGroupArn"),
        member("GroupId", &PLACEMENT_GROUP_ID).wire("groupId"),
        member("AvailabilityZone", &STRING).wire("availabilityZone"),
    ],
);

static PLACEMENT_GROUP_ID: Shape = string("PlacementGroupId", Text::ANY);

static PLACEMENT_GROUP_INFO: Shape = structure(
    "PlacementGroupInfo",
    &[member("SupportedStrategies", &PLACEMENT_GROUP_STRATEGY_LIST).wire("supportedStrategies")],
);

static PLACEMENT_GROUP_NAME: Shape = string("PlacementGroupName", Text::ANY);

static PLACEMENT_GROUP_STRATEGY: Shape = string(
    "PlacementGroupStrategy",
    Text::ANY.values(&["cluster", "partition", "spread"]),
);

static PLACEMENT_GROUP_STRATEGY_LIST: Shape = list(
    "PlacementGroupStrategyList",
    &PLACEMENT_GROUP_STRATEGY,
    Some("item"),
    None,
    None,
);

static PLATFORM_VALUES: Shape = string("PlatformValues", Text::ANY.values(&["Windows"]));

static PREFIX_LIST_ID: Shape = structure(
    "PrefixListId",
    &[
        member("Description", &STRING).wire("description"),
        member("PrefixListId", &STRING).wire("prefixListId"),
    ],
);

static PREFIX_LIST_ID_LIST: Shape = list(
    "PrefixListIdList",
    &PREFIX_LIST_ID,
    Some("item"),
    None,
    None,
);

static PRIVATE_DNS_NAME_OPTIONS_ON_LAUNCH: Shape = structure(
    "PrivateDnsNameOptionsOnLaunch",
    &[
        member("HostnameType", &HOSTNAME_TYPE).wire("hostnameType"),
        member("EnableResourceNameDnsARecord", &BOOLEAN).wire("enableResourceNameDnsARecord"),
        member("EnableResourceNameDnsAAAARecord", &BOOLEAN).wire("enableResourceNameDnsAAAARecord"),
    ],
);

static PRIVATE_DNS_NAME_OPTIONS_REQUEST: Shape = structure(
    "PrivateDnsNameOptionsRequest",
    &[
        member("HostnameType", &HOSTNAME_TYPE),
        member("EnableResourceNameDnsARecord", &BOOLEAN),
        member("EnableResourceNameDnsAAAARecord", &BOOLEAN),
    ],
);

static PRIVATE_DNS_NAME_OPTIONS_RESPONSE: Shape = structure(
    "PrivateDnsNameOptionsResponse",
    &[
        member("HostnameType", &HOSTNAME_TYPE).wire("hostnameType"),
        member("EnableResourceNameDnsARecord", &BOOLEAN).wire("enableResourceNameDnsARecord"),
        member("EnableResourceNameDnsAAAARecord", &BOOLEAN).wire("enableResourceNameDnsAAAARecord"),
    ],
);

static PRIVATE_IP_ADDRESS_SPECIFICATION: Shape = structure(
    "PrivateIpAddressSpecification",
    &[
        member("Primary", &BOOLEAN).wire("primary"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
    ],
);

static PRIVATE_IP_ADDRESS_SPECIFICATION_LIST: Shape = list(
    "PrivateIpAddressSpecificationList",
    &PRIVATE_IP_ADDRESS_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static PROCESSOR_INFO: Shape = structure(
    "ProcessorInfo",
    &[
        member("SupportedArchitectures", &ARCHITECTURE_TYPE_LIST).wire("supportedArchitectures"),
        member("SustainedClockSpeedInGhz", &PROCESSOR_SUSTAINED_CLOCK_SPEED)
            .wire("sustainedClockSpeedInGhz"),
        member(
            "SupportedFeatures",
            &SUPPORTED_ADDITIONAL_PROCESSOR_FEATURE_LIST,
        )
        .wire("supportedFeatures"),
        member("Manufacturer", &CPU_MANUFACTURER_NAME).wire("manufacturer"),
    ],
);

static PROCESSOR_SUSTAINED_CLOCK_SPEED: Shape = float("ProcessorSustainedClockSpeed");

static PRODUCT_CODE: Shape = structure(
    "ProductCode",
    &[
        member("ProductCodeId", &STRING)
            .wire("productCode")
            .query("ProductCode"),
        member("ProductCodeType", &PRODUCT_CODE_VALUES)
            .wire("type")
            .query("Type"),
    ],
);

static PRODUCT_CODE_LIST: Shape = list("ProductCodeList", &PRODUCT_CODE, Some("item"), None, None);

static PRODUCT_CODE_VALUES: Shape = string(
    "ProductCodeValues",
    Text::ANY.values(&["devpay", "marketplace"]),
);

static PROPAGATING_VGW: Shape = structure(
    "PropagatingVgw",
    &[member("GatewayId", &STRING).wire("gatewayId")],
);

static PROPAGATING_VGW_LIST: Shape = list(
    "PropagatingVgwList",
    &PROPAGATING_VGW,
    Some("item"),
    None,
    None,
);

static PUBLIC_IP_DNS_NAME_OPTIONS: Shape = structure(
    "PublicIpDnsNameOptions",
    &[
        member("DnsHostnameType", &STRING).wire("dnsHostnameType"),
        member("PublicIpv4DnsName", &STRING).wire("publicIpv4DnsName"),
        member("PublicIpv6DnsName", &STRING).wire("publicIpv6DnsName"),
        member("PublicDualStackDnsName", &STRING).wire("publicDualStackDnsName"),
    ],
);

static RAMDISK_ID: Shape = string("RamdiskId", Text::ANY);

static REBOOT_INSTANCES_REQUEST: Shape = structure(
    "RebootInstancesRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .required()
            .wire("InstanceId")
            .query("InstanceId"),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static REBOOT_MIGRATION_SUPPORT: Shape = string(
    "RebootMigrationSupport",
    Text::ANY.values(&["unsupported", "supported"]),
);

static REGION: Shape = structure(
    "Region",
    &[
        member("OptInStatus", &STRING).wire("optInStatus"),
        member("Geography", &REGION_GEOGRAPHY_LIST)
            .wire("geographySet")
            .query("GeographySet"),
        member("RegionName", &STRING).wire("regionName"),
        member("Endpoint", &STRING)
            .wire("regionEndpoint")
            .query("RegionEndpoint"),
    ],
);

static REGION_GEOGRAPHY: Shape =
    structure("RegionGeography", &[member("Name", &STRING).wire("name")]);

static REGION_GEOGRAPHY_LIST: Shape = list(
    "RegionGeographyList",
    &REGION_GEOGRAPHY,
    Some("item"),
    None,
    None,
);

static REGION_LIST: Shape = list("RegionList", &REGION, Some("item"), None, None);

static REGION_NAME_STRING_LIST: Shape = list(
    "RegionNameStringList",
    &STRING,
    Some("RegionName"),
    None,
    None,
);

static REPLACE_IAM_INSTANCE_PROFILE_ASSOCIATION_REQUEST: Shape = structure(
    "ReplaceIamInstanceProfileAssociationRequest",
    &[
        member("IamInstanceProfile", &IAM_INSTANCE_PROFILE_SPECIFICATION).required(),
        member("AssociationId", &IAM_INSTANCE_PROFILE_ASSOCIATION_ID).required(),
    ],
);

static REPLACE_IAM_INSTANCE_PROFILE_ASSOCIATION_RESULT: Shape = structure(
    "ReplaceIamInstanceProfileAssociationResult",
    &[member(
        "IamInstanceProfileAssociation",
        &IAM_INSTANCE_PROFILE_ASSOCIATION,
    )
    .wire("iamInstanceProfileAssociation")],
);

static REQUEST_INSTANCE_TYPE_LIST: Shape = list(
    "RequestInstanceTypeList",
    &INSTANCE_TYPE,
    None,
    Some(0),
    Some(100),
);

static REQUEST_LAUNCH_TEMPLATE_DATA: Shape = structure(
    "RequestLaunchTemplateData",
    &[
        member("KernelId", &KERNEL_ID),
        member("EbsOptimized", &BOOLEAN),
        member(
            "IamInstanceProfile",
            &LAUNCH_TEMPLATE_IAM_INSTANCE_PROFILE_SPECIFICATION_REQUEST,
        ),
        member(
            "BlockDeviceMappings",
            &LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING_REQUEST_LIST,
        )
        .wire("BlockDeviceMapping")
        .query("BlockDeviceMapping"),
        member(
            "NetworkInterfaces",
            &LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION_REQUEST_LIST,
        )
        .wire("NetworkInterface")
        .query("NetworkInterface"),
        member("ImageId", &IMAGE_ID),
        member("InstanceType", &INSTANCE_TYPE),
        member("KeyName", &KEY_PAIR_NAME),
        member("Monitoring", &LAUNCH_TEMPLATES_MONITORING_REQUEST),
        member("Placement", &LAUNCH_TEMPLATE_PLACEMENT_REQUEST),
        member("RamDiskId", &RAMDISK_ID),
        member("DisableApiTermination", &BOOLEAN),
        member("InstanceInitiatedShutdownBehavior", &SHUTDOWN_BEHAVIOR),
        member("UserData", &SENSITIVE_USER_DATA),
        member(
            "TagSpecifications",
            &LAUNCH_TEMPLATE_TAG_SPECIFICATION_REQUEST_LIST,
        )
        .wire("TagSpecification")
        .query("TagSpecification"),
        member("ElasticGpuSpecifications", &ELASTIC_GPU_SPECIFICATION_LIST)
            .wire("ElasticGpuSpecification")
            .query("ElasticGpuSpecification"),
        member(
            "ElasticInferenceAccelerators",
            &LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_LIST,
        )
        .wire("ElasticInferenceAccelerator")
        .query("ElasticInferenceAccelerator"),
        member("SecurityGroupIds", &SECURITY_GROUP_ID_STRING_LIST)
            .wire("SecurityGroupId")
            .query("SecurityGroupId"),
        member("SecurityGroups", &SECURITY_GROUP_STRING_LIST)
            .wire("SecurityGroup")
            .query("SecurityGroup"),
        member(
            "InstanceMarketOptions",
            &LAUNCH_TEMPLATE_INSTANCE_MARKET_OPTIONS_REQUEST,
        ),
        member("CreditSpecification", &CREDIT_SPECIFICATION_REQUEST),
        member("CpuOptions", &LAUNCH_TEMPLATE_CPU_OPTIONS_REQUEST),
        member(
            "CapacityReservationSpecification",
            &LAUNCH_TEMPLATE_CAPACITY_RESERVATION_SPECIFICATION_REQUEST,
        ),
        member(
            "LicenseSpecifications",
            &LAUNCH_TEMPLATE_LICENSE_SPECIFICATION_LIST_REQUEST,
        )
        .wire("LicenseSpecification")
        .query("LicenseSpecification"),
        member(
            "HibernationOptions",
            &LAUNCH_TEMPLATE_HIBERNATION_OPTIONS_REQUEST,
        ),
        member(
            "MetadataOptions",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_OPTIONS_REQUEST,
        ),
        member("EnclaveOptions", &LAUNCH_TEMPLATE_ENCLAVE_OPTIONS_REQUEST),
        member("InstanceRequirements", &INSTANCE_REQUIREMENTS_REQUEST),
        member(
            "PrivateDnsNameOptions",
            &LAUNCH_TEMPLATE_PRIVATE_DNS_NAME_OPTIONS_REQUEST,
        ),
        member(
            "MaintenanceOptions",
            &LAUNCH_TEMPLATE_INSTANCE_MAINTENANCE_OPTIONS_REQUEST,
        ),
        member("DisableApiStop", &BOOLEAN),
        member("Operator", &OPERATOR_REQUEST),
        member(
            "NetworkPerformanceOptions",
            &LAUNCH_TEMPLATE_NETWORK_PERFORMANCE_OPTIONS_REQUEST,
        ),
        member(
            "SecondaryInterfaces",
            &LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_REQUEST_LIST,
        )
        .wire("SecondaryInterface")
        .query("SecondaryInterface"),
    ],
);

static RESERVATION: Shape = structure(
    "Reservation",
    &[
        member("ReservationId", &STRING).wire("reservationId"),
        member("OwnerId", &STRING).wire("ownerId"),
        member("RequesterId", &STRING).wire("requesterId"),
        member("Groups", &GROUP_IDENTIFIER_LIST)
            .wire("groupSet")
            .query("GroupSet"),
        member("Instances", &INSTANCE_LIST)
            .wire("instancesSet")
            .query("InstancesSet"),
    ],
);

static RESERVATION_LIST: Shape = list("ReservationList", &RESERVATION, Some("item"), None, None);

static RESOURCE_ID_LIST: Shape = list("ResourceIdList", &TAGGABLE_RESOURCE_ID, None, None, None);

static RESOURCE_TYPE: Shape = string(
    "ResourceType",
    Text::ANY.values(&[
        "capacity-reservation",
        "client-vpn-endpoint",
        "customer-gateway",
        "carrier-gateway",
        "coip-pool",
        "declarative-policies-report",
        "dedicated-host",
        "dhcp-options",
        "egress-only-internet-gateway",
        "elastic-ip",
        "elastic-gpu",
        "export-image-task",
        "export-instance-task",
        "fca-policy",
        "fleet",
        "fpga-image",
        "host-reservation",
        "image",
        "image-usage-report",
        "import-image-task",
        "import-snapshot-task",
        "instance",
        "instance-event-window",
        "internet-gateway",
        "ipam",
        "ipam-pool",
        "ipam-scope",
        "ipv4pool-ec2",
        "ipv6pool-ec2",
        "key-pair",
        "launch-template",
        "local-gateway",
        "local-gateway-route-table",
        "local-gateway-virtual-interface",
        "local-gateway-virtual-interface-group",
        "local-gateway-route-table-vpc-association",
        "local-gateway-route-table-virtual-interface-group-association",
        "natgateway",
        "network-acl",
        "network-interface",
        "network-insights-analysis",
        "network-insights-path",
        "network-insights-access-scope",
        "network-insights-access-scope-analysis",
        "outpost-lag",
        "placement-group",
        "prefix-list",
        "replace-root-volume-task",
        "reserved-instances",
        "route-table",
        "security-group",
        "security-group-rule",
        "service-link-virtual-interface",
        "snapshot",
        "spot-fleet-request",
        "spot-instances-request",
        "subnet",
        "subnet-cidr-reservation",
        "traffic-mirror-filter",
        "traffic-mirror-session",
        "traffic-mirror-target",
        "transit-gateway",
        "transit-gateway-attachment",
        "transit-gateway-connect-peer",
        "transit-gateway-multicast-domain",
        "transit-gateway-policy-table",
        "transit-gateway-metering-policy",
        "transit-gateway-route-table",
        "transit-gateway-route-table-announcement",
        "volume",
        "vpc",
        "vpc-endpoint",
        "vpc-endpoint-connection",
        "vpc-endpoint-service",
        "vpc-endpoint-service-permission",
        "vpc-peering-connection",
        "vpn-connection",
        "vpn-gateway",
        "vpc-flow-log",
        "capacity-reservation-fleet",
        "traffic-mirror-filter-rule",
        "vpc-endpoint-connection-device-type",
        "verified-access-instance",
        "verified-access-group",
        "verified-access-endpoint",
        "verified-access-policy",
        "verified-access-trust-provider",
        "vpn-connection-device-type",
        "vpc-block-public-access-exclusion",
        "vpc-encryption-control",
        "route-server",
        "route-server-endpoint",
        "route-server-peer",
        "ipam-resource-discovery",
        "ipam-resource-discovery-association",
        "instance-connect-endpoint",
        "verified-access-endpoint-target",
        "ipam-external-resource-verification-token",
        "capacity-block",
        "mac-modification-task",
        "ipam-prefix-list-resolver",
        "ipam-policy",
        "ipam-prefix-list-resolver-target",
        "ipam-internet-registry-association",
        "secondary-interface",
        "secondary-network",
        "secondary-subnet",
        "capacity-manager-data-export",
        "vpn-concentrator",
        "ipam-pool-allocation",
        "capacity-reservation-cancellation-quote",
        "application-status-check",
        "capacity-reservation-modification-quote",
        "metric-category",
    ]),
);

static RESPONSE_LAUNCH_TEMPLATE_DATA: Shape = structure(
    "ResponseLaunchTemplateData",
    &[
        member("KernelId", &STRING).wire("kernelId"),
        member("EbsOptimized", &BOOLEAN).wire("ebsOptimized"),
        member(
            "IamInstanceProfile",
            &LAUNCH_TEMPLATE_IAM_INSTANCE_PROFILE_SPECIFICATION,
        )
        .wire("iamInstanceProfile"),
        member(
            "BlockDeviceMappings",
            &LAUNCH_TEMPLATE_BLOCK_DEVICE_MAPPING_LIST,
        )
        .wire("blockDeviceMappingSet")
        .query("BlockDeviceMappingSet"),
        member(
            "NetworkInterfaces",
            &LAUNCH_TEMPLATE_INSTANCE_NETWORK_INTERFACE_SPECIFICATION_LIST,
        )
        .wire("networkInterfaceSet")
        .query("NetworkInterfaceSet"),
        member("ImageId", &STRING).wire("imageId"),
        member("InstanceType", &INSTANCE_TYPE).wire("instanceType"),
        member("KeyName", &STRING).wire("keyName"),
        member("Monitoring", &LAUNCH_TEMPLATES_MONITORING).wire("monitoring"),
        member("Placement", &LAUNCH_TEMPLATE_PLACEMENT).wire("placement"),
        member("RamDiskId", &STRING).wire("ramDiskId"),
        member("DisableApiTermination", &BOOLEAN).wire("disableApiTermination"),
        member("InstanceInitiatedShutdownBehavior", &SHUTDOWN_BEHAVIOR)
            .wire("instanceInitiatedShutdownBehavior"),
        member("UserData", &SENSITIVE_USER_DATA).wire("userData"),
        member("TagSpecifications", &LAUNCH_TEMPLATE_TAG_SPECIFICATION_LIST)
            .wire("tagSpecificationSet")
            .query("TagSpecificationSet"),
        member(
            "ElasticGpuSpecifications",
            &ELASTIC_GPU_SPECIFICATION_RESPONSE_LIST,
        )
        .wire("elasticGpuSpecificationSet")
        .query("ElasticGpuSpecificationSet"),
        member(
            "ElasticInferenceAccelerators",
            &LAUNCH_TEMPLATE_ELASTIC_INFERENCE_ACCELERATOR_RESPONSE_LIST,
        )
        .wire("elasticInferenceAcceleratorSet")
        .query("ElasticInferenceAcceleratorSet"),
        member("SecurityGroupIds", &VALUE_STRING_LIST)
            .wire("securityGroupIdSet")
            .query("SecurityGroupIdSet"),
        member("SecurityGroups", &VALUE_STRING_LIST)
            .wire("securityGroupSet")
            .query("SecurityGroupSet"),
        member(
            "InstanceMarketOptions",
            &LAUNCH_TEMPLATE_INSTANCE_MARKET_OPTIONS,
        )
        .wire("instanceMarketOptions"),
        member("CreditSpecification", &CREDIT_SPECIFICATION).wire("creditSpecification"),
        member("CpuOptions", &LAUNCH_TEMPLATE_CPU_OPTIONS).wire("cpuOptions"),
        member(
            "CapacityReservationSpecification",
            &LAUNCH_TEMPLATE_CAPACITY_RESERVATION_SPECIFICATION_RESPONSE,
        )
        .wire("capacityReservationSpecification"),
        member("LicenseSpecifications", &LAUNCH_TEMPLATE_LICENSE_LIST)
            .wire("licenseSet")
            .query("LicenseSet"),
        member("HibernationOptions", &LAUNCH_TEMPLATE_HIBERNATION_OPTIONS)
            .wire("hibernationOptions"),
        member(
            "MetadataOptions",
            &LAUNCH_TEMPLATE_INSTANCE_METADATA_OPTIONS,
        )
        .wire("metadataOptions"),
        member("EnclaveOptions", &LAUNCH_TEMPLATE_ENCLAVE_OPTIONS).wire("enclaveOptions"),
        member("InstanceRequirements", &INSTANCE_REQUIREMENTS).wire("instanceRequirements"),
        member(
            "PrivateDnsNameOptions",
            &LAUNCH_TEMPLATE_PRIVATE_DNS_NAME_OPTIONS,
        )
        .wire("privateDnsNameOptions"),
        member(
            "MaintenanceOptions",
            &LAUNCH_TEMPLATE_INSTANCE_MAINTENANCE_OPTIONS,
        )
        .wire("maintenanceOptions"),
        member("DisableApiStop", &BOOLEAN).wire("disableApiStop"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
        member(
            "NetworkPerformanceOptions",
            &LAUNCH_TEMPLATE_NETWORK_PERFORMANCE_OPTIONS,
        )
        .wire("networkPerformanceOptions"),
        member(
            "SecondaryInterfaces",
            &LAUNCH_TEMPLATE_INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_LIST,
        )
        .wire("secondaryInterfaceSet")
        .query("SecondaryInterfaceSet"),
    ],
);

static ROOT_DEVICE_TYPE: Shape = string(
    "RootDeviceType",
    Text::ANY.values(&["ebs", "instance-store"]),
);

static ROOT_DEVICE_TYPE_LIST: Shape = list(
    "RootDeviceTypeList",
    &ROOT_DEVICE_TYPE,
    Some("item"),
    None,
    None,
);

static ROUTE: Shape = structure(
    "Route",
    &[
        member("DestinationCidrBlock", &STRING).wire("destinationCidrBlock"),
        member("DestinationIpv6CidrBlock", &STRING).wire("destinationIpv6CidrBlock"),
        member("DestinationPrefixListId", &STRING).wire("destinationPrefixListId"),
        member("EgressOnlyInternetGatewayId", &STRING).wire("egressOnlyInternetGatewayId"),
        member("GatewayId", &STRING).wire("gatewayId"),
        member("InstanceId", &STRING).wire("instanceId"),
        member("InstanceOwnerId", &STRING).wire("instanceOwnerId"),
        member("NatGatewayId", &STRING).wire("natGatewayId"),
        member("TransitGatewayId", &STRING).wire("transitGatewayId"),
        member("LocalGatewayId", &STRING).wire("localGatewayId"),
        member("CarrierGatewayId", &CARRIER_GATEWAY_ID).wire("carrierGatewayId"),
        member("NetworkInterfaceId", &STRING).wire("networkInterfaceId"),
        member("Origin", &ROUTE_ORIGIN).wire("origin"),
        member("State", &ROUTE_STATE).wire("state"),
        member("VpcPeeringConnectionId", &STRING).wire("vpcPeeringConnectionId"),
        member("CoreNetworkArn", &CORE_NETWORK_ARN).wire("coreNetworkArn"),
        member("OdbNetworkArn", &ODB_NETWORK_ARN).wire("odbNetworkArn"),
        member("IpAddress", &STRING).wire("ipAddress"),
    ],
);

static ROUTE_LIST: Shape = list("RouteList", &ROUTE, Some("item"), None, None);

static ROUTE_ORIGIN: Shape = string(
    "RouteOrigin",
    Text::ANY.values(&[
        "CreateRouteTable",
        "CreateRoute",
        "EnableVgwRoutePropagation",
        "Advertisement",
    ]),
);

static ROUTE_STATE: Shape = string(
    "RouteState",
    Text::ANY.values(&["active", "blackhole", "filtered"]),
);

static ROUTE_TABLE: Shape = structure(
    "RouteTable",
    &[
        member("Associations", &ROUTE_TABLE_ASSOCIATION_LIST)
            .wire("associationSet")
            .query("AssociationSet"),
        member("PropagatingVgws", &PROPAGATING_VGW_LIST)
            .wire("propagatingVgwSet")
            .query("PropagatingVgwSet"),
        member("RouteTableId", &STRING).wire("routeTableId"),
        member("Routes", &ROUTE_LIST)
            .wire("routeSet")
            .query("RouteSet"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("VpcId", &STRING).wire("vpcId"),
        member("OwnerId", &STRING).wire("ownerId"),
    ],
);

static ROUTE_TABLE_ASSOCIATION: Shape = structure(
    "RouteTableAssociation",
    &[
        member("Main", &BOOLEAN).wire("main"),
        member("RouteTableAssociationId", &STRING).wire("routeTableAssociationId"),
        member("RouteTableId", &STRING).wire("routeTableId"),
        member("SubnetId", &STRING).wire("subnetId"),
        member("GatewayId", &STRING).wire("gatewayId"),
        member("PublicIpv4Pool", &STRING).wire("publicIpv4Pool"),
        member("AssociationState", &ROUTE_TABLE_ASSOCIATION_STATE).wire("associationState"),
    ],
);

static ROUTE_TABLE_ASSOCIATION_LIST: Shape = list(
    "RouteTableAssociationList",
    &ROUTE_TABLE_ASSOCIATION,
    Some("item"),
    None,
    None,
);

static ROUTE_TABLE_ASSOCIATION_STATE: Shape = structure(
    "RouteTableAssociationState",
    &[
        member("State", &ROUTE_TABLE_ASSOCIATION_STATE_CODE).wire("state"),
        member("StatusMessage", &STRING).wire("statusMessage"),
    ],
);

static ROUTE_TABLE_ASSOCIATION_STATE_CODE: Shape = string(
    "RouteTableAssociationStateCode",
    Text::ANY.values(&[
        "associating",
        "associated",
        "disassociating",
        "disassociated",
        "failed",
    ]),
);

static ROUTE_TABLE_ID: Shape = string("RouteTableId", Text::ANY);

static ROUTE_TABLE_ID_STRING_LIST: Shape = list(
    "RouteTableIdStringList",
    &ROUTE_TABLE_ID,
    Some("item"),
    None,
    None,
);

static ROUTE_TABLE_LIST: Shape = list("RouteTableList", &ROUTE_TABLE, Some("item"), None, None);

static RUN_INSTANCES_MONITORING_ENABLED: Shape = structure(
    "RunInstancesMonitoringEnabled",
    &[
        member("MetricCategoryIds", &METRIC_CATEGORY_ID_LIST)
            .wire("MetricCategoryId")
            .query("MetricCategoryId"),
        member("Enabled", &BOOLEAN).required().wire("enabled"),
    ],
);

static RUN_INSTANCES_REQUEST: Shape = structure(
    "RunInstancesRequest",
    &[
        member("BlockDeviceMappings", &BLOCK_DEVICE_MAPPING_REQUEST_LIST)
            .wire("BlockDeviceMapping")
            .query("BlockDeviceMapping"),
        member("ImageId", &IMAGE_ID),
        member("InstanceType", &INSTANCE_TYPE),
        member("Ipv6AddressCount", &INTEGER),
        member("Ipv6Addresses", &INSTANCE_IPV6_ADDRESS_LIST)
            .wire("Ipv6Address")
            .query("Ipv6Address"),
        member("KernelId", &KERNEL_ID),
        member("KeyName", &KEY_PAIR_NAME),
        member("MaxCount", &INTEGER).required(),
        member("MinCount", &INTEGER).required(),
        member("Monitoring", &RUN_INSTANCES_MONITORING_ENABLED),
        member("Placement", &PLACEMENT),
        member("RamdiskId", &RAMDISK_ID),
        member("SecurityGroupIds", &SECURITY_GROUP_ID_STRING_LIST)
            .wire("SecurityGroupId")
            .query("SecurityGroupId"),
        member("SecurityGroups", &SECURITY_GROUP_STRING_LIST)
            .wire("SecurityGroup")
            .query("SecurityGroup"),
        member("SubnetId", &SUBNET_ID),
        member("UserData", &RUN_INSTANCES_USER_DATA),
        member("ElasticGpuSpecification", &ELASTIC_GPU_SPECIFICATIONS),
        member(
            "ElasticInferenceAccelerators",
            &ELASTIC_INFERENCE_ACCELERATORS,
        )
        .wire("ElasticInferenceAccelerator")
        .query("ElasticInferenceAccelerator"),
        member("TagSpecifications", &TAG_SPECIFICATION_LIST)
            .wire("TagSpecification")
            .query("TagSpecification"),
        member("LaunchTemplate", &LAUNCH_TEMPLATE_SPECIFICATION),
        member("InstanceMarketOptions", &INSTANCE_MARKET_OPTIONS_REQUEST),
        member("CreditSpecification", &CREDIT_SPECIFICATION_REQUEST),
        member("CpuOptions", &CPU_OPTIONS_REQUEST),
        member(
            "CapacityReservationSpecification",
            &CAPACITY_RESERVATION_SPECIFICATION,
        ),
        member("HibernationOptions", &HIBERNATION_OPTIONS_REQUEST),
        member("LicenseSpecifications", &LICENSE_SPECIFICATION_LIST_REQUEST)
            .wire("LicenseSpecification")
            .query("LicenseSpecification"),
        member("MetadataOptions", &INSTANCE_METADATA_OPTIONS_REQUEST),
        member("EnclaveOptions", &ENCLAVE_OPTIONS_REQUEST),
        member("PrivateDnsNameOptions", &PRIVATE_DNS_NAME_OPTIONS_REQUEST),
        member("MaintenanceOptions", &INSTANCE_MAINTENANCE_OPTIONS_REQUEST),
        member("DisableApiStop", &BOOLEAN),
        member("EnablePrimaryIpv6", &BOOLEAN),
        member(
            "NetworkPerformanceOptions",
            &INSTANCE_NETWORK_PERFORMANCE_OPTIONS_REQUEST,
        ),
        member("Operator", &OPERATOR_REQUEST),
        member(
            "SecondaryInterfaces",
            &INSTANCE_SECONDARY_INTERFACE_SPECIFICATION_LIST_REQUEST,
        )
        .wire("SecondaryInterface")
        .query("SecondaryInterface"),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("DisableApiTermination", &BOOLEAN).wire("disableApiTermination"),
        member("InstanceInitiatedShutdownBehavior", &SHUTDOWN_BEHAVIOR)
            .wire("instanceInitiatedShutdownBehavior"),
        member("PrivateIpAddress", &STRING).wire("privateIpAddress"),
        member("ClientToken", &STRING).wire("clientToken"),
        member("AdditionalInfo", &STRING).wire("additionalInfo"),
        member(
            "NetworkInterfaces",
            &INSTANCE_NETWORK_INTERFACE_SPECIFICATION_LIST,
        )
        .wire("networkInterface")
        .query("NetworkInterface"),
        member("IamInstanceProfile", &IAM_INSTANCE_PROFILE_SPECIFICATION)
            .wire("iamInstanceProfile"),
        member("EbsOptimized", &BOOLEAN).wire("ebsOptimized"),
    ],
);

static RUN_INSTANCES_USER_DATA: Shape = string("RunInstancesUserData", Text::ANY.sensitive());

static SSE_TYPE: Shape = string("SSEType", Text::ANY.values(&["sse-ebs", "sse-kms", "none"]));

static SCAN_RESULTS: Shape = structure(
    "ScanResults",
    &[
        member("HighestFindingSeverityLabel", &SEVERITY_LABEL).wire("highestFindingSeverityLabel"),
        member("FindingScanDate", &MILLISECOND_DATE_TIME).wire("findingScanDate"),
        member("InformationalFixAvailableSince", &MILLISECOND_DATE_TIME)
            .wire("informationalFixAvailableSince"),
        member("LowFixAvailableSince", &MILLISECOND_DATE_TIME).wire("lowFixAvailableSince"),
        member("MediumFixAvailableSince", &MILLISECOND_DATE_TIME).wire("mediumFixAvailableSince"),
        member("HighFixAvailableSince", &MILLISECOND_DATE_TIME).wire("highFixAvailableSince"),
        member("CriticalFixAvailableSince", &MILLISECOND_DATE_TIME)
            .wire("criticalFixAvailableSince"),
    ],
);

static SECONDARY_INTERFACE_ID: Shape = string("SecondaryInterfaceId", Text::ANY);

static SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION: Shape = structure(
    "SecondaryInterfacePrivateIpAddressSpecification",
    &[member("PrivateIpAddress", &STRING).wire("privateIpAddress")],
);

static SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION_LIST: Shape = list(
    "SecondaryInterfacePrivateIpAddressSpecificationList",
    &SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION_LIST_REQUEST: Shape = list(
    "SecondaryInterfacePrivateIpAddressSpecificationListRequest",
    &SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION_REQUEST,
    Some("SecondaryInterfacePrivateIpAddressSpecification"),
    None,
    None,
);

static SECONDARY_INTERFACE_PRIVATE_IP_ADDRESS_SPECIFICATION_REQUEST: Shape = structure(
    "SecondaryInterfacePrivateIpAddressSpecificationRequest",
    &[member("PrivateIpAddress", &STRING)],
);

static SECONDARY_INTERFACE_STATUS: Shape = string(
    "SecondaryInterfaceStatus",
    Text::ANY.values(&["available", "in-use"]),
);

static SECONDARY_INTERFACE_TYPE: Shape =
    string("SecondaryInterfaceType", Text::ANY.values(&["secondary"]));

static SECONDARY_NETWORK_ID: Shape = string("SecondaryNetworkId", Text::ANY);

static SECONDARY_NETWORK_SUPPORTED_FLAG: Shape = boolean("SecondaryNetworkSupportedFlag");

static SECONDARY_SUBNET_ID: Shape = string("SecondarySubnetId", Text::ANY);

static SECURE_BLOB: Shape = blob("SecureBlob", None, None, true);

static SECURE_BLOB_ATTRIBUTE_VALUE: Shape = structure(
    "SecureBlobAttributeValue",
    &[member("Value", &SECURE_BLOB).wire("value")],
);

static SECURITY_GROUP: Shape = structure(
    "SecurityGroup",
    &[
        member("GroupId", &STRING).wire("groupId"),
        member("IpPermissionsEgress", &IP_PERMISSION_LIST).wire("ipPermissionsEgress"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("VpcId", &STRING).wire("vpcId"),
        member("SecurityGroupArn", &STRING).wire("securityGroupArn"),
        member("OwnerId", &STRING).wire("ownerId"),
        member("GroupName", &STRING).wire("groupName"),
        member("Description", &STRING)
            .wire("groupDescription")
            .query("GroupDescription"),
        member("IpPermissions", &IP_PERMISSION_LIST).wire("ipPermissions"),
    ],
);

static SECURITY_GROUP_ID: Shape = string("SecurityGroupId", Text::ANY);

static SECURITY_GROUP_ID_STRING_LIST: Shape = list(
    "SecurityGroupIdStringList",
    &SECURITY_GROUP_ID,
    Some("SecurityGroupId"),
    None,
    None,
);

static SECURITY_GROUP_LIST: Shape = list(
    "SecurityGroupList",
    &SECURITY_GROUP,
    Some("item"),
    None,
    None,
);

static SECURITY_GROUP_NAME: Shape = string("SecurityGroupName", Text::ANY);

static SECURITY_GROUP_STRING_LIST: Shape = list(
    "SecurityGroupStringList",
    &SECURITY_GROUP_NAME,
    Some("SecurityGroup"),
    None,
    None,
);

static SENSITIVE_USER_DATA: Shape = string("SensitiveUserData", Text::ANY.sensitive());

static SEVERITY_LABEL: Shape = string(
    "SeverityLabel",
    Text::ANY.values(&["informational", "low", "medium", "high", "critical"]),
);

static SHUTDOWN_BEHAVIOR: Shape =
    string("ShutdownBehavior", Text::ANY.values(&["stop", "terminate"]));

static SNAPSHOT_ID: Shape = string("SnapshotId", Text::ANY);

static SPOT_INSTANCE_TYPE: Shape = string(
    "SpotInstanceType",
    Text::ANY.values(&["one-time", "persistent"]),
);

static SPOT_MARKET_OPTIONS: Shape = structure(
    "SpotMarketOptions",
    &[
        member("MaxPrice", &STRING),
        member("SpotInstanceType", &SPOT_INSTANCE_TYPE),
        member("BlockDurationMinutes", &INTEGER),
        member("ValidUntil", &DATE_TIME),
        member(
            "InstanceInterruptionBehavior",
            &INSTANCE_INTERRUPTION_BEHAVIOR,
        ),
    ],
);

static START_INSTANCES_REQUEST: Shape = structure(
    "StartInstancesRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .required()
            .wire("InstanceId")
            .query("InstanceId"),
        member("AdditionalInfo", &STRING).wire("additionalInfo"),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static START_INSTANCES_RESULT: Shape = structure(
    "StartInstancesResult",
    &[member("StartingInstances", &INSTANCE_STATE_CHANGE_LIST)
        .wire("instancesSet")
        .query("InstancesSet")],
);

static STATE_REASON: Shape = structure(
    "StateReason",
    &[
        member("Code", &STRING).wire("code"),
        member("Message", &STRING).wire("message"),
    ],
);

static STATUS_NAME: Shape = string("StatusName", Text::ANY.values(&["reachability"]));

static STATUS_TYPE: Shape = string(
    "StatusType",
    Text::ANY.values(&["passed", "failed", "insufficient-data", "initializing"]),
);

static STOP_INSTANCES_REQUEST: Shape = structure(
    "StopInstancesRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .required()
            .wire("InstanceId")
            .query("InstanceId"),
        member("Hibernate", &BOOLEAN),
        member("SkipOsShutdown", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
        member("Force", &BOOLEAN).wire("force"),
    ],
);

static STOP_INSTANCES_RESULT: Shape = structure(
    "StopInstancesResult",
    &[member("StoppingInstances", &INSTANCE_STATE_CHANGE_LIST)
        .wire("instancesSet")
        .query("InstancesSet")],
);

static STRING: Shape = string("String", Text::ANY);

static SUBNET: Shape = structure(
    "Subnet",
    &[
        member("AvailabilityZoneId", &STRING).wire("availabilityZoneId"),
        member("EnableLniAtDeviceIndex", &INTEGER).wire("enableLniAtDeviceIndex"),
        member("MapCustomerOwnedIpOnLaunch", &BOOLEAN).wire("mapCustomerOwnedIpOnLaunch"),
        member("CustomerOwnedIpv4Pool", &COIP_POOL_ID).wire("customerOwnedIpv4Pool"),
        member("OwnerId", &STRING).wire("ownerId"),
        member("AssignIpv6AddressOnCreation", &BOOLEAN).wire("assignIpv6AddressOnCreation"),
        member(
            "Ipv6CidrBlockAssociationSet",
            &SUBNET_IPV6_CIDR_BLOCK_ASSOCIATION_SET,
        )
        .wire("ipv6CidrBlockAssociationSet"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("SubnetArn", &STRING).wire("subnetArn"),
        member("OutpostArn", &STRING).wire("outpostArn"),
        member("EnableDns64", &BOOLEAN).wire("enableDns64"),
        member("Ipv6Native", &BOOLEAN).wire("ipv6Native"),
        member(
            "PrivateDnsNameOptionsOnLaunch",
            &PRIVATE_DNS_NAME_OPTIONS_ON_LAUNCH,
        )
        .wire("privateDnsNameOptionsOnLaunch"),
        member("BlockPublicAccessStates", &BLOCK_PUBLIC_ACCESS_STATES)
            .wire("blockPublicAccessStates"),
        member("Type", &STRING).wire("type"),
        member("SubnetId", &STRING).wire("subnetId"),
        member("State", &SUBNET_STATE).wire("state"),
        member("VpcId", &STRING).wire("vpcId"),
        member("CidrBlock", &STRING).wire("cidrBlock"),
        member("AvailableIpAddressCount", &INTEGER).wire("availableIpAddressCount"),
        member("AvailabilityZone", &STRING).wire("availabilityZone"),
        member("DefaultForAz", &BOOLEAN).wire("defaultForAz"),
        member("MapPublicIpOnLaunch", &BOOLEAN).wire("mapPublicIpOnLaunch"),
    ],
);

static SUBNET_CIDR_ASSOCIATION_ID: Shape = string("SubnetCidrAssociationId", Text::ANY);

static SUBNET_CIDR_BLOCK_STATE: Shape = structure(
    "SubnetCidrBlockState",
    &[
        member("State", &SUBNET_CIDR_BLOCK_STATE_CODE).wire("state"),
        member("StatusMessage", &STRING).wire("statusMessage"),
    ],
);

static SUBNET_CIDR_BLOCK_STATE_CODE: Shape = string(
    "SubnetCidrBlockStateCode",
    Text::ANY.values(&[
        "associating",
        "associated",
        "disassociating",
        "disassociated",
        "failing",
        "failed",
    ]),
);

static SUBNET_ID: Shape = string("SubnetId", Text::ANY);

static SUBNET_ID_STRING_LIST: Shape = list(
    "SubnetIdStringList",
    &SUBNET_ID,
    Some("SubnetId"),
    None,
    None,
);

static SUBNET_IPV6_CIDR_BLOCK_ASSOCIATION: Shape = structure(
    "SubnetIpv6CidrBlockAssociation",
    &[
        member("AssociationId", &SUBNET_CIDR_ASSOCIATION_ID).wire("associationId"),
        member("Ipv6CidrBlock", &STRING).wire("ipv6CidrBlock"),
        member("Ipv6CidrBlockState", &SUBNET_CIDR_BLOCK_STATE).wire("ipv6CidrBlockState"),
        member("Ipv6AddressAttribute", &IPV6_ADDRESS_ATTRIBUTE).wire("ipv6AddressAttribute"),
        member("IpSource", &IP_SOURCE).wire("ipSource"),
    ],
);

static SUBNET_IPV6_CIDR_BLOCK_ASSOCIATION_SET: Shape = list(
    "SubnetIpv6CidrBlockAssociationSet",
    &SUBNET_IPV6_CIDR_BLOCK_ASSOCIATION,
    Some("item"),
    None,
    None,
);

static SUBNET_LIST: Shape = list("SubnetList", &SUBNET, Some("item"), None, None);

static SUBNET_STATE: Shape = string(
    "SubnetState",
    Text::ANY.values(&[
        "pending",
        "available",
        "unavailable",
        "failed",
        "failed-insufficient-capacity",
    ]),
);

static SUMMARY_STATUS: Shape = string(
    "SummaryStatus",
    Text::ANY.values(&[
        "ok",
        "impaired",
        "insufficient-data",
        "not-applicable",
        "initializing",
    ]),
);

static SUPPORTED_ADDITIONAL_PROCESSOR_FEATURE: Shape = string(
    "SupportedAdditionalProcessorFeature",
    Text::ANY.values(&["amd-sev-snp", "nested-virtualization"]),
);

static SUPPORTED_ADDITIONAL_PROCESSOR_FEATURE_LIST: Shape = list(
    "SupportedAdditionalProcessorFeatureList",
    &SUPPORTED_ADDITIONAL_PROCESSOR_FEATURE,
    Some("item"),
    None,
    None,
);

static SUPPORTED_IN_REGION: Shape = boolean("SupportedInRegion");

static SUPPORTED_INSTANCE_TYPE_SET: Shape = list(
    "SupportedInstanceTypeSet",
    &INSTANCE_TYPE_ITEM,
    Some("item"),
    None,
    None,
);

static TAG: Shape = structure(
    "Tag",
    &[
        member("Key", &STRING).wire("key"),
        member("Value", &STRING).wire("value"),
    ],
);

static TAG_DESCRIPTION: Shape = structure(
    "TagDescription",
    &[
        member("Key", &STRING).wire("key"),
        member("ResourceId", &STRING).wire("resourceId"),
        member("ResourceType", &RESOURCE_TYPE).wire("resourceType"),
        member("Value", &STRING).wire("value"),
    ],
);

static TAG_DESCRIPTION_LIST: Shape = list(
    "TagDescriptionList",
    &TAG_DESCRIPTION,
    Some("item"),
    None,
    None,
);

static TAG_LIST: Shape = list("TagList", &TAG, Some("item"), None, None);

static TAG_SPECIFICATION: Shape = structure(
    "TagSpecification",
    &[
        member("ResourceType", &RESOURCE_TYPE).wire("resourceType"),
        member("Tags", &TAG_LIST).wire("Tag").query("Tag"),
    ],
);

static TAG_SPECIFICATION_LIST: Shape = list(
    "TagSpecificationList",
    &TAG_SPECIFICATION,
    Some("item"),
    None,
    None,
);

static TAGGABLE_RESOURCE_ID: Shape = string("TaggableResourceId", Text::ANY);

static TENANCY: Shape = string(
    "Tenancy",
    Text::ANY.values(&["default", "dedicated", "host"]),
);

static TERMINATE_INSTANCES_REQUEST: Shape = structure(
    "TerminateInstancesRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .required()
            .wire("InstanceId")
            .query("InstanceId"),
        member("Force", &BOOLEAN),
        member("SkipOsShutdown", &BOOLEAN),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static TERMINATE_INSTANCES_RESULT: Shape = structure(
    "TerminateInstancesResult",
    &[member("TerminatingInstances", &INSTANCE_STATE_CHANGE_LIST)
        .wire("instancesSet")
        .query("InstancesSet")],
);

static THREADS_PER_CORE: Shape = integer("ThreadsPerCore", 32, None, None);

static THREADS_PER_CORE_LIST: Shape = list(
    "ThreadsPerCoreList",
    &THREADS_PER_CORE,
    Some("item"),
    None,
    None,
);

static TOTAL_LOCAL_STORAGE_GB: Shape = structure(
    "TotalLocalStorageGB",
    &[
        member("Min", &DOUBLE).wire("min"),
        member("Max", &DOUBLE).wire("max"),
    ],
);

static TOTAL_LOCAL_STORAGE_GB_REQUEST: Shape = structure(
    "TotalLocalStorageGBRequest",
    &[member("Min", &DOUBLE), member("Max", &DOUBLE)],
);

static TOTAL_MEDIA_MEMORY: Shape = integer("TotalMediaMemory", 32, None, None);

static TOTAL_NEURON_MEMORY: Shape = integer("TotalNeuronMemory", 32, None, None);

static TPM_SUPPORT_VALUES: Shape = string("TpmSupportValues", Text::ANY.values(&["v2.0"]));

static UNMONITOR_INSTANCES_REQUEST: Shape = structure(
    "UnmonitorInstancesRequest",
    &[
        member("InstanceIds", &INSTANCE_ID_STRING_LIST)
            .required()
            .wire("InstanceId")
            .query("InstanceId"),
        member("MetricCategoryIds", &METRIC_CATEGORY_ID_LIST)
            .wire("MetricCategoryId")
            .query("MetricCategoryId"),
        member("DryRun", &BOOLEAN).wire("dryRun"),
    ],
);

static UNMONITOR_INSTANCES_RESULT: Shape = structure(
    "UnmonitorInstancesResult",
    &[member("InstanceMonitorings", &INSTANCE_MONITORING_LIST)
        .wire("instancesSet")
        .query("InstancesSet")],
);

static UNSUPPORTED_INSTANCE_TYPE_SET: Shape = list(
    "UnsupportedInstanceTypeSet",
    &INSTANCE_TYPE_ITEM,
    Some("item"),
    None,
    None,
);

static USAGE_CLASS_TYPE: Shape = string(
    "UsageClassType",
    Text::ANY.values(&["spot", "on-demand", "capacity-block"]),
);

static USAGE_CLASS_TYPE_LIST: Shape = list(
    "UsageClassTypeList",
    &USAGE_CLASS_TYPE,
    Some("item"),
    None,
    None,
);

static USER_ID_GROUP_PAIR: Shape = structure(
    "UserIdGroupPair",
    &[
        member("Description", &STRING).wire("description"),
        member("UserId", &STRING).wire("userId"),
        member("GroupName", &STRING).wire("groupName"),
        member("GroupId", &STRING).wire("groupId"),
        member("VpcId", &STRING).wire("vpcId"),
        member("VpcPeeringConnectionId", &STRING).wire("vpcPeeringConnectionId"),
        member("PeeringStatus", &STRING).wire("peeringStatus"),
    ],
);

static USER_ID_GROUP_PAIR_LIST: Shape = list(
    "UserIdGroupPairList",
    &USER_ID_GROUP_PAIR,
    Some("item"),
    None,
    None,
);

static V_CPU_COUNT: Shape = integer("VCpuCount", 32, None, None);

static V_CPU_COUNT_RANGE: Shape = structure(
    "VCpuCountRange",
    &[
        member("Min", &INTEGER).wire("min"),
        member("Max", &INTEGER).wire("max"),
    ],
);

static V_CPU_COUNT_RANGE_REQUEST: Shape = structure(
    "VCpuCountRangeRequest",
    &[member("Min", &INTEGER).required(), member("Max", &INTEGER)],
);

static V_CPU_INFO: Shape = structure(
    "VCpuInfo",
    &[
        member("DefaultVCpus", &V_CPU_COUNT).wire("defaultVCpus"),
        member("DefaultCores", &CORE_COUNT).wire("defaultCores"),
        member("DefaultThreadsPerCore", &THREADS_PER_CORE).wire("defaultThreadsPerCore"),
        member("ValidCores", &CORE_COUNT_LIST).wire("validCores"),
        member("ValidThreadsPerCore", &THREADS_PER_CORE_LIST).wire("validThreadsPerCore"),
    ],
);

static VALIDATION_ERROR: Shape = structure(
    "ValidationError",
    &[
        member("Code", &STRING).wire("code"),
        member("Message", &STRING).wire("message"),
    ],
);

static VALIDATION_WARNING: Shape = structure(
    "ValidationWarning",
    &[member("Errors", &ERROR_SET)
        .wire("errorSet")
        .query("ErrorSet")],
);

static VALUE_STRING_LIST: Shape = list("ValueStringList", &STRING, Some("item"), None, None);

static VERSION_DESCRIPTION: Shape = string("VersionDescription", Text::ANY.min(0).max(255));

static VERSION_STRING_LIST: Shape = list("VersionStringList", &STRING, Some("item"), None, None);

static VIRTUALIZATION_TYPE: Shape = string(
    "VirtualizationType",
    Text::ANY.values(&["hvm", "paravirtual"]),
);

static VIRTUALIZATION_TYPE_LIST: Shape = list(
    "VirtualizationTypeList",
    &VIRTUALIZATION_TYPE,
    Some("item"),
    None,
    None,
);

static VOLUME: Shape = structure(
    "Volume",
    &[
        member("AvailabilityZoneId", &STRING).wire("availabilityZoneId"),
        member("OutpostArn", &STRING).wire("outpostArn"),
        member("SourceVolumeId", &STRING).wire("sourceVolumeId"),
        member("Iops", &INTEGER).wire("iops"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("VolumeType", &VOLUME_TYPE).wire("volumeType"),
        member("FastRestored", &BOOLEAN).wire("fastRestored"),
        member("MultiAttachEnabled", &BOOLEAN).wire("multiAttachEnabled"),
        member("Throughput", &INTEGER).wire("throughput"),
        member("SseType", &SSE_TYPE).wire("sseType"),
        member("Operator", &OPERATOR_RESPONSE).wire("operator"),
        member("VolumeInitializationRate", &INTEGER).wire("volumeInitializationRate"),
        member("VolumeArn", &STRING).wire("volumeArn"),
        member("OwnerId", &STRING).wire("ownerId"),
        member("VolumeId", &STRING).wire("volumeId"),
        member("Size", &INTEGER).wire("size"),
        member("SnapshotId", &STRING).wire("snapshotId"),
        member("AvailabilityZone", &STRING).wire("availabilityZone"),
        member("State", &VOLUME_STATE)
            .wire("status")
            .query("Status"),
        member("CreateTime", &DATE_TIME).wire("createTime"),
        member("Attachments", &VOLUME_ATTACHMENT_LIST)
            .wire("attachmentSet")
            .query("AttachmentSet"),
        member("Encrypted", &BOOLEAN).wire("encrypted"),
        member("KmsKeyId", &STRING).wire("kmsKeyId"),
    ],
);

static VOLUME_ATTACHMENT: Shape = structure(
    "VolumeAttachment",
    &[
        member("DeleteOnTermination", &BOOLEAN).wire("deleteOnTermination"),
        member("AssociatedResource", &STRING).wire("associatedResource"),
        member("InstanceOwningService", &STRING).wire("instanceOwningService"),
        member("EbsCardIndex", &INTEGER).wire("ebsCardIndex"),
        member("VolumeId", &STRING).wire("volumeId"),
        member("InstanceId", &STRING).wire("instanceId"),
        member("Device", &STRING).wire("device"),
        member("State", &VOLUME_ATTACHMENT_STATE)
            .wire("status")
            .query("Status"),
        member("AttachTime", &DATE_TIME).wire("attachTime"),
    ],
);

static VOLUME_ATTACHMENT_LIST: Shape = list(
    "VolumeAttachmentList",
    &VOLUME_ATTACHMENT,
    Some("item"),
    None,
    None,
);

static VOLUME_ATTACHMENT_STATE: Shape = string(
    "VolumeAttachmentState",
    Text::ANY.values(&["attaching", "attached", "detaching", "detached", "busy"]),
);

static VOLUME_ID: Shape = string("VolumeId", Text::ANY);

static VOLUME_ID_STRING_LIST: Shape = list(
    "VolumeIdStringList",
    &VOLUME_ID,
    Some("VolumeId"),
    None,
    None,
);

static VOLUME_LIST: Shape = list("VolumeList", &VOLUME, Some("item"), None, None);

static VOLUME_STATE: Shape = string(
    "VolumeState",
    Text::ANY.values(&[
        "creating",
        "available",
        "in-use",
        "deleting",
        "deleted",
        "error",
    ]),
);

static VOLUME_TYPE: Shape = string(
    "VolumeType",
    Text::ANY.values(&["standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"]),
);

static VPC: Shape = structure(
    "Vpc",
    &[
        member("OwnerId", &STRING).wire("ownerId"),
        member("InstanceTenancy", &TENANCY).wire("instanceTenancy"),
        member(
            "Ipv6CidrBlockAssociationSet",
            &VPC_IPV6_CIDR_BLOCK_ASSOCIATION_SET,
        )
        .wire("ipv6CidrBlockAssociationSet"),
        member("CidrBlockAssociationSet", &VPC_CIDR_BLOCK_ASSOCIATION_SET)
            .wire("cidrBlockAssociationSet"),
        member("IsDefault", &BOOLEAN).wire("isDefault"),
        member("EncryptionControl", &VPC_ENCRYPTION_CONTROL).wire("encryptionControl"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
        member("BlockPublicAccessStates", &BLOCK_PUBLIC_ACCESS_STATES)
            .wire("blockPublicAccessStates"),
        member("VpcId", &STRING).wire("vpcId"),
        member("State", &VPC_STATE).wire("state"),
        member("CidrBlock", &STRING).wire("cidrBlock"),
        member("DhcpOptionsId", &STRING).wire("dhcpOptionsId"),
    ],
);

static VPC_ATTRIBUTE_NAME: Shape = string(
    "VpcAttributeName",
    Text::ANY.values(&[
        "enableDnsSupport",
        "enableDnsHostnames",
        "enableNetworkAddressUsageMetrics",
    ]),
);

static VPC_CIDR_BLOCK_ASSOCIATION: Shape = structure(
    "VpcCidrBlockAssociation",
    &[
        member("AssociationId", &STRING).wire("associationId"),
        member("CidrBlock", &STRING).wire("cidrBlock"),
        member("CidrBlockState", &VPC_CIDR_BLOCK_STATE).wire("cidrBlockState"),
    ],
);

static VPC_CIDR_BLOCK_ASSOCIATION_SET: Shape = list(
    "VpcCidrBlockAssociationSet",
    &VPC_CIDR_BLOCK_ASSOCIATION,
    Some("item"),
    None,
    None,
);

static VPC_CIDR_BLOCK_STATE: Shape = structure(
    "VpcCidrBlockState",
    &[
        member("State", &VPC_CIDR_BLOCK_STATE_CODE).wire("state"),
        member("StatusMessage", &STRING).wire("statusMessage"),
    ],
);

static VPC_CIDR_BLOCK_STATE_CODE: Shape = string(
    "VpcCidrBlockStateCode",
    Text::ANY.values(&[
        "associating",
        "associated",
        "disassociating",
        "disassociated",
        "failing",
        "failed",
    ]),
);

static VPC_ENCRYPTION_CONTROL: Shape = structure(
    "VpcEncryptionControl",
    &[
        member("VpcId", &VPC_ID).wire("vpcId"),
        member("VpcEncryptionControlId", &VPC_ENCRYPTION_CONTROL_ID).wire("vpcEncryptionControlId"),
        member("Mode", &VPC_ENCRYPTION_CONTROL_MODE).wire("mode"),
        member("State", &VPC_ENCRYPTION_CONTROL_STATE).wire("state"),
        member("StateMessage", &STRING).wire("stateMessage"),
        member("ResourceExclusions", &VPC_ENCRYPTION_CONTROL_EXCLUSIONS).wire("resourceExclusions"),
        member("Tags", &TAG_LIST).wire("tagSet").query("TagSet"),
    ],
);

static VPC_ENCRYPTION_CONTROL_EXCLUSION: Shape = structure(
    "VpcEncryptionControlExclusion",
    &[
        member("State", &VPC_ENCRYPTION_CONTROL_EXCLUSION_STATE).wire("state"),
        member("StateMessage", &STRING).wire("stateMessage"),
    ],
);

static VPC_ENCRYPTION_CONTROL_EXCLUSION_STATE: Shape = string(
    "VpcEncryptionControlExclusionState",
    Text::ANY.values(&["enabling", "enabled", "disabling", "disabled"]),
);

static VPC_ENCRYPTION_CONTROL_EXCLUSIONS: Shape = structure(
    "VpcEncryptionControlExclusions",
    &[
        member("InternetGateway", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("internetGateway"),
        member(
            "EgressOnlyInternetGateway",
            &VPC_ENCRYPTION_CONTROL_EXCLUSION,
        )
        .wire("egressOnlyInternetGateway"),
        member("NatGateway", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("natGateway"),
        member("VirtualPrivateGateway", &VPC_ENCRYPTION_CONTROL_EXCLUSION)
            .wire("virtualPrivateGateway"),
        member("VpcPeering", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("vpcPeering"),
        member("Lambda", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("lambda"),
        member("VpcLattice", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("vpcLattice"),
        member("ElasticFileSystem", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("elasticFileSystem"),
        member("GlobalAccelerator", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("globalAccelerator"),
        member("ApiGatewayV2", &VPC_ENCRYPTION_CONTROL_EXCLUSION).wire("apiGatewayV2"),
    ],
);

static VPC_ENCRYPTION_CONTROL_ID: Shape = string("VpcEncryptionControlId", Text::ANY);

static VPC_ENCRYPTION_CONTROL_MODE: Shape = string(
    "VpcEncryptionControlMode",
    Text::ANY.values(&["monitor", "enforce"]),
);

static VPC_ENCRYPTION_CONTROL_STATE: Shape = string(
    "VpcEncryptionControlState",
    Text::ANY.values(&[
        "enforce-in-progress",
        "monitor-in-progress",
        "enforce-failed",
        "monitor-failed",
        "deleting",
        "deleted",
        "available",
        "creating",
        "delete-failed",
    ]),
);

static VPC_ID: Shape = string("VpcId", Text::ANY);

static VPC_ID_STRING_LIST: Shape = list("VpcIdStringList", &VPC_ID, Some("VpcId"), None, None);

static VPC_IPV6_CIDR_BLOCK_ASSOCIATION: Shape = structure(
    "VpcIpv6CidrBlockAssociation",
    &[
        member("AssociationId", &STRING).wire("associationId"),
        member("Ipv6CidrBlock", &STRING).wire("ipv6CidrBlock"),
        member("Ipv6CidrBlockState", &VPC_CIDR_BLOCK_STATE).wire("ipv6CidrBlockState"),
        member("NetworkBorderGroup", &STRING).wire("networkBorderGroup"),
        member("Ipv6Pool", &STRING).wire("ipv6Pool"),
        member("Ipv6AddressAttribute", &IPV6_ADDRESS_ATTRIBUTE).wire("ipv6AddressAttribute"),
        member("IpSource", &IP_SOURCE).wire("ipSource"),
    ],
);

static VPC_IPV6_CIDR_BLOCK_ASSOCIATION_SET: Shape = list(
    "VpcIpv6CidrBlockAssociationSet",
    &VPC_IPV6_CIDR_BLOCK_ASSOCIATION,
    Some("item"),
    None,
    None,
);

static VPC_LIST: Shape = list("VpcList", &VPC, Some("item"), None, None);

static VPC_STATE: Shape = string(
    "VpcState",
    Text::ANY.values(&["pending", "available", "deleting"]),
);

static WORKLOAD: Shape = string("Workload", Text::ANY);

static WORKLOADS_LIST: Shape = list("WorkloadsList", &WORKLOAD, Some("item"), None, None);

static ZONE_ID_STRING_LIST: Shape = list("ZoneIdStringList", &STRING, Some("ZoneId"), None, None);

static ZONE_NAME_STRING_LIST: Shape =
    list("ZoneNameStringList", &STRING, Some("ZoneName"), None, None);

static TOTAL_FPGA_MEMORY: Shape = integer("totalFpgaMemory", 32, None, None);

static TOTAL_GPU_MEMORY: Shape = integer("totalGpuMemory", 32, None, None);

static TOTAL_INFERENCE_MEMORY: Shape = integer("totalInferenceMemory", 32, None, None);
