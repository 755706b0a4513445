/// The categories of FEP-8a8e that events of ours have, as Mobilizon spells them.
pub const CATEGORIES: [&str; 12] = [
    "MUSIC",
    "FESTIVALS",
    "THEATRE",
    "PERFORMING_VISUAL_ARTS",
    "FILM_MEDIA",
    "COMEDY",
    "LEARNING",
    "WORKSHOPS_SKILL_SHARING",
    "NETWORKING",
    "FAMILY_EDUCATION",
    "ARTS",
    "MEETING",
];
