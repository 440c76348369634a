/**
 * The interface of Standard Schema (https://standardschema.dev), which zod, valibot, arktype and other libraries
 * implement. It is only a type: this package depends on none of them.
 */

/** A schema of any library that implements Standard Schema, version 1. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The properties of Standard Schema: version, name of the library, and the function that validates a value. */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** The result of a schema: a value, or the reasons why there is none. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

/** A reason why a schema does not accept a value. */
export interface StandardIssue {
  /** Why the value is not accepted. */
  readonly message: string
  /** Path to the part of the value that is not accepted. Default: the whole value. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** The type of the values that a schema accepts. */
export type SchemaInput<S extends StandardSchema<object, object>> = NonNullable<S['~standard']['types']>['input']

/** The type of the values that a schema returns. */
export type SchemaOutput<S extends StandardSchema<object, object>> = NonNullable<S['~standard']['types']>['output']
