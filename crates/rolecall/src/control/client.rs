//! The commands' end of the control socket. It blocks: they have nothing else to do.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use account::metadata::{Announcement, Kept};
use rustix::io::Errno;

use super::message::{Answer, Purpose, Request, Shown};
use super::{LINE_BYTES_MAX, SOCKET};
use crate::cli::ImdsOption;
use crate::failure::Failure;
use crate::host::{passing, short};
use crate::store::{Folder, KeyStep, Keys};

/// A connection to a running account. What it has had served ends with it.
#[derive(Debug)]
pub(crate) struct Control {
    stream: UnixStream,
    socket: PathBuf,
}

impl Control {
    /// To the account of a data folder.
    pub(crate) fn connect(data: Option<PathBuf>) -> Result<Self, Failure> {
        let folder = Folder::locate(data)?;
        let socket = folder.join(SOCKET);
        let absent = |error: &std::io::Error| {
            let folder = folder.display();
            match error.kind() {
                std::io::ErrorKind::PermissionDenied => Failure::wrong(format!(
                    "the account of `{folder}` is another user's: {error}"
                )),
                _ => Failure::unfinished(format!("no account of `{folder}` is running: {error}"))
                    .hint("start it with `rolecall up`, or name its folder with `--data`"),
            }
        };
        let stream = short(&socket, |path: &Path| UnixStream::connect(path));
        let stream = stream.map_err(|error| absent(&error))?;
        let bounded = stream.set_read_timeout(Some(ANSWER_TIME_MAX));
        bounded.map_err(|error| absent(&error))?;
        Ok(Self { stream, socket })
    }

    pub(crate) fn list(&self) -> Result<Vec<Shown>, Failure> {
        match self.ask(&Request::List, &[])?.0 {
            Answer::Instances { instances } => Ok(instances),
            _ => Err(self.nonsense()),
        }
    }

    pub(crate) fn show(&self, id: &str) -> Result<Shown, Failure> {
        let instance = id.to_owned();
        match self.ask(&Request::Show { instance }, &[])?.0 {
            Answer::Instance { instance } => Ok(*instance),
            _ => Err(self.nonsense()),
        }
    }

    /// Says which running instance the rest is about; what is to be trusted inside comes back.
    pub(crate) fn enter(
        &self,
        id: &str,
        imds_options: &[ImdsOption],
    ) -> Result<(Shown, String), Failure> {
        let request = Request::Enter {
            instance: id.to_owned(),
            imds_options: imds_options.to_vec(),
        };
        match self.ask(&request, &[])?.0 {
            Answer::Entered {
                instance,
                authority,
            } => Ok((*instance, authority)),
            _ => Err(self.nonsense()),
        }
    }

    /// The user data, to be read from its start.
    pub(crate) fn user_data(&self) -> Result<File, Failure> {
        let (_, passed) = self.ask(&Request::UserData, &[])?;
        let file = passed.into_iter().next().ok_or_else(|| self.nonsense())?;
        Ok(file.into())
    }

    /// Hands sockets over, to be served until this is dropped.
    pub(crate) fn serve(&self, sockets: &[(Purpose, OwnedFd)]) -> Result<(), Failure> {
        let purposes = sockets.iter().map(|(purpose, _)| *purpose).collect();
        let passed: Vec<BorrowedFd<'_>> = sockets.iter().map(|(_, fd)| fd.as_fd()).collect();
        let request = Request::Serve { sockets: purposes };
        self.ask(&request, &passed).map(drop)
    }

    /// Puts what is in a file on the console.
    pub(crate) fn console(&self, output: &File) -> Result<(), Failure> {
        self.ask(&Request::Console, &[output.as_fd()]).map(drop)
    }

    /// Tells an instance what AWS would.
    pub(crate) fn announce(&self, id: &str, what: Announcement) -> Result<(), Failure> {
        let instance = id.to_owned();
        let request = Request::Announce { instance, what };
        self.ask(&request, &[]).map(drop)
    }

    /// Has the server take a step of an exchange of root keys.
    pub(crate) fn keys(&self, step: KeyStep) -> Result<Keys, Failure> {
        match self.ask(&Request::Keys { step }, &[])?.0 {
            Answer::Keys { kept } => Ok(kept),
            _ => Err(self.nonsense()),
        }
    }

    /// Has `told` know what is known of an instance, now and after each change. Returns when the
    /// account ends.
    pub(crate) fn follow(
        &self,
        id: &str,
        imds_options: &[ImdsOption],
        mut told: impl FnMut(Option<Kept>),
    ) -> Result<(), Failure> {
        let request = Request::Follow {
            instance: id.to_owned(),
            imds_options: imds_options.to_vec(),
        };
        let broken = |error: std::io::Error| {
            Failure::unfinished(format!("the account cannot be listened to: {error}"))
        };
        let mut line = serde_json::to_vec(&request).map_err(|_| self.nonsense())?;
        line.push(b'\n');
        (&self.stream).write_all(&line).map_err(broken)?;
        self.stream.set_read_timeout(None).map_err(broken)?;
        let most = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let mut lines = BufReader::new(&self.stream);
        loop {
            line.clear();
            let read = (&mut lines).take(most).read_until(b'\n', &mut line);
            if read.map_err(broken)? == 0 || !line.ends_with(b"\n") {
                return Ok(());
            }
            let answer: Answer = serde_json::from_slice(&line).map_err(|_| self.nonsense())?;
            match answer.accepted()? {
                Answer::Known { kept } => told(kept.map(|kept| *kept)),
                _ => return Err(self.nonsense()),
            }
        }
    }

    fn ask(
        &self,
        request: &Request,
        passed: &[BorrowedFd<'_>],
    ) -> Result<(Answer, Vec<OwnedFd>), Failure> {
        let broken = |errno: Errno| {
            Failure::unfinished(format!(
                "the account does not answer at `{}`: {errno}",
                self.socket.display()
            ))
        };
        let mut line = serde_json::to_vec(request).map_err(|_| self.nonsense())?;
        line.push(b'\n');
        passing::send(&self.stream, &line, passed).map_err(broken)?;
        let (mut answer, mut back) = (Vec::new(), Vec::new());
        let mut buffer = [0; 4_096];
        while !answer.ends_with(b"\n") {
            let read = passing::receive(&self.stream, &mut buffer, &mut back).map_err(broken)?;
            if read == 0 || answer.len() > LINE_BYTES_MAX {
                return Err(broken(Errno::PIPE));
            }
            answer.extend_from_slice(buffer.get(..read).unwrap_or_default());
        }
        let answer: Answer = serde_json::from_slice(&answer).map_err(|_| self.nonsense())?;
        Ok((answer.accepted()?, back))
    }

    fn nonsense(&self) -> Failure {
        Failure::unfinished(format!(
            "what listens at `{}` is another version of Rolecall",
            self.socket.display()
        ))
        .hint("start the account again with this version")
    }
}

const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
