//! A proxy between a server and a member of its cluster, which can be cut like a cable: what is
//! under way stops, nothing is refused, and nobody is told.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// In front of one address.
pub(crate) struct Proxy {
    pub(crate) url: String,
    is_cut: Arc<AtomicBool>,
}

impl Proxy {
    /// In front of `http://HOST:PORT`.
    pub(crate) fn before(url: &str) -> Self {
        let to = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let is_cut = Arc::new(AtomicBool::new(false));
        let cut = Arc::clone(&is_cut);
        std::thread::spawn(move || {
            for from in listener.incoming().flatten() {
                let Ok(to) = TcpStream::connect(&to) else {
                    continue;
                };
                let ways = [
                    (from.try_clone().unwrap(), to.try_clone().unwrap()),
                    (to, from),
                ];
                for (from, to) in ways {
                    let cut = Arc::clone(&cut);
                    std::thread::spawn(move || pass(from, to, &cut));
                }
            }
        });
        Self { url, is_cut }
    }

    /// Nothing gets through any more. Connections that were there are gone for good.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
    }

    /// New connections get through.
    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, is_cut: &AtomicBool) {
    let mut bytes = vec![0; 64 * 1_024];
    let mut is_lost = false;
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        is_lost |= is_cut.load(Ordering::SeqCst);
        if !is_lost && to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _gone = to.shutdown(std::net::Shutdown::Both);
}
