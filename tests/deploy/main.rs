//! What an operator copies out of `deploy/` works as it lies there.
//!
//! Each file is read by the program that will read it later: systemd, nginx, Caddy, compose, the shell. The two proxies are
//! started in front of a server that writes down what reaches it. A program that is missing fails the test and is named.
//! Left out: building the image and running the units, which need a container engine and an init system.
#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod backup;
mod compose;
mod container;
mod documents;
mod operator;
mod proxy;
mod systemd;
mod wait;
