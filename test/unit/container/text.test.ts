// The description of a container as the text of an event: complete if it fits, and never too long.

import { expect, test } from 'vitest'
import { type ContainerInfo, unnamed } from '../../../src/model/container.js'
import { containerJson, parseContainer } from '../../../src/model/container-json.js'
import fc from '../../helpers/properties.js'

const ID = 'c0ffee'.padEnd(64, '0')
/** The maximum length of an event's parameter, in bytes. */
const LONGEST = 65_535

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 1, max: 90_000 }).map((n) => 'ü'.repeat(n)),
)
const texts = fc.dictionary(text, text, { maxKeys: 20 })
const infos: fc.Arbitrary<ContainerInfo> = fc
  .record({ name: text, image: text, ip: text, cniJson: text, labels: texts, podLabels: texts, env: fc.array(text) })
  .map((told) => ({ ...unnamed(ID, 'docker'), ...told }))

test('a description that fits is read back unchanged', () => {
  const info: ContainerInfo = {
    ...unnamed(ID, 'podman'),
    name: 'web',
    image: 'ksys.test/web:1.0',
    imageRepository: 'ksys.test/web',
    imageTag: '1.0',
    privileged: false,
    created: 1_764_000_000.25,
    labels: { app: 'web', __proto: 'x', constructor: 'y' },
    mounts: [{ source: '/tmp', dest: '/data', mode: '', writable: false, propagation: 'rprivate' }],
    env: ['A=1', 'B'],
    healthcheck: { exe: '/bin/sh', args: ['-c', 'true'] },
    cgroup: '/default/web',
  }
  expect(parseContainer(containerJson(info))).toEqual(info)
})

test('a long description retains id and pod, and is never too long, whatever it contains', () => {
  fc.assert(
    fc.property(infos, (info) => {
      const pod = { 'io.kubernetes.pod.name': 'web-0', 'io.kubernetes.pod.namespace': 'shop' }
      const json = containerJson({ ...info, labels: { ...info.labels, ...pod } })
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(LONGEST)
      const back = parseContainer(json)
      expect(back?.fullId).toBe(ID)
      expect(back?.labels).toMatchObject(pod)
      expect(info.name.startsWith(back?.name ?? '?')).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('invalid text is not a container', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.constant('{"container":{"id":["x"]}}')), (json) => {
      const info = parseContainer(json)
      expect(info === undefined || typeof info.id === 'string').toBe(true)
    }),
  )
})
