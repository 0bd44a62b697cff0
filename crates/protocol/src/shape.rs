//! The shapes of services: what each operation takes and returns, as data.
//!
//! The tables in `shape/` are facts out of the service models that AWS publishes in botocore. They
//! are made by `cargo xtask shapes` and checked in; nobody edits them. Decoding, validation and
//! encoding (`wire`) walk these tables and know no operation by name.

mod autoscaling;
mod cloudtrail;
mod ec2;
mod iam;
mod kms;
mod pattern;
mod regions;
mod secretsmanager;
mod sts;
mod table;

pub use pattern::Pattern;
pub use regions::REGIONS;

/// The services whose operations Rolecall has, in alphabetical order.
pub static SERVICES: &[&Service] = &[
    &autoscaling::SERVICE,
    &cloudtrail::SERVICE,
    &ec2::SERVICE,
    &iam::SERVICE,
    &kms::SERVICE,
    &secretsmanager::SERVICE,
    &sts::SERVICE,
];

/// The release of botocore that the tables came from.
pub const BOTOCORE_VERSION: &str = include_str!("shape/botocore-version");

/// One service: its protocol and its operations.
#[derive(Debug)]
pub struct Service {
    /// As in ARNs, actions and credential scopes: `secretsmanager`.
    pub name: &'static str,
    /// How its calls look on the wire.
    pub protocol: Protocol,
    /// `2010-05-08`.
    pub api_version: &'static str,
    /// Sorted by name.
    pub operations: &'static [Operation],
}

/// How calls and answers are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Form in, XML out.
    Query {
        /// `xmlns` of the answers.
        namespace: &'static str,
    },
    /// The Query protocol as EC2 speaks it.
    Ec2 {
        /// `xmlns` of the answers.
        namespace: &'static str,
    },
    /// JSON both ways, the operation in `X-Amz-Target`.
    Json {
        /// `1.1`.
        version: &'static str,
        /// What stands before the dot in `X-Amz-Target`.
        target_prefix: &'static str,
    },
}

impl Protocol {
    /// `xmlns` of the answers; empty where they are not XML.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Query { namespace } | Self::Ec2 { namespace } => namespace,
            Self::Json { .. } => "",
        }
    }
}

/// One operation of a service.
#[derive(Debug)]
pub struct Operation {
    /// `GetSecretValue`.
    pub name: &'static str,
    /// The structure it takes, if it takes anything.
    pub input: Option<&'static Shape>,
    /// The structure it returns, if it returns anything.
    pub output: Option<&'static Shape>,
    /// The element that holds the output in a Query answer.
    pub result_wrapper: Option<&'static str>,
    /// The errors the model declares for it.
    pub errors: &'static [&'static ErrorShape],
}

/// A declared error.
#[derive(Debug)]
pub struct ErrorShape {
    /// Its code on the wire.
    pub code: &'static str,
    /// Its HTTP status.
    pub status: u16,
}

/// A named shape.
pub struct Shape {
    /// As in the model: `roleNameType`.
    pub name: &'static str,
    /// What it is made of.
    pub kind: Kind,
}

/// What a shape is made of. Bounds are inclusive; `None` means unbounded.
#[derive(Debug)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer {
        /// 32 or, as the models' `long`, 64.
        bits: u32,
        /// Least value.
        min: Option<i64>,
        /// Greatest value.
        max: Option<i64>,
    },
    /// A floating-point number.
    Float,
    /// Text.
    String(Text),
    /// Bytes.
    Blob {
        /// Least length in bytes.
        min: Option<u64>,
        /// Greatest length in bytes.
        max: Option<u64>,
        /// Whether the model marks it sensitive.
        sensitive: bool,
    },
    /// A moment.
    Timestamp,
    /// Values of one shape in order.
    List {
        /// The shape of each.
        member: &'static Shape,
        /// Name of each element on the wire, where the model gives one.
        member_name: Option<&'static str>,
        /// Least number of members.
        min: Option<u64>,
        /// Greatest number of members.
        max: Option<u64>,
    },
    /// Values of one shape by name.
    Map {
        /// The shape of each name.
        key: &'static Shape,
        /// The shape of each value.
        value: &'static Shape,
    },
    /// Members by name.
    Structure(&'static [Member]),
}

