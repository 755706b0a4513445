use super::*;
use serde_json::json;

fn found(record: &Record<'_>) -> Vec<String> {
    record.faults.iter().map(ToString::to_string).collect()
}

#[test]
fn yes_and_no_in_every_language() {
    for (word, expected) in [
        ("yes", Some(true)),
        ("TRUE", Some(true)),
        ("1", Some(true)),
        ("Kyllä", Some(true)),
        ("KYLLÄ", Some(true)),
        ("ja", Some(true)),
        ("No", Some(false)),
        ("false", Some(false)),
        ("0", Some(false)),
        ("ei", Some(false)),
        ("nej", Some(false)),
        ("ehkä", None),
        ("2", None),
    ] {
        assert_eq!(yes_or_no(word), expected, "{word}");
    }
}

#[test]
fn cells_of_a_csv_file() {
    let cells = HashMap::from([
        ("name", "  Aino  "),
        ("skills", "G01| tk:touring ||"),
        ("remote", "Kyllä"),
        ("hours", "12"),
        ("seats", "sata"),
        ("open", "ehkä"),
        ("deadline", "5.1.2027 18.00"),
        ("starts", "2027-02-30"),
        ("link", "http://a.example/"),
        ("empty", "   "),
    ]);
    let mut record = Record::of_csv(cells);
    assert_eq!(record.words("name"), "Aino");
    assert_eq!(record.list("skills"), ["G01", "tk:touring"]);
    assert_eq!((record.flag("remote"), record.flag("open"), record.flag("empty")), (Some(true), None, None));
    assert_eq!((record.number("hours"), record.number("seats"), record.number("none")), (Some(12), None, None));
    assert!(record.when("deadline").is_some() && record.when("starts").is_none());
    assert_eq!(record.link("link").as_deref(), Some("http://a.example/"));
    assert_eq!(record.text("empty"), None);
    assert_eq!(
        found(&record),
        [
            "open: \"ehkä\" is not yes or no",
            "seats: \"sata\" is not a number",
            "starts: \"2027-02-30\" is not a date",
            "link: \"http://a.example/\" is not a link",
        ]
    );
}

#[test]
fn fields_of_an_object() {
    let object = json!({"name": 5, "skills": "G01", "tags": ["a", 1, " b "], "remote": "yes", "seats": 1.5,
        "hours": 99_999_999_999_i64, "starts": "2027-01-05", "null": null, "colour": 1,
        "place": {"latitude": "61", "shape": 1}, "picture": []});
    let known = ["name", "skills", "tags", "remote", "seats", "hours", "starts", "null", "place", "picture"];
    let mut record = Record::of_json(object.as_object().unwrap(), "", &known);
    assert_eq!(record.text("name"), None);
    assert_eq!(record.list("skills"), [""; 0]);
    assert_eq!(record.list("tags"), ["a", "b"]);
    assert_eq!((record.flag("remote"), record.number("seats"), record.number("hours")), (None, None, Some(i32::MAX)));
    assert_eq!((record.moment("starts"), record.text("null")), (None, None));
    let degrees = record.object("place", "place.", &["latitude"], |place| place.degrees("latitude"));
    assert_eq!(degrees, Some(None));
    assert_eq!(record.object("picture", "picture.", &[], |_| ()), None);
    assert_eq!(
        found(&record),
        [
            "field \"colour\" is unknown",
            "name: is not a text",
            "skills: is not a list",
            "tags: is not a text",
            "remote: \"yes\" is not yes or no",
            "seats: \"1.5\" is not a number",
            "starts: \"2027-01-05\" is not a date",
            "field \"place.shape\" is unknown",
            "place.latitude: \"61\" is not a number",
            "picture: is not an object",
        ]
    );
}

#[test]
fn ids_of_a_register() {
    let long = "a".repeat(65);
    for (id, expected) in [
        ("p-001", None),
        ("Käsi_2.b:c", None),
        ("", Some("id: is missing")),
        ("a b", Some("id: \"a b\" is not an id: use letters, digits, - _ . :")),
        ("../x", Some("id: \"../x\" is not an id: use letters, digits, - _ . :")),
        (long.as_str(), Some("id: is longer than 64 characters")),
    ] {
        let mut record = Record::of_csv(HashMap::from([("id", id)]));
        record.id();
        assert_eq!(found(&record).first().map(String::as_str), expected, "{id}");
    }
}

#[test]
fn what_could_not_be_read_is_not_blamed_twice() {
    let read = vec![FieldError::new("place", message::NOT_AN_OBJECT), FieldError::new("", message::REPEATS)];
    let ruled = vec![
        FieldError::new("tags", message::MISSING),
        FieldError::new("name", message::MISSING),
        FieldError::new("place", message::PLACE_MISSING),
        FieldError::new("place.name", message::MISSING),
        FieldError::new("places", message::MISSING),
    ];
    let all = merged(read, ruled, &["name", "place", "tags"]);
    let fields: Vec<&str> = all.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["name", "place", "tags", "", "places"]);
}
