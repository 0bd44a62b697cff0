//! The floor: servers that do nothing but answer, each in a process of its own.

use std::net::SocketAddr;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::load::Exchange;

/// A bare server at work.
pub(crate) struct Floor {
    // Killed when dropped.
    child: Child,
    address: SocketAddr,
}

/// Starts one that answers with `bytes` bytes.
pub(crate) async fn start(kind: &str, bytes: usize, is_closing: bool) -> anyhow::Result<Floor> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([kind, &bytes.to_string(), &is_closing.to_string()])
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let out = child.stdout.take().context("no output")?;
    let line = BufReader::new(out)
        .lines()
        .next_line()
        .await?
        .context("the floor is silent")?;
    Ok(Floor {
        child,
        address: line.parse()?,
    })
}

impl Floor {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// The same request, sent here.
    pub(crate) fn exchange(&self, like: &Exchange) -> Exchange {
        Exchange {
            address: self.address,
            ..like.clone()
        }
    }
}

/// hyper with a static body: the least that an HTTP server of ours could do.
pub(crate) async fn http(arguments: &[String]) -> anyhow::Result<()> {
    let [_, bytes, is_closing] = arguments else {
        anyhow::bail!("bytes and closing are needed")
    };
    // The head of an answer is about this long; the sizes need only be alike.
    let body = Bytes::from(vec![
        b'x';
        bytes.parse::<usize>()?.saturating_sub(HEAD_BYTES)
    ]);
    let is_closing: bool = is_closing.parse()?;
    let listener = listen().await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let body = body.clone();
        tokio::spawn(async move {
            let service = service_fn(|_| {
                let body = Full::new(body.clone());
                async move { Ok::<_, std::convert::Infallible>(http::Response::new(body)) }
            });
            let mut server = hyper::server::conn::http1::Builder::new();
            server.keep_alive(!is_closing);
            let _ended = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// A frame in, a frame of the given size out.
pub(crate) async fn echo(arguments: &[String]) -> anyhow::Result<()> {
    let [_, bytes, _] = arguments else {
        anyhow::bail!("bytes are needed")
    };
    let answer = {
        let body = bytes.parse::<usize>()?.saturating_sub(FRAME_HEADER_BYTES);
        let mut frame = 0x51de_c1cc_u32.to_be_bytes().to_vec();
        frame.extend_from_slice(&u32::try_from(body)?.to_be_bytes());
        frame.resize(body + FRAME_HEADER_BYTES, b'x');
        Bytes::from(frame)
    };
    let listener = listen().await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answer = answer.clone();
        tokio::spawn(async move {
            let _ended = echoes(stream, &answer).await;
        });
    }
}

async fn echoes(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    loop {
        let mut header = [0; FRAME_HEADER_BYTES];
        stream.read_exact(&mut header).await?;
        let [.., a, b, c, d] = header;
        let mut body = vec![0; u32::from_be_bytes([a, b, c, d]) as usize];
        stream.read_exact(&mut body).await?;
        stream.write_all(answer).await?;
    }
}

#[expect(clippy::print_stdout, reason = "tells the parent where it listens")]
async fn listen() -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(listener)
}

const HEAD_BYTES: usize = 90;
const FRAME_HEADER_BYTES: usize = 8;
