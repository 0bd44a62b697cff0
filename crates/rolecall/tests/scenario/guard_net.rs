//! Networks for the guard's scenarios: an instance, the metadata service one hop away, and a
//! container behind the instance. Made and removed by the test; nothing else of the machine is
//! touched.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::clients::{Output, client, run};
use crate::harness::{World, rolecall, say};
use crate::wait;

/// The three of them, with the world's metadata service at its addresses.
pub(crate) struct Net {
    names: [String; 3],
    services: Vec<Child>,
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Service,
    Instance,
    Container,
}

impl Net {
    pub(crate) fn new(world: &World) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = |role| format!("rcg{role}{}x{number}", std::process::id());
        let mut net = Self {
            names: ["s", "i", "c"].map(name),
            services: Vec::new(),
        };
        let [service, instance, container] = &net.names;
        let script = format!("S={service}; A={instance}; C={container}; {NETWORK}");
        run(client("sh", Path::new("/")).args(["-euc", &script])).ok();
        for address in ["169.254.169.254:80", "[fd00:ec2::254]:80"] {
            net.serve(world, address);
        }
        net
    }

    fn serve(&mut self, world: &World, address: &str) {
        let said = world
            .scratch()
            .join(format!("serve-{}", self.services.len()));
        let mut serve = self.inside(At::Service, &rolecall(&world.scratch()));
        serve
            .args(["instance", "serve", "--data"])
            .arg(world.data())
            .args([world.instance_id(), "--listen", address])
            .stdout(std::fs::File::create(&said).unwrap());
        self.services.push(serve.spawn().unwrap());
        until_said(&said, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    }

    /// The same command in one of them.
    pub(crate) fn inside(&self, at: At, command: &Command) -> Command {
        let place = match at {
            At::Service => 0,
            At::Instance => 1,
            At::Container => 2,
        };
        in_network(&self.names[place], command)
    }

    /// What the instance's network is called.
    pub(crate) fn instance(&self) -> &str {
        &self.names[1]
    }

    /// A command on the instance, as a user who has these groups as well.
    pub(crate) fn as_user(&self, uid: &str, groups: Option<&str>, command: &Command) -> Command {
        self.inside(At::Instance, &with_uid(uid, groups, command))
    }

    /// A script on the instance, as root.
    pub(crate) fn sh(&self, script: &str) -> Output {
        let mut shell = client("sh", Path::new("/"));
        shell.args(["-euc", script]);
        run(&mut self.inside(At::Instance, &shell))
    }

    /// The guard's table; `None` where there is none.
    pub(crate) fn table(&self) -> Option<String> {
        let output = self.sh("nft list table inet rolecall_guard");
        (output.code == Some(0)).then_some(output.stdout)
    }

    /// `rolecall guard run` with a configuration, not started yet.
    pub(crate) fn guard(&self, world: &World, configuration: &str) -> Command {
        std::fs::write(guard_yaml(world), configuration).unwrap();
        let mut guard = rolecall(&world.scratch());
        guard
            .args(["guard", "run", "--config"])
            .arg(guard_yaml(world));
        self.inside(At::Instance, &guard)
    }
}

/// The same command in a network.
pub(crate) fn in_network(name: &str, command: &Command) -> Command {
    let mut inside = Command::new("nsenter");
    inside
        .arg(format!("--net=/run/netns/{name}"))
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .current_dir("/");
    for (name, value) in command.get_envs() {
        inside.env(name, value.unwrap());
    }
    inside
}

/// The same command as a user who has these groups as well.
pub(crate) fn with_uid(uid: &str, groups: Option<&str>, command: &Command) -> Command {
    let groups = groups.map_or("--clear-groups".to_owned(), |it| format!("--groups={it}"));
    let mut user = client("setpriv", Path::new("/"));
    user.args(["--reuid", uid, "--regid", uid, &groups])
        // To reach the programs under test, wherever the developer's home is.
        .args([
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search",
        ])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        user.env(name, value.unwrap());
    }
    user
}

/// The account's endpoint, as the instance reaches it over the wire. Gone when dropped.
pub(crate) struct Account {
    pub(crate) url: String,
    listener: TcpListener,
    connections: Arc<Mutex<Vec<TcpStream>>>,
}

