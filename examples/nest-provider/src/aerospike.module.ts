import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common'
import { type Client, type ClientConfig, connect } from 'aerospike-napi'

/** Token of the client; write `@InjectAerospike() client: Client` in a constructor. */
export const AEROSPIKE = Symbol('aerospike-napi')

export const InjectAerospike = (): ParameterDecorator => Inject(AEROSPIKE)

/**
 * Provides one client to the whole application. It connects before the application starts. It closes the client in
 * `onApplicationShutdown`, which NestJS runs after the HTTP server has answered the requests in flight.
 */
@Module({})
export class AerospikeModule implements OnApplicationShutdown {
  readonly #client: Client

  constructor(@InjectAerospike() client: Client) {
    this.#client = client
  }

  static forRoot(config: ClientConfig): DynamicModule {
    return {
      module: AerospikeModule,
      global: true,
      providers: [{ provide: AEROSPIKE, useFactory: () => connect(config) }],
      exports: [AEROSPIKE],
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#client.close()
  }
}
