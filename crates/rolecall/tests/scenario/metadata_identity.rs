//! Identity documents, verified as the EC2 User Guide says, by openssl.

use std::path::Path;

use crate::clients::{Admin, client, run};
use crate::harness::{World, rolecall, scenario, scenario_with};
use crate::instance::instance;
use crate::wire::http;

#[test]
fn openssl_verifies_an_identity_document() {
    scenario(|world| {
        let folder = world.scratch();
        let document = save(world, &folder, "document");
        save(world, &folder, "signature");
        save(world, &folder, "rsa2048");
        std::fs::write(
            folder.join("certificate"),
            world.ready_text("/identity_certificate"),
        )
        .unwrap();

        assert_eq!(recovered(&folder, "certificate").ok(), document);
        assert!(verified(&folder).ok().contains("Verified OK"));
        let names = run(client("openssl", &folder).args([
            "x509",
            "-in",
            "certificate",
            "-noout",
            "-subject",
        ]));
        assert!(
            names.ok().contains("Rolecall instance identity"),
            "{names:?}"
        );

        // What was altered is not verified, nor what another key has signed.
        let altered = document.replace("t3.micro", "t3.large");
        std::fs::write(folder.join("document"), altered).unwrap();
        assert_ne!(verified(&folder).code, Some(0));
        let mut other = client("openssl", &folder);
        other.args("req -x509 -newkey rsa:2048 -nodes -subj /CN=other".split(' '));
        run(other.args(["-keyout", "other.key", "-out", "other"])).ok();
        assert_ne!(recovered(&folder, "other").code, Some(0));
    });
}

#[test]
fn the_key_stays_and_its_certificate_can_be_had() {
    scenario(|world| {
        let (before, scratch) = (
            world.ready_text("/identity_certificate").to_owned(),
            world.scratch(),
        );
        let signed = save(world, &scratch, "rsa2048");
        world.stop();
        let data = world.data();
        let mut command = rolecall(&scratch);
        command.args(["account", "identity-certificate", "--data"]);
        let printed = run(command.arg(data));
        assert_eq!(printed.stdout, before);
        world.start();
        assert_eq!(world.ready_text("/identity_certificate"), before);
        assert_eq!(save(world, &scratch, "rsa2048"), signed);
    });
}

#[test]
fn the_key_is_made_for_the_first_who_reads_a_signature() {
    scenario_with(&["--empty"], |world| {
        let launch = "ec2 run-instances --image-id ami-0a1b2c3d4e5f60001 \
             --instance-type t3.micro --query Instances[0].InstanceId --output text";
        let id = Admin::new(world).run(launch).ok().to_owned();
        let folder = world.scratch();
        let read = "at=http://169.254.169.254/latest; \
             ttl='X-aws-ec2-metadata-token-ttl-seconds: 60'; \
             token=$(curl -s -X PUT -H \"$ttl\" $at/api/token); \
             get() { curl -s -H \"X-aws-ec2-metadata-token: $token\" \
             $at/dynamic/instance-identity/$1; }; \
             get rsa2048 > one & get rsa2048 > two & get document > document; \
             wait; cmp one two && mv one rsa2048";
        let mut enter = instance(world, "enter");
        enter.args([&*id, "--", "sh", "-c", read]);
        run(enter.current_dir(&folder)).ok();
        world.stop();

        let mut command = rolecall(&folder);
        command.args(["account", "identity-certificate", "--data"]);
        let printed = run(command.arg(world.data()));
        std::fs::write(folder.join("certificate"), &printed.stdout).unwrap();
        let document = std::fs::read_to_string(folder.join("document")).unwrap();
        assert!(document.contains(&id), "{document}");
        assert_eq!(recovered(&folder, "certificate").ok(), document);
        world.start();
    });
}

/// Checks `rsa2048` against a certificate, and prints what it holds. The markers go around the body
/// as the guide puts them.
fn recovered(folder: &Path, certificate: &str) -> crate::clients::Output {
    let lines = [
        "(echo '-----BEGIN PKCS7-----'; cat rsa2048; echo; echo '-----END PKCS7-----') > p7",
        "openssl smime -verify -in p7 -inform PEM -certfile $1 -noverify",
    ];
    let lines = lines.join(" && ");
    run(client("sh", folder).args(["-c", &lines, "sh", certificate]))
}

/// Checks `signature` against the document.
fn verified(folder: &Path) -> crate::clients::Output {
    let lines = "openssl base64 -d -in signature -out raw \
                 && openssl x509 -in certificate -pubkey -noout > key \
                 && openssl dgst -sha256 -verify key -signature raw document";
    run(client("sh", folder).args(["-c", &format!("echo >> signature; {lines}")]))
}

fn save(world: &World, folder: &Path, name: &str) -> String {
    let ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
    let token = http(world.imds(), "PUT /latest/api/token", &[ttl], b"").body;
    let token = format!("X-aws-ec2-metadata-token: {token}");
    let line = format!("GET /latest/dynamic/instance-identity/{name}");
    let answer = http(world.imds(), &line, &[&token], b"");
    assert_eq!(answer.status, 200, "{name}");
    std::fs::write(folder.join(name), &answer.body).unwrap();
    answer.body
}