impl Net {
    /// Lets the instance reach the account, which itself is on the loopback of the machine.
    pub(crate) fn account(&self, world: &World) -> Account {
        let network = std::fs::File::open(format!("/run/netns/{}", self.names[0])).unwrap();
        let listen = std::thread::spawn(move || {
            move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            TcpListener::bind("10.99.0.2:0").unwrap()
        });
        let listener = listen.join().unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let accepting = listener.try_clone().unwrap();
        let to = world.endpoint().trim_start_matches("http://").to_owned();
        let connections = Arc::new(Mutex::new(Vec::new()));
        let open = Arc::clone(&connections);
        std::thread::spawn(move || {
            while let Ok((near, _)) = accepting.accept() {
                let Ok(far) = TcpStream::connect(&to) else {
                    continue;
                };
                let (back, forth) = (far.try_clone().unwrap(), near.try_clone().unwrap());
                open.lock().unwrap().push(near.try_clone().unwrap());
                std::thread::spawn(move || pass_on(near, far));
                std::thread::spawn(move || pass_on(back, forth));
            }
        });
        Account {
            url,
            listener,
            connections,
        }
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    std::io::copy(&mut from, &mut to).ok();
    to.shutdown(Shutdown::Both).ok();
    from.shutdown(Shutdown::Both).ok();
}

impl Drop for Account {
    fn drop(&mut self) {
        rustix::net::shutdown(&self.listener, rustix::net::Shutdown::Both).ok();
        for connection in self.connections.lock().unwrap().drain(..) {
            connection.shutdown(Shutdown::Both).ok();
        }
    }
}

impl Net {
    /// Ends the metadata service; its addresses stay.
    pub(crate) fn end_services(&mut self) {
        for mut service in self.services.drain(..) {
            service.kill().ok();
            service.wait().ok();
        }
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        self.end_services();
        for name in &self.names {
            let mut delete = Command::new("ip");
            delete.args(["netns", "del", name]).status().ok();
        }
    }
}

/// A guard that runs, and what it says.
pub(crate) struct Guard {
    child: Child,
    said: PathBuf,
}

impl Guard {
    /// Starts it and waits for its proof.
    pub(crate) fn start(world: &mut World, net: &Net, name: &str, configuration: &str) -> Self {
        let command = net.guard(world, configuration);
        Self::spawn(world, name, command)
    }

    /// The same with a command of its own.
    pub(crate) fn spawn(world: &mut World, name: &str, mut command: Command) -> Self {
        let guard = Self::spawn_unproven(world, name, &mut command);
        guard.until_said("in force and proven");
        guard
    }

    /// The same, and does not wait.
    pub(crate) fn spawn_unproven(world: &mut World, name: &str, command: &mut Command) -> Self {
        let file = world.output_file(name);
        let said = world.scratch().parent().unwrap().join(name);
        let child = command.stdout(Stdio::null()).stderr(file).spawn().unwrap();
        Self { child, said }
    }

    pub(crate) fn until_said(&self, what: &str) {
        until_said(&self.said, what);
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The exit code of one that ends by itself.
    pub(crate) fn ended(mut self) -> Option<i32> {
        wait::exit(&mut self.child, TIME_MAX).code()
    }

    /// Ends it, and tells the exit code.
    pub(crate) fn end(mut self, signal: Signal) -> Option<i32> {
        self.signal(signal);
        wait::exit(&mut self.child, TIME_MAX).code()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            say(&std::fs::read_to_string(&self.said).unwrap_or_default());
        }
    }
}

pub(crate) fn guard_yaml(world: &World) -> PathBuf {
    world.scratch().join("guard.yaml")
}

fn until_said(path: &Path, what: &str) {
    wait::until(what, TIME_MAX, || {
        let said = std::fs::read_to_string(path).unwrap_or_default();
        said.contains(what).then_some(())
    });
}

const TIME_MAX: Duration = Duration::from_secs(10);
/// The service has its addresses on its loopback, so that what answers it comes over a wire.
const NETWORK: &str = "
for n in $S $A $C; do ip netns add $n; ip -n $n link set lo up; done
ip -n $A link add imds0 type veth peer name eth0 netns $S
ip -n $A addr add 10.99.0.1/30 dev imds0
ip -n $A addr add fd99::1/64 dev imds0 nodad
ip -n $A link set imds0 up
ip -n $S addr add 10.99.0.2/30 dev eth0
ip -n $S addr add fd99::2/64 dev eth0 nodad
ip -n $S link set eth0 up
ip -n $S addr add 169.254.169.254/32 dev lo
ip -n $S addr add fd00:ec2::254/128 dev lo nodad
ip -n $S route add default via 10.99.0.1
ip -n $S -6 route add default via fd99::1
ip -n $A route add 169.254.169.254/32 via 10.99.0.2
ip -n $A -6 route add fd00:ec2::254/128 via fd99::2
ip -n $A link add br0 type veth peer name eth0 netns $C
ip -n $A addr add 10.99.1.1/24 dev br0
ip -n $A addr add fd98::1/64 dev br0 nodad
ip -n $A link set br0 up
ip -n $C addr add 10.99.1.2/24 dev eth0
ip -n $C addr add fd98::2/64 dev eth0 nodad
ip -n $C link set eth0 up
ip -n $C route add default via 10.99.1.1
ip -n $C -6 route add default via fd98::1
nsenter --net=/run/netns/$A sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward;
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'
";
