//! What became of something that a node was told.

use super::super::until;
use super::Node;
use serde_json::Value;

impl Node {
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
