//! A region that the node follows and that fills every field with what should not be shown; and what is looked for in the
//! answers.

use crate::harness::{Answer, Post, Reply, Signing, Voice, event, organisation, producer_row, producers, task};
use crate::stage::Stage;
use serde_json::{Map, Value, json};

/// What stands behind every honest text: ends of attributes and elements, entities, a script of JSON-LD, marks that turn
/// the text around, a letter with its mark apart.
pub const POISON: &str = "x\" onmouseover=\"alert(1)\" '></title></script><script>alert(2)</script><img src=x onerror=alert(3)>\
                          &lt;svg onload=alert(4)&gt;{{7*7}}\u{0}\u{7}\u{202e}\u{2066}\u{200b}Ha\u{308}n";
/// What is left of its end.
pub const LEFT: &str = "{{7*7}}Hän";

/// Fields that say who and what a document is. Poison in them makes it another document, or none.
const OF_IDENTITY: [&str; 24] = [
    "@context",
    "id",
    "type",
    "to",
    "cc",
    "attributedTo",
    "actor",
    "published",
    "updated",
    "startTime",
    "endTime",
    "inbox",
    "outbox",
    "followers",
    "following",
    "featured",
    "streams",
    "endpoints",
    "publicKey",
    "preferredUsername",
    "purpose",
    "uuid",
    "timezone",
    "eventStatus",
];

/// See the module. It tells of itself that it is Kainuu.
pub struct Foe {
    pub voice: Voice,
    /// The node's own documents, as if they were its own: by kind.
    pub event: Value,
    pub task: Value,
    pub producer: Value,
    pub organisation: Value,
}

impl Foe {
    /// Makes the node publish one of everything, and follow the foe.
    pub async fn followed_by(stage: &Stage) -> Foe {
        let node = &stage.node;
        node.import_bundle(&organisation("osuuskunta", "Osuuskunta Esimerkki")).await;
        node.import_bundle(&task("t", "Tuottaja klubi-iltaan", "open")).await;
        node.import_bundle(&event("e", "Tapahtuma paikalla", "Lyhyesti.")).await;
        let row = producer_row("p", "Maija Esimerkki", "Otsikko", "maija");
        let said = node.import(&producers(&[row]), "producers-csv").await;
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        let voice = stage.evil.stranger("kainuu");
        let mut documents = Vec::new();
        for page in
            ["/tapahtumat/tapahtuma-paikalla", "/tehtavat/tuottaja-klubi-iltaan", "/@maija", "/@osuuskunta_esimerkki"]
        {
            let id = node.id_of(page).await;
            let text = node.document(&id).await.to_string();
            let text = text.replace(&stage.region, &voice.id).replace(&node.host(), stage.evil.host());
            documents.push(serde_json::from_str(&text).unwrap());
        }
        let documents: [Value; 4] = documents.try_into().unwrap();
        let [event, task, producer, organisation] = documents;
        let foe = Foe { voice, event, task, producer, organisation };
        foe.present_itself(stage).await;
        foe
    }

    async fn present_itself(&self, stage: &Stage) {
        let id = &self.voice.id;
        let text = stage.node.document(&stage.region).await.to_string();
        let text = text.replace(&stage.region, id).replace(&stage.node.host(), stage.evil.host());
        let mut document = poisoned(&serde_json::from_str(&text).unwrap(), &Value::Null);
        for (name, value) in self.voice.document().as_object().unwrap() {
            if name != "name" && name != "type" {
                document[name] = value.clone();
            }
        }
        document["url"] = json!(stage.third.url("/"));
        document["streams"] = json!([self.stream()]);
        let fields = document["attachment"].as_array_mut().unwrap();
        fields.push(json!({"type": "PropertyValue", "name": "Maakunta", "value": "Kainuu"}));
        stage.evil.set("/users/kainuu", Reply::document(&document));
        stage.node.run(&["follow", id]).await;
        let follow = stage.evil.posted_one("the Follow", |body| body["type"] == "Follow").await;
        self.voice.say(&stage.inbox, &self.voice.activity("Accept", follow)).await;
        stage.settled().await;
    }

