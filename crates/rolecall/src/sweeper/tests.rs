//! What is over goes from the store and from the disk, in this order.

use std::path::Path;

use account::Partition;
use account::entity::{
    Bucket, BucketEncryption, Change, Content, Entity, Expiration, Headers, LifecycleRule,
    S3Object, Sealing, Upload, UploadPart,
};
use account::rotation::Turn;
use account::sample::{self, NewAccount};
use jiff::SignedDuration;
use protocol::Secret;
use tokio::sync::watch;

use super::*;
use crate::store::{ANCHOR_BYTES, Entities, Folder, Opened, Place, Store, Writing};

struct World {
    folder: Folder,
    sweeper: Sweeper,
    writing: Writing,
}

fn world(at: &Path) -> World {
    let folder = Folder::prepare(Some(at.to_owned()), None).unwrap();
    let Opened::New(store) = Store::open::<()>(&folder, |_| panic!("it is new")).unwrap() else {
        panic!("the folder is not new");
    };
    let made = sample::sample("123456789012", "us-east-1", clock::now(), [1; 32]).unwrap();
    let NewAccount { changes, .. } = &made;
    store.commit(changes).unwrap();
    let partition = made.into_partition().unwrap();
    let (ledger, writing) =
        Ledger::start(Arc::new(store), partition, || [0; ANCHOR_BYTES]).unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    World {
        sweeper: Sweeper::new(ledger, objects),
        folder,
        writing,
    }
}

fn bucket() -> Bucket {
    Bucket {
        name: "bucket".into(),
        created: clock::now(),
        ownership: None,
        public_access: None,
        versioning: None,
        encryption: BucketEncryption::default(),
        policy: None,
        tags: Vec::new(),
        cors: Vec::new(),
        lifecycle: vec![LifecycleRule {
            is_enabled: true,
            expiration: Some(Expiration::Days(1)),
            upload_days: Some(1),
            ..LifecycleRule::default()
        }],
        lifecycle_since: None,
    }
}

impl World {
    /// Stores a file for each object, some days old, and for each part of an upload.
    async fn put(&self, days: i64, objects: usize, parts: u16) {
        let modified = clock::now() - SignedDuration::from_hours(24 * days);
        let data_key = Secret::new([7; 32]);
        let stored = |key: &str| {
            let place = Place {
                bucket: "bucket".into(),
                key: key.into(),
            };
            let mut writing = self.sweeper.objects.create(&place, &data_key).unwrap();
            writing.write(b"bytes").unwrap();
            writing.finish().unwrap().keep()
        };
        let mut entities = vec![Entity::Bucket(bucket())];
        for at in 0..objects {
            let key = format!("{days}/{at}");
            let content = Content {
                size: 5,
                etag: String::new(),
                checksum: None,
                sealing: Sealing::S3(data_key.clone()),
                segments: vec![stored(&key)],
                parts: 0,
                headers: Headers::default(),
                newest_again: None,
            };
            entities.push(Entity::S3Object(S3Object {
                bucket: "bucket".into(),
                key: key.into(),
                version: None,
                sequence: 1,
                modified,
                content: Some(Box::new(content)),
                tags: Vec::new(),
            }));
        }
        let id = format!("upload{days}");
        entities.push(Entity::Upload(Upload {
            bucket: "bucket".into(),
            key: "m".into(),
            id: id.clone(),
            initiated: modified,
            sealing: Sealing::S3(data_key.clone()),
            checksum: None,
            headers: Headers::default(),
            tags: Vec::new(),
        }));
        for number in 1..=parts {
            entities.push(Entity::UploadPart(UploadPart {
                bucket: "bucket".into(),
                upload: id.clone(),
                number,
                segment: stored("m"),
                etag: String::new(),
                checksum: None,
                modified,
            }));
        }
        let put = move |partition: &Arc<Partition>, _, _| Turn {
            changes: entities
                .iter()
                .map(|entity| Change::put(partition.home(), entity.clone()))
                .collect(),
            ..Turn::default()
        };
        self.sweeper.ledger.turn(put).await.unwrap();
    }

    fn files(&self) -> usize {
        let folders = std::fs::read_dir(self.folder.path().join("objects")).unwrap();
        let files = folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
        files.map(Iterator::count).sum()
    }

    fn named(&self) -> usize {
        self.sweeper.ledger.partition().object_files().count()
    }

    async fn end(self) {
        let Self {
            sweeper, writing, ..
        } = self;
        drop(sweeper);
        writing.close().await;
    }
}

#[tokio::test]
async fn what_is_over_goes_from_the_disk_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(&folder.path().join("data"));
    // More than one turn takes.
    world.put(3, TURN_MAX + 20, 3).await;
    world.put(0, 2, 1).await;
    assert_eq!(world.files(), TURN_MAX + 26);
    let (_stop, stopped) = watch::channel(false);
    // An upload of three parts has four records.
    assert_eq!(world.sweeper.sweep(&stopped).await, Ok(TURN_MAX + 24));
    assert_eq!((world.named(), world.files()), (3, 3));
    assert_eq!(world.sweeper.sweep(&stopped).await, Ok(0));
    world.end().await;
}

#[tokio::test]
async fn who_reads_has_a_file_to_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(&folder.path().join("data"));
    world.put(3, 1, 0).await;
    let file = world.sweeper.ledger.partition().object_files().next();
    let lease = world.sweeper.objects.lease(file.into_iter().collect());
    let (_stop, stopped) = watch::channel(false);
    assert_eq!(world.sweeper.sweep(&stopped).await, Ok(2));
    assert_eq!((world.named(), world.files()), (0, 1));
    drop(lease);
    assert_eq!(world.files(), 0);
    world.end().await;
}

#[tokio::test]
async fn what_a_crash_leaves_goes_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(&folder.path().join("data"));
    world.put(3, 2, 1).await;
    world.put(0, 1, 0).await;
    let over = s3::over(&world.sweeper.ledger.partition(), clock::now(), 2);
    assert_eq!(over.len(), 2);
    // The records of some are gone, and then nothing more comes.
    let (records, freed) = world.sweeper.settle(over).await.unwrap();
    assert_eq!((records, freed.len()), (2, 2));
    assert_eq!((world.named(), world.files()), (2, 4));
    let place = world.folder.path().to_owned();
    world.end().await;
    let again = Folder::prepare(Some(place), None).unwrap();
    let fold = |found: Entities| Ok(Partition::load(found).unwrap());
    let (store, partition) = Store::open_existing(&again, fold).unwrap();
    let objects = Objects::open(again.path(), partition.object_files()).unwrap();
    let (ledger, writing) =
        Ledger::start(Arc::new(store), partition, || [0; ANCHOR_BYTES]).unwrap();
    let world = World {
        sweeper: Sweeper::new(ledger, objects),
        folder: again,
        writing,
    };
    assert_eq!((world.named(), world.files()), (2, 2));
    // The rest goes as if nothing had been: the upload and its part.
    let (_stop, stopped) = watch::channel(false);
    assert_eq!(world.sweeper.sweep(&stopped).await, Ok(2));
    assert_eq!((world.named(), world.files()), (1, 1));
    world.end().await;
}

#[test]
fn the_next_look_is_at_midnight_at_the_latest() {
    for (now, seconds) in [
        ("2026-01-15T00:00:00Z", 86_400),
        ("2026-01-15T23:59:59.9Z", 1),
        ("1969-12-31T23:59:00Z", 60),
    ] {
        let wait = until_midnight(now.parse().unwrap());
        assert_eq!(wait, Duration::from_secs(seconds), "{now}");
    }
}
