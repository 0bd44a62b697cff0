//! OpenID Connect providers: whose tokens AssumeRoleWithWebIdentity takes, and for whom they are.
//!
//! AWS fetches a provider's keys from its URL. Nothing is fetched here: the operator hands the keys
//! to the server (`web_identity`), and thumbprints are kept without a use.
//!
//! Source: IAM API Reference, the calls on OpenID Connect providers; IAM User Guide, "IAM and AWS
//! STS quotas".

use protocol::{Fault, Record, Value};

use super::faults::{already_exists, limit_exceeded, no_such_entity};
use super::tags::{TAGS_MAX, creating, tag_list, tags};
use crate::entity::{Entity, OpenIdProvider};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::transaction::Transaction;
use crate::web_identity::bare;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateOpenIDConnectProvider",
        needs: |transaction, _, input| {
            let url = required(input, "Url")?;
            let arn = arn(transaction, bare(url).unwrap_or(url));
            let action = "iam:CreateOpenIDConnectProvider";
            Ok(creating(
                action,
                "iam:TagOpenIDConnectProvider",
                &arn,
                input,
            ))
        },
        run: create,
    },
    Row {
        operation: "GetOpenIDConnectProvider",
        needs: |t, _, i| on_provider("iam:GetOpenIDConnectProvider", t, i),
        run: get,
    },
    Row {
        operation: "ListOpenIDConnectProviders",
        needs: |transaction, _, _| {
            let all = arn(transaction, "*");
            Ok(vec![Need::new("iam:ListOpenIDConnectProviders", all)])
        },
        run: list,
    },
    Row {
        operation: "DeleteOpenIDConnectProvider",
        needs: |t, _, i| on_provider("iam:DeleteOpenIDConnectProvider", t, i),
        run: delete,
    },
    Row {
        operation: "UpdateOpenIDConnectProviderThumbprint",
        needs: |t, _, i| on_provider("iam:UpdateOpenIDConnectProviderThumbprint", t, i),
        run: |transaction, _, input| {
            let mut provider = load(transaction, input)?;
            provider.thumbprints = thumbprints(input)?;
            put(transaction, provider)
        },
    },
    Row {
        operation: "AddClientIDToOpenIDConnectProvider",
        needs: |t, _, i| on_provider("iam:AddClientIDToOpenIDConnectProvider", t, i),
        run: add_client,
    },
    Row {
        operation: "RemoveClientIDFromOpenIDConnectProvider",
        needs: |t, _, i| on_provider("iam:RemoveClientIDFromOpenIDConnectProvider", t, i),
        run: |transaction, _, input| {
            let mut provider = load(transaction, input)?;
            let gone = required(input, "ClientID")?;
            provider.client_ids.retain(|id| id != gone);
            put(transaction, provider)
        },
    },
    Row {
        operation: "TagOpenIDConnectProvider",
        needs: |t, _, i| {
            let needs = on_provider("iam:TagOpenIDConnectProvider", t, i)?;
            let needs = needs.into_iter();
            Ok(needs
                .map(|need| need.requesting(i.records("Tags")))
                .collect())
        },
        run: tag,
    },
    Row {
        operation: "UntagOpenIDConnectProvider",
        needs: |t, _, i| {
            let needs = on_provider("iam:UntagOpenIDConnectProvider", t, i)?;
            let gone: Vec<String> = i.texts("TagKeys").map(str::to_owned).collect();
            let needs = needs.into_iter();
            Ok(needs.map(|need| need.about_tags(gone.clone())).collect())
        },
        run: |transaction, _, input| {
            let mut provider = load(transaction, input)?;
            let gone: Vec<&str> = input.texts("TagKeys").collect();
            provider
                .tags
                .retain(|tag| !gone.iter().any(|key| key.eq_ignore_ascii_case(&tag.key)));
            put(transaction, provider)
        },
    },
    Row {
        operation: "ListOpenIDConnectProviderTags",
        needs: |t, _, i| on_provider("iam:ListOpenIDConnectProviderTags", t, i),
        run: list_tags,
    },
];

fn arn(transaction: &Transaction, host: &str) -> String {
    let state = transaction.state();
    state.iam_arn("oidc-provider", "/", host).to_string()
}

fn on_provider(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let named = required(input, MEMBER)?;
    let held = load(transaction, input).ok();
    let tags = held.map(|provider| provider.tags).unwrap_or_default();
    let need = Need::new(action, named);
    Ok(vec![need.on_tagged(&keys::IAM_RESOURCE_TAG, &tags)])
}

fn load(transaction: &Transaction, input: &Record) -> Result<OpenIdProvider, Fault> {
    let named = required(input, MEMBER)?;
    let host = named.strip_prefix(&arn(transaction, ""));
    let held = host.and_then(|host| transaction.state().open_id_providers().get(host));
    let held = held.ok_or_else(|| {
        no_such_entity(format!("OpenIDConnect Provider not found for arn {named}"))
    })?;
    Ok(OpenIdProvider::clone(held))
}

