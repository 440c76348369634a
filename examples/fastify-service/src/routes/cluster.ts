/**
 * Information about the cluster.
 */
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { problems } from '../schemas.ts'

const SetFacts = Type.Object({
  namespace: Type.String(),
  set: Type.String(),
  objects: Type.Integer(),
  tombstones: Type.Integer(),
  bytes: Type.Integer(),
  indexes: Type.Integer(),
})

export const cluster: Routes = async app => {
  const { aerospike, settings } = app

  app.get(
    '',
    {
      schema: {
        summary: 'Nodes, build and namespaces',
        response: {
          200: Type.Object({
            connected: Type.Boolean(),
            nodes: Type.Array(Type.String()),
            build: Type.String(),
            namespaces: Type.Array(Type.String()),
          }),
          ...problems(503, 504),
        },
      },
    },
    async () => {
      const [build, namespaces] = await Promise.all([aerospike.build(), aerospike.namespaces()])
      return { connected: aerospike.isConnected(), nodes: aerospike.getNodeNames(), build, namespaces }
    },
  )

  app.get(
    '/sets',
    { schema: { summary: 'Sets and their records', response: { 200: Type.Array(SetFacts), ...problems(503, 504) } } },
    async () => aerospike.sets(settings.APP_AEROSPIKE_NAMESPACE),
  )
}
