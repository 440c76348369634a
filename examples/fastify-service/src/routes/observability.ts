/**
 * Observability: metrics for Prometheus, the client's state, and the log level.
 */
import { getMetrics, setLogLevel, setMetricsEnabled } from 'aerospike-napi'
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { problems } from '../schemas.ts'

const Connections = Type.Object({
  inUse: Type.Integer(),
  idle: Type.Integer(),
  opening: Type.Integer(),
  recovering: Type.Integer(),
  limit: Type.Integer(),
})

const Stats = Type.Object({
  commands: Type.Object({ inFlight: Type.Integer(), queued: Type.Integer(), limit: Type.Integer() }),
  streams: Type.Integer(),
  connections: Connections,
})

const Node = Type.Object({
  name: Type.String(),
  address: Type.String(),
  version: Type.Union([Type.String(), Type.Null()]),
  racks: Type.Union([Type.Record(Type.String(), Type.Integer()), Type.Null()]),
  connections: Connections,
  error: Type.Union([Type.String(), Type.Null()]),
})

const LogLevel = Type.Object(
  {
    level: Type.Enum(['off', 'error', 'warn', 'info', 'debug', 'trace']),
    target: Type.Optional(Type.Enum(['aerospike_napi', 'cluster', 'batch', 'command'])),
  },
  { additionalProperties: false },
)

const Counting = Type.Object(
  { enabled: Type.Boolean(), details: Type.Optional(Type.Boolean()), stages: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)

export const observability: Routes = async app => {
  const { aerospike } = app

  app.get(
    '/metrics',
    { logLevel: 'warn', schema: { summary: 'Metrics, as Prometheus reads them' } },
    async (_, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(getMetrics()),
  )

  app.put(
    '/metrics',
    { schema: { summary: 'Counts more or less', body: Counting, response: { 204: Type.Null(), ...problems(400) } } },
    async ({ body: { enabled, ...options } }, reply) => {
      setMetricsEnabled(enabled, options)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/stats',
    { schema: { summary: 'What the client does now', response: { 200: Stats, ...problems(503) } } },
    async () => aerospike.stats(),
  )

  app.get(
    '/nodes',
    { schema: { summary: 'The nodes, asked one by one', response: { 200: Type.Array(Node), ...problems(503) } } },
    async () => (await aerospike.nodes()).map(node => ({ ...node, error: node.error?.message ?? null })),
  )

  app.put(
    '/log-level',
    {
      schema: {
        summary: 'How much the client tells in the log, of all or of one target',
        body: LogLevel,
        response: { 204: Type.Null(), ...problems(400) },
      },
    },
    async ({ body: { level, target } }, reply) => {
      setLogLevel(level, target)
      return reply.code(204).send(null)
    },
  )
}
