/**
 * Health checks: whether the service is alive, and whether it is ready for requests.
 */
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { HttpError } from '../errors.ts'
import { problems } from '../schemas.ts'

const Ok = Type.Object({ status: Type.Literal('ok') })

export const health: Routes = async app => {
  app.get(
    '/health',
    { logLevel: 'warn', schema: { summary: 'The process answers', response: { 200: Ok } } },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/ready',
    {
      logLevel: 'warn',
      schema: {
        summary: 'The database answers, and the service is not stopping',
        response: { 200: Ok, ...problems(503) },
      },
    },
    async () => {
      if (app.stopping) throw new HttpError(503, 'STOPPING', 'the service is stopping')
      if (!app.clusterUp) throw new HttpError(503, 'NO_DATABASE', 'the cluster has no node that answers')
      // Send a request to a node: the client keeps a lost node in its list until the next cluster check.
      const asked = app.aerospike.build({ timeout: app.settings.APP_TOTAL_TIMEOUT })
      if (!(await asked.then(Boolean, () => false)))
        throw new HttpError(503, 'NO_DATABASE', 'the database does not answer')
      return { status: 'ok' as const }
    },
  )
}
