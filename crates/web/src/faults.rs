//! What is wrong with a form, field by field: for the summary above it and for the field itself (WCAG 3.3.1, 3.3.3).

use crate::i18n::{Key, Locale};
use domain::FieldError;

/// One field and what is wrong with it.
pub struct Fault {
    /// The field.
    pub field: String,
    /// The identifier of what is wrong.
    pub id: &'static str,
    /// The label of the field, a colon, and what to do.
    pub text: String,
}

/// Everything that is wrong with a form.
#[derive(Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// In the reader's words; `labels` are those of the form's fields.
    pub fn told(l: Locale, found: &[FieldError], labels: &[(&str, Key)]) -> Faults {
        let fault = |error: &FieldError| {
            let label = labels.iter().find(|(field, _)| *field == error.field).map(|(_, label)| label.text(l));
            let reason = l.message(&error.reason);
            let text = label.map_or(reason.clone(), |label| format!("{label}: {reason}"));
            Fault { field: error.field.clone(), id: error.reason.id(), text }
        };
        Faults(found.iter().map(fault).collect())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this is wrong with a field.
    pub fn tell(&self, field: &str, id: &str) -> bool {
        self.0.iter().any(|fault| fault.field == field && fault.id == id)
    }

    /// Whether something is wrong with a field. Its tag then says so, and names the sentence (`{field}-fault`).
    pub fn concern(&self, field: &str) -> bool {
        self.0.iter().any(|fault| fault.field == field)
    }
}
