//! Which parts user data have. That they are cloud-init's too is for the scenarios.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn found(data: &[u8]) -> Vec<(Kind, String, String)> {
    let parts = parts(&Secret::new(data)).unwrap();
    let text = |part: &Part| String::from_utf8(part.content.expose().to_vec()).unwrap();
    let parts = parts.into_iter();
    parts
        .map(|part| (part.kind.clone(), part.name.clone(), text(&part)))
        .collect()
}

fn gzipped(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_it_begins_with_tells_what_it_is() {
    let other = |name: &str| Kind::Other(name.to_owned());
    for (data, expect) in [
        ("#!/bin/sh\n", Kind::Script(When::User)),
        ("#cloud-config\na: 1\n", Kind::CloudConfig),
        ("#Cloud-Config\n", Kind::CloudConfig),
        (
            "#cloud-config-archive\n",
            other("text/cloud-config-archive"),
        ),
        ("#cloud-boothook\n", Kind::Boothook),
        ("#include https://x\n", other("text/x-include-url")),
        ("## template: jinja\n#!/bin/sh\n", other("text/jinja2")),
        ("echo hello\n", other("text/x-not-multipart")),
        ("", other("text/x-not-multipart")),
    ] {
        let expect = [(expect, "part-001".to_owned(), data.to_owned())];
        assert_eq!(found(data.as_bytes()), expect, "{data}");
        assert_eq!(found(&gzipped(data.as_bytes())), expect, "gzipped {data}");
    }
}

#[test]
fn parts_come_in_their_order_with_their_names() {
    let packed = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        gzipped(b"#!/bin/sh\necho packed\n"),
    );
    let message = format!(
        "Content-Type: multipart/mixed; boundary=\"==X==\"\nMIME-Version: 1.0\n\n\
         --==X==\nContent-Type: text/cloud-config; charset=\"us-ascii\"\nMIME-Version: 1.0\n\
         Launch-Index: 1\n\n#cloud-config\nruncmd: [ls]\n\n\
         --==X==\nContent-Type: text/x-shellscript-per-boot\n\
         Content-Disposition: attachment; filename=\"../a b.sh\"\n\n#!/bin/sh\necho two\n\
         --==X==\nContent-Type: text/plain\n\n#cloud-boothook\n#!/bin/sh\n\
         --==X==\nContent-Type: application/x-gzip\nContent-Transfer-Encoding: base64\n\n\
         {packed}\n--==X==\nContent-Type: image/png\n\nx\n--==X==--\n"
    );
    let expect = [
        (
            Kind::CloudConfig,
            "part-001",
            "#cloud-config\nruncmd: [ls]\n",
        ),
        (
            Kind::Script(When::EachBoot),
            ".._ab.sh",
            "#!/bin/sh\necho two",
        ),
        (Kind::Boothook, "part-003", "#cloud-boothook\n#!/bin/sh"),
        (
            Kind::Script(When::User),
            "part-004",
            "#!/bin/sh\necho packed\n",
        ),
        (Kind::Other("image/png".to_owned()), "part-005", "x"),
    ];
    let expect = expect.map(|(kind, name, text)| (kind, name.to_owned(), text.to_owned()));
    assert_eq!(found(message.as_bytes()), expect);
    let ignored = &parts(&Secret::new(message.into_bytes())).unwrap()[0].ignored;
    assert_eq!(*ignored, ["Launch-Index"]);
}

#[test]
fn what_grows_too_large_or_is_damaged_is_refused() {
    let check = |data: Vec<u8>, expect: &str| {
        let failure = parts(&Secret::new(data)).unwrap_err();
        assert!(failure.message.contains(expect), "{}", failure.message);
    };
    let bomb = gzipped(&vec![0; UNPACKED_BYTES_MAX + 1]);
    assert!(bomb.len() < 16 * 1_024);
    check(bomb, "larger than 1048576 bytes");
    check(b"\x1f\x8b\x08 no more".to_vec(), "damaged");
    let mut torn = gzipped(b"#!/bin/sh\necho");
    torn.truncate(torn.len() - 9);
    check(torn, "damaged");
    let mut many = String::from("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n");
    for _ in 0..=PARTS_MAX {
        many.push_str("--b\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n");
    }
    many.push_str("--b--\n");
    check(many.into_bytes(), "more than 100 parts");
}
