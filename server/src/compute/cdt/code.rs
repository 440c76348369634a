//! Operation codes, and the static properties of each operation.

use crate::record::particle::Access;

/// List operations.
pub(super) mod list {
    pub(crate) const SET_TYPE: u8 = 0;
    pub(crate) const APPEND: u8 = 1;
    pub(crate) const APPEND_ITEMS: u8 = 2;
    pub(crate) const INSERT: u8 = 3;
    pub(crate) const INSERT_ITEMS: u8 = 4;
    pub(crate) const POP: u8 = 5;
    pub(crate) const POP_RANGE: u8 = 6;
    pub(crate) const REMOVE: u8 = 7;
    pub(crate) const REMOVE_RANGE: u8 = 8;
    pub(crate) const SET: u8 = 9;
    pub(crate) const TRIM: u8 = 10;
    pub(crate) const CLEAR: u8 = 11;
    pub(crate) const INCREMENT: u8 = 12;
    pub(crate) const SORT: u8 = 13;
    pub(crate) const SIZE: u8 = 16;
    pub(crate) const GET: u8 = 17;
    pub(crate) const GET_RANGE: u8 = 18;
    pub(crate) const GET_BY_INDEX: u8 = 19;
    pub(crate) const GET_BY_RANK: u8 = 21;
    pub(crate) const GET_BY_VALUE: u8 = 22;
    pub(crate) const GET_BY_VALUE_LIST: u8 = 23;
    pub(crate) const GET_BY_INDEX_RANGE: u8 = 24;
    pub(crate) const GET_BY_VALUE_INTERVAL: u8 = 25;
    pub(crate) const GET_BY_RANK_RANGE: u8 = 26;
    pub(crate) const GET_BY_VALUE_REL_RANK_RANGE: u8 = 27;
    pub(crate) const REMOVE_BY_INDEX: u8 = 32;
    pub(crate) const REMOVE_BY_RANK: u8 = 34;
    pub(crate) const REMOVE_BY_VALUE: u8 = 35;
    pub(crate) const REMOVE_BY_VALUE_LIST: u8 = 36;
    pub(crate) const REMOVE_BY_INDEX_RANGE: u8 = 37;
    pub(crate) const REMOVE_BY_VALUE_INTERVAL: u8 = 38;
    pub(crate) const REMOVE_BY_RANK_RANGE: u8 = 39;
    pub(crate) const REMOVE_BY_VALUE_REL_RANK_RANGE: u8 = 40;
}

/// Map operations.
pub(super) mod map {
    pub(crate) const SET_TYPE: u8 = 64;
    pub(crate) const ADD: u8 = 65;
    pub(crate) const ADD_ITEMS: u8 = 66;
    pub(crate) const PUT: u8 = 67;
    pub(crate) const PUT_ITEMS: u8 = 68;
    pub(crate) const REPLACE: u8 = 69;
    pub(crate) const REPLACE_ITEMS: u8 = 70;
    pub(crate) const INCREMENT: u8 = 73;
    pub(crate) const DECREMENT: u8 = 74;
    pub(crate) const CLEAR: u8 = 75;
    pub(crate) const REMOVE_BY_KEY: u8 = 76;
    pub(crate) const REMOVE_BY_INDEX: u8 = 77;
    pub(crate) const REMOVE_BY_RANK: u8 = 79;
    pub(crate) const REMOVE_BY_KEY_LIST: u8 = 81;
    pub(crate) const REMOVE_BY_VALUE: u8 = 82;
    pub(crate) const REMOVE_BY_VALUE_LIST: u8 = 83;
    pub(crate) const REMOVE_BY_KEY_INTERVAL: u8 = 84;
    pub(crate) const REMOVE_BY_INDEX_RANGE: u8 = 85;
    pub(crate) const REMOVE_BY_VALUE_INTERVAL: u8 = 86;
    pub(crate) const REMOVE_BY_RANK_RANGE: u8 = 87;
    pub(crate) const REMOVE_BY_KEY_REL_INDEX_RANGE: u8 = 88;
    pub(crate) const REMOVE_BY_VALUE_REL_RANK_RANGE: u8 = 89;
    pub(crate) const SIZE: u8 = 96;
    pub(crate) const GET_BY_KEY: u8 = 97;
    pub(crate) const GET_BY_INDEX: u8 = 98;
    pub(crate) const GET_BY_RANK: u8 = 100;
    pub(crate) const GET_BY_VALUE: u8 = 102;
    pub(crate) const GET_BY_KEY_INTERVAL: u8 = 103;
    pub(crate) const GET_BY_INDEX_RANGE: u8 = 104;
    pub(crate) const GET_BY_VALUE_INTERVAL: u8 = 105;
    pub(crate) const GET_BY_RANK_RANGE: u8 = 106;
    pub(crate) const GET_BY_KEY_LIST: u8 = 107;
    pub(crate) const GET_BY_VALUE_LIST: u8 = 108;
    pub(crate) const GET_BY_KEY_REL_INDEX_RANGE: u8 = 109;
    pub(crate) const GET_BY_VALUE_REL_RANK_RANGE: u8 = 110;
}

