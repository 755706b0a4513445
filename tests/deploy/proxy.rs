//! Caddy and nginx: each reads its file, then stands in front of a server that writes down what reaches it.
//!
//! For the test the files are changed in three places only: the address that is listened on (a free port, without TLS), the
//! address behind it, and where logs go.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::operator::{folder, is_root, program, root, run, succeed, text};
use crate::wait;

/// The shell's own: the program `kill` is in a package (procps) that a machine may lack.
const KILL: [&str; 3] = ["-c", "kill \"$@\"", "kill"];

const BEHIND: &str = "127.0.0.1:8080";
const DOMAIN: &str = "pirkanmaa.example";
const CADDYFILES: [&str; 2] = ["deploy/proxy/Caddyfile", "deploy/compose/Caddyfile"];

fn caddy(place: &Path) -> Command {
    let mut caddy = Command::new(program("caddy", "caddy"));
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
        caddy.env(name, place);
    }
    caddy.env("SOLMU_DOMAIN", DOMAIN);
    caddy
}

fn nginx(place: &Path) -> Command {
    let mut nginx = Command::new(program("nginx", "nginx"));
    nginx.arg("-p").arg(place).arg("-e").arg(place.join("error.log")).arg("-c").arg(place.join("nginx.conf"));
    nginx
}

#[test]
fn caddy_understands_its_files() {
    let place = folder("caddy-validate");
    for (index, path) in CADDYFILES.into_iter().enumerate() {
        let file = place.join(format!("Caddyfile.{index}"));
        fs::write(&file, text(path).replace("/var/log/caddy", place.to_str().unwrap())).unwrap();
        succeed(caddy(&place).args(["validate", "--adapter", "caddyfile", "--config"]).arg(&file));
        let formatted = succeed(caddy(&place).args(["fmt"]).arg(root().join(path))).out;
        assert_eq!(text(path), formatted, "{path} is not as `caddy fmt` writes it");
    }
}

/// nginx.conf in a folder of its own, listening where `listen` says.
fn nginx_site(place: &Path, listen: &str, behind: &str) {
    let mut listens = 0;
    let site = text("deploy/proxy/nginx.conf").replace(BEHIND, behind);
    let site = site.replace("/etc/letsencrypt/live", place.to_str().unwrap());
    let site = site.replace("/var/log/nginx", place.to_str().unwrap());
    let site: Vec<String> = site
        .lines()
        .map(|line| match line.trim_start() {
            line if line.starts_with("listen [::]:") => String::new(),
            line if line.starts_with("listen ") => {
                listens += 1;
                format!("listen {listen}{};", if line.contains("443") { "" } else { ".plain" })
            }
            line => line.to_owned(),
        })
        .collect();
    assert_eq!(listens, 2);
    let site = site.join("\n").replace(&format!("{listen}.plain"), &format!("unix:{}", place.join("plain").display()));
    let user = if is_root() { "user root;" } else { "" };
    let temporary: Vec<String> = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {};", place.join(name).display()))
        .into();
    let pid = place.join("pid");
    fs::write(
        place.join("nginx.conf"),
        format!(
            "daemon off; worker_processes 1; {user} pid {}; events {{ worker_connections 64; }}\nhttp {{\n{}\n{site}\n}}\n",
            pid.display(),
            temporary.join("\n")
        ),
    )
    .unwrap();
}

/// A certificate for nobody, so that nginx has something to read.
fn certificate(place: &Path) {
    let live = place.join(DOMAIN);
    fs::create_dir_all(&live).unwrap();
    let mut make = Command::new(program("openssl", "openssl"));
    make.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=pirkanmaa.example"]);
    succeed(make.arg("-keyout").arg(live.join("privkey.pem")).arg("-out").arg(live.join("fullchain.pem")));
}

/// A certificate for localhost, for nginx, and the file of the authority that made it.
fn certificate_of_localhost(place: &Path) -> PathBuf {
    let live = place.join(DOMAIN);
    fs::create_dir_all(&live).unwrap();
    let (authority, its_key) = (place.join("authority.pem"), place.join("authority.key"));
    let make = |subject: &str, key: &Path, certificate: &Path| {
        let mut make = Command::new(program("openssl", "openssl"));
        make.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", subject]);
        make.arg("-keyout").arg(key).arg("-out").arg(certificate);
        make
    };
    succeed(&mut make("/CN=Authority", &its_key, &authority));
    let mut own = make("/CN=localhost", &live.join("privkey.pem"), &live.join("fullchain.pem"));
    own.args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]);
    succeed(own.arg("-CA").arg(&authority).arg("-CAkey").arg(&its_key));
    authority
}

