/**
 * The constants of aerospike-py for lists, maps, bits and HyperLogLogs, by name. They are the server's own numbers, the
 * same in every client; flags are combined with `|`.
 */

/** Return nothing. */
export const LIST_RETURN_NONE = 0
/** Return the index, or indexes. */
export const LIST_RETURN_INDEX = 1
/** Return the index counted from the end. */
export const LIST_RETURN_REVERSE_INDEX = 2
/** Return the rank, 0 being the smallest value. */
export const LIST_RETURN_RANK = 3
/** Return the rank counted from the greatest value. */
export const LIST_RETURN_REVERSE_RANK = 4
/** Return how many items were selected. */
export const LIST_RETURN_COUNT = 5
/** Return the value, or a list of values. */
export const LIST_RETURN_VALUE = 7
/** Return whether anything was selected. */
export const LIST_RETURN_EXISTS = 13

/** Items keep the order they were written in (default). */
export const LIST_UNORDERED = 0
/** Items are kept sorted. */
export const LIST_ORDERED = 1

/** Sort ascending. */
export const LIST_SORT_DEFAULT = 0
/** Sort descending. */
export const LIST_SORT_DESCENDING = 1
/** Drop duplicates while sorting. */
export const LIST_SORT_DROP_DUPLICATES = 2

/** Duplicates are allowed, and items beyond the end (default). */
export const LIST_WRITE_DEFAULT = 0
/** Only values that the list does not have yet. */
export const LIST_WRITE_ADD_UNIQUE = 1
/** Only at indexes within the list. */
export const LIST_WRITE_INSERT_BOUNDED = 2
/** Do nothing, rather than fail, where a flag forbids a write. */
export const LIST_WRITE_NO_FAIL = 4
/** With NO_FAIL: write those of several items that no flag forbids. */
export const LIST_WRITE_PARTIAL = 8

/** Return nothing. */
export const MAP_RETURN_NONE = 0
/** Return the index in the order of keys. */
export const MAP_RETURN_INDEX = 1
/** Return the index counted from the greatest key. */
export const MAP_RETURN_REVERSE_INDEX = 2
/** Return the rank, 0 being the smallest value. */
export const MAP_RETURN_RANK = 3
/** Return the rank counted from the greatest value. */
export const MAP_RETURN_REVERSE_RANK = 4
/** Return how many entries were selected. */
export const MAP_RETURN_COUNT = 5
/** Return the key, or a list of keys. */
export const MAP_RETURN_KEY = 6
/** Return the value, or a list of values. */
export const MAP_RETURN_VALUE = 7
/** Return `[key, value]` pairs in the server's order. */
export const MAP_RETURN_KEY_VALUE = 8
/** Return whether anything was selected. */
export const MAP_RETURN_EXISTS = 13
/** Return an unordered map. */
export const MAP_RETURN_UNORDERED_MAP = 16
/** Return a map ordered by key. */
export const MAP_RETURN_ORDERED_MAP = 17

/** Entries have no order (default). */
export const MAP_UNORDERED = 0
/** Entries are kept in the order of their keys. */
export const MAP_KEY_ORDERED = 1
/** Entries are kept in the order of keys, and their ranks in that of values. */
export const MAP_KEY_VALUE_ORDERED = 3

/** Create or replace entries (default). */
export const MAP_WRITE_FLAGS_DEFAULT = 0
/** Only keys that the map does not have yet. */
export const MAP_WRITE_FLAGS_CREATE_ONLY = 1
/** Only keys that the map has. */
export const MAP_WRITE_FLAGS_UPDATE_ONLY = 2
/** Do nothing, rather than fail, where a flag forbids a write. */
export const MAP_WRITE_FLAGS_NO_FAIL = 4
/** With NO_FAIL: write those of several entries that no flag forbids. */
export const MAP_WRITE_FLAGS_PARTIAL = 8
/** The mode that creates or replaces entries (default). */
export const MAP_UPDATE = 'update'
/** The mode that replaces entries only. */
export const MAP_UPDATE_ONLY = 'update-only'
/** The mode that creates entries only. */
export const MAP_CREATE_ONLY = 'create-only'

/** Create or change the bin (default). */
export const BIT_WRITE_DEFAULT = 0
/** Only where the bin does not exist. */
export const BIT_WRITE_CREATE_ONLY = 1
/** Only where the bin exists. */
export const BIT_WRITE_UPDATE_ONLY = 2
/** Do nothing, rather than fail, where a flag forbids the write. */
export const BIT_WRITE_NO_FAIL = 4
/** With NO_FAIL: change the bits that exist. */
export const BIT_WRITE_PARTIAL = 8

/** Add or remove bytes at the end (default). */
export const BIT_RESIZE_DEFAULT = 0
/** Add or remove bytes at the front. */
export const BIT_RESIZE_FROM_FRONT = 1
/** Only grow. */
export const BIT_RESIZE_GROW_ONLY = 2
/** Only shrink. */
export const BIT_RESIZE_SHRINK_ONLY = 4

/** Fail where the result does not fit its bits (default). */
export const BIT_OVERFLOW_FAIL = 0
/** Take the nearest number that fits. */
export const BIT_OVERFLOW_SATURATE = 2
/** Wrap around. */
export const BIT_OVERFLOW_WRAP = 4

/** Create or change the bin (default). */
export const HLL_WRITE_DEFAULT = 0
/** Only where the bin does not exist. */
export const HLL_WRITE_CREATE_ONLY = 1
/** Only where the bin exists. */
export const HLL_WRITE_UPDATE_ONLY = 2
/** Do nothing, rather than fail, where a flag forbids the write. */
export const HLL_WRITE_NO_FAIL = 4
/** Let the result have the fewest index bits of all that take part. */
export const HLL_WRITE_ALLOW_FOLD = 8
