/**
 * The version of this package; the binary must have the same version. A test compares it with package.json.
 */
export const VERSION = '0.1.0'
