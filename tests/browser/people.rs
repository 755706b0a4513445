//! Whose pages are looked at: people who join, sign in and write as anybody does, by the forms of the pages.

use crate::harness::{http, until, until_true};
use serde_json::{Value, json};
use server::demo::network::Node;

const FORM: &str = "application/x-www-form-urlencoded";
/// Where a second step is set up.
const SECOND_STEP: &str = "/me/second-step";

/// Somebody with cookies.
pub struct Person {
    origin: String,
    cookies: Vec<(String, String)>,
}

impl Person {
    fn of(node: &Node) -> Person {
        Person { origin: node.url(""), cookies: Vec::new() }
    }

    /// Somebody of this address, signed in by a link that the operator prints.
    pub async fn signed_in(node: &Node, mail: &str) -> Person {
        let link = node.run(&["sign-in", mail]).await.expect("a link");
        let mut person = Person::of(node);
        let path = link.trim().strip_prefix(&person.origin).expect("an address of the node").to_owned();
        person.send(&path, &path, &[]).await;
        person
    }

    /// Somebody who is appointed to a position.
    pub async fn appointed(node: &Node, position: &str, mail: &str, name: &str) -> Person {
        node.run(&["people", "appoint", position, mail, "--name", name]).await.expect("they are appointed");
        Person::signed_in(node, mail).await
    }

    /// Somebody who asked for a letter and joined by it.
    pub async fn joined(node: &Node, mail: &str, name: &str) -> Person {
        let mut person = Person::of(node);
        let path = person.asked_to_join(node, mail).await;
        person.send(&path, &path, &[("name", name), ("adult", "1"), ("accepted", "1")]).await;
        person
    }

    /// The path of the link by which somebody of this address may join.
    pub async fn invited(node: &Node, mail: &str) -> String {
        Person::of(node).asked_to_join(node, mail).await
    }

    async fn asked_to_join(&mut self, node: &Node, mail: &str) -> String {
        self.send("/join", "/join", &[("mail", mail)]).await;
        letter_with(node, mail, "/join/").await
    }

    /// The path of the link by which somebody takes another address.
    pub async fn readdressed(&mut self, node: &Node, mail: &str) -> String {
        self.send("/me/account", "/me/address", &[("mail", mail)]).await;
        letter_with(node, mail, "/me/address/").await
    }

    /// A page's text.
    pub async fn get(&mut self, path: &str) -> String {
        let answer = self.ask(http().get(format!("{}{path}", self.origin))).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("a text")
    }

    /// Fills in the form of the page at `path` that goes to `action`, and sends it. Where that leads.
    pub async fn send(&mut self, path: &str, action: &str, fields: &[(&str, &str)]) -> String {
        let token = token_of(&self.get(path).await, action);
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields).append_pair("form", &token);
        self.post(action, FORM, body.finish().into_bytes()).await
    }

    /// Sends the form of a page with a file.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], (name, file): (&str, &[u8])) -> String {
        let token = token_of(&self.get(path).await, path);
        let part = |head: &str| format!("--x\r\ncontent-disposition: form-data; {head}\r\n\r\n");
        let mut body = Vec::new();
        for (name, value) in [&[("form", token.as_str())][..], fields].concat() {
            body.extend(format!("{}{value}\r\n", part(&format!("name=\"{name}\""))).into_bytes());
        }
        body.extend(part(&format!("name=\"{name}\"; filename=\"{name}\"")).into_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--x--\r\n");
        self.post(path, "multipart/form-data; boundary=x", body).await
    }

    /// Hands in a file of tasks and has it put in: the path of what came of it.
    pub async fn put_in(&mut self, tasks: &str) -> String {
        let path =
            self.upload("/desk/import", &[("format", "tasks-csv"), ("address", "")], ("file", tasks.as_bytes())).await;
        let path = path.split('?').next().unwrap_or_default().to_owned();
        self.send(&path, &path, &[("do", "put-in")]).await;
        // While it goes in there is nothing to press; then it can be put away.
        let (address, cookies) = (format!("{}{path}", self.origin), self.cookies());
        until_true("the file is put in", || async {
            let request = http().get(&address).header("accept", "text/html").header("cookie", &cookies);
            let answer = request.send().await.expect("an answer");
            answer.text().await.expect("a text").contains("value=\"put-away\"")
        })
        .await;
        path
    }

    async fn post(&mut self, action: &str, form: &str, body: Vec<u8>) -> String {
        let answer = self.answer(action, form, body).await;
        let (status, headers) = (answer.status(), answer.headers().clone());
        assert_eq!(status, 303, "{action}: {}", answer.text().await.expect("a text"));
        headers["location"].to_str().expect("text").to_owned()
    }

    async fn answer(&mut self, action: &str, form: &str, body: Vec<u8>) -> reqwest::Response {
        let request = http().post(format!("{}{action}", self.origin)).header("origin", &self.origin);
        self.ask(request.header("content-type", form).body(body)).await
    }

    async fn ask(&mut self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let request = request.header("accept", "text/html").header("cookie", self.cookies());
        let answer = request.send().await.expect("an answer");
        for line in answer.headers().get_all("set-cookie") {
            let (name, rest) = line.to_str().expect("text").split_once('=').expect("a pair");
            self.cookies.retain(|(known, _)| known != name);
            if !rest.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned()));
            }
        }
        answer
    }

    fn cookies(&self) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    /// Begins to set a second step up: the key that is shown for it.
    async fn begins(&mut self) -> String {
        self.send(SECOND_STEP, SECOND_STEP, &[("do", "begin")]).await;
        let page = self.get(SECOND_STEP).await;
        let key = page.split("<code class=\"handle\" translate=\"no\">").nth(1).and_then(|rest| rest.split('<').next());
        key.expect("a key").replace(' ', "")
    }

    /// Confirms a second step. Its answer is a page, with the recovery codes.
    async fn confirm(&mut self, code: &str) {
        let token = token_of(&self.get(SECOND_STEP).await, SECOND_STEP);
        let body = format!("do=confirm&code={code}&form={token}");
        let answer = self.answer(SECOND_STEP, FORM, body.into_bytes()).await;
        assert_eq!(answer.status(), 200, "{}", answer.text().await.expect("a text"));
    }

    /// The cookie of the session, for a browser.
    pub fn session(&self) -> Value {
        let (name, value) = self.cookies.iter().find(|(name, _)| name.starts_with("session")).expect("a session");
        json!({"name": name, "value": value})
    }
}

