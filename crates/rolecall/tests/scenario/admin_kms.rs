//! KMS through the AWS CLI: keys, what is encrypted under them, and the sample's secret under one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::clients::{Admin, python};
use crate::harness::{World, scenario};

#[test]
fn a_file_is_encrypted_and_decrypted_under_an_alias() {
    scenario(|world| {
        world.canary("a text that only the key opens");
        let mut admin = Admin::new(world);
        let key = key(&mut admin, "files");
        files(world, &mut admin, &key);
        data_keys(world, &mut admin);
        // What is written is there after a crash.
        world.kill();
        world.start();
        let mut admin = Admin::new(world);
        let sealed = world.scratch().join("sealed");
        let answer = admin
            .run(&format!(
                "kms decrypt --encryption-context team=red --ciphertext-blob fileb://{}",
                sealed.display()
            ))
            .json();
        let text = STANDARD.encode("a text that only the key opens");
        assert_eq!(answer["Plaintext"], text.as_str());
        deletion(&mut admin, &key);
    });
}

#[test]
fn a_secret_under_a_key_is_read_while_the_key_lets_it() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let key = key(&mut admin, "secrets");
        let mut instance = Admin::with(world.on_instance(python()));
        let get = "secretsmanager get-secret-value --secret-id my-secret";
        let value = instance.run(get).json()["SecretString"].clone();
        admin
            .run("secretsmanager update-secret --secret-id my-secret --kms-key-id alias/secrets")
            .ok();
        let denied = ["(AccessDeniedException)", "Access to KMS is not allowed"];
        instance.run(get).fails_with(&denied);

        let put = "iam put-role-policy --role-name ec2-secrets-manager-role --policy-name decrypt";
        let through = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "kms:Decrypt", "Resource": key,
            "Condition": {"StringEquals":
                {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}}});
        admin
            .run_with(put, &["--policy-document", &through.to_string()])
            .ok();
        assert_eq!(instance.run(get).json()["SecretString"], value);
        let text = world.scratch().join("text");
        std::fs::write(&text, "of the administrator").unwrap();
        let sealed = sealed(world, &mut admin, "secrets", "text");
        let decrypt = format!("kms decrypt --ciphertext-blob fileb://{sealed}");
        admin.run(&decrypt).ok();
        instance
            .run(&decrypt)
            .fails_with(&["(AccessDeniedException)", "kms:Decrypt", &key]);

        admin.run(&format!("kms disable-key --key-id {key}")).ok();
        for reader in [&mut instance, &mut admin] {
            reader.run(get).fails_with(&["(DecryptionFailure)"]);
        }
        admin.run(&format!("kms enable-key --key-id {key}")).ok();
        assert_eq!(instance.run(get).json()["SecretString"], value);
        admin
            .run(
                "iam delete-role-policy --role-name ec2-secrets-manager-role --policy-name decrypt",
            )
            .ok();
        instance.run(get).fails_with(&denied);
        admin.run(get).ok();
    });
}

/// Makes a key with an alias, and tells its ARN.
fn key(admin: &mut Admin, alias: &str) -> String {
    let made = admin.run("kms create-key --description scenario").json();
    let metadata = &made["KeyMetadata"];
    assert_eq!(metadata["KeyState"], "Enabled");
    let (id, arn) = (&metadata["KeyId"], &metadata["Arn"]);
    let (id, arn) = (id.as_str().unwrap(), arn.as_str().unwrap().to_owned());
    let create = format!("kms create-alias --alias-name alias/{alias} --target-key-id {id}");
    admin.run(&create).ok();
    admin.run(&create).fails_with(&["(AlreadyExistsException)"]);
    let listed = admin.run(&format!("kms list-aliases --key-id {id}")).json();
    assert_eq!(listed["Aliases"][0]["AliasName"], format!("alias/{alias}"));
    let shown = admin
        .run(&format!("kms describe-key --key-id alias/{alias}"))
        .json();
    assert_eq!(shown["KeyMetadata"], *metadata);
    arn
}

/// Encrypts a file of the scratch folder into a file beside it, and tells its path.
fn sealed(world: &World, admin: &mut Admin, alias: &str, name: &str) -> String {
    let path = world.scratch().join(name);
    let answer = admin
        .run(&format!(
            "kms encrypt --key-id alias/{alias} --plaintext fileb://{}",
            path.display()
        ))
        .json();
    let blob = STANDARD
        .decode(answer["CiphertextBlob"].as_str().unwrap())
        .unwrap();
    let path = world.scratch().join(format!("{name}.sealed"));
    std::fs::write(&path, blob).unwrap();
    path.display().to_string()
}

