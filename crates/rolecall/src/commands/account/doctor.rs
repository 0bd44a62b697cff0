//! `rolecall account doctor`: whether every record opens, and everything that one names is there,
//! files of objects included.

use ::account::doctor::{self, Dangling};
use ::account::entity::Located;

use super::super::founding;
use crate::cli::{self, Format};
use crate::failure::{Exit, Failure};
use crate::store::{self, Store};
use crate::term;

/// Prints how many there are of each kind, and what is wrong; says no where something is.
pub(super) fn run(flags: &cli::Doctor) -> Result<Exit, Failure> {
    let folder = founding::kept(&flags.folder, &flags.etcd)?.beside_server();
    // That all of them open and add up is a condition of this.
    let (store, entities) = Store::open_existing(&folder, |entities| {
        Ok(entities.into_iter().collect::<Vec<Located>>())
    })?;
    let mut report = doctor::examine(&entities);
    let gone = store::missing(folder.path(), &entities).into_iter();
    report.dangling.extend(gone.map(|gone| Dangling {
        of: gone.of,
        name: gone.file.display().to_string(),
    }));
    match flags.format {
        Format::Text => {
            for (kind, count) in &report.counts {
                term::data(&format!("{count:>9}  {kind}\n"));
            }
            for lost in &report.dangling {
                term::data(&format!(
                    "`{}` names `{}`, which is not there\n",
                    lost.of, lost.name
                ));
            }
        }
        Format::Json => {
            let lost = report.dangling.iter();
            let lost = lost.map(|lost| serde_json::json!({"record": lost.of, "names": lost.name}));
            let dangling: Vec<_> = lost.collect();
            let text = serde_json::json!({"records": report.counts, "dangling": dangling});
            term::data(&format!("{text:#}\n"));
        }
    }
    if let Some((why, hint)) = store.ailment() {
        return Err(Failure::no(format!("nothing can be written: {why}")).hint(hint));
    }
    if report.dangling.is_empty() {
        term::talk(&format!(
            "{} records open, and name nothing that is not there",
            entities.len()
        ));
        return Ok(Exit::Done);
    }
    Ok(Exit::No)
}
