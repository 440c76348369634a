/**
 * The version of this package, which its binary must have too. A test holds it against package.json.
 */
export const VERSION = '0.1.0'