fn token_of(page: &str, action: &str) -> String {
    let beginning = format!("action=\"{}\"", action.replace('&', "&#38;"));
    let form = page.split("<form").find(|form| form.contains(&beginning) && form.contains("name=\"form\""));
    let form = form.unwrap_or_else(|| panic!("no form goes to {action}: {page}"));
    let token = form.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.expect("a token").to_owned()
}

/// A member who has written everything there is to write, and waits for the coordinator.
pub async fn writer(node: &Node) -> Person {
    let mut aino = Person::joined(node, "aino@kulma.example", "Aino Esimerkki").await;
    let profile = [
        ("name", "Aino Esimerkki"),
        ("headline", "Kiertueita ja festivaaleja"),
        ("bio", "Tuottaja **Sastamalasta**.\n\n- klubit\n- kirkot"),
        ("municipality", "Sastamala"),
        ("remote", "1"),
        ("languages", "fi"),
        ("languages", "smn"),
        ("fields", "circus"),
        ("regions", "21"),
        ("engagement", "invoice"),
        ("links", "https://aino.example/"),
    ];
    aino.send("/me/profile", "/me/profile", &profile).await;
    let skills = [("skill", "tk:touring"), ("level-tk:touring", "3"), ("skill", "tk:live-night")];
    aino.send("/me/skills", "/me/skills", &skills).await;
    let work = [
        ("from_0", "2031-07-01"),
        ("until_0", "2031-07-31"),
        ("share_0", "40"),
        ("title_0", "Lumpeenlehden oratorio"),
        ("url_0", "https://oratorio.example/"),
        ("year_0", "2025"),
    ];
    aino.send("/me/work", "/me/work", &work).await;
    let picture = include_bytes!("../../crates/web/static/pictures/icon.png");
    aino.upload("/me/picture", &[("alt", "Solmu vihreällä pohjalla")], ("picture", picture)).await;
    let on: Vec<(&str, &str)> =
        ["name", "headline", "bio", "skills", "levels", "availability", "portfolio", "picture", "links"]
            .map(|field| ("on", field))
            .to_vec();
    aino.send("/me/publication", "/me/publication", &on).await;
    aino.send("/me/publication", "/me/publication/ask", &[]).await;
    aino
}

/// Somebody who has just joined, and goes again.
pub async fn leaver(node: &Node) -> Person {
    let mut otso = Person::joined(node, "otso@kulma.example", "Otso Esimerkki").await;
    otso.send("/me/delete", "/me/delete", &[]).await;
    otso
}

/// A deputy who is setting the second step up: the key is on the page.
pub async fn with_a_key(node: &Node) -> Person {
    let mut heikki = Person::appointed(node, "deputy", "heikki@kulma.example", "Heikki Esimerkki").await;
    heikki.begins().await;
    heikki
}

/// Somebody who is setting the second step up and is about to type its first code; the key that makes it. One for each
/// language, since the recovery codes are shown once.
pub async fn about_to_confirm(node: &Node, language: &str) -> (Person, String) {
    let mail = format!("sirpa.{language}@kulma.example");
    let mut sirpa = Person::appointed(node, "harassment-contact", &mail, "Sirpa Esimerkki").await;
    let key = sirpa.begins().await;
    (sirpa, key)
}

/// Somebody who has a second step: in the browser where it was set up, and in one where it is not taken yet.
pub async fn with_a_second_step(node: &Node) -> (Person, Person) {
    let mail = "tiina@kulma.example";
    let mut tiina = Person::appointed(node, "data-contact", mail, "Tiina Esimerkki").await;
    let key = tiina.begins().await;
    let code = domain::person::second_step::code_of(&key, store::Clock::System.now());
    tiina.confirm(&code).await;
    let half = Person::signed_in(node, mail).await;
    (tiina, half)
}

/// The path, beginning like this, of the link in a letter to an address.
async fn letter_with(node: &Node, mail: &str, beginning: &str) -> String {
    let letters = node.config().with_file_name("mail");
    let letter = until("a letter is there", || {
        let files = std::fs::read_dir(&letters).into_iter().flatten().flatten();
        let letters = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let found = letters
            .map(|text| text.replace("=\r\n", "").replace("=3D", "="))
            .find(|text| text.contains(&format!("To: {mail}")) && text.contains(beginning));
        async move { found }
    })
    .await;
    letter[letter.find(beginning).expect("a link")..].lines().next().unwrap_or_default().trim().to_owned()
}
