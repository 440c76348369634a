//! Shortens texts whose length users and servers determine.

use std::borrow::Cow;

/// The first `max` bytes of a text, or up to three fewer, so that no character is split.
pub fn beginning(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Shortens `text` to about `max` bytes. A longer text keeps its start and its end, with the number of removed bytes
/// between them: the cause of a failure often follows a repeated argument.
pub fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max {
        return Cow::Borrowed(text);
    }
    let head = beginning(text, max / 4 * 3);
    let mut tail = text.len() - max / 4;
    while !text.is_char_boundary(tail) {
        tail += 1;
    }
    Cow::Owned(format!(
        "{} … ({} bytes cut) … {}",
        head,
        tail - head.len(),
        &text[tail..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_within_its_bound_stays_as_it_is() {
        assert!(matches!(shorten("äöü", 6), Cow::Borrowed("äöü")));
        assert!(matches!(shorten("", 0), Cow::Borrowed("")));
    }

    #[test]
    fn a_longer_text_keeps_both_ends_and_the_number_of_removed_bytes() {
        let text = format!("begin {} end", "x".repeat(1000));
        let short = shorten(&text, 100);
        assert!(short.starts_with("begin xxx") && short.ends_with("xxx end"), "{short}");
        assert!(short.contains("… (910 bytes cut) …"), "{short}");
    }

    #[test]
    fn no_character_is_cut_in_two() {
        for max in 0..20 {
            let short = shorten("äöüäöüäöüäöü", max);
            assert!(short.contains("bytes cut"), "{short}");
        }
    }
}
