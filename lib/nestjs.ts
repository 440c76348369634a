/**
 * The entry point `aerospike-napi/nestjs`: a module for NestJS. It does not import NestJS.
 */
import { Client, connect } from './client'
import { invalidArgument } from './common/errors'
import { checkOptions, optionsObject } from './common/options'
import type { ClientConfig } from './options/config'

/** Options of a module: those of the client, and those of the module. */
export interface AerospikeModuleOptions extends ClientConfig {
  /** Name of the client, if the application has several: inject it with `@Inject(clientToken(name))`. */
  name?: string | undefined
  /** Whether all modules can inject the client without importing this one. Default true. */
  isGlobal?: boolean | undefined
}

/** Options of `forRootAsync`. */
export interface AerospikeModuleAsyncOptions<I, T> {
  /** Name of the client, if the application has several. */
  name?: string | undefined
  /** Whether all modules can inject the client without importing this one. Default true. */
  isGlobal?: boolean | undefined
  /** Modules that export what `inject` names. */
  imports?: I[] | undefined
  /** Tokens of the arguments of `useFactory`. */
  inject?: T[] | undefined
  /**
   * Returns the options of the client, or a connection URI.
   *
   * @param args - what `inject` names
   * @returns options of the client, or a connection URI
   */
  useFactory(...args: never[]): ClientConfig | string | Promise<ClientConfig | string>
}

/** A provider of NestJS whose value a function creates. */
export interface AerospikeProvider<T> {
  /** Token of the provider. */
  provide: ClientToken | symbol
  /** Tokens of the arguments of `useFactory`. */
  inject: T[]
  /**
   * Creates the value.
   *
   * @param args - what `inject` names
   */
  useFactory(...args: never[]): unknown
}

/** A dynamic module of NestJS. */
export interface AerospikeDynamicModule<I = never, T = never> {
  /** Class of the module. */
  module: typeof AerospikeModule
  /** Whether all modules can use what it exports. */
  global: boolean
  /** Modules that it imports. */
  imports: I[]
  /** What it provides. */
  providers: AerospikeProvider<T | ClientToken>[]
  /** What other modules can inject. */
  exports: ClientToken[]
}

/** The token of a client: the class, or a text for a client with a name. */
export type ClientToken = typeof Client | string

/**
 * Returns the token of a client. The token of the client without a name is the class `Client`, so a constructor needs only
 * the type: `constructor(private readonly client: Client)`.
 *
 * @param name - name of the client. Default: the client without a name
 * @returns the token, for `@Inject` and `app.get`
 */
export function clientToken(name?: string): ClientToken {
  return name === undefined ? Client : `aerospike-napi:${name}`
}

/**
 * Provides a connected client. The application starts when it is connected, or fails with the reason. When the application
 * is closed, the client is closed in `onApplicationShutdown`, which NestJS runs after the HTTP server has answered the
 * requests in flight. Call `app.enableShutdownHooks()` so that signals close the application.
 *
 * @example
 * ```ts
 * const imports = [AerospikeModule.forRoot({ hosts: '127.0.0.1:3000', totalTimeout: 500 })]
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: a module of NestJS is a class
export class AerospikeModule {
  /**
   * Provides a client with these options.
   *
   * @param options - options of the client and of the module, or a connection URI
   * @returns the module, for `imports`
   * @throws InvalidArgError if the options are neither. The client's own options are checked when the application starts
   */
  static forRoot(options: AerospikeModuleOptions | string): AerospikeDynamicModule {
    if (typeof options === 'string') return moduleOf({}, [], [], () => options)
    optionsObject(options, 'AerospikeModule.forRoot')
    const { name, isGlobal, ...config } = options
    return moduleOf({ name, isGlobal }, [], [], () => config)
  }

  /**
   * Provides a client whose options a function returns, such as from a configuration service.
   *
   * @param options - the function, and what it needs
   * @returns the module, for `imports`
   * @throws InvalidArgError if an option is unknown, or `useFactory` is not a function
   * @example
   * ```ts
   * const imports = [
   *   AerospikeModule.forRootAsync({
   *     inject: [Settings],
   *     useFactory: (settings: Settings) => ({ hosts: settings.hosts }),
   *   }),
   * ]
   * ```
   */
  static forRootAsync<I = never, T = never>(options: AerospikeModuleAsyncOptions<I, T>): AerospikeDynamicModule<I, T> {
    const what = 'AerospikeModule.forRootAsync'
    checkOptions(optionsObject(options, what), what, ['name', 'isGlobal', 'imports', 'inject', 'useFactory'])
    if (typeof options.useFactory !== 'function') throw invalidArgument(`${what}: useFactory: a function is needed`)
    return moduleOf(options, options.imports ?? [], options.inject ?? [], options.useFactory)
  }
}

function moduleOf<I, T>(
  { name, isGlobal = true }: Pick<AerospikeModuleOptions, 'name' | 'isGlobal'>,
  imports: I[],
  inject: T[],
  configOf: AerospikeModuleAsyncOptions<I, T>['useFactory'],
): AerospikeDynamicModule<I, T> {
  const token = clientToken(name)
  return {
    module: AerospikeModule,
    global: isGlobal,
    imports,
    providers: [
      { provide: token, inject, useFactory: async (...args: never[]) => connect(await configOf(...args)) },
      // A provider of its own, because NestJS would also call a hook of the client.
      {
        provide: Symbol('closes the client'),
        inject: [token],
        useFactory: (client: Client) => ({ onApplicationShutdown: () => client.close() }),
      },
    ],
    exports: [token],
  }
}