fn put(transaction: &mut Transaction, provider: OpenIdProvider) -> Result<Record, Fault> {
    transaction.put(Entity::OpenIdProvider(provider))?;
    Ok(Record::new())
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let url = required(input, "Url")?;
    // Host and path; a query or a fragment has no place in an issuer's URL.
    let host = bare(url)
        .filter(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(['?', '#']))
        .ok_or_else(|| Fault::new("InvalidInput", "Invalid Open ID Connect Provider URL"))?;
    let providers = transaction.state().open_id_providers();
    if providers.contains_key(host) {
        return Err(already_exists(format!(
            "Provider with url {url} already exists."
        )));
    }
    if providers.len() >= PROVIDERS_MAX {
        return Err(quota("OpenIdConnectProvidersPerAccount", PROVIDERS_MAX));
    }
    let mut client_ids: Vec<String> = Vec::new();
    for id in input.texts("ClientIDList") {
        if !client_ids.iter().any(|known| known == id) {
            client_ids.push(id.to_owned());
        }
    }
    check_clients(&client_ids)?;
    let provider = OpenIdProvider {
        host: host.to_owned(),
        client_ids,
        thumbprints: thumbprints(input)?,
        created: transaction.now,
        tags: tags(input)?,
    };
    let answer = Record::new()
        .with(MEMBER, arn(transaction, host))
        .with_some("Tags", tag_list(&provider.tags));
    put(transaction, provider)?;
    Ok(answer)
}

fn thumbprints(input: &Record) -> Result<Vec<String>, Fault> {
    let asked: Vec<String> = input.texts("ThumbprintList").map(str::to_owned).collect();
    if asked.len() > THUMBPRINTS_MAX {
        return Err(quota(
            "ThumbprintsPerOpenIdConnectProvider",
            THUMBPRINTS_MAX,
        ));
    }
    let is_hex = |text: &String| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !asked.iter().all(is_hex) {
        return Err(Fault::new("InvalidInput", "Thumbprint is not valid."));
    }
    Ok(asked)
}

fn check_clients(ids: &[String]) -> Result<(), Fault> {
    if ids.len() > CLIENTS_MAX {
        return Err(quota("ClientIdsPerOpenIdConnectProvider", CLIENTS_MAX));
    }
    Ok(())
}

fn quota(name: &str, max: usize) -> Fault {
    limit_exceeded(format!("Cannot exceed quota for {name}: {max}"))
}

fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let provider = load(transaction, input)?;
    Ok(Record::new()
        .with("Url", provider.host)
        .with("ClientIDList", provider.client_ids)
        .with("ThumbprintList", provider.thumbprints)
        .with("CreateDate", provider.created)
        .with_some("Tags", tag_list(&provider.tags)))
}

#[expect(clippy::unnecessary_wraps, reason = "every handler has this signature")]
fn list(transaction: &mut Transaction, _: &Caller, _: &Record) -> Result<Record, Fault> {
    let hosts = transaction.state().open_id_providers().keys();
    let shown = hosts.map(|host| Record::new().with("Arn", arn(transaction, host)));
    Ok(Record::new().with("OpenIDConnectProviderList", shown.collect::<Value>()))
}

/// One that is not there is gone already.
fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    if let Ok(provider) = load(transaction, input) {
        transaction.delete(Entity::OpenIdProvider(provider).key())?;
    }
    Ok(Record::new())
}

fn add_client(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut provider = load(transaction, input)?;
    let id = required(input, "ClientID")?;
    if !provider.client_ids.iter().any(|known| known == id) {
        provider.client_ids.push(id.to_owned());
    }
    check_clients(&provider.client_ids)?;
    put(transaction, provider)
}

fn tag(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut provider = load(transaction, input)?;
    let new = tags(input)?;
    let is_new = |key: &str| new.iter().any(|tag| tag.key.eq_ignore_ascii_case(key));
    provider.tags.retain(|tag| !is_new(&tag.key));
    provider.tags.extend(new);
    if provider.tags.len() > TAGS_MAX {
        return Err(limit_exceeded(format!(
            "The number of tags has reached the maximum limit of {TAGS_MAX}."
        )));
    }
    put(transaction, provider)
}

fn list_tags(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut tags = load(transaction, input)?.tags;
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    super::pages::page(
        input,
        "Tags",
        tags.into_iter(),
        |tag| tag.key.clone(),
        |tag| {
            let shown = Record::new().with("Key", tag.key.as_str());
            shown.with("Value", tag.value.as_str()).into()
        },
    )
}

const MEMBER: &str = "OpenIDConnectProviderArn";
const PROVIDERS_MAX: usize = 100;
const CLIENTS_MAX: usize = 100;
const THUMBPRINTS_MAX: usize = 5;

#[cfg(test)]
mod tests;
