//! The own skills: looked for by what one calls them, ticked, and given a level.

use super::{Step, is_saved, own, steps};
use crate::answer;
use crate::csrf::SignedForm;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use askama::Template;
use axum::response::Response;
use domain::producer::own as profile;
use domain::producer::{LEVELS, suggested};
use domain::skill;

/// A skill that one may have.
struct Choice {
    id: String,
    label: String,
    level: u8,
}

#[derive(Template)]
#[template(path = "member/skills.html")]
struct Page {
    l: Locale,
    frame: Frame,
    form: String,
    steps: Vec<Step>,
    saved: bool,
    written: bool,
    asked: String,
    found: Vec<Choice>,
    had: Vec<Choice>,
    levels: [u8; 4],
}

/// `GET /me/skills?q=…`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, form } = signed_in;
    let (l, own) = (visit.l, own(&visit, &visitor.account.id).await?);
    let choice = |label: &skill::SkillLabel, level: u8| Choice {
        id: label.id.clone(),
        label: label.label(l.language()).to_owned(),
        level,
    };
    let had: Vec<Choice> = own
        .iter()
        .flat_map(|own| own.skills.iter().map(move |id| (own, id)))
        .map(|(own, id)| choice(&skill::label_of(id), own.work.levels.get(id).copied().unwrap_or(0)))
        .collect();
    let asked: String = visit.asked("q").chars().take(100).collect();
    let new = suggested(&asked).into_iter().filter(|skill| !had.iter().any(|known| known.id == skill.id));
    let page = Page {
        l,
        frame: Frame::new(&visit, &l.t("member-skills"), &l.t("skills-lead")).unlisted(),
        form: form.value().to_owned(),
        steps: steps(&visit),
        saved: is_saved(&visit),
        written: own.is_some(),
        found: new.map(|skill| choice(skill, 0)).collect(),
        asked,
        had,
        levels: LEVELS,
    };
    answer::html(&page.frame, &page)
}

/// `POST /me/skills`: what is ticked is what one has.
pub async fn save(form: SignedForm) -> Result<Response, Error> {
    let SignedForm { posted, visitor, .. } = form;
    let visit = posted.visit.clone();
    let level = |id: &String| posted.field(&format!("level-{id}")).parse().ok();
    let skills: Vec<(String, Option<u8>)> = posted
        .fields("skill")
        .into_iter()
        .map(|id| {
            let level = level(&id);
            (id, level)
        })
        .collect();
    let (node, now) = (visit.node().clone(), visit.now);
    visit.write(move |conn| profile::set_skills(conn, &node, &visitor.account.id, &skills, now)).await?;
    Ok(answer::see(&visit, "/me/skills?saved=1"))
}
