//! Pictures of people: what was uploaded is read, turned upright, made small and written anew, so that nothing of the file itself
//! is kept: not where it was taken, not what else it hides.
//!
//! Invariant: a picture is served only while its person's consent is in force, or to that person. It is kept in the
//! database, so that every backup has it and a deletion takes it.

use super::queries;
use crate::person::{self, Field};
use diesel::prelude::*;
use federation::Origin;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use serde::{Deserialize, Serialize};
use std::io::Cursor;
use store::id::{AccountId, ProducerId};
use store::schema::pictures;
use store::{Conn, Timestamp, each};

/// Bytes of an upload at most.
pub const LARGEST: usize = 10 << 20;
/// Pixels of an upload, in each direction, at most.
const WIDEST: u32 = 8_000;
/// Bytes that reading one may take.
const MEMORY: u64 = 200 << 20;
/// Pixels of what is kept, in each direction, at most.
const KEPT: u32 = 480;
const QUALITY: u8 = 82;
const MEDIA_TYPE: &str = "image/jpeg";

/// A picture of a person, as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portrait {
    /// Its path on this node.
    pub path: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl Portrait {
    pub(super) fn image(&self, origin: &Origin) -> vocab::Image {
        vocab::Image::new(origin.url(&self.path), MEDIA_TYPE, self.alt.as_str())
    }
}

/// A picture that was made anew.
#[derive(Clone)]
pub struct Remade(Vec<u8>);

/// Reads an upload and makes the picture anew. Takes a moment: not to be called while others wait. Nothing when it is none
/// of the three kinds, too large, or broken.
pub fn remade(upload: &[u8]) -> Option<Remade> {
    let format = image::guess_format(upload).ok()?;
    if upload.len() > LARGEST || !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return None;
    }
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(WIDEST), Some(WIDEST));
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let upright = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture = if picture.width().max(picture.height()) > KEPT { picture.thumbnail(KEPT, KEPT) } else { picture };
    picture.apply_orientation(upright);
    let mut written = Vec::new();
    on_white(&picture).write_with_encoder(JpegEncoder::new_with_quality(&mut written, QUALITY)).ok()?;
    Some(Remade(written))
}

/// What can be seen through becomes white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let over = |colour: u32| u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        Rgb([over(red), over(green), over(blue)])
    })
}

/// Keeps a picture under an address that tells nothing.
pub(super) fn keep(
    conn: &mut Conn,
    producer: &ProducerId,
    picture: &Remade,
    alt: &str,
    now: Timestamp,
) -> QueryResult<Portrait> {
    let id = uuid::Uuid::new_v4().to_string();
    let row = (
        pictures::id.eq(&id),
        pictures::producer.eq(producer.as_str()),
        pictures::media_type.eq(MEDIA_TYPE),
        pictures::bytes.eq(&picture.0),
        pictures::created_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(pictures::table).values(row).execute(c))?;
    Ok(Portrait { path: format!("/media/{id}.jpg"), alt: alt.to_owned() })
}

/// Removes the picture of a profile.
pub(super) fn remove_of(conn: &mut Conn, producer: &ProducerId) -> QueryResult<usize> {
    diesel::delete(pictures::table.filter(pictures::producer.eq(producer.as_str()))).execute(conn)
}

/// Who wants to see a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Anybody: it has to be published.
    Anybody,
    /// The coordinator, before it is published: its person has to agree all the same.
    Coordinator,
    /// Who has this account, and sees the own one.
    Member(AccountId),
}

/// A picture as JPEG, by the last part of its path; nothing for who may not see it.
///
/// # Errors
/// Those of the database.
pub fn picture(conn: &mut Conn, name: &str, reader: &Reader) -> QueryResult<Option<Vec<u8>>> {
    let Some(id) = name.strip_suffix(".jpg") else { return Ok(None) };
    let row: Option<(String, Vec<u8>)> =
        pictures::table.find(id).select((pictures::producer, pictures::bytes)).first(conn).optional()?;
    let Some((producer, bytes)) = row else { return Ok(None) };
    let producer = ProducerId::from_text(producer);
    let Some(row) = queries::find_local(conn, &producer)? else { return Ok(None) };
    let consented = person::consented_fields(conn, &producer)?;
    let agreed = consented.allows(Field::Name) && consented.allows(Field::Picture);
    let may_see = match reader {
        Reader::Anybody => agreed && row.is_published(),
        Reader::Coordinator => agreed,
        Reader::Member(account) => row.account.as_ref() == Some(account),
    };
    Ok(may_see.then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut written = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(width, height).write_to(&mut written, ImageFormat::Png).unwrap();
        written.into_inner()
    }

    /// A JPEG with EXIF in it: an orientation, and a text that must not stay.
    fn with_exif() -> Vec<u8> {
        let mut plain = Vec::new();
        let picture = RgbImage::from_fn(40, 20, |x, _| Rgb([u8::try_from(x * 6).unwrap(), 0, 0]));
        picture.write_with_encoder(JpegEncoder::new(&mut plain)).unwrap();
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]); // turned by a quarter
        exif.extend([0x01, 0x0e, 0, 2, 0, 0, 0, 16, 0, 0, 0, 38]); // a description
        exif.extend([0, 0, 0, 0]);
        exif.extend(b"GPS 61.4981 23.76");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let mut file = plain[..2].to_vec();
        file.extend([0xff, 0xe1]);
        file.extend(length);
        file.extend(exif);
        file.extend(&plain[2..]);
        file
    }

    #[test]
    fn c12_a_picture_is_made_anew_and_nothing_else_of_the_file_stays() {
        let file = with_exif();
        assert!(file.windows(3).any(|bytes| bytes == b"GPS"));
        let Remade(anew) = remade(&file).unwrap();
        assert!(!anew.windows(3).any(|bytes| bytes == b"GPS") && !anew.windows(4).any(|bytes| bytes == b"Exif"));
        let read = image::load_from_memory(&anew).unwrap();
        assert_eq!((read.width(), read.height()), (20, 40), "upright");

        let Remade(small) = remade(&png(2_000, 1_000)).unwrap();
        let read = image::load_from_memory(&small).unwrap();
        assert_eq!((read.width(), read.height()), (480, 240));
        assert_eq!(read.to_rgb8().get_pixel(1, 1).0, [255, 255, 255], "what can be seen through is white");
    }

    #[test]
    fn c12_what_is_no_picture_or_too_large_is_refused() {
        let huge = {
            let mut small = png(1, 1);
            small[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]); // says to be 50,000 wide and high
            small
        };
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
        let html = b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>".to_vec();
        let cut = with_exif()[..60].to_vec();
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
        for (what, file) in
            [("huge", huge), ("svg", svg), ("html", html), ("cut", cut), ("gif", gif), ("nothing", Vec::new())]
        {
            assert!(remade(&file).is_none(), "{what}");
        }
    }
}