    /// Where it presents people and organisations.
    pub fn stream(&self) -> String {
        format!("{}/people", self.voice.id)
    }

    /// Sends an object that the node takes in.
    pub async fn says(&self, stage: &Stage, verb: &str, object: Value) {
        let activity = self.voice.activity(verb, object);
        let row = self.sends(stage, &activity).await;
        assert_eq!(row["state"], "done", "{}: {activity}", row["reason"]);
    }

    /// Presents an actor whose document it serves; what became of that.
    pub async fn presents(&self, stage: &Stage, document: &Value) -> Value {
        let row = self.sends(stage, &self.presenting(stage, document)).await;
        if row["state"] == "done" { row["state"].clone() } else { row["reason"].clone() }
    }

    /// The activity by which it presents an actor whose document it serves.
    pub fn presenting(&self, stage: &Stage, document: &Value) -> Value {
        let id = document["id"].as_str().unwrap();
        stage.evil.set(url::Url::parse(id).unwrap().path(), Reply::document(document));
        let mut add = self.voice.activity("Add", json!(id));
        add["target"] = json!(self.stream());
        add
    }

    /// Sends an activity; what became of it.
    pub async fn sends(&self, stage: &Stage, activity: &Value) -> Value {
        self.sends_all(stage, std::slice::from_ref(activity)).await.remove(0)
    }

    /// Sends activities; what became of each.
    pub async fn sends_all(&self, stage: &Stage, activities: &[Value]) -> Vec<Value> {
        for activity in activities {
            let post = Post::signed(&self.voice, &stage.inbox, &activity.to_string(), &Signing::default());
            let answer = post.send().await;
            assert_eq!(answer.status, 202, "{}", answer.body);
        }
        stage.settled().await;
        let rows = stage.node.inbox().await;
        let row = |activity: &Value| rows.iter().find(|row| row["activity"] == activity["id"]).cloned();
        activities.iter().map(|one| row(one).unwrap_or_else(|| panic!("not kept: {one}"))).collect()
    }
}

/// A document with another id and, where told, other fields.
pub fn with(document: &Value, id: &str, changes: &Value) -> Value {
    let mut document = document.clone();
    let old = document["id"].as_str().unwrap().to_owned();
    let (place, _) = old.rsplit_once('/').unwrap();
    let text = document.to_string().replace(&old, &format!("{place}/{id}"));
    document = serde_json::from_str(&text).unwrap();
    for (name, value) in changes.as_object().into_iter().flatten() {
        document[name] = value.clone();
    }
    document
}

/// A document with poison behind every text. `url` takes the place of every address that is not part of the identity;
/// `null` leaves them.
pub fn poisoned(document: &Value, url: &Value) -> Value {
    match document {
        Value::Object(fields) => {
            let mut all = Map::new();
            for (name, value) in fields {
                let kept = OF_IDENTITY.contains(&name.as_str());
                all.insert(name.clone(), if kept { value.clone() } else { poisoned(value, url) });
            }
            for map in ["contentMap", "nameMap", "summaryMap"] {
                if let Some(texts) = all.get_mut(map).and_then(Value::as_object_mut) {
                    texts.insert(format!("sv{POISON}"), json!(POISON));
                }
            }
            Value::Object(all)
        }
        Value::Array(list) => list.iter().map(|one| poisoned(one, url)).collect(),
        Value::String(text) if text.starts_with("http") => {
            if url.is_null() {
                document.clone()
            } else {
                url.clone()
            }
        }
        Value::String(text) => json!(format!("{text}{POISON}")),
        other => other.clone(),
    }
}

