//! `rolecall account init`: makes an account, and shows its first administrator's key once.

use account::Home;
use account::entity::AccessKey;

use super::super::founding::{self, Wanted};
use crate::cli::{self, Format};
use crate::failure::{Exit, Failure};
use crate::term;

/// Prints the key; it is shown nowhere again.
pub(super) fn run(flags: &cli::Init) -> Result<Exit, Failure> {
    let wanted = Wanted {
        account_id: flags.new.account_id.as_deref(),
        region: flags.new.region.as_deref(),
        sample: false,
    };
    wanted.check()?;
    let folder = founding::kept(&flags.folder, &flags.etcd)?;
    let (_store, partition) = wanted.make_new(&folder)?;
    let state = founding::founding_state(&partition)?;
    let key = state
        .administrator_key()
        .ok_or_else(|| Failure::unfinished("the new account has no administrator"))?;
    show_key(key, &partition.home(), flags.format);
    let (account_id, path) = (state.account_id(), folder.name());
    term::talk(&format!(
        "account {account_id} is in `{path}`; the administrator's key above is shown this once"
    ));
    Ok(Exit::Done)
}

/// Prints an administrator's key, for a shared credentials file or for programs.
pub(super) fn show_key(key: &AccessKey, home: &Home, format: Format) {
    let secret = key.secret.expose_text().unwrap_or_default();
    let (account_id, region) = (home.account(), home.region());
    term::data(&match format {
        Format::Text => format!(
            "[default]\naws_access_key_id = {}\naws_secret_access_key = {secret}\n\
             region = {region}\n",
            key.id
        ),
        Format::Json => format!(
            "{:#}\n",
            serde_json::json!({
                "account_id": account_id,
                "region": region,
                "access_key_id": key.id,
                "secret_access_key": secret,
            })
        ),
    });
}
