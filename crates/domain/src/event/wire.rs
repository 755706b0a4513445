use crate::Language;
use federation::Origin;
use vocab::Image;

/// The picture of an event that has none of its own: some peers show nothing without a picture.
pub(crate) fn default_picture(origin: &Origin, language: Language) -> Image {
    let alt = language.pick(
        "Piirros: lamppujen valaisema esiintymislava, jonka edessä seisoo yleisöä",
        "Teckning: en scen upplyst av lampor, publik framför den",
        "Drawing: a stage lit by lamps, an audience standing in front of it",
    );
    Image::new(origin.url("/static/pictures/default.png"), "image/png", alt)
}