fn files(world: &World, admin: &mut Admin, key: &str) {
    let plain = world.scratch().join("plain");
    std::fs::write(&plain, "a text that only the key opens").unwrap();
    let encrypt = format!(
        "kms encrypt --key-id alias/files --encryption-context team=red --plaintext fileb://{}",
        plain.display()
    );
    let answer = admin.run(&encrypt).json();
    assert_eq!(answer["KeyId"], key);
    let blob = STANDARD
        .decode(answer["CiphertextBlob"].as_str().unwrap())
        .unwrap();
    let path = world.scratch().join("sealed");
    std::fs::write(&path, &blob).unwrap();
    let decrypt = format!("kms decrypt --ciphertext-blob fileb://{}", path.display());
    let answer = admin
        .run(&format!("{decrypt} --encryption-context team=red"))
        .json();
    let text = STANDARD.encode("a text that only the key opens");
    assert_eq!(answer["Plaintext"], text.as_str());
    for context in ["", "--encryption-context team=blue"] {
        admin
            .run(&format!("{decrypt} {context}"))
            .fails_with(&["(InvalidCiphertextException)"]);
    }
    let large = world.scratch().join("large");
    std::fs::write(&large, vec![7; 4_097]).unwrap();
    admin
        .run(&format!(
            "kms encrypt --key-id {key} --plaintext fileb://{}",
            large.display()
        ))
        .fails_with(&["(ValidationException)"]);
    admin
        .run(&format!("{encrypt} --dry-run"))
        .fails_with(&["(DryRunOperationException)"]);
}

fn data_keys(world: &mut World, admin: &mut Admin) {
    let call = "kms generate-data-key --key-id alias/files --key-spec AES_256";
    let made = admin.run(call).json();
    let text = made["Plaintext"].as_str().unwrap().to_owned();
    world.canary(&text);
    assert_eq!(STANDARD.decode(&text).unwrap().len(), 32);
    let blob = STANDARD
        .decode(made["CiphertextBlob"].as_str().unwrap())
        .unwrap();
    let path = world.scratch().join("data-key.sealed");
    std::fs::write(&path, blob).unwrap();
    let opened = admin
        .run(&format!(
            "kms decrypt --ciphertext-blob fileb://{}",
            path.display()
        ))
        .json();
    assert_eq!(opened["Plaintext"], text.as_str());
    let mut instance = Admin::with(world.on_instance(python()));
    instance
        .run(call)
        .fails_with(&["(AccessDeniedException)", "kms:GenerateDataKey"]);
}

fn deletion(admin: &mut Admin, key: &str) {
    let schedule = format!("kms schedule-key-deletion --key-id {key} --pending-window-in-days");
    admin
        .run(&format!("{schedule} 6"))
        .fails_with(&["(ValidationException)"]);
    let answer = admin.run(&format!("{schedule} 7")).json();
    assert_eq!(answer["KeyState"], "PendingDeletion");
    admin
        .run(&format!(
            "kms generate-data-key --key-id {key} --key-spec AES_256"
        ))
        .fails_with(&["(KMSInvalidStateException)", "is pending deletion."]);
    admin
        .run(&format!("kms cancel-key-deletion --key-id {key}"))
        .ok();
    let shown = admin
        .run(&format!("kms describe-key --key-id {key}"))
        .json();
    assert_eq!(shown["KeyMetadata"]["KeyState"], "Disabled");
}

#[test]
fn a_grant_lets_the_instance_read_what_no_policy_does() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let key = key(&mut admin, "granted");
        let mut instance = Admin::with(world.on_instance(python()));
        let get = "secretsmanager get-secret-value --secret-id my-secret";
        let secret = instance.run(get).json();
        let value = &secret["SecretString"];
        admin
            .run("secretsmanager update-secret --secret-id my-secret --kms-key-id alias/granted")
            .ok();
        let denied = ["(AccessDeniedException)", "Access to KMS is not allowed"];
        instance.run(get).fails_with(&denied);

        let role = admin
            .run("iam get-role --role-name ec2-secrets-manager-role --query Role.Arn")
            .json();
        let role = role.as_str().unwrap();
        let arn = secret["ARN"].as_str().unwrap();
        let create = format!(
            "kms create-grant --key-id {key} --grantee-principal {role} --operations Decrypt \
             --constraints EncryptionContextSubset={{SecretARN={arn}}} --name instance"
        );
        let grant = admin.run(&create).json();
        assert_eq!(admin.run(&create).json()["GrantId"], grant["GrantId"]);
        assert_eq!(instance.run(get).json()["SecretString"], *value);
        let listed = admin.run(&format!("kms list-grants --key-id {key}")).json();
        assert_eq!(listed["Grants"][0]["GranteePrincipal"], role);
        assert_eq!(listed["Grants"].as_array().unwrap().len(), 1);

        // It is there after a crash, and gone when it is revoked.
        world.kill();
        world.start();
        let mut admin = Admin::new(world);
        let mut instance = Admin::with(world.on_instance(python()));
        assert_eq!(instance.run(get).json()["SecretString"], *value);
        let id = grant["GrantId"].as_str().unwrap();
        let retire = format!("kms retire-grant --key-id {key} --grant-id {id}");
        instance
            .run(&retire)
            .fails_with(&["(AccessDeniedException)", "kms:RetireGrant"]);
        admin
            .run(&format!("kms revoke-grant --key-id {key} --grant-id {id}"))
            .ok();
        instance.run(get).fails_with(&denied);
        admin.run(get).ok();
    });
}
