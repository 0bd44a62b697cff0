//! Writers one after the other; none after the end.

use std::path::Path;

use account::entity::Entity;
use account::sample::{self, NewAccount};
use http::StatusCode;
use protocol::shape::Service;
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Record, wire};

use super::*;
use crate::store::{ANCHOR_BYTES, Entities, Folder, Opened};

const REGION: &str = "us-east-1";
const TASKS: usize = 24;

struct World {
    folder: Folder,
    admin: Credentials,
    ledger: Ledger,
    writing: Writing,
}

fn world(at: &Path) -> World {
    let folder = Folder::prepare(Some(at.to_owned()), None).unwrap();
    let Opened::New(store) = Store::open::<()>(&folder, |_| panic!("it is new")).unwrap() else {
        panic!("the folder is not new");
    };
    let made = sample::sample("123456789012", REGION, clock::now(), [1; 32]).unwrap();
    let NewAccount { changes, admin } = &made;
    store.commit(changes).unwrap();
    let admin = Credentials {
        access_key_id: admin.id.clone(),
        secret_access_key: admin.secret.clone(),
        session_token: None,
    };
    let partition = made.into_partition().unwrap();
    let (ledger, writing) =
        Ledger::start(Arc::new(store), partition, || [0; ANCHOR_BYTES]).unwrap();
    World {
        folder,
        admin,
        ledger,
        writing,
    }
}

/// What CreateSecret comes to.
async fn create(
    ledger: &Ledger,
    admin: &Credentials,
    name: String,
) -> Result<StatusCode, Unanswered> {
    let service = Service::find("secretsmanager").unwrap();
    let input = Record::new().with("Name", name);
    let operation = service.operation("CreateSecret").unwrap();
    let mut request = wire::encode_input(service, operation, &input, "localhost");
    let now = clock::now();
    sigv4::sign(
        &mut request,
        admin,
        &Scope::at(now, REGION, service.name),
        now,
    )
    .unwrap();
    let call = Arc::new(Call {
        request,
        source: None,
    });
    let attempt = ledger.attempt(&call)?;
    let outcome = ledger.commit(call, attempt).await?;
    Ok(outcome.response.status())
}

/// How many secrets are in the folder, which nobody else may hold any more.
fn kept(folder: &Folder) -> usize {
    let is_secret = |it: &Located| matches!(it.entity, Entity::Secret(_));
    let count = |found: Entities| Ok(found.into_iter().filter(is_secret).count());
    Store::open_existing(folder, count).unwrap().1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_one_after_the_other_and_all_at_once_lose_nothing() {
    let at = tempfile::tempdir().unwrap();
    let World {
        folder,
        admin,
        ledger,
        writing,
    } = world(at.path());
    for number in 0..TASKS {
        let created = create(&ledger, &admin, format!("alone/{number}")).await;
        assert_eq!(created, Ok(StatusCode::OK));
    }
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let (ledger, admin) = (ledger.clone(), admin.clone());
            let name = format!("together/{number}");
            tokio::spawn(async move { create(&ledger, &admin, name).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(StatusCode::OK));
    }
    writing.close().await;

    // Whoever still has a way to the writer is refused, and does not keep the store open.
    let refused = create(&ledger, &admin, "late".to_owned()).await;
    assert_eq!(refused, Err(Unanswered::Failed));
    assert_eq!(kept(&folder), 1 + 2 * TASKS);
}
