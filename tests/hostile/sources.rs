//! What is so because of how the program is written: one way out, one cleaner, one place for keys.

/// There is one client, and no other way out: whatever speaks to others does it through [`Client`].
#[test]
fn f15_one_client_and_no_other() {
    let ways = ["reqwest::", "TcpStream::connect", "UdpSocket", "lookup_host", "hyper::client", "ureq"];
    let mut found = sources_with(&ways);
    found.retain(|path| !path.contains("server/src/demo/")); // which plays the other servers, on one machine
    assert_eq!(
        found,
        // The bell of a node rings on the machine's own loopback alone; names are looked up for the client's guard, and the
        // self-test looks up the node's own.
        [
            "federation/src/bell.rs",
            "federation/src/client.rs",
            "federation/src/lookup.rs",
            "federation/src/public_address.rs",
            "web/src/pages/self_test.rs"
        ],
        "a way out without the client's guards"
    );
}

/// The timing of the `rsa` crate's private operations (RUSTSEC-2023-0071) reaches nobody: it reads and writes the
/// forms of keys, and everything that is made, signed or verified goes through aws-lc-rs.
#[test]
fn s40_rsa_reads_keys_and_nothing_else() {
    let mut users = sources_with(&["use rsa::", "rsa::Rsa", "rsa::pkcs1"]);
    users.retain(|path| !path.contains("/demo/"));
    assert_eq!(users, ["federation/src/key.rs", "federation/src/signature/public_key.rs"]);
    let operations = [
        "RsaPrivateKey",
        "Pkcs1v15Sign",
        "rsa::pkcs1v15",
        "rsa::pss",
        "Oaep",
        "Pkcs1v15Encrypt",
        "SigningKey::<Sha256>",
    ];
    assert_eq!(sources_with(&operations), [""; 0], "an operation of the rsa crate");
    let deny = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deny.toml")).unwrap();
    assert!(
        deny.contains("RUSTSEC-2023-0071") && deny.contains("aws-lc-rs"),
        "the advisory is passed over with a reason"
    );
}

/// Foreign HTML has one way in: two modules know the cleaner, and pages write as HTML only what is of its type.
#[test]
fn one_cleaner_makes_html_safe() {
    assert_eq!(sources_with(&["ammonia::"]), ["vocab/src/html.rs", "vocab/src/text.rs"]);
    assert_eq!(sources_with(&["PreEscaped", "MarkupDisplay", "filters::Safe"]), [""; 0], "a way around the templates");
    let templates = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/templates");
    let mut unescaped = Vec::new();
    files_in(std::path::Path::new(templates), "html", &mut |path| {
        let text = std::fs::read_to_string(path).unwrap();
        for (before, _) in text.match_indices("|safe").map(|(at, _)| text.split_at(at)) {
            unescaped.push(before.rsplit("{{").next().unwrap().trim().to_owned());
        }
        // What search engines read is no script: it is data, in which no element can end. The script of passkeys is a file.
        let text = text.replace("<script type=\"application/ld+json\">{{ document|safe }}</script>", "");
        let text = text.replace("<script src=\"{{ crate::assets::passkey_script() }}\" defer></script>", "");
        for bad in ["<script", "<style", " style=", " onclick", " onload", "javascript:", "|escape"] {
            assert!(!text.contains(bad), "{bad} in {}", path.display());
        }
    });
    unescaped.sort();
    // The document comes from `structured::written`. The others are `SafeHtml`: in the views of their slices, in the card of an
    // actor (`note`, `value`) and in what `vocab::shown` makes for a preview.
    let safe = [
        "bio",
        "document",
        "event.content",
        "note",
        "preview.post.text",
        "row.sheet.text",
        "task.description",
        "value",
    ];
    assert_eq!(unescaped, safe);
}

/// What everybody sees of a person is made where the consents are asked for, and nowhere else: other crates cannot write such a
/// view, and within its own crate one place does.
#[test]
fn a_persons_view_is_made_with_the_consents_alone() {
    let domain = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/src");
    let types = std::fs::read_to_string(format!("{domain}/producer/types.rs")).unwrap();
    assert!(types.contains("#[non_exhaustive]\npub struct ProducerView {"), "another crate could write one");
    let mut made = Vec::new();
    files_in(std::path::Path::new(domain), "rs", &mut |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let written = |line: &&str| {
            line.contains("ProducerView {") && !["struct ", "impl ", "-> "].iter().any(|word| line.contains(word))
        };
        assert!(!text.contains("\nimpl ProducerView {"), "{}: it could write one as `Self`", path.display());
        let count = text.lines().filter(written).count();
        made.extend((count > 0).then(|| (path.file_name().unwrap().to_string_lossy().into_owned(), count)));
    });
    assert_eq!(made, [("queries.rs".to_owned(), 1)], "a view of a person that asks for no consent");
    let queries = std::fs::read_to_string(format!("{domain}/producer/queries.rs")).unwrap();
    assert!(queries.contains("fn view(row: ProducerRow, consented: &Consented) -> Option<ProducerView> {"));
}

/// The sources of our crates in which one of these texts stands, without the folder of the crates.
fn sources_with(texts: &[&str]) -> Vec<String> {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    files_in(&crates, "rs", &mut |path| {
        let text = std::fs::read_to_string(path).unwrap();
        if path.components().any(|part| part.as_os_str() == "src") && texts.iter().any(|wanted| text.contains(wanted)) {
            let path = path.to_string_lossy().into_owned();
            found.push(path.rsplit_once("/crates/").map_or(path.clone(), |(_, end)| end.replace("server/../", "")));
        }
    });
    found.sort();
    found
}

fn files_in(folder: &std::path::Path, kind: &str, look: &mut impl FnMut(&std::path::Path)) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files_in(&entry, kind, look);
        } else if entry.extension().is_some_and(|found| found == kind) {
            look(&entry);
        }
    }
}
