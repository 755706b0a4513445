//! Slugs and usernames that nobody has yet.

/// `wanted`, or one of `wanted-2`, `wanted-3` … that is not taken: the first, as long as there are few.
///
/// # Errors
/// Those of asking.
pub(crate) fn free<E>(wanted: &str, taken: impl FnMut(&str) -> Result<bool, E>) -> Result<String, E> {
    numbered(wanted, '-', taken)
}

/// `wanted`, or one of `wanted_2`, `wanted_3` … that is not taken, within the 30 characters of a username.
///
/// # Errors
/// Those of asking.
pub(crate) fn free_username<E>(wanted: &str, taken: impl FnMut(&str) -> Result<bool, E>) -> Result<String, E> {
    numbered(wanted, '_', taken)
}

/// Numbers that are tried one after the other.
const FEW: u32 = 16;

/// Asks a bounded number of times, however many have the same name: from [`FEW`] on in ever larger steps to one that is free,
/// then back towards the last that was taken.
fn numbered<E>(wanted: &str, joint: char, mut taken: impl FnMut(&str) -> Result<bool, E>) -> Result<String, E> {
    if !taken(wanted)? {
        return Ok(wanted.to_owned());
    }
    let stem = if joint == '_' { &wanted[..wanted.floor_char_boundary(25)] } else { wanted };
    let named = |number: u32| format!("{stem}{joint}{number}");
    for number in 2..=FEW {
        if !taken(&named(number))? {
            return Ok(named(number));
        }
    }
    let (mut last_taken, mut first_free) = (FEW, FEW.saturating_mul(2));
    while taken(&named(first_free))? {
        (last_taken, first_free) = (first_free, first_free.saturating_mul(2));
    }
    while first_free - last_taken > 1 {
        let between = last_taken + (first_free - last_taken) / 2;
        if taken(&named(between))? { last_taken = between } else { first_free = between }
    }
    Ok(named(first_free))
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
            assert_eq!(free(wanted, |slug| Ok::<_, ()>(taken.contains(&slug))).as_deref(), Ok(expected));
        }
        let long = "a".repeat(30);
        let username = free_username(&long, |name| Ok::<_, ()>(name == long));
        assert_eq!(username, Ok(format!("{}_2", "a".repeat(25))));
    }

    #[test]
    fn a_name_that_thousands_have_costs_a_few_questions() {
        for most in [15, 16, 17, 100, 4_711, 100_000] {
            let mut questions = 0;
            let is_taken = |slug: &str| {
                questions += 1;
                Ok::<_, ()>(slug.strip_prefix("kesa-").is_none_or(|number| number.parse::<u32>().unwrap() <= most))
            };
            assert_eq!(free("kesa", is_taken), Ok(format!("kesa-{}", most + 1)));
            assert!(questions < 60, "{most}: {questions}");
        }
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