/// The first code of the map operations.
const FIRST_OF_MAPS: u8 = 64;

/// Operations without arguments ignore any that are sent.
const ANY: (usize, usize) = (0, usize::MAX);

/// How an operation selects elements, and which arguments that takes after the return type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By position.
    Index,
    /// By position and number of elements.
    IndexRange,
    /// By position in value order.
    Rank,
    /// By position in value order and number of elements.
    RankRange,
    /// By value.
    Value,
    /// By any of several values.
    ValueList,
    /// By value interval: the start is inclusive, the end exclusive.
    ValueInterval,
    /// By rank relative to a value, and number of elements.
    ValueRelRank,
    /// By key.
    Key,
    /// By any of several keys.
    KeyList,
    /// By key interval: the start is inclusive, the end exclusive.
    KeyInterval,
    /// By index relative to a key, and number of elements.
    KeyRelIndex,
}

impl By {
    /// Minimum and maximum number of arguments, including the return type.
    fn arguments(self) -> (usize, usize) {
        match self {
            Self::Index | Self::Rank | Self::Value | Self::ValueList | Self::Key | Self::KeyList => (2, 2),
            Self::IndexRange | Self::RankRange | Self::ValueInterval | Self::KeyInterval => (2, 3),
            Self::ValueRelRank | Self::KeyRelIndex => (3, 4),
        }
    }
}

/// The category of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Returns the selected elements.
    Get(By),
    /// Removes the selected elements.
    Remove(By),
    /// A read operation that does not select elements.
    Read,
    /// Modifies an existing collection.
    Change,
    /// Modifies a collection, or creates it if the bin does not exist.
    Create,
}

/// The static properties of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) action: Action,
    pub(super) on_map: bool,
    pub(super) arguments: (usize, usize),
}

impl Spec {
    /// Looks up an operation code.
    pub(super) fn of(code: u8) -> Option<Self> {
        let (action, arguments) = match code {
            list::SIZE | map::SIZE => (Action::Read, ANY),
            list::GET => (Action::Read, (1, 1)),
            list::GET_RANGE => (Action::Read, (1, 2)),
            list::SET_TYPE | map::SET_TYPE => (Action::Create, (1, 1)),
            list::APPEND | list::APPEND_ITEMS => (Action::Create, (1, 3)),
            list::INSERT | list::INSERT_ITEMS | list::SET => (Action::Create, (2, 3)),
            list::INCREMENT => (Action::Create, (1, 4)),
            list::POP | list::REMOVE => (Action::Change, (1, 1)),
            list::POP_RANGE | list::REMOVE_RANGE => (Action::Change, (1, 2)),
            list::TRIM => (Action::Change, (2, 2)),
            list::CLEAR | map::CLEAR => (Action::Change, ANY),
            list::SORT => (Action::Change, (0, 1)),
            map::PUT => (Action::Create, (2, 4)),
            map::PUT_ITEMS => (Action::Create, (1, 3)),
            map::ADD => (Action::Create, (2, 3)),
            map::REPLACE => (Action::Create, (2, 2)),
            map::ADD_ITEMS => (Action::Create, (1, 2)),
            map::REPLACE_ITEMS => (Action::Create, (1, 1)),
            map::INCREMENT | map::DECREMENT => (Action::Create, (1, 3)),
            _ => {
                let action = selecting(code)?;
                let (Action::Get(by) | Action::Remove(by)) = action else {
                    return None;
                };
                (action, by.arguments())
            }
        };
        Some(Self {
            action,
            on_map: code >= FIRST_OF_MAPS,
            arguments,
        })
    }

