//! Geospatial query predicates.

use super::cell::{ancestors, leaf, leaves, snapped};
use super::cover::cover;
use super::region::Region;
use super::{Position, Shape, parse, stored_text};

/// A geospatial predicate: points in a region, or regions around a point.
#[derive(Debug)]
pub enum Query {
    /// Points that lie in this region.
    Within(Box<SearchRegion>),
    /// Regions that contain this point.
    Around(Position),
}

/// A region to search for points.
#[derive(Debug)]
pub struct SearchRegion(Region);

impl Query {
    /// Parses the GeoJSON of a query.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let shape = parse(text)?;
        if let Shape::Point(position) = shape {
            return Some(Self::Around(position));
        }
        Region::of(&shape).map(|region| Self::Within(Box::new(SearchRegion(region))))
    }

    /// The ranges of cell ids that matching values fall in.
    #[must_use]
    pub fn ranges(&self) -> Vec<(u64, u64)> {
        match self {
            Self::Within(search) => cover(&search.0).into_iter().map(leaves).collect(),
            Self::Around(position) => ancestors(leaf(*position)).map(|cell| (cell, cell)).collect(),
        }
    }

    /// Whether a value matches: a point in the region, or a region around the point.
    #[must_use]
    pub fn matches(&self, text: &[u8]) -> bool {
        match (self, parse(text)) {
            (Self::Within(search), Some(Shape::Point(position))) => search.0.contains(snapped(position)),
            (Self::Around(position), Some(shape)) => {
                Region::of(&shape).is_some_and(|region| region.contains(snapped(*position)))
            }
            _ => false,
        }
    }
}

/// The cell that contains a point, or the cells that cover a region.
#[must_use]
pub fn cells(text: &[u8]) -> Vec<u64> {
    match parse(text) {
        Some(Shape::Point(position)) => vec![leaf(position)],
        Some(shape) => Region::of(&shape).map(|region| cover(&region)).unwrap_or_default(),
        None => Vec::new(),
    }
}

/// The cells of a stored value.
pub fn stored_cells(stored: &[u8]) -> impl Iterator<Item = u64> {
    let text = stored_text(stored).map_or(0, <[u8]>::len);
    let cells = stored.get(3..stored.len() - text).unwrap_or_default();
    cells.as_chunks::<8>().0.iter().map(|cell| u64::from_be_bytes(*cell))
}