/// The bounds of a string shape.
#[derive(Debug)]
pub struct Text {
    /// Least length in characters.
    pub min: Option<u64>,
    /// Greatest length in characters.
    pub max: Option<u64>,
    /// The pattern as the model writes it; a value must match it whole.
    pub pattern: Option<&'static Pattern>,
    /// The values the model lists; empty where any will do.
    pub values: &'static [&'static str],
    /// Whether the model marks it sensitive.
    pub sensitive: bool,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// As in the model: `RoleName`.
    pub name: &'static str,
    /// Its shape.
    pub shape: &'static Shape,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Its name on the wire, where it differs from `name`; in answers only, where EC2 is spoken.
    pub wire_name: Option<&'static str>,
    /// Its name in an EC2 request, where it differs from `name`.
    pub query_name: Option<&'static str>,
}

impl Service {
    /// The service by the name in its ARNs.
    pub fn find(name: &str) -> Option<&'static Self> {
        SERVICES
            .iter()
            .find(|service| service.name == name)
            .copied()
    }

    /// The operation by its name.
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        let at = self
            .operations
            .binary_search_by(|operation| operation.name.cmp(name))
            .ok()?;
        self.operations.get(at)
    }
}

/// The name alone: shapes can be recursive.
impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Shape").field(&self.name).finish()
    }
}

impl Operation {
    /// The status the model gives an error code, if it declares the code for this operation.
    pub fn status_of(&self, code: &str) -> Option<u16> {
        self.errors
            .iter()
            .find(|error| error.code == code)
            .map(|error| error.status)
    }
}

/// Calls back with every shape of every table, once each.
#[cfg(test)]
pub(crate) fn for_each(mut see: impl FnMut(&'static Shape)) {
    let mut seen = std::collections::BTreeSet::new();
    let operations = SERVICES.iter().flat_map(|service| service.operations);
    let mut waiting: Vec<&'static Shape> = operations
        .flat_map(|operation| [operation.input, operation.output])
        .flatten()
        .collect();
    while let Some(shape) = waiting.pop() {
        if !seen.insert(std::ptr::from_ref(shape)) {
            continue;
        }
        see(shape);
        match &shape.kind {
            Kind::Structure(members) => waiting.extend(members.iter().map(|member| member.shape)),
            Kind::List { member, .. } => waiting.push(member),
            Kind::Map { key, value } => waiting.extend([key, value]),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_operations_are_found_by_name() {
        for service in SERVICES {
            assert!(Service::find(service.name).is_some());
            assert!(!service.operations.is_empty());
            for operation in service.operations {
                let found = service.operation(operation.name);
                assert!(found.is_some_and(|found| std::ptr::eq(found, operation)));
            }
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert!(Service::find("s4").is_none());
        assert!(Service::find("").is_none());
        assert!(
            SERVICES
                .iter()
                .all(|service| service.operation("MakeCoffee").is_none())
        );
    }

    #[test]
    fn inputs_and_outputs_are_structures() {
        for operation in SERVICES.iter().flat_map(|service| service.operations) {
            for shape in [operation.input, operation.output].into_iter().flatten() {
                assert!(
                    matches!(shape.kind, Kind::Structure(_)),
                    "{}",
                    operation.name
                );
            }
        }
    }

    #[test]
    fn declared_errors_have_the_status_of_the_model() {
        let get_role = Service::find("iam")
            .and_then(|iam| iam.operation("GetRole"))
            .unwrap();

        assert_eq!(get_role.status_of("NoSuchEntity"), Some(404));
        assert_eq!(get_role.status_of("NoSuchThing"), None);
    }
}
