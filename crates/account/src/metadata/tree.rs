//! Finding what stands at a path of an instance's metadata.
//!
//! There is one tree for all instances, laid out of the table of categories when it is first asked;
//! an instance has none of its own. Values are made when they are read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bytes::Bytes;
use protocol::metadata::Version;

use super::about::About;
use super::categories::{CATEGORIES, Category, Is};

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The names in a folder.
    Folder(Vec<String>),
    Value(Bytes),
}

/// Follows the segments below a version.
pub(super) fn find(version: Version, segments: &[String], source: &impl Source) -> Option<Found> {
    let mut place = &*ROOT;
    let mut rest = segments.iter();
    while let Some(segment) = rest.next() {
        place = place.child(segment, source)?;
        if let Some(category) = place.category {
            // A value with a slash after it is the value; with a name after it, nothing.
            let is_there = category.is_in(version) && rest.len() == 0;
            let value = is_there.then(|| source.value(category, segment))?;
            return value.map(Found::Value);
        }
    }
    // The folder right below a version lists its names bare.
    let names = place.names(version, source, !segments.is_empty())?;
    Some(Found::Folder(names))
}

/// One place of the tree: a value, or a folder.
#[derive(Default)]
struct Place {
    category: Option<&'static Category>,
    folder: BTreeMap<&'static str, Place>,
    /// What stands at names that are the instance's own.
    variable: Option<Box<Place>>,
}

impl Place {
    fn put(&mut self, path: &'static str, category: &'static Category) {
        let mut place = self;
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            let is_variable = segment.bytes().all(|byte| byte.is_ascii_uppercase());
            place = if is_variable {
                &mut **place.variable.get_or_insert_default()
            } else {
                place.folder.entry(segment).or_default()
            };
        }
        place.category = Some(category);
    }

    fn child(&self, name: &str, source: &impl Source) -> Option<&Self> {
        if let Some(child) = self.folder.get(name) {
            return Some(child);
        }
        let child = self.variable.as_deref()?;
        // Folders that vary are those of interfaces; values know their names.
        let is_there = child.category.is_some() || name == source.mac();
        is_there.then_some(child)
    }

    /// The names in a folder; `None` where it is not there in this version.
    fn names(&self, version: Version, source: &impl Source, slashes: bool) -> Option<Vec<String>> {
        let mut names = Vec::new();
        for (name, child) in &self.folder {
            match child.category {
                Some(category) if category.is_there(version, source) => {
                    names.push((*name).to_owned());
                }
                None if child.names(version, source, true).is_some() => {
                    names.push(format!("{name}{}", if slashes { "/" } else { "" }));
                }
                _ => {}
            }
        }
        let Some(child) = self.variable.as_deref() else {
            return (!names.is_empty()).then_some(names);
        };
        if let Some(category) = child.category {
            return category.is_in(version).then(|| source.names(category))?;
        }
        child.names(version, source, true)?;
        Some(vec![format!("{}/", source.mac())])
    }
}

impl Category {
    /// Names of versions are dates, except the first, `1.0`, and the last, `latest`; as text they
    /// are in the order of time.
    fn is_in(&self, version: Version) -> bool {
        self.since <= version.as_str()
    }

    fn is_there(&self, version: Version, source: &impl Source) -> bool {
        self.is_in(version) && source.is_there(self)
    }
}

/// Where values come from.
pub(super) trait Source {
    /// The address of the interface.
    fn mac(&self) -> &str;

    fn is_there(&self, category: &Category) -> bool;

    /// The names of a category that has many values; `None` where its folder is not there.
    fn names(&self, category: &Category) -> Option<Vec<String>>;

    fn value(&self, category: &Category, name: &str) -> Option<Bytes>;
}

impl Source for About<'_> {
    fn mac(&self) -> &str {
        &self.instance().mac
    }

    fn is_there(&self, category: &Category) -> bool {
        match &category.is {
            Is::Always(_) | Is::Text(_) => true,
            Is::Of(read) => read(self).is_some(),
            Is::Made(is_there, _) => is_there(self),
            Is::Each(names, _) => names(self).is_some(),
            Is::Absent => false,
        }
    }

    fn names(&self, category: &Category) -> Option<Vec<String>> {
        match &category.is {
            Is::Each(names, _) => names(self),
            _ => None,
        }
    }

    fn value(&self, category: &Category, name: &str) -> Option<Bytes> {
        match &category.is {
            Is::Always(text) => Some(Bytes::from_static(text.as_bytes())),
            Is::Text(read) => Some(read(self).into()),
            Is::Of(read) => read(self).map(Bytes::from),
            Is::Made(_, make) => make(self),
            Is::Each(_, make) => make(self, name),
            Is::Absent => None,
        }
    }
}

static ROOT: LazyLock<Place> = LazyLock::new(|| {
    let mut root = Place::default();
    for category in CATEGORIES {
        root.put(category.path, category);
    }
    root
});
