//! What the forms of the desk need: their labels say it, and what is missing is asked for at its field.

use crate::desk::{EVENT, TASK, press, saved, with};
use crate::seed::{Answer, seeded};
use crate::staff::kaisa;

/// What the summary of a form leads to; each is a field of the page.
fn blamed(answer: &Answer) -> Vec<String> {
    let Some(summary) = answer.body.split("class=\"faults\"").nth(1) else { return Vec::new() };
    let summary = summary.split("</ul>").next().unwrap();
    let fields: Vec<String> =
        summary.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    for field in &fields {
        assert!(answer.body.contains(&format!(" id=\"{field}\"")), "{field} is on the page: {}", answer.body);
        assert!(answer.body.contains(&format!("aria-describedby=\"{field}-fault")), "{field} names its fault");
    }
    fields
}

/// What the label of a field says behind its name.
fn note<'a>(page: &'a Answer, field: &str) -> &'a str {
    let label = page.body.split(&format!("<label for=\"{field}\">")).nth(1).unwrap_or_else(|| panic!("{field}"));
    let label = label.split("</label>").next().unwrap();
    label.split("<span class=\"quiet\">").nth(1).map_or("", |note| note.split("</span>").next().unwrap())
}

#[tokio::test]
async fn what_a_form_needs_is_said_before_and_asked_for_after() {
    let node = seeded().await;
    let mut kaisa = kaisa(&node).await;
    let (events, tasks) = ("/desk/events/new", "/desk/tasks/new");
    let online = [("online_url", "https://verkko.example/")];
    let nowhere = [("place.name", ""), ("place.locality", "")];
    let unpaid = [("kind", "volunteer"), ("engagement", "unpaid"), ("pay_min", ""), ("pay_unit", "")];
    for (path, form, missing, said, fields) in [
        (events, &EVENT[..], "place.locality", "(needed when there is a place)", vec![("place.locality", "")]),
        (events, &EVENT, "place.name", "(needed, unless it is online only)", nowhere.to_vec()),
        (
            events,
            &EVENT,
            "picture.alt",
            "(needed when there is a picture)",
            vec![("picture.url", "https://a.example/a.png")],
        ),
        (events, &EVENT, "name", "", vec![("name", "")]),
        (events, &EVENT, "starts", "", vec![("starts", "")]),
        (tasks, &TASK, "municipality", "(needed, unless the work may be done remotely)", vec![("municipality", "")]),
        (tasks, &TASK, "pay_min", "(needed, unless the work is unpaid)", vec![("pay_min", ""), ("pay_unit", "")]),
        (tasks, &TASK, "pay_unit", "(needed, unless the work is unpaid)", vec![("pay_unit", "")]),
        (tasks, &TASK, "unpaid_reason", "(needed when the work is unpaid)", unpaid.to_vec()),
        (tasks, &TASK, "description", "", vec![("description", "")]),
        (tasks, &TASK, "client", "", vec![("client", "")]),
        (tasks, &TASK, "kind", "", vec![("kind", "")]),
    ] {
        let page = kaisa.get(path).await;
        assert!(page.body.contains("A draft needs the same ones."), "{}", page.body);
        assert_eq!(note(&page, missing), said, "{missing}");
        let answer = press(&mut kaisa, path, &with(form, &fields), "save").await;
        assert_eq!(blamed(&answer), [missing], "{fields:?}");
        let kept = if path == events { "Tule *mukaan*." } else { "Kehto" };
        assert!(missing == "client" || answer.body.contains(kept), "{missing}: what was typed stays");
    }
    // Each of these cases is really enough.
    let online_only = [&nowhere[..], &online].concat();
    let remote = [("municipality", ""), ("remote", "1")];
    let volunteer = [&unpaid[..], &[("unpaid_reason", "Talkoot.")]].concat();
    let bare = [("blurb", ""), ("content", ""), ("category", "")];
    for (path, form, fields) in [
        (events, &EVENT[..], &online_only[..]),
        (events, &EVENT, &bare),
        (tasks, &TASK, &remote),
        (tasks, &TASK, &volunteer),
        (tasks, &TASK, &[("deadline", ""), ("skills", "")]),
    ] {
        saved(&press(&mut kaisa, path, &with(form, fields), "save").await);
    }
    assert_eq!(note(&kaisa.get(tasks).await, "deadline"), "(a draft may do without)");
    let late = press(&mut kaisa, tasks, &with(&TASK, &[("deadline", "")]), "publish").await;
    assert_eq!(blamed(&late), ["deadline"]);
}
