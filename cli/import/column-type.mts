/**
 * The types that a column of a file can have.
 */
export const COLUMN_TYPES = ['int', 'double', 'string', 'bool', 'bytes', 'json', 'geo', 'skip'] as const
export type ColumnType = (typeof COLUMN_TYPES)[number]

/** Column -> type. */
export type Types = ReadonlyMap<string, ColumnType>