    /// Whether the operation reads or modifies.
    pub(super) fn access(&self) -> Access {
        match self.action {
            Action::Get(_) | Action::Read => Access::Read,
            Action::Remove(_) | Action::Change | Action::Create => Access::Modify,
        }
    }
}

fn selecting(code: u8) -> Option<Action> {
    Some(match code {
        list::GET_BY_INDEX | map::GET_BY_INDEX => Action::Get(By::Index),
        list::GET_BY_RANK | map::GET_BY_RANK => Action::Get(By::Rank),
        list::GET_BY_VALUE | map::GET_BY_VALUE => Action::Get(By::Value),
        list::GET_BY_VALUE_LIST | map::GET_BY_VALUE_LIST => Action::Get(By::ValueList),
        list::GET_BY_INDEX_RANGE | map::GET_BY_INDEX_RANGE => Action::Get(By::IndexRange),
        list::GET_BY_VALUE_INTERVAL | map::GET_BY_VALUE_INTERVAL => Action::Get(By::ValueInterval),
        list::GET_BY_RANK_RANGE | map::GET_BY_RANK_RANGE => Action::Get(By::RankRange),
        list::GET_BY_VALUE_REL_RANK_RANGE | map::GET_BY_VALUE_REL_RANK_RANGE => Action::Get(By::ValueRelRank),
        map::GET_BY_KEY => Action::Get(By::Key),
        map::GET_BY_KEY_LIST => Action::Get(By::KeyList),
        map::GET_BY_KEY_INTERVAL => Action::Get(By::KeyInterval),
        map::GET_BY_KEY_REL_INDEX_RANGE => Action::Get(By::KeyRelIndex),
        list::REMOVE_BY_INDEX | map::REMOVE_BY_INDEX => Action::Remove(By::Index),
        list::REMOVE_BY_RANK | map::REMOVE_BY_RANK => Action::Remove(By::Rank),
        list::REMOVE_BY_VALUE | map::REMOVE_BY_VALUE => Action::Remove(By::Value),
        list::REMOVE_BY_VALUE_LIST | map::REMOVE_BY_VALUE_LIST => Action::Remove(By::ValueList),
        list::REMOVE_BY_INDEX_RANGE | map::REMOVE_BY_INDEX_RANGE => Action::Remove(By::IndexRange),
        list::REMOVE_BY_VALUE_INTERVAL | map::REMOVE_BY_VALUE_INTERVAL => Action::Remove(By::ValueInterval),
        list::REMOVE_BY_RANK_RANGE | map::REMOVE_BY_RANK_RANGE => Action::Remove(By::RankRange),
        list::REMOVE_BY_VALUE_REL_RANK_RANGE | map::REMOVE_BY_VALUE_REL_RANK_RANGE => Action::Remove(By::ValueRelRank),
        map::REMOVE_BY_KEY => Action::Remove(By::Key),
        map::REMOVE_BY_KEY_LIST => Action::Remove(By::KeyList),
        map::REMOVE_BY_KEY_INTERVAL => Action::Remove(By::KeyInterval),
        map::REMOVE_BY_KEY_REL_INDEX_RANGE => Action::Remove(By::KeyRelIndex),
        _ => return None,
    })
}