#[test]
fn nginx_understands_its_file() {
    let place = folder("nginx-validate");
    certificate(&place);
    nginx_site(&place, &format!("unix:{} ssl http2", place.join("tls").display()), BEHIND);
    let said = succeed(nginx(&place).arg("-t"));
    assert!(!said.all.contains("[warn]"), "{}", said.all);
}

/// What came through the proxy.
#[derive(Debug)]
struct Arrived {
    line: String,
    headers: Vec<(String, String)>,
    body: usize,
}

impl Arrived {
    fn header(&self, name: &str) -> Vec<&str> {
        let same = |(found, value): &'_ &(String, String)| found.eq_ignore_ascii_case(name) && !value.is_empty();
        self.headers.iter().filter(same).map(|(_, value)| value.as_str()).collect()
    }
}

fn read_request(stream: TcpStream) -> Option<(Arrived, TcpStream)> {
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut arrived = Arrived { line: line.trim_end().to_owned(), headers, body: 0 };
    let length = arrived.header("content-length").first().and_then(|length| length.parse().ok()).unwrap_or(0);
    arrived.body = std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink()).ok()? as usize;
    Some((arrived, reader.into_inner()))
}

/// A running proxy; dropping it ends it.
struct Running {
    child: Child,
    address: SocketAddr,
    behind: TcpListener,
}

