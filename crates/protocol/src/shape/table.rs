//! The words in which the generated tables are written; no fact stands here.

use super::{ErrorShape, Kind, Member, Operation, Pattern, Shape, Text};

const fn shape(name: &'static str, kind: Kind) -> Shape {
    Shape { name, kind }
}

pub(super) const fn structure(name: &'static str, members: &'static [Member]) -> Shape {
    shape(name, Kind::Structure(members))
}

pub(super) const fn list(
    name: &'static str,
    member: &'static Shape,
    member_name: Option<&'static str>,
    min: Option<u64>,
    max: Option<u64>,
) -> Shape {
    shape(
        name,
        Kind::List {
            member,
            member_name,
            min,
            max,
        },
    )
}

pub(super) const fn map(name: &'static str, key: &'static Shape, value: &'static Shape) -> Shape {
    shape(name, Kind::Map { key, value })
}

pub(super) const fn string(name: &'static str, text: Text) -> Shape {
    shape(name, Kind::String(text))
}

pub(super) const fn blob(
    name: &'static str,
    min: Option<u64>,
    max: Option<u64>,
    sensitive: bool,
) -> Shape {
    shape(
        name,
        Kind::Blob {
            min,
            max,
            sensitive,
        },
    )
}

pub(super) const fn float(name: &'static str) -> Shape {
    shape(name, Kind::Float)
}

pub(super) const fn integer(
    name: &'static str,
    bits: u32,
    min: Option<i64>,
    max: Option<i64>,
) -> Shape {
    shape(name, Kind::Integer { bits, min, max })
}

pub(super) const fn boolean(name: &'static str) -> Shape {
    shape(name, Kind::Boolean)
}

pub(super) const fn timestamp(name: &'static str) -> Shape {
    shape(name, Kind::Timestamp)
}

pub(super) const fn error(code: &'static str, status: u16) -> ErrorShape {
    ErrorShape { code, status }
}

pub(super) const fn member(name: &'static str, shape: &'static Shape) -> Member {
    Member {
        name,
        shape,
        required: false,
        wire_name: None,
        query_name: None,
    }
}

impl Member {
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn wire(mut self, name: &'static str) -> Self {
        self.wire_name = Some(name);
        self
    }

    pub(super) const fn query(mut self, name: &'static str) -> Self {
        self.query_name = Some(name);
        self
    }
}

impl Text {
    pub(super) const ANY: Self = Self {
        min: None,
        max: None,
        pattern: None,
        values: &[],
        sensitive: false,
    };

    pub(super) const fn min(mut self, characters: u64) -> Self {
        self.min = Some(characters);
        self
    }

    pub(super) const fn max(mut self, characters: u64) -> Self {
        self.max = Some(characters);
        self
    }

    pub(super) const fn pattern(mut self, pattern: &'static Pattern) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub(super) const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    pub(super) const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
}

pub(super) const fn operation(name: &'static str) -> Operation {
    Operation {
        name,
        input: None,
        output: None,
        result_wrapper: None,
        errors: &[],
    }
}

impl Operation {
    pub(super) const fn takes(mut self, shape: &'static Shape) -> Self {
        self.input = Some(shape);
        self
    }

    pub(super) const fn returns(mut self, shape: &'static Shape) -> Self {
        self.output = Some(shape);
        self
    }

    pub(super) const fn wrapped(mut self, element: &'static str) -> Self {
        self.result_wrapper = Some(element);
        self
    }

    pub(super) const fn fails(mut self, errors: &'static [&'static ErrorShape]) -> Self {
        self.errors = errors;
        self
    }
}
