//! Slugs and usernames that nobody has yet.

/// `wanted`, or the first of `wanted-2`, `wanted-3` … that is not taken.
pub(crate) fn free(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    numbered(wanted, '-', taken)
}

/// `wanted`, or the first of `wanted_2`, `wanted_3` … that is not taken, within the 30 characters of a username.
pub(crate) fn free_username(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    numbered(wanted, '_', taken)
}

fn numbered(wanted: &str, joint: char, taken: impl Fn(&str) -> bool) -> String {
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let stem = if joint == '_' { &wanted[..wanted.floor_char_boundary(25)] } else { wanted };
    let mut number: u32 = 2;
    loop {
        let candidate = format!("{stem}{joint}{number}");
        if !taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// The readable end of a page's address, or `fallback` when nothing of the text can be written so.
pub(crate) fn of(text: &str, fallback: &str) -> String {
    let slug = vocab::text::slug(text);
    if slug.is_empty() { fallback.to_owned() } else { slug }
}

/// A username made from a name: what stands in parentheses is left out.
pub(crate) fn username_of(name: &str) -> String {
    let mut depth = 0_usize;
    let kept: String = name
        .chars()
        .filter(|c| match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect();
    vocab::text::username(&kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_added_until_it_is_free() {
        for (wanted, taken, expected) in [
            ("kesa", &[][..], "kesa"),
            ("kesa", &["kesa"], "kesa-2"),
            ("kesa", &["kesa", "kesa-2", "kesa-4"], "kesa-3"),
        ] {
            assert_eq!(free(wanted, |slug| taken.contains(&slug)), expected);
        }
        let long = "a".repeat(30);
        assert_eq!(free_username(&long, |name| name == long), format!("{}_2", "a".repeat(25)));
    }

    #[test]
    fn usernames_leave_parentheses_out() {
        for (name, expected) in [
            ("Aino Lehtiranta (esimerkki)", "aino_lehtiranta"),
            ("Saana Kivimäki-Öhman (esimerkki)", "saana_kivimaki_ohman"),
            ("(esimerkki)", "x"),
            ("Kulttuuri ( vain", "kulttuuri"),
        ] {
            assert_eq!(username_of(name), expected, "{name}");
        }
    }
}
