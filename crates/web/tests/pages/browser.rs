//! A browser: it keeps cookies, reads the forms of pages and sends them as browsers do. A test may make it lie.

use crate::seed::{Answer, Seeded};
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request};
use tower::ServiceExt;

pub const ORIGIN: &str = "https://pirkanmaa.example";
/// What a browser says with a form of the page that it shows.
pub const HONEST: [(&str, &str); 3] =
    [("origin", ORIGIN), ("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];

pub struct Browser<'a> {
    node: &'a Seeded,
    national: bool,
    /// Name and value.
    pub cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub fn new(node: &'a Seeded) -> Browser<'a> {
        Browser { node, national: false, cookies: Vec::new() }
    }

    /// Asks the same data as the national node's from now on.
    pub fn at_national(&mut self) {
        self.national = true;
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[("accept", "text/html"), ("accept-language", "en")], "").await
    }

    /// Sends the only form of a page, or the one that goes to `action`, with these fields filled in.
    pub async fn send(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = token_of(page, action);
        self.post(action, &HONEST, &[fields, &[("form", &token)]].concat()).await
    }

    pub async fn post(&mut self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let accepts = [("accept", "text/html"), ("accept-language", "en")];
        self.ask("POST", path, &[&accepts[..], headers].concat(), &body).await
    }

    pub async fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.ask_bytes(method, path, headers, body.as_bytes().to_vec()).await
    }

    pub async fn ask_bytes(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", all.join("; "));
        }
        let request = request.body(Body::from(body)).unwrap();
        let router = if self.national { &self.node.national } else { &self.node.router };
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        self.take_cookies(&parts.headers);
        let body = to_bytes(body, 10_000_000).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    fn take_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !line.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

/// The token in the form of a page that goes to `action`.
pub fn token_of(page: &Answer, action: &str) -> String {
    let beginning = format!("action=\"{action}\"");
    let holds = |form: &&str| form.contains(&beginning) && form.contains("name=\"form\"");
    let form = page.body.split("<form").find(holds);
    let form = form.unwrap_or_else(|| panic!("no form goes to {action}: {} {}", page.status, page.body));
    form.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
