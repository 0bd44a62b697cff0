//! What records take in etcd, by kind: an account is filled with some 100,000 of them, etcd's
//! history is compacted after each kind, and etcd itself says how large it is.
//!
//! `cargo xtask bench etcd-size` runs it. The larger numbers are computed from its figures.

use std::time::Duration;

use protocol::{Record, Secret};
use tonic::transport::Endpoint;

use crate::cluster::{Bare, member};
use crate::report;
use crate::size::{Client, Served, init, per_second};

/// Prints the figures.
pub(crate) async fn run(binary: &str, etcd: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (_member, url) = member(etcd, folder.path()).await?;
    let bare = Bare(Endpoint::from_shared(url.clone())?.connect().await?);
    let key = folder.path().join("root.key").display().to_string();
    let flags = ["--etcd", url.as_str(), "--root-key-file", &key];
    let admin = init(binary, &folder.path().join("data"), &flags).await?;
    // Nobody asks how fast this is: etcd may be as slow as it likes.
    let flags = [&flags[..], &["--max-staleness", "1m"]].concat();
    let (mut served, _) = Served::start(binary, folder.path(), admin.clone(), &flags).await?;
    let image = served.client().await?.image().await?;
    report::head(&[
        "what",
        "number",
        "made in a second",
        "bytes in etcd",
        "bytes in a server",
    ]);
    let mut measured = Measured::of(&bare, &served).await?;
    let filled = served.fill(SECRETS, secret).await?;
    measured = measured
        .told(
            "a secret of 1 KiB with one version",
            SECRETS,
            filled,
            &bare,
            &served,
        )
        .await?;
    let filled = served.fill(ROLES, role).await?;
    measured = measured
        .told(
            "a role with one inline policy",
            ROLES,
            filled,
            &bare,
            &served,
        )
        .await?;
    let launch = async |client: &mut Client, _| client.run_instance(&image).await;
    let filled = served.fill(INSTANCES, launch).await?;
    measured
        .told("an instance", INSTANCES, filled, &bare, &served)
        .await?;
    served.stop().await?;
    let (served, started) = Served::start(binary, folder.path(), admin, &flags).await?;
    report::fact(
        "a start with all of them",
        &format!("{} ms", started.as_millis()),
    );
    report::fact(
        "resident after it",
        &format!("{} KiB", served.resident_kib()?),
    );
    Ok(())
}

struct Measured {
    in_etcd: i64,
    resident: u64,
}

impl Measured {
    /// What is kept now, without what was replaced.
    async fn of(bare: &Bare, served: &Served) -> anyhow::Result<Self> {
        let status: Status = bare.ask(STATUS, Nothing {}).await?;
        let compact = Compact {
            revision: status.header.unwrap_or_default().revision,
            physical: true,
        };
        let _compacted: Nothing = bare.ask("/etcdserverpb.KV/Compact", compact).await?;
        let _defragmented: Nothing = bare.ask(DEFRAGMENT, Nothing {}).await?;
        let status: Status = bare.ask(STATUS, Nothing {}).await?;
        Ok(Self {
            in_etcd: status.bytes,
            resident: served.resident_kib()?,
        })
    }

    /// Prints what so many more of a kind have come to.
    async fn told(
        self,
        what: &str,
        number: usize,
        made_in: Duration,
        bare: &Bare,
        served: &Served,
    ) -> anyhow::Result<Self> {
        let now = Self::of(bare, served).await?;
        let each = (now.in_etcd - self.in_etcd) / i64::try_from(number)?;
        let held = now.resident.saturating_sub(self.resident) * 1_024 / u64::try_from(number)?;
        report::cells(&[
            what,
            &number.to_string(),
            &per_second(number, made_in),
            &each.to_string(),
            &held.to_string(),
        ]);
        Ok(now)
    }
}

async fn secret(client: &mut Client, number: usize) -> anyhow::Result<()> {
    let input = Record::new()
        .with("Name", format!("app/{number}"))
        .with("SecretString", Secret::from_text("v".repeat(SECRET_BYTES)));
    client.call("secretsmanager", "CreateSecret", input).await
}

async fn role(client: &mut Client, number: usize) -> anyhow::Result<()> {
    client.create_role_with(number, 1).await
}

#[derive(Clone, PartialEq, prost::Message)]
struct Nothing {}

#[derive(Clone, PartialEq, prost::Message)]
struct Header {
    #[prost(int64, tag = "3")]
    revision: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(message, optional, tag = "1")]
    header: Option<Header>,
    /// Of the database's file.
    #[prost(int64, tag = "3")]
    bytes: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Compact {
    #[prost(int64, tag = "1")]
    revision: i64,
    #[prost(bool, tag = "2")]
    physical: bool,
}

const STATUS: &str = "/etcdserverpb.Maintenance/Status";
const DEFRAGMENT: &str = "/etcdserverpb.Maintenance/Defragment";
// 100,000 records and some: a secret has two.
const SECRETS: usize = 40_000;
const ROLES: usize = 18_000;
const INSTANCES: usize = 3_500;
const SECRET_BYTES: usize = 1_024;
