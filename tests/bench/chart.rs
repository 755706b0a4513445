//! The figures that have a goal, drawn: a bar for each, on a scale on which the goal is the same line for all and each step
//! is a factor of ten.

use crate::report::{Figure, Report};
use std::fmt::Write as _;

const LEFT: f64 = 400.0;
const STEP: f64 = 22.0;
/// Width of a factor of ten.
const DECADE: f64 = 130.0;
/// Factors of ten to either side of the goal.
const DECADES: f64 = 1.5;

/// An SVG that reads well in light and dark.
pub fn draw(report: &Report) -> String {
    let rows: Vec<(&Figure, f64)> = report.figures().filter_map(|one| Some((one, one.reached()?))).collect();
    let (width, height) = (LEFT + 2.0 * DECADES * DECADE + 20.0, rows.len() as f64 * STEP + 60.0);
    let line = LEFT + DECADES * DECADE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\" \
         role=\"img\" aria-label=\"How near each figure is to its goal\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (row, (figure, reached)) in rows.iter().enumerate() {
        let y = 36.0 + row as f64 * STEP;
        let end = LEFT + (reached.log10().clamp(-DECADES, DECADES) + DECADES) * DECADE;
        let colour = if *reached >= 1.0 { "#2f7d4f" } else { "#b3541e" };
        let name = escaped(&format!("{} {}", figure.id, figure.what));
        write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#222\">{name}</text>\n\
             <rect x=\"{LEFT}\" y=\"{y}\" width=\"{:.1}\" height=\"14\" fill=\"{colour}\"/>\n\
             <text x=\"{:.1}\" y=\"{}\" fill=\"#222\">{}</text>\n",
            LEFT - 8.0,
            y + 11.0,
            (end - LEFT).max(2.0),
            end + 4.0,
            y + 11.0,
            shown(*reached),
        )
        .unwrap();
    }
    write!(
        svg,
        "<line x1=\"{line}\" x2=\"{line}\" y1=\"24\" y2=\"{}\" stroke=\"#222\" stroke-dasharray=\"3 3\"/>\n\
         <text x=\"{line}\" y=\"18\" text-anchor=\"middle\" fill=\"#222\">goal</text>\n</svg>\n",
        height - 16.0
    )
    .unwrap();
    svg
}

/// `1.4×`, or that it is off the scale.
fn shown(reached: f64) -> String {
    if reached > 99.0 { "> 99×".to_owned() } else { format!("{reached:.2}×") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
