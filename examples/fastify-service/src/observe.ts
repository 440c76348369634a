/**
 * Logs the client's own messages and the cluster events in the service's log.
 */
import { type EventNode, setLogger, type TendFailure } from 'aerospike-napi'
import type { FastifyInstance } from 'fastify'

/** Subscribes until the service is closed. */
export function observe(app: FastifyInstance): void {
  const { aerospike } = app
  const log = app.log.child({ component: 'aerospike' })
  // To change the log level: PUT /observability/log-level.
  setLogger(log)

  const nodeAdded = (node: EventNode): void => log.info(node, 'a node has joined the cluster')
  const nodeRemoved = (node: EventNode): void => log.warn(node, 'a node has left the cluster')
  const tendError = (failure: TendFailure): void => log.warn(failure, 'a node does not answer')
  const disconnected = (): void => {
    app.clusterUp = false
    log.error('the cluster has no node left')
  }
  const reconnected = (): void => {
    app.clusterUp = true
    log.info('the cluster is there again')
  }
  aerospike.on('nodeAdded', nodeAdded).on('nodeRemoved', nodeRemoved).on('tendError', tendError)
  aerospike.on('disconnected', disconnected).on('reconnected', reconnected)

  app.addHook('onClose', async () => {
    aerospike.off('nodeAdded', nodeAdded).off('nodeRemoved', nodeRemoved).off('tendError', tendError)
    aerospike.off('disconnected', disconnected).off('reconnected', reconnected)
    setLogger(null)
  })
}
