//! Requests written byte by byte, so that everything about them can be wrong.

use super::{Answer, Voice};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use federation::signature::{digest, timestamp_to_date};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;
use store::Clock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How a request is signed.
#[derive(Debug, Clone)]
pub struct Signing {
    /// What the signature covers, in order.
    pub covered: &'static str,
    /// Seconds from now that `Date` tells.
    pub date: i64,
    /// `algorithm`; left out when `None`.
    pub algorithm: Option<&'static str>,
    /// `created` as written.
    pub created: Option<String>,
    /// `expires` as written.
    pub expires: Option<String>,
    /// `keyId` when it is not the voice's own.
    pub key_id: Option<String>,
    /// `Host` when it is not that of the inbox.
    pub host: Option<String>,
    /// The target that is signed when it is not the one that is asked for.
    pub target: Option<String>,
    /// The method that is signed.
    pub method: &'static str,
    /// `Digest` when it is not the usual one.
    pub digest: Option<String>,
}

impl Default for Signing {
    fn default() -> Signing {
        Signing {
            covered: "(request-target) host date digest content-type",
            date: 0,
            algorithm: Some("rsa-sha256"),
            created: None,
            expires: None,
            key_id: None,
            host: None,
            target: None,
            method: "post",
            digest: None,
        }
    }
}

/// How a request is signed by RFC 9421.
#[derive(Debug, Clone)]
pub struct MessageSigning {
    /// The name of the signature in both headers.
    pub label: &'static str,
    /// The covered components, quoted, in order.
    pub covered: &'static str,
    /// `created` as written; `now` in it is the present second.
    pub created: Option<String>,
    /// Further parameters, each with its semicolon.
    pub further: String,
    /// `keyid` when it is not the voice's own.
    pub key_id: Option<String>,
    /// The host that is signed when it is not that of the inbox.
    pub host: Option<String>,
    /// The target that is signed when it is not the one that is asked for.
    pub target: Option<String>,
    /// The method that is signed.
    pub method: &'static str,
    /// `Content-Digest` when it is not the usual one.
    pub content_digest: Option<String>,
}

impl Default for MessageSigning {
    fn default() -> MessageSigning {
        MessageSigning {
            label: "sig1",
            covered: r#""@method" "@target-uri" "content-digest""#,
            created: Some("now".to_owned()),
            further: String::new(),
            key_id: None,
            host: None,
            target: None,
            method: "POST",
            content_digest: None,
        }
    }
}

/// A `POST`.
#[derive(Debug, Clone)]
pub struct Post {
    /// Where to connect.
    address: String,
    /// What is asked for.
    pub target: String,
    /// In order, as often as they are to be sent.
    pub headers: Vec<(String, String)>,
    /// The body as it is sent.
    pub body: Vec<u8>,
}

impl Post {
    /// Without a signature.
    pub fn unsigned(inbox: &str, body: &str) -> Post {
        let url = url::Url::parse(inbox).unwrap();
        let host = store::id::host_of(inbox);
        let target = url[url::Position::BeforePath..].to_owned();
        let body = body.as_bytes().to_vec();
        let headers = vec![("Host".to_owned(), host.clone()), ("Content-Type".to_owned(), super::ACTIVITY.to_owned())];
        Post { address: host, target, headers, body }
    }

    /// Signed by somebody.
    pub fn signed(voice: &Voice, inbox: &str, body: &str, how: &Signing) -> Post {
        let mut post = Post::unsigned(inbox, body);
        if let Some(host) = &how.host {
            post.set("Host", host);
        }
        let now = Clock::System.now();
        let shift = Duration::from_secs(how.date.unsigned_abs());
        let date = if how.date < 0 { now.minus(shift) } else { now.plus(shift) };
        post.set("Date", &timestamp_to_date(date));
        post.set("Digest", &how.digest.clone().unwrap_or_else(|| digest::of(body.as_bytes())));
        post.sign(voice, how);
        post
    }

