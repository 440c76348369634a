/**
 * The constants of aerospike-py for lists, maps, bits and HyperLogLogs, under the same names. Flags that you combine with `|`
 * are the server's numbers, the same in every client. All other constants are strings, so that an index, count or size
 * cannot be mistaken for one.
 */

/** Return nothing. */
export const LIST_RETURN_NONE = 'none'
/** Return the index, or indexes. */
export const LIST_RETURN_INDEX = 'index'
/** Return the index counted from the end. */
export const LIST_RETURN_REVERSE_INDEX = 'reverse-index'
/** Return the rank; 0 is the smallest value. */
export const LIST_RETURN_RANK = 'rank'
/** Return the rank counted from the greatest value. */
export const LIST_RETURN_REVERSE_RANK = 'reverse-rank'
/** Return the number of selected items. */
export const LIST_RETURN_COUNT = 'count'
/** Return the value, or a list of values. */
export const LIST_RETURN_VALUE = 'value'
/** Return whether anything was selected. */
export const LIST_RETURN_EXISTS = 'exists'

/** Items keep the order in which they were written (default). */
export const LIST_UNORDERED = 'unordered'
/** Items are kept sorted. */
export const LIST_ORDERED = 'ordered'

/** Sort ascending. */
export const LIST_SORT_DEFAULT = 0
/** Sort descending. */
export const LIST_SORT_DESCENDING = 1
/** Drop duplicates while sorting. */
export const LIST_SORT_DROP_DUPLICATES = 2

/** Allow duplicates, and items beyond the end (default). */
export const LIST_WRITE_DEFAULT = 0
/** Write only values that the list does not contain. */
export const LIST_WRITE_ADD_UNIQUE = 1
/** Write only at indexes within the list. */
export const LIST_WRITE_INSERT_BOUNDED = 2
/** Do nothing instead of failing if a flag forbids a write. */
export const LIST_WRITE_NO_FAIL = 4
/** With NO_FAIL: of several items, write those that no flag forbids. */
export const LIST_WRITE_PARTIAL = 8

/** Return nothing. */
export const MAP_RETURN_NONE = 'none'
/** Return the index in the order of keys. */
export const MAP_RETURN_INDEX = 'index'
/** Return the index counted from the greatest key. */
export const MAP_RETURN_REVERSE_INDEX = 'reverse-index'
/** Return the rank; 0 is the smallest value. */
export const MAP_RETURN_RANK = 'rank'
/** Return the rank counted from the greatest value. */
export const MAP_RETURN_REVERSE_RANK = 'reverse-rank'
/** Return the number of selected entries. */
export const MAP_RETURN_COUNT = 'count'
/** Return the key, or a list of keys. */
export const MAP_RETURN_KEY = 'key'
/** Return the value, or a list of values. */
export const MAP_RETURN_VALUE = 'value'
/** Return `[key, value]` pairs in the server's order. */
export const MAP_RETURN_KEY_VALUE = 'key-value'
/** Return whether anything was selected. */
export const MAP_RETURN_EXISTS = 'exists'
/** Return an unordered map. */
export const MAP_RETURN_UNORDERED_MAP = 'unordered-map'
/** Return a map ordered by key. */
export const MAP_RETURN_ORDERED_MAP = 'ordered-map'

/** Entries have no order (default). */
export const MAP_UNORDERED = 'unordered'
/** Entries are kept in the order of their keys. */
export const MAP_KEY_ORDERED = 'key-ordered'
/** Entries are kept in the order of their keys, and ranks in the order of values. */
export const MAP_KEY_VALUE_ORDERED = 'key-value-ordered'

/** Create or replace entries (default). */
export const MAP_WRITE_FLAGS_DEFAULT = 0
/** Write only keys that the map does not contain. */
export const MAP_WRITE_FLAGS_CREATE_ONLY = 1
/** Write only keys that the map contains. */
export const MAP_WRITE_FLAGS_UPDATE_ONLY = 2
/** Do nothing instead of failing if a flag forbids a write. */
export const MAP_WRITE_FLAGS_NO_FAIL = 4
/** With NO_FAIL: of several entries, write those that no flag forbids. */
export const MAP_WRITE_FLAGS_PARTIAL = 8
/** Write mode: create or replace entries (default). */
export const MAP_UPDATE = 'update'
/** Write mode: only replace existing entries. */
export const MAP_UPDATE_ONLY = 'update-only'
/** Write mode: only create new entries. */
export const MAP_CREATE_ONLY = 'create-only'

/** Create or modify the bin (default). */
export const BIT_WRITE_DEFAULT = 0
/** Write only if the bin does not exist. */
export const BIT_WRITE_CREATE_ONLY = 1
/** Write only if the bin exists. */
export const BIT_WRITE_UPDATE_ONLY = 2
/** Do nothing instead of failing if a flag forbids the write. */
export const BIT_WRITE_NO_FAIL = 4
/** With NO_FAIL: modify the bits that exist. */
export const BIT_WRITE_PARTIAL = 8

/** Add or remove bytes at the end (default). */
export const BIT_RESIZE_DEFAULT = 'default'
/** Add or remove bytes at the front. */
export const BIT_RESIZE_FROM_FRONT = 'from-front'
/** Only grow. */
export const BIT_RESIZE_GROW_ONLY = 'grow-only'
/** Only shrink. */
export const BIT_RESIZE_SHRINK_ONLY = 'shrink-only'

/** Fail if the result does not fit its bits (default). */
export const BIT_OVERFLOW_FAIL = 'fail'
/** Use the nearest number that fits. */
export const BIT_OVERFLOW_SATURATE = 'saturate'
/** Wrap around. */
export const BIT_OVERFLOW_WRAP = 'wrap'

/** Create or modify the bin (default). */
export const HLL_WRITE_DEFAULT = 0
/** Write only if the bin does not exist. */
export const HLL_WRITE_CREATE_ONLY = 1
/** Write only if the bin exists. */
export const HLL_WRITE_UPDATE_ONLY = 2
/** Do nothing instead of failing if a flag forbids the write. */
export const HLL_WRITE_NO_FAIL = 4
/** Allow the result to have the smallest number of index bits of all inputs. */
export const HLL_WRITE_ALLOW_FOLD = 8
