//! GeoJSON values.
//!
//! A stored value is `u8 flags, u16 number of cells, u64 cells, JSON`. For a point, the cell is the S2 cell
//! that contains it; for a region, the cells cover it.

mod cell;
mod cover;
mod query;
mod region;
mod vector;

pub use query::{Query, cells, stored_cells};

use serde_json::Value as Json;

use crate::common::result_code::ResultCode;
use region::Region;

/// Flag of values that are regions.
const FLAG_REGION: u8 = 1;

/// Longitude and latitude in degrees.
type Position = (f64, f64);

/// The shape that a GeoJSON value describes.
#[derive(Debug)]
enum Shape {
    Point(Position),
    Circle {
        centre: Position,
        /// Radius in metres.
        radius: f64,
    },
    /// Polygons, each as a list of rings: the outer ring, then its holes.
    Polygons(Vec<Vec<Vec<Position>>>),
}

/// Validates a GeoJSON value in its wire form and appends its stored form.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn store(sent: &[u8], out: &mut Vec<u8>) -> Result<(), ResultCode> {
    let text = client_json(sent).ok_or(ResultCode::GEO_INVALID)?;
    store_text(text, out)
}

/// Validates GeoJSON text and appends its stored form.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn store_text(text: &[u8], out: &mut Vec<u8>) -> Result<(), ResultCode> {
    let shape = parse(text).ok_or(ResultCode::GEO_INVALID)?;
    let region = Region::of(&shape);
    let cells = match (&shape, &region) {
        (Shape::Point(position), _) => vec![cell::leaf(*position)],
        (_, Some(region)) => cover::cover(region),
        (_, None) => Vec::new(),
    };
    out.push(if region.is_some() { FLAG_REGION } else { 0 });
    out.extend_from_slice(&u16::try_from(cells.len()).unwrap_or_default().to_be_bytes());
    for cell in cells {
        out.extend_from_slice(&cell.to_be_bytes());
    }
    out.extend_from_slice(text);
    Ok(())
}

/// The GeoJSON text of a stored value.
#[must_use]
pub fn stored_text(stored: &[u8]) -> Option<&[u8]> {
    client_json(stored)
}

/// Whether a text is GeoJSON that can be stored.
#[must_use]
pub fn is_valid(text: &[u8]) -> bool {
    parse(text).is_some()
}

/// Whether one of two GeoJSON values is a point that lies in the other. Returns `None` if either is malformed.
#[must_use]
pub fn within(a: &[u8], b: &[u8]) -> Option<bool> {
    let (a, b) = (parse(a)?, parse(b)?);
    let (region, point) = match (&a, &b) {
        (Shape::Point(point), region) | (region, Shape::Point(point)) => (Region::of(region), *point),
        _ => return Some(false),
    };
    Some(region.is_some_and(|region| region.contains(cell::snapped(point))))
}

fn parse(text: &[u8]) -> Option<Shape> {
    shape(&serde_json::from_slice(text).ok()?)
}

/// Skips the cells that the wire format allows. Clients send none.
fn client_json(sent: &[u8]) -> Option<&[u8]> {
    let ([_flags, high, low], rest) = sent.split_first_chunk::<3>()?;
    rest.get(usize::from(u16::from_be_bytes([*high, *low])) * 8..)
}

fn shape(json: &Json) -> Option<Shape> {
    let kind = json.get("type")?.as_str()?;
    if kind == "Feature" {
        return shape(json.get("geometry")?);
    }
    let coordinates = json.get("coordinates")?.as_array()?;
    match kind {
        "Point" => position(coordinates).map(Shape::Point),
        "Polygon" => Some(Shape::Polygons(vec![polygon(coordinates)?])),
        "MultiPolygon" => {
            let polygons: Option<Vec<_>> = coordinates.iter().map(|rings| polygon(rings.as_array()?)).collect();
            polygons.filter(|polygons| !polygons.is_empty()).map(Shape::Polygons)
        }
        "AeroCircle" => {
            let [centre, radius] = coordinates.as_slice() else {
                return None;
            };
            let (centre, radius) = (position(centre.as_array()?)?, radius.as_f64()?);
            (radius >= 0.0).then_some(Shape::Circle { centre, radius })
        }
        _ => None,
    }
}

fn polygon(rings: &[Json]) -> Option<Vec<Vec<Position>>> {
    let rings: Option<Vec<_>> = rings.iter().map(ring).collect();
    rings.filter(|rings| !rings.is_empty())
}

fn ring(ring: &Json) -> Option<Vec<Position>> {
    let points = ring.as_array()?.iter().map(|point| position(point.as_array()?));
    let points: Option<Vec<_>> = points.collect();
    points.filter(|points| points.len() >= 4)
}

fn position(items: &[Json]) -> Option<Position> {
    let [longitude, latitude, ..] = items else {
        return None;
    };
    let (longitude, latitude) = (longitude.as_f64()?, latitude.as_f64()?);
    let on_earth = (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude);
    on_earth.then_some((longitude, latitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(json: &str) -> Result<Vec<u8>, ResultCode> {
        let mut sent = vec![0, 0, 0];
        sent.extend_from_slice(json.as_bytes());
        let mut out = Vec::new();
        store(&sent, &mut out).map(|()| out)
    }

    #[test]
    fn stores_a_point_with_its_cell() {
        // Recorded from a real server.
        let point = r#"{ "type": "Point", "coordinates": [17.119381, 19.45612] }"#;
        let value = stored(point).unwrap();
        assert_eq!(value[..3], [0, 0, 1]);
        assert_eq!(value[3..11], 0x115d_07cb_78e0_bfbf_u64.to_be_bytes());
        assert_eq!(&value[11..], point.as_bytes());
    }

    #[test]
    fn accepts_regions_and_rejects_invalid_geojson() {
        let polygon = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#;
        let value = stored(polygon).unwrap();
        assert_eq!(
            (value[0], &value[value.len() - polygon.len()..]),
            (1, polygon.as_bytes())
        );
        assert_eq!(stored_cells(&value).count(), (value.len() - polygon.len() - 3) / 8);
        let circle = r#"{"type":"AeroCircle","coordinates":[[-122.0, 37.5], 1e3]}"#;
        assert!(stored(circle).is_ok());
        for bad in [
            "",
            "{}",
            "[]",
            r#"{"type":"Point","coordinates":[1]}"#,
            r#"{"type":"Point","coordinates":[181, 0]}"#,
            r#"{"type":"Square","coordinates":[1, 2]}"#,
            r#"{"type":"Polygon","coordinates":[]}"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[1,0]]]}"#,
            r#"{"type":"Point","coordinates":[1,2]} x"#,
        ] {
            assert_eq!(stored(bad), Err(ResultCode::GEO_INVALID), "{bad}");
        }
    }
}