/// Looks at a page as a browser does: every tag and attribute of it is one that a page of ours has.
pub fn assert_harmless_page(path: &str, host: &str, body: &str) {
    for c in body.chars() {
        let bad = (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!bad && c != '\u{308}', "{c:?} in {path}");
    }
    assert_eq!(body.matches("</title>").count(), 1, "{path}");
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        let (name, attributes, after) = tag(path, &rest[at + 1..]);
        rest = after;
        let refused = ["script", "style", "iframe", "object", "embed", "base", "math", "frame", "template", "noscript"];
        assert!(!refused.contains(&name.as_str()), "<{name}> in {path}");
        for (attribute, value) in &attributes {
            let what = format!("<{name} {attribute}=\"{value}\"> in {path}");
            let refused =
                ["style", "srcdoc", "srcset", "ping", "formaction", "http-equiv", "background", "data", "poster"];
            assert!(!attribute.starts_with("on") && !refused.contains(&attribute.as_str()), "{what}");
            assert!(attribute.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b':')), "{what}");
            let here =
                (value.starts_with('/') && !value.starts_with("//")) || value.starts_with(&format!("http://{host}/"));
            let loads = attribute == "src" || attribute == "action" || (name == "link" && loads(&attributes));
            assert!(
                !loads || attribute == "rel" || here || !["src", "action", "href"].contains(&attribute.as_str()),
                "{what}"
            );
            if attribute == "href" {
                let safe =
                    ["http://", "https://", "mailto:", "/", "#", "?"].iter().any(|start| value.starts_with(start));
                assert!(safe && !value.starts_with("//"), "{what}");
            }
        }
    }
}

/// Whether a browser gets what a `<link>` names.
fn loads(attributes: &[(String, String)]) -> bool {
    let rel = attributes.iter().find(|(name, _)| name == "rel").map_or("", |(_, value)| value);
    !matches!(rel, "canonical" | "alternate")
}

/// The name and the attributes of the tag that a text begins with, and what follows it.
fn tag<'a>(path: &str, text: &'a str) -> (String, Vec<(String, String)>, &'a str) {
    let name: String =
        text.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '!').collect();
    assert!(!name.is_empty(), "a bare < in {path}: {}", &text[..text.floor_char_boundary(60)]);
    let mut rest = text.trim_start_matches('/')[name.len()..].trim_start();
    let mut attributes = Vec::new();
    loop {
        if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
            return (name.to_ascii_lowercase(), attributes, after);
        }
        let length =
            rest.find(['=', '>', ' ', '\n', '/']).unwrap_or_else(|| panic!("an open tag in {path}: <{name} {rest}"));
        assert!(length > 0, "<{name} {} in {path}", &rest[..rest.floor_char_boundary(60)]);
        let attribute = rest[..length].to_owned();
        rest = &rest[length..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or_else(|| panic!("an open value in {path}"));
            (value, rest) = (&quoted[..end], &quoted[end + 1..]);
        }
        attributes.push((attribute, value.to_owned()));
        rest = rest.trim_start();
    }
}

/// Looks through JSON: no text that hides or turns anything, no markup where HTML is, no address that runs.
pub fn assert_harmless_json(path: &str, value: &Value) {
    match value {
        Value::String(text) => {
            for c in text.chars() {
                let bad = (c.is_control() && c != '\n')
                    || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{308}');
                assert!(!bad, "{c:?} in {path}: {text:?}");
            }
            let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
            assert!(!["javascript", "data", "vbscript", "file"].contains(&scheme.as_str()), "{path}: {text}");
        }
        Value::Array(list) => list.iter().for_each(|one| assert_harmless_json(path, one)),
        Value::Object(fields) => {
            for (name, value) in fields {
                assert_harmless_json(&format!("{path} {name}"), value);
                if let ("content" | "description" | "bio" | "summary", Value::String(html)) = (name.as_str(), value) {
                    assert_eq!(vocab::SafeHtml::clean(html).as_str(), html, "{path} {name} is clean");
                }
            }
        }
        _ => {}
    }
}

/// What every answer says to browsers and caches.
pub fn assert_guarded(what: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"), "{what}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert!(!answer.header("referrer-policy").is_empty(), "{what}");
    let gone_for_good = answer.status == 410 && answer.header("content-type") == crate::harness::ACTIVITY;
    if answer.status >= 400 && !gone_for_good {
        assert_eq!(answer.header("cache-control"), "no-store", "{what}: {}", answer.status);
    }
}
