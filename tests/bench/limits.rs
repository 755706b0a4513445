//! What the machine can do at all, measured in the same run: a figure of ours means something only beside it.

use crate::Effort;
use crate::load::{self, Shots};
use crate::process;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// With this argument the program is the empty server, a process of its own.
pub const EMPTY_SERVER: &str = "--empty-server";
/// Connections that are kept busy.
pub const CONNECTIONS: usize = 32;

/// The limits.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// RSA-2048 signatures that one core makes in a second.
    pub signatures: f64,
    /// RSA-2048 verifications that one core makes in a second.
    pub verifications: f64,
    /// CPU of an axum server for a `GET` that answers two bytes.
    pub get: Duration,
    /// CPU of an axum server for a `POST` of 1.5 KB that is read and answered with 202.
    pub post: Duration,
    /// 4 KiB appended and synchronised, times a second.
    pub syncs: f64,
}

/// Measures all of them.
pub async fn measure(effort: Effort) -> Limits {
    let (signatures, verifications) = signing(effort.pick(500, 3000));
    let (get, post) = empty(effort.pick(20_000, 100_000)).await;
    let limits = Limits { signatures, verifications, get, post, syncs: syncs(effort.pick(100, 400)) };
    println!(
        "   {signatures:.0} signatures and {verifications:.0} verifications a second and core; empty GET {} µs, empty POST {} µs; \
         {:.0} syncs a second",
        limits.get.as_micros(),
        limits.post.as_micros(),
        limits.syncs
    );
    limits
}

/// On this thread, by its own CPU time.
fn signing(times: u32) -> (f64, f64) {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let (random, message) = (SystemRandom::new(), [7; 300]);
    let mut signature = vec![0; key.public_modulus_len()];
    let begun = process::own_cpu();
    for _ in 0..times {
        key.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature).unwrap();
    }
    let signing = process::own_cpu() - begun;
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref());
    let (begun, verified) = (process::own_cpu(), times * 10);
    for _ in 0..verified {
        public.verify(&message, &signature).unwrap();
    }
    let verifying = process::own_cpu() - begun;
    (f64::from(times) / signing.as_secs_f64(), f64::from(verified) / verifying.as_secs_f64())
}

fn syncs(times: u32) -> f64 {
    let mut file = tempfile::tempfile().unwrap();
    let begun = Instant::now();
    for _ in 0..times {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
    }
    f64::from(times) / begun.elapsed().as_secs_f64()
}

async fn empty(requests: usize) -> (Duration, Duration) {
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new(program).arg(EMPTY_SERVER).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port: u16 = line.trim().parse().unwrap();
    let get = cost(child.id(), port, &Arc::new(vec![load::get("localhost", "/", "*/*")]), requests).await;
    let body = "x".repeat(1500);
    let post = format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let post = cost(child.id(), port, &Arc::new(vec![post.into_bytes()]), requests).await;
    child.kill().unwrap();
    child.wait().unwrap();
    (get, post)
}

async fn cost(pid: u32, port: u16, shots: &Shots, requests: usize) -> Duration {
    load::fire(port, CONNECTIONS, shots, requests / 10).await; // warm
    let before = process::cpu(pid);
    load::fire(port, CONNECTIONS, shots, requests).await;
    (process::cpu(pid) - before) / u32::try_from(requests).unwrap()
}

/// The empty server: what axum itself costs.
pub fn empty_server() {
    use axum::body::Bytes;
    use axum::http::StatusCode;
    use axum::routing::get;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap().port());
        let router =
            axum::Router::new().route("/", get(|| async { "ok" }).post(|_body: Bytes| async { StatusCode::ACCEPTED }));
        axum::serve(listener, router).await.unwrap();
    });
}
