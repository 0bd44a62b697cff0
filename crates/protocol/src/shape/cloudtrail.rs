//! Shapes of cloudtrail, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{error, integer, list, member, operation, string, structure, timestamp};
use super::{ErrorShape, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "cloudtrail",
    protocol: Protocol::Json {
        version: "1.1",
        target_prefix: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
    },
    api_version: "2013-11-01",
    operations: &[operation("LookupEvents")
        .takes(&LOOKUP_EVENTS_REQUEST)
        .returns(&LOOKUP_EVENTS_RESPONSE)
        .fails(&[
            &INVALID_LOOKUP_ATTRIBUTES_EXCEPTION,
            &INVALID_TIME_RANGE_EXCEPTION,
            &INVALID_MAX_RESULTS_EXCEPTION,
            &INVALID_NEXT_TOKEN_EXCEPTION,
            &INVALID_EVENT_CATEGORY_EXCEPTION,
            &UNSUPPORTED_OPERATION_EXCEPTION,
            &OPERATION_NOT_PERMITTED_EXCEPTION,
        ])],
};

static DATE: Shape = timestamp("Date");

static EVENT: Shape = structure(
    "Event",
    &[
        member("EventId", &STRING),
        member("EventName", &STRING),
        member("ReadOnly", &STRING),
        member("AccessKeyId", &STRING),
        member("EventTime", &DATE),
        member("EventSource", &STRING),
        member("Username", &STRING),
        member("Resources", &RESOURCE_LIST),
        member("CloudTrailEvent", &STRING),
    ],
);

static EVENT_CATEGORY: Shape = string("EventCategory", Text::ANY.values(&["insight"]));

static EVENTS_LIST: Shape = list("EventsList", &EVENT, None, None, None);

static LOOKUP_ATTRIBUTE: Shape = structure(
    "LookupAttribute",
    &[
        member("AttributeKey", &LOOKUP_ATTRIBUTE_KEY).required(),
        member("AttributeValue", &LOOKUP_ATTRIBUTE_VALUE).required(),
    ],
);

static LOOKUP_ATTRIBUTE_KEY: Shape = string(
    "LookupAttributeKey",
    Text::ANY.values(&[
        "EventId",
        "EventName",
        "ReadOnly",
        "Username",
        "ResourceType",
        "ResourceName",
        "EventSource",
        "AccessKeyId",
    ]),
);

static LOOKUP_ATTRIBUTE_VALUE: Shape = string("LookupAttributeValue", Text::ANY.min(1).max(2_000));

static LOOKUP_ATTRIBUTES_LIST: Shape =
    list("LookupAttributesList", &LOOKUP_ATTRIBUTE, None, None, None);

static LOOKUP_EVENTS_REQUEST: Shape = structure(
    "LookupEventsRequest",
    &[
        member("LookupAttributes", &LOOKUP_ATTRIBUTES_LIST),
        member("StartTime", &DATE),
        member("EndTime", &DATE),
        member("EventCategory", &EVENT_CATEGORY),
        member("MaxResults", &MAX_RESULTS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LOOKUP_EVENTS_RESPONSE: Shape = structure(
    "LookupEventsResponse",
    &[
        member("Events", &EVENTS_LIST),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static MAX_RESULTS: Shape = integer("MaxResults", 32, Some(1), Some(50));

static NEXT_TOKEN: Shape = string("NextToken", Text::ANY);

static RESOURCE: Shape = structure(
    "Resource",
    &[
        member("ResourceType", &STRING),
        member("ResourceName", &STRING),
    ],
);

static RESOURCE_LIST: Shape = list("ResourceList", &RESOURCE, None, None, None);

static STRING: Shape = string("String", Text::ANY);

static INVALID_EVENT_CATEGORY_EXCEPTION: ErrorShape = error("InvalidEventCategoryException", 400);

static INVALID_LOOKUP_ATTRIBUTES_EXCEPTION: ErrorShape =
    error("InvalidLookupAttributesException", 400);

static INVALID_MAX_RESULTS_EXCEPTION: ErrorShape = error("InvalidMaxResultsException", 400);

static INVALID_NEXT_TOKEN_EXCEPTION: ErrorShape = error("InvalidNextTokenException", 400);

static INVALID_TIME_RANGE_EXCEPTION: ErrorShape = error("InvalidTimeRangeException", 400);

static OPERATION_NOT_PERMITTED_EXCEPTION: ErrorShape = error("OperationNotPermittedException", 400);

static UNSUPPORTED_OPERATION_EXCEPTION: ErrorShape = error("UnsupportedOperationException", 400);
