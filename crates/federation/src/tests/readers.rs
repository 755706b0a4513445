//! Who reads what is not everybody's: a `GET` that is signed, in either scheme.

use super::{NOW, Node, PAIR, nodes, person};
use crate::actor::Actor;
use crate::inbox::proof::{self, Head};
use crate::{block, signature};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, StatusCode, Uri};
use url::Url;

const PATH: &str = "/ap/actors/region/followers_synchronization";

fn by_draft(reader: &Actor) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let signer = PAIR.signer(reader.key_id.clone()).unwrap();
    let url = Url::parse(&format!("https://here.example{PATH}")).unwrap();
    signature::sign(&mut headers, &Method::GET, &url, None, &signer, NOW).unwrap();
    headers
}

fn by_message(reader: &Actor, covered: &str) -> HeaderMap {
    let signer = PAIR.signer(reader.key_id.clone()).unwrap();
    let parameters = format!("({covered});created={};keyid=\"{}\"", NOW.as_millis() / 1000, reader.key_id);
    let lines: String = covered
        .split(' ')
        .map(|name| match name {
            "\"@method\"" => "\"@method\": GET\n".to_owned(),
            _ => format!("{name}: https://here.example{PATH}\n"),
        })
        .collect();
    let base = format!("{lines}\"@signature-params\": {parameters}");
    let bytes = STANDARD.encode(signer.sign(base.as_bytes()).unwrap());
    let mut headers = HeaderMap::new();
    headers.insert("host", "here.example".parse().unwrap());
    headers.insert("signature-input", format!("sig1={parameters}").parse().unwrap());
    headers.insert("signature", format!("sig1=:{bytes}:").parse().unwrap());
    headers
}

fn without(mut headers: HeaderMap, name: &str) -> HeaderMap {
    headers.remove(name);
    headers
}

async fn status(node: &Node, headers: &HeaderMap) -> StatusCode {
    let (method, uri) = (Method::GET, Uri::from_static(PATH));
    let head = Head { method: &method, uri: &uri, headers };
    match proof::reader(&node.state(), head).await {
        Ok(reader) => {
            assert_eq!(reader.host(), "a.example");
            StatusCode::OK
        }
        Err(problem) => {
            let answer = problem.into_response();
            let offered = answer.headers().get("accept-signature").map(|value| value.to_str().unwrap().to_owned());
            let offers = offered.is_some_and(|offered| !offered.contains("content-digest"));
            assert_eq!(
                offers,
                answer.status() == StatusCode::UNAUTHORIZED,
                "what to sign, of a request without a body"
            );
            answer.status()
        }
    }
}

#[tokio::test]
async fn s38_who_signs_a_get_is_proven_or_refused() {
    for node in nodes() {
        let anna = person("anna", "a.example");
        node.knows(&anna);
        let enough = "\"@method\" \"@target-uri\"";
        let mut altered = by_draft(&anna);
        altered.insert("date", signature::timestamp_to_date(super::after(60)).parse().unwrap());
        let mut for_another = by_draft(&anna);
        for_another.insert("host", "there.example".parse().unwrap());
        let ours = Actor { key_id: format!("{}#main-key", node.region), ..anna.clone() };
        // What does not fit the known key may be made with a new one, and nobody answers at that host just now: 503.
        for (what, headers, expected) in [
            ("the older draft", by_draft(&anna), StatusCode::OK),
            ("RFC 9421", by_message(&anna, enough), StatusCode::OK),
            ("RFC 9421 without the address", by_message(&anna, "\"@method\""), StatusCode::UNAUTHORIZED),
            (
                "no signature",
                HeaderMap::from_iter([(http::header::HOST, "here.example".parse().unwrap())]),
                StatusCode::UNAUTHORIZED,
            ),
            ("another date", altered, StatusCode::SERVICE_UNAVAILABLE),
            ("no date", without(by_draft(&anna), "date"), StatusCode::UNAUTHORIZED),
            ("another host", for_another, StatusCode::MISDIRECTED_REQUEST),
            ("a key of ours", by_draft(&ours), StatusCode::UNAUTHORIZED),
        ] {
            assert_eq!(status(&node, &headers).await, expected, "{}: {what}", node.name);
        }
        node.write(|conn| block::host(conn, &node.origin, node.state().kinds, "a.example", NOW));
        for headers in [by_draft(&anna), by_message(&anna, enough)] {
            assert_eq!(status(&node, &headers).await, StatusCode::FORBIDDEN, "{}: blocked", node.name);
            // What is public is refused to it by its name alone, right or wrong.
            let state = node.state();
            let named = without(without(headers.clone(), "date"), "host");
            let refused = proof::refuse_blocked_reader(&state, &named).await.unwrap_err();
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{}", node.name);
        }
        let bo = person("bo", "b.example");
        for headers in [by_draft(&bo), HeaderMap::new()] {
            assert!(proof::refuse_blocked_reader(&node.state(), &headers).await.is_ok(), "{}: not blocked", node.name);
        }
    }
}
