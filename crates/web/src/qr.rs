//! A QR code as a drawing inside the page: nothing is loaded for it, and nobody else learns of it.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Empty squares around it (ISO/IEC 18004 wants four).
const QUIET: i32 = 4;

/// A drawing, in squares.
pub struct Picture {
    /// Its width and height.
    pub size: i32,
    /// The dark squares, as the path of an SVG.
    pub path: String,
}

impl Picture {
    /// Of a text; nothing for one that is too long.
    pub fn of(text: &str) -> Option<Picture> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok().filter(|_| !text.is_empty())?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                // Writing into a `String` does not fail.
                let _ok = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        Some(Picture { size: code.size() + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_drawn() {
        let picture = Picture::of("otpauth://totp/Solmu:aino?secret=ABC").unwrap();
        assert!(picture.size > 29 && picture.path.starts_with("M4 4h1v1h-1z"), "{}", picture.path);
        assert!(Picture::of("").is_none() && Picture::of(&"x".repeat(5_000)).is_none());
    }
}
