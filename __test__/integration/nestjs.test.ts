/** `aerospike-napi/nestjs`: what NestJS gets. examples/nest-provider has it in an application. */
import { Client, InvalidArgError } from 'aerospike-napi'
import { AerospikeModule, clientToken } from 'aerospike-napi/nestjs'
import { describe, expect, inject, test } from 'vitest'

type Module = ReturnType<typeof AerospikeModule.forRoot>

interface Hooks {
  onApplicationShutdown(): Promise<void>
}

/** Does what NestJS does with the providers: the client, and the hooks that close it. */
async function start({ providers }: Module, ...args: never[]): Promise<[Client, Hooks]> {
  const [first, second] = providers
  const client = (await first?.useFactory(...args)) as Client
  return [client, (await second?.useFactory(client as never)) as Hooks]
}

test('forRoot provides a connected client by its class, and closes it', async () => {
  const module = AerospikeModule.forRoot({ hosts: inject('aerospike').address })
  expect(module).toMatchObject({ module: AerospikeModule, global: true, imports: [], exports: [Client] })
  expect(module.providers[0]).toMatchObject({ provide: Client, inject: [] })
  expect(module.providers[1]).toMatchObject({ inject: [Client] })
  const [client, hooks] = await start(module)
  expect(client).toBeInstanceOf(Client)
  expect(client.isConnected()).toBe(true)
  await hooks.onApplicationShutdown()
  expect(client.isConnected()).toBe(false)
})

test('forRoot takes a connection URI', async () => {
  const [client, hooks] = await start(AerospikeModule.forRoot(`aerospike://${inject('aerospike').address}/test`))
  await client.put(['nestjs-test', 'a'], { n: 1 })
  await client.remove(['nestjs-test', 'a'])
  await hooks.onApplicationShutdown()
})

test('forRootAsync passes what it injects to the factory', async () => {
  const hosts = inject('aerospike').address
  const module = AerospikeModule.forRootAsync({
    imports: ['settings module'],
    inject: ['settings', 'other'],
    useFactory: async (settings: { hosts: string }, other: number) => ({ ...settings, totalTimeout: other }),
  })
  expect(module.imports).toEqual(['settings module'])
  expect(module.providers[0]).toMatchObject({ provide: Client, inject: ['settings', 'other'] })
  const [client, hooks] = await start(module as unknown as Module, { hosts } as never, 500 as never)
  expect(client.isConnected()).toBe(true)
  await hooks.onApplicationShutdown()
})

test('several clients have names', () => {
  const module = AerospikeModule.forRoot({ hosts: 'a', name: 'sessions', isGlobal: false })
  expect(module).toMatchObject({ global: false, exports: ['aerospike-napi:sessions'] })
  expect(module.providers[0]?.provide).toBe(clientToken('sessions'))
  expect(clientToken()).toBe(Client)
  const other = AerospikeModule.forRootAsync({ name: 'cache', useFactory: () => 'aerospike://a' })
  expect(other.providers[0]?.provide).toBe('aerospike-napi:cache')
})

describe('failures', () => {
  test('a client that cannot connect rejects', async () => {
    const wrong = { hosts: inject('aerospike').address, clusterName: 'another', connectTimeout: 2000 }
    await expect(start(AerospikeModule.forRoot(wrong))).rejects.toThrow('another')
  })

  test('an unknown option is refused', async () => {
    await expect(start(AerospikeModule.forRoot({ hosts: 'a', total_timeout: 1 } as never))).rejects.toThrow(
      'did you mean totalTimeout?',
    )
    expect(() => AerospikeModule.forRootAsync({ useFactory: () => '', injects: [] } as never)).toThrow(
      'AerospikeModule.forRootAsync: unknown option "injects"',
    )
    expect(() => AerospikeModule.forRootAsync({} as never)).toThrow('useFactory: a function is needed')
    expect(() => AerospikeModule.forRoot(undefined as never)).toThrow(InvalidArgError)
  })
})
