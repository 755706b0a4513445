//! Somebody with a browser: it keeps cookies and sends the forms of the pages that it was given.

use crate::harness::{Answer, Node, http};

/// See the module.
pub struct Visitor<'a> {
    node: &'a Node,
    cookies: Vec<(String, String)>,
}

impl<'a> Visitor<'a> {
    pub fn of(node: &'a Node) -> Visitor<'a> {
        Visitor { node, cookies: Vec::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(http().get(self.node.url(path))).await
    }

    /// Fills in the form of a page that goes to `action`, and sends it.
    pub async fn send(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.node.url("");
        let token = token_of(page, action);
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .append_pair("form", &token)
            .finish();
        let request = http().post(self.node.url(action)).header("origin", origin);
        self.ask(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
    }

    /// Sends a form with a file.
    pub async fn upload(
        &mut self,
        page: &Answer,
        action: &str,
        fields: &[(&str, &str)],
        (name, file): (&str, &[u8]),
    ) -> Answer {
        let token = token_of(page, action);
        let part = |name: &str, value: &str| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let fields: String = fields.iter().map(|(name, value)| part(name, value)).collect();
        let head = format!("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let before = format!("{}{fields}{head}", part("form", &token));
        let body = [before.as_bytes(), file, b"\r\n--x--\r\n"].concat();
        let request = http().post(self.node.url(action)).header("origin", self.node.url(""));
        self.ask(request.header("content-type", "multipart/form-data; boundary=x").body(body)).await
    }

    /// Sends a request of its own, with the cookies.
    pub async fn ask(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("accept", "text/html").header("accept-language", "en");
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for line in answer.headers().get_all("set-cookie") {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !rest.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
            }
        }
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.text().await.unwrap() }
    }
}

/// The token in the form of a page that goes to `action`.
pub fn token_of(page: &Answer, action: &str) -> String {
    let beginning = format!("action=\"{}\"", action.replace('&', "&#38;"));
    let holds = |form: &&str| form.contains(&beginning) && form.contains("name=\"form\"");
    let form = page.body.split("<form").find(holds);
    let form = form.unwrap_or_else(|| panic!("no form goes to {action}: {} {}", page.status, page.body));
    form.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
