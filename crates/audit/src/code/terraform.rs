//! Terraform: the files of each folder as a module, modules of the same tree entered with what they
//! are given. Runs no provider and fetches nothing: what is elsewhere is not known.
//!
//! Source: Terraform language documentation, "Files and directories", "Modules", "Input variables".

mod eval;
mod functions;
mod json;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::structure::{Block, Body, Structure};
use hcl_edit::{Span as _, parser};

use self::eval::{Scope, Texts};
use super::value::{Node, Value};
use super::{File, Read, Resource, Spot};

/// A file that was parsed.
struct Source {
    path: String,
    body: Body,
    /// Where its lines end.
    ends: Vec<usize>,
    /// For each line of `body` the one of the file, where that is another.
    lines: Vec<usize>,
}

/// The files of a folder.
#[derive(Default)]
struct Module {
    sources: Vec<Source>,
}

/// Reads all modules among the files.
pub(super) fn read(files: &[File], read: &mut Read) {
    let mut modules: BTreeMap<String, Module> = BTreeMap::new();
    let mut given: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    for file in files {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        if plan::is_plan(file) {
            plan::read_plan(file, read);
            continue;
        }
        let plain = name.strip_suffix(".json").unwrap_or(name);
        let is_given = plain == "terraform.tfvars" || plain.ends_with(".auto.tfvars");
        if plain.rsplit('.').next() == Some("tf") || is_given {
            read.files += 1;
            let source = match (plain == name, is_given) {
                (true, _) => source(file),
                (false, is_given) => source_of_json(file, is_given),
            };
            match source {
                Ok(source) if is_given => given.entry(folder.to_owned()).or_default().push(source),
                Ok(source) => modules
                    .entry(folder.to_owned())
                    .or_default()
                    .sources
                    .push(source),
                Err(why) => read.miss(&file.path, &why),
            }
        }
    }
    let called: BTreeSet<String> = modules
        .iter()
        .flat_map(|(folder, module)| module.calls().map(|call| local(folder, call)))
        .flatten()
        .collect();
    let texts = Texts::new(files);
    for module in modules.values() {
        module.blocks(read);
    }
    for (folder, module) in &modules {
        if called.contains(folder) {
            continue;
        }
        let inputs = given.get(folder).map_or_else(BTreeMap::new, |sources| {
            let scope = Scope::new(&modules, module, folder, "", &texts);
            let attributes = sources
                .iter()
                .flat_map(|it| it.body.attributes().map(move |at| (it, at)));
            let value = |(source, attribute): (&Source, &hcl_edit::structure::Attribute)| {
                let line = source.line(attribute);
                let value = scope.value(&attribute.value);
                (attribute.key.to_string(), Node::new(line, value))
            };
            attributes.map(value).collect()
        });
        let scope = Scope::new(&modules, module, folder, "", &texts).with(inputs);
        enter(&modules, &scope, 0, read);
    }
    if !called.is_empty() {
        // One that only a circle of modules calls is entered by nobody.
        let left = modules
            .iter()
            .filter(|(folder, _)| called.contains(*folder) && !read.entered.contains(*folder));
        let left = left.flat_map(|(_, module)| &module.sources);
        let left: Vec<String> = left
            .filter(|it| it.has_resources())
            .map(|it| it.path.clone())
            .collect();
        for path in left {
            read.miss(&path, "no module outside of a circle calls it");
        }
    }
}

