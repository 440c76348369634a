// Generated from scripts/aliases.json by `make types`. Do not edit.

/**
 * Exports under other names.
 */

export { Client as AsyncClient } from './client'
export { bits as bitwise } from './operations/bits'
export { op as operations } from './operations/op'
