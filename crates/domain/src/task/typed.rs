//! A task as the form shows it, field by field: what the import reads again.

use super::queries::{self, TaskRow};
use super::types::{Client, Pay};
use super::wire::ZONE;
use crate::typed::Typed;
use crate::{html, json};
use store::Conn;
use store::id::TaskId;
use vocab::{LocalTime, SafeHtml};

/// What the form of one of our tasks holds; nothing when there is none.
pub(crate) fn typed(conn: &mut Conn, id: &TaskId) -> diesel::QueryResult<Option<Typed>> {
    Ok(queries::find_local(conn, id)?.map(|row| of(&row)))
}

fn of(row: &TaskRow) -> Typed {
    let mut typed = Typed::default();
    for (name, text) in [("title", &row.title), ("language", &row.language), ("kind", &row.kind)] {
        typed.set(name, text.as_str());
    }
    typed.set("description", html::to_markdown(&SafeHtml::clean(&row.description)));
    let client: Option<Client> = json::read_optional(row.client.as_deref());
    typed.set("client", client.map(|client| client.name).unwrap_or_default());
    for (name, list) in [("engagement", &row.engagement), ("skills", &row.skills)] {
        json::read::<Vec<String>>(list).into_iter().for_each(|one| typed.add(name, one));
    }
    if let Some(pay) = json::read_optional::<Pay>(row.pay.as_deref()) {
        let max = pay.max.filter(|max| Some(max) != pay.min.as_ref());
        typed.set("pay_min", pay.min.map(|sum| plain(&sum)).unwrap_or_default());
        typed.set("pay_max", max.map(|sum| plain(&sum)).unwrap_or_default());
        typed.set("pay_unit", pay.unit);
    }
    typed.set("unpaid_reason", row.unpaid_reason.clone().unwrap_or_default());
    typed.set("hours", row.hours.map(|hours| hours.to_string()).unwrap_or_default());
    typed.set("starts", row.starts_on.clone().unwrap_or_default());
    typed.set("ends", row.ends_on.clone().unwrap_or_default());
    let clock =
        |at: store::Timestamp| LocalTime::new(at.to_jiff(), ZONE).zoned().strftime("%Y-%m-%dT%H:%M").to_string();
    typed.set("deadline", row.deadline_at.map(clock).unwrap_or_default());
    typed.set("municipality", row.municipality.clone().unwrap_or_default());
    typed.set("remote", if row.remote { "1" } else { "" });
    typed.set("languages", json::read::<Vec<String>>(&row.languages).join(", "));
    typed.set("seats", row.seats.to_string());
    typed
}

/// `3200.00` as somebody types it: `3200`.
fn plain(sum: &str) -> String {
    sum.strip_suffix(".00").unwrap_or(sum).to_owned()
}
