//! The images that can be launched, as data.

/// An image.
#[derive(Debug)]
pub(crate) struct Image {
    /// `ami-…`
    pub(crate) id: &'static str,
    /// Of the instances launched from it.
    pub(crate) architecture: &'static str,
    /// Where its root volume is attached.
    pub(crate) root_device: &'static str,
    /// Whether its instances need tokens unless told otherwise (`ImdsSupport` `v2.0`).
    pub(crate) is_imds_v2: bool,
}

/// The image by id.
pub(crate) fn find(id: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| image.id == id)
}

const IMAGES: &[Image] = &[
    Image {
        id: "ami-12c6146b",
        architecture: "x86_64",
        root_device: "/dev/xvda",
        is_imds_v2: false,
    },
    Image {
        id: "ami-0a1b2c3d4e5f60001",
        architecture: "x86_64",
        root_device: "/dev/xvda",
        is_imds_v2: true,
    },
    Image {
        id: "ami-0a1b2c3d4e5f60002",
        architecture: "arm64",
        root_device: "/dev/xvda",
        is_imds_v2: true,
    },
];