impl Drop for Running {
    fn drop(&mut self) {
        // nginx's workers end with their master only when it is told to stop.
        let told = Command::new("sh").args(KILL).arg(self.child.id().to_string()).status();
        if !told.is_ok_and(|status| status.success()) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

impl Running {
    fn start(make: impl Fn(SocketAddr, &str) -> Command) -> Self {
        let behind = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        behind.set_nonblocking(true).unwrap();
        let behind_address = behind.local_addr().unwrap().to_string();
        for _ in 0..3 {
            // Somebody else may take the port between these two lines; then another is tried.
            let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
            let mut child = make(address, &behind_address).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let up = wait::until(|| match child.try_wait() {
                Ok(None) => TcpStream::connect(address).is_ok().then_some(true),
                _ => Some(false),
            });
            let running = Self { child, address, behind: behind.try_clone().unwrap() };
            if up == Some(true) {
                return running;
            }
        }
        panic!("the proxy does not start");
    }

    /// Sends bytes to the proxy; see [`Running::during`].
    fn exchange(&self, request: &[u8], answer: &'static str) -> (Option<Arrived>, String) {
        self.during(answer, || {
            let mut stream = TcpStream::connect(self.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            // A refused body may be refused before all of it is sent.
            stream.write_all(request).ok();
            let mut response = Vec::new();
            stream.read_to_end(&mut response).ok();
            String::from_utf8_lossy(&response).into_owned()
        })
    }

    /// Asks the proxy in some way. What arrives behind it is answered with `answer`; nothing does when the proxy answers by
    /// itself.
    fn during<T>(&self, answer: &'static str, ask: impl FnOnce() -> T) -> (Option<Arrived>, T) {
        let behind = self.behind.try_clone().unwrap();
        let answered = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&answered);
        let server = thread::spawn(move || {
            let stream = wait::until(|| match behind.accept() {
                Ok((stream, _)) => Some(Some(stream)),
                Err(_) => stop.load(Ordering::SeqCst).then_some(None),
            });
            let (arrived, mut stream) = read_request(stream??)?;
            stream.write_all(answer.as_bytes()).ok()?;
            Some(arrived)
        });
        let asked = ask();
        answered.store(true, Ordering::SeqCst);
        (server.join().unwrap(), asked)
    }
}

fn run_caddy(name: &str) -> Running {
    let place = folder(name);
    Running::start(|address, behind| {
        let site = text("deploy/proxy/Caddyfile").replace(BEHIND, behind);
        let site = site.replace("/var/log/caddy", place.to_str().unwrap());
        let wanted = format!("http://{DOMAIN}:{} {{", address.port());
        let site = site.replace(&format!("{DOMAIN} {{"), &wanted);
        assert!(site.contains(&wanted));
        let file = place.join("Caddyfile");
        fs::write(&file, format!("{{\n\tadmin off\n\tauto_https off\n}}\n{site}")).unwrap();
        let mut caddy = caddy(&place);
        caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
        caddy
    })
}

fn run_nginx(name: &str) -> Running {
    let place: PathBuf = folder(name);
    certificate(&place);
    Running::start(|address, behind| {
        nginx_site(&place, &address.to_string(), behind);
        nginx(&place)
    })
}

const ACCEPTED: &str = "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn post(path: &str, length: usize) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nContent-Type: application/activity+json\r\nSignature: keyId=\"a\"\r\n\
         X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: gopher\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.into_bytes(), vec![b' '; length]].concat()
}

/// What a signature covers arrives as it was sent, and nobody but the proxy says where it came from.
fn passes_on_unchanged(proxy: &Running) {
    for path in
        ["/ap/inbox", "/ap//inbox", "/ap/a%2Fb/../c/", "/.well-known/webfinger?resource=acct%3Aa%40b", "/@a//b?"]
    {
        let (arrived, response) = proxy.exchange(&post(path, 1_000_000), ACCEPTED);
        assert!(response.starts_with("HTTP/1.1 202"), "{path}: {response}");
        let arrived = arrived.unwrap();
        assert_eq!(arrived.line, format!("POST {path} HTTP/1.1"));
        assert_eq!(arrived.body, 1_000_000);
        assert_eq!(arrived.header("host"), [DOMAIN]);
        assert_eq!(arrived.header("signature"), ["keyId=\"a\""]);
        assert_eq!(arrived.header("x-forwarded-for"), ["127.0.0.1"], "{path}");
        assert_eq!(arrived.header("x-forwarded-proto"), ["http"], "{path}");
    }
}

/// With the status that keeps the sender from trying again.
fn refuses_too_much(proxy: &Running) {
    let (_, response) = proxy.exchange(&post("/ap/inbox", 2_000_000), ACCEPTED);
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
}

/// Files are kept for a week, unless the server says otherwise; other answers are left as they are.
fn static_files_are_kept(proxy: &Running) {
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n").into_bytes();
    let silent = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    let says = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncache-control: no-cache\r\nconnection: close\r\n\r\nok";
    let cases = [
        ("/static/a.css", silent, Some("public, max-age=604800")),
        ("/static/a.css", says, Some("no-cache")),
        ("/tapahtumat", silent, None),
        ("/tapahtumat", says, Some("no-cache")),
    ];
    for (path, answer, expected) in cases {
        let (_, response) = proxy.exchange(&get(path), answer);
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        let found: Vec<String> = response
            .lines()
            .filter_map(|line| line.to_ascii_lowercase().strip_prefix("cache-control: ").map(ToOwned::to_owned))
            .collect();
        assert_eq!(found, expected.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>(), "{path}: {response}");
        assert_eq!(response.matches("max-age=31536000").count(), 1, "{path}: {response}");
    }
}

#[test]
fn caddy_leaves_requests_as_they_are() {
    let proxy = run_caddy("caddy-run");
    passes_on_unchanged(&proxy);
    refuses_too_much(&proxy);
    static_files_are_kept(&proxy);
}

#[test]
fn nginx_leaves_requests_as_they_are() {
    let proxy = run_nginx("nginx-run");
    passes_on_unchanged(&proxy);
    refuses_too_much(&proxy);
    static_files_are_kept(&proxy);
}

/// HTTP/2 as most servers speak it that a node meets: nginx, which refuses a request with `host` beside `:authority`.
#[test]
fn a_node_is_understood_by_nginx_with_http2() {
    let (place, node) = (folder("nginx-http2"), folder("nginx-http2-node"));
    let authority = certificate_of_localhost(&place);
    let proxy = Running::start(|address, behind| {
        nginx_site(&place, &format!("{address} ssl http2"), behind);
        nginx(&place)
    });
    let solmu = |arguments: &[&str]| {
        let mut solmu = Command::new(env!("CARGO_BIN_EXE_solmu"));
        solmu.current_dir(&node).env("SSL_CERT_FILE", &authority).args(arguments);
        solmu
    };
    succeed(&mut solmu(&["init", "--region", "06", "--domain", "localhost:8099", "--dir", "."]));
    let actor = format!("https://localhost:{}/ap/actors/1", proxy.address.port());
    let nobody = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (arrived, said) = proxy.during(nobody, || run(&mut solmu(&["follow", &actor])));
    let log = fs::read_to_string(place.join("error.log")).unwrap_or_default();
    let arrived = arrived.unwrap_or_else(|| panic!("refused on the way: {} {log}", said.all));
    assert_eq!(arrived.line, "GET /ap/actors/1 HTTP/1.1");
    assert_eq!(arrived.header("signature").len(), 1);
    assert!(said.all.contains("404"), "{}", said.all);
}

#[test]
fn a_mistake_is_found() {
    let place = folder("proxy-mistake");
    fs::write(place.join("Caddyfile"), text("deploy/proxy/Caddyfile").replace("encode gzip", "encod gzip")).unwrap();
    let said = run(caddy(&place).args(["validate", "--adapter", "caddyfile", "--config"]).arg(place.join("Caddyfile")));
    assert!(!said.success, "{}", said.all);
    nginx_site(&place, &format!("unix:{}", place.join("tls").display()), BEHIND);
    let site = fs::read_to_string(place.join("nginx.conf")).unwrap().replace("merge_slashes", "merge_slash");
    fs::write(place.join("nginx.conf"), site).unwrap();
    assert!(!run(nginx(&place).arg("-t")).success);
}
