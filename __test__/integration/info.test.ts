import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore } from '../helpers/clients'

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('getNodeNames names the nodes as the server does', async () => {
    const names = client().getNodeNames()
    expect(names).toHaveLength(1)
    expect(names[0]).toMatch(/^[0-9A-F]+$/)
    expect(await client().infoRandomNode('node')).toBe(names[0])
  })

  test('infoAll asks every node', async () => {
    const [node] = client().getNodeNames()
    expect(await client().infoAll('status')).toEqual([{ node, response: 'ok', error: null }])
    const [build] = await client().infoAll('build')
    expect(build?.response).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('infoNode asks one by its name', async () => {
    const [node] = client().getNodeNames()
    expect(await client().infoNode('node', node as string)).toBe(node)
    expect(await client().infoNode('build', node as string)).toBe(await client().infoRandomNode('build'))
  })

  test('an answer with many parts comes whole', async () => {
    const namespaces = await client().infoRandomNode('namespaces')
    expect(namespaces.split(';')).toContain('test')
    const statistics = await client().infoRandomNode('namespace/test')
    expect(statistics).toMatch(/(^|;)objects=\d+/)
  })

  test('a command that the server does not know is its answer', async () => {
    expect(await client().infoRandomNode('nonsense')).toMatch(/^ERROR:/)
    const [answer] = await client().infoAll('nonsense')
    expect(answer?.response).toMatch(/^ERROR:/)
  })

  test('a node that there is not is an error that names those that there are', async () => {
    const [node] = client().getNodeNames()
    await expect(client().infoNode('build', 'NONE')).rejects.toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
    await expect(client().infoNode('build', 'NONE')).rejects.toThrow(/the cluster has no node NONE/)
    await expect(client().infoNode('build', 'NONE')).rejects.toThrow(node)
  })

  test('takes a policy', async () => {
    expect(await client().infoRandomNode('status', { timeout: 5000 })).toBe('ok')
    await expect(client().infoAll('status', { timeout: -1 })).rejects.toThrow(/admin policy.timeout/)
    await expect(client().infoAll('status', { totalTimeout: 5 } as object)).rejects.toThrow(
      /admin policy: unknown option "totalTimeout"/,
    )
  })
})