fn source(file: &File) -> Result<Source, String> {
    let text = str::from_utf8(&file.bytes).map_err(|_| "not HCL: not UTF-8".to_owned())?;
    if text.len() > TEXT_BYTES_MAX {
        return Err(format!(
            "more than {TEXT_BYTES_MAX} bytes of HCL are not read"
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let body = parser::parse_body(text).map_err(|error| {
        let place = error.location();
        // The message quotes nothing of the text, which may hold a secret.
        format!("not HCL: line {}, column {}", place.line(), place.column())
    })?;
    Ok(Source {
        path: file.path.clone(),
        body,
        ends: memchr::memchr_iter(b'\n', text.as_bytes()).collect(),
        lines: Vec::new(),
    })
}

/// The same in JSON; of values for variables where `is_given`.
fn source_of_json(file: &File, is_given: bool) -> Result<Source, String> {
    let text = str::from_utf8(&file.bytes).map_err(|_| "not JSON: not UTF-8".to_owned())?;
    if text.len() > TEXT_BYTES_MAX {
        return Err(format!(
            "more than {TEXT_BYTES_MAX} bytes of JSON are not read"
        ));
    }
    let written = if is_given {
        json::values(text)
    } else {
        json::configuration(text)
    };
    let written = written.map_err(|why| format!("not JSON: {why}"))?;
    let body = parser::parse_body(&written.text).map_err(|error| {
        let line = written.lines.get(error.location().line().saturating_sub(1));
        format!("not Terraform: line {}", line.copied().unwrap_or(1))
    })?;
    Ok(Source {
        path: file.path.clone(),
        body,
        ends: memchr::memchr_iter(b'\n', written.text.as_bytes()).collect(),
        lines: written.lines,
    })
}

/// The resources of a module and of those that it calls.
fn enter(modules: &BTreeMap<String, Module>, scope: &Scope<'_>, depth: usize, read: &mut Read) {
    let module = scope.module;
    read.entered.insert(scope.folder.clone());
    for source in &module.sources {
        for block in source.body.get_blocks("resource") {
            let Some((sort, name)) = labels(block) else {
                continue;
            };
            for (key, names) in scope.copies(block) {
                if read.resources.len() >= RESOURCES_MAX {
                    read.miss(&source.path, "more resources than are looked at");
                    return;
                }
                read.resources.push(Resource {
                    sort: sort.to_owned(),
                    spot: Spot {
                        address: format!("{}{sort}.{name}{key}", scope.prefix),
                        file: source.path.clone(),
                        line: source.line(block),
                    },
                    body: scope.with_names(names, || scope.body(source, &block.body)),
                });
            }
        }
    }
    for source in &module.sources {
        for call in source.body.get_blocks("module") {
            let Some(name) = call
                .labels
                .first()
                .map(hcl_edit::structure::BlockLabel::as_str)
            else {
                continue;
            };
            let inner = local(&scope.folder, call).and_then(|folder| {
                let module = modules.get(&folder)?;
                Some((folder, module))
            });
            let Some((folder, module)) = inner else {
                let source_of = call.body.get_attribute("source");
                let from = source_of
                    .and_then(|it| it.value.as_str())
                    .unwrap_or("(not literal)");
                let why = format!("module `{name}` is at `{from}`, which is not among the files");
                read.miss(&format!("{}:{}", source.path, source.line(call)), &why);
                continue;
            };
            if depth >= DEPTH_MAX || read.resources.len() >= RESOURCES_MAX {
                read.miss(&source.path, "modules in modules beyond what is looked at");
                continue;
            }
            let copies = scope.copies(call);
            if copies.is_empty() {
                leave_out(modules, &folder, read);
            }
            for (key, names) in copies {
                let inputs = scope.with_names(names, || scope.inputs_of(source, call, 0));
                let prefix = format!("{}module.{name}{key}.", scope.prefix);
                let inner = Scope::new(modules, module, &folder, &prefix, scope.texts);
                enter(modules, &inner.with(inputs), depth + 1, read);
            }
        }
    }
}

/// Takes a module for entered that is there no time at all, with those that it calls.
fn leave_out(modules: &BTreeMap<String, Module>, folder: &str, read: &mut Read) {
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let calls = modules.get(&folder).into_iter().flat_map(Module::calls);
        let calls: Vec<String> = calls.filter_map(|call| local(&folder, call)).collect();
        if read.entered.insert(folder) {
            pending.extend(calls);
        }
    }
}

/// The folder that a call names, if it is one of the same tree.
fn local(folder: &str, call: &Block) -> Option<String> {
    let source = call.body.get_attribute("source")?.value.as_str()?;
    if !(source.starts_with("./") || source.starts_with("../")) {
        return None;
    }
    join(folder, source)
}

/// A path below the root from a folder of it and a path from there.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

fn labels(block: &Block) -> Option<(&str, &str)> {
    match block.labels.as_slice() {
        [one, two] => Some((one.as_str(), two.as_str())),
        _ => None,
    }
}

impl Source {
    /// The line at which something begins.
    fn line(&self, part: &impl hcl_edit::Span) -> usize {
        self.line_at(part.span().map_or(0, |span| span.start))
    }

    fn line_at(&self, place: usize) -> usize {
        let line = self.ends.partition_point(|end| *end < place);
        self.lines.get(line).copied().unwrap_or(line + 1)
    }

    fn has_resources(&self) -> bool {
        self.body.has_blocks("resource")
    }
}

impl Module {
    fn calls(&self) -> impl Iterator<Item = &Block> {
        let sources = self.sources.iter();
        sources.flat_map(|source| source.body.get_blocks("module"))
    }

    /// Takes down which lines are of which block.
    fn blocks(&self, read: &mut Read) {
        for source in &self.sources {
            for structure in &source.body {
                let Structure::Block(block) = structure else {
                    continue;
                };
                let names = block
                    .labels
                    .iter()
                    .map(hcl_edit::structure::BlockLabel::as_str);
                let names: Vec<&str> = names.collect();
                let name = match block.ident.as_str() {
                    "resource" => names.join("."),
                    other => format!("{other} {}", names.join(".")),
                };
                let end = block.span().map_or(0, |span| span.end);
                let last = source.line_at(end);
                let place = (source.path.clone(), source.line(block), last);
                read.blocks
                    .push((place.0, place.1, place.2, name.trim().to_owned()));
            }
        }
    }

    /// The sources with the blocks of a sort in them.
    fn all<'a>(&'a self, sort: &'a str) -> impl Iterator<Item = (&'a Source, &'a Block)> {
        let sources = self.sources.iter();
        sources.flat_map(move |source| source.body.get_blocks(sort).map(move |it| (source, it)))
    }
}

/// An object of attributes and nested blocks; blocks of one name are a list.
fn object(members: Vec<(String, Node)>) -> Value {
    Value::Object(members)
}

// A file that a person writes has a hundredth of it.
const TEXT_BYTES_MAX: usize = 4 << 20;
const DEPTH_MAX: usize = 16;
const RESOURCES_MAX: usize = 100_000;
