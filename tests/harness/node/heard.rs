//! What became of something that a node was told.

use super::super::{Site, Voice, until, until_true};
use super::Node;
use serde_json::Value;

impl Node {
    /// The node's actor, whose inbox that is, follows somebody, who accepts; ends when the past of that actor has been read.
    pub async fn follows(&self, inbox: &str, site: &Site, voice: &Voice) {
        let follow = self.run(&["follow", &voice.id]).await;
        let asked = site.posted_one("the Follow", |body| body["id"] == follow.as_str()).await;
        let accept = voice.activity("Accept", asked);
        voice.say(inbox, &accept).await;
        assert_eq!(self.processed(&accept).await.0, "done", "the Accept of {}", voice.id);
        until_true("the past is read", || async { self.status().await["backfills_waiting"] == 0 }).await;
    }

    /// Waits until an activity that was received has been processed: the state of its row, and the reason beside it.
    pub async fn processed(&self, activity: &Value) -> (String, String) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        until("it is processed", || async {
            let rows = self.inbox().await;
            let row = rows.into_iter().find(|row| row["activity"] == activity["id"])?;
            (row["state"] != "waiting").then(|| (text(&row["state"]), text(&row["reason"])))
        })
        .await
    }
}
