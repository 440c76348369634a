/**
 * Returns the path of the program aerospike-local for this platform.
 *
 * @throws Error if the package of this platform is not installed
 */
export declare function binaryPath(): string