    /// Adds the `Signature` over what is there now.
    pub fn sign(&mut self, voice: &Voice, how: &Signing) {
        let target = how.target.clone().unwrap_or_else(|| self.target.clone());
        let line = |name: &str| match name {
            "(request-target)" => format!("(request-target): {} {target}", how.method),
            "(created)" => format!("(created): {}", how.created.clone().unwrap_or_default()),
            "(expires)" => format!("(expires): {}", how.expires.clone().unwrap_or_default()),
            name => format!("{name}: {}", self.get(name)),
        };
        let message = how.covered.split(' ').map(line).collect::<Vec<_>>().join("\n");
        let signature = STANDARD.encode(voice.signer.sign(message.as_bytes()).unwrap());
        let key_id = how.key_id.as_deref().unwrap_or(&voice.key_id);
        let mut value = format!(r#"keyId="{key_id}",headers="{}",signature="{signature}""#, how.covered);
        if let Some(algorithm) = how.algorithm {
            value.push_str(&format!(r#",algorithm="{algorithm}""#));
        }
        for (name, seconds) in [("created", &how.created), ("expires", &how.expires)] {
            if let Some(seconds) = seconds {
                value.push_str(&format!(",{name}={seconds}"));
            }
        }
        self.set("Signature", &value);
    }

    /// Signed by somebody as RFC 9421 says.
    pub fn signed_message(voice: &Voice, inbox: &str, body: &str, how: &MessageSigning) -> Post {
        let mut post = Post::unsigned(inbox, body);
        let digest = how.content_digest.clone().unwrap_or_else(|| digest::content_of(body.as_bytes()));
        post.set("Content-Digest", &digest);
        let now = Clock::System.now().as_millis() / 1000;
        let mut parameters = format!("({})", how.covered);
        if let Some(created) = &how.created {
            parameters.push_str(&format!(";created={}", created.replace("now", &now.to_string())));
        }
        let key_id = how.key_id.as_deref().unwrap_or(&voice.key_id);
        parameters.push_str(&format!(";keyid=\"{key_id}\"{}", how.further));
        let (host, target) = (how.host.as_deref().unwrap_or(&post.address), &post.target);
        let target = how.target.as_deref().unwrap_or(target);
        let line = |name: &str| {
            let value = match name.trim_matches('"') {
                "@method" => how.method.to_owned(),
                "@target-uri" => format!("http://{host}{target}"),
                "@authority" => host.to_owned(),
                "@path" => target.split('?').next().unwrap_or_default().to_owned(),
                "@query" => format!("?{}", target.split_once('?').map_or("", |(_, query)| query)),
                header => post.get(header),
            };
            format!("{name}: {value}\n")
        };
        let lines: String = how.covered.split_whitespace().map(line).collect();
        let base = format!("{lines}\"@signature-params\": {parameters}");
        let signature = STANDARD.encode(voice.signer.sign(base.as_bytes()).unwrap());
        post.set("Signature-Input", &format!("{}={parameters}", how.label));
        post.set("Signature", &format!("{}=:{signature}:", how.label));
        post
    }

    /// The first header of a name.
    pub fn get(&self, name: &str) -> String {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Sets a header, in the place of one that is there.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a header away.
    pub fn remove(&mut self, name: &str) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Adds a header to those of the same name.
    pub fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Another body under the same signature.
    pub fn body(mut self, body: &str) -> Post {
        self.body = body.as_bytes().to_vec();
        self
    }

    /// To another path under the same signature.
    pub fn to(mut self, target: &str) -> Post {
        self.target = target.to_owned();
        self
    }

    /// Through another process of the same node: connects to `host`, and asks for the same.
    pub fn through(mut self, host: &str) -> Post {
        self.address = host.to_owned();
        self
    }

    /// Sends it; `None` when nobody listens, or no answer comes before the connection is closed.
    pub async fn attempt(&self) -> Option<Answer> {
        let (_, port) = self.address.split_once(':')?;
        let mut stream = TcpStream::connect(("127.0.0.1", port.parse::<u16>().ok()?)).await.ok()?;
        stream.write_all(&self.bytes()).await.ok()?;
        let mut received = Vec::new();
        tokio::time::timeout(super::LIMIT, stream.read_to_end(&mut received)).await.ok()?.ok()?;
        parse(&String::from_utf8_lossy(&received))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("POST {} HTTP/1.1\r\nConnection: close\r\n", self.target);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), &self.body].concat()
    }

    /// Sends it.
    pub async fn send(&self) -> Answer {
        let (_, port) = self.address.split_once(':').unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", port.parse::<u16>().unwrap())).await.unwrap();
        // A server that has seen enough may answer and close before it has read everything.
        let _ = stream.write_all(&self.bytes()).await;
        let mut received = Vec::new();
        let read = tokio::time::timeout(super::LIMIT, stream.read_to_end(&mut received)).await.expect("an answer");
        let text = String::from_utf8_lossy(&received).into_owned();
        parse(&text).unwrap_or_else(|| panic!("{read:?}, no HTTP answer: {text:?}"))
    }
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        headers.append(HeaderName::try_from(name).ok()?, HeaderValue::from_str(value).ok()?);
    }
    Some(Answer { status, headers, body: body.to_owned() })
}
