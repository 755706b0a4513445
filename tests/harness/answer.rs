//! What a node says: over HTTP, and at its command line.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// A client that goes where it is sent and nowhere else.
pub fn http() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    // Nothing on the loopback speaks TLS. Reading the system's certificates was a fifth of all that the tests do.
    client.tls_certs_only([]).timeout(super::LIMIT).build().unwrap()
}

/// An answer to a request.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {} {}", self.status, self.body))
    }
}

/// What a command said.
#[derive(Debug, Clone)]
pub struct Said {
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<std::process::Output> for Said {
    fn from(output: std::process::Output) -> Said {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let signal = std::os::unix::process::ExitStatusExt::signal(&output.status);
        Said { code: output.status.code(), signal, out: text(&output.stdout), err: text(&output.stderr) }
    }
}
