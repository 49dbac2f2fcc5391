// `kubectl ksys advise` with a substitute for kubectl: the pods of a deployment are recorded on each of their nodes, and one profile is
// made of all traces.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { unpacked } from '../../golden/captures.js'
import { ksys } from '../../helpers/ksys.js'
import { Cluster } from './cluster.js'

const scaps = unpacked()
const cluster = new Cluster()
afterAll(() => cluster.remove())

const deployment = (labels: object) =>
  JSON.stringify({ metadata: { name: 'web', namespace: 'shop' }, spec: { selector: { matchLabels: labels } } })
const pod = (name: string, node: string, phase = 'Running') => ({
  metadata: { name, namespace: 'shop' },
  spec: { nodeName: node },
  status: { phase },
})
const pods = JSON.stringify({
  items: [pod('a', 'node-1'), pod('b', 'node-2'), pod('c', 'node-2'), pod('d', 'node-3', 'Pending')],
})

/** The trace that the ksys on each node writes. */
let trace = ''
beforeEach(() => {
  trace = join(cluster.dir, 'containers.ksys')
  ksys(['-r', join(scaps, 'container.scap'), '-w', trace])
  cluster.reset(readFileSync(trace))
  cluster.answer([
    ['get deployment web', 0, deployment({ app: 'web' }), ''],
    ['get pods', 0, pods, ''],
  ])
})

test('records on each node that runs a pod, and makes one profile of all traces', async () => {
  const local = ksys(['advise', 'seccomp', '-j', '-q', '-r', trace, '-r', trace])
  const { stdout, code } = await cluster.run(['advise', 'deploy/web', '-n', 'shop', '-M', '10m', '-j', '-q'])
  expect([code, stdout]).toEqual([0, local.stdout])
  const executed = cluster.calls
    .filter((words) => words.includes('exec'))
    .map((words) => words.slice(words.indexOf('--') + 1))
  const command = [
    ...['ksys', '--until-eof', '--write=-', '--only-namespace=shop', '--seconds=10m'],
    'k8s.ns.name = "shop" and k8s.pod.label[app] = "web"',
  ]
  expect(executed).toEqual([command, command])
  expect(cluster.calls.filter((words) => words.includes('create'))).toHaveLength(2)
  expect(cluster.calls.filter((words) => words.includes('delete'))).toHaveLength(2)
})

test.each<[string, string[], string, RegExp]>([
  [
    'a name without a kind',
    ['advise', 'web'],
    deployment({ app: 'web' }),
    /requires deploy\/NAME, sts\/NAME or ds\/NAME/,
  ],
  ['a filter', ['advise', 'deploy/web', 'proc.name=x'], deployment({ app: 'web' }), /the name selects the calls/],
  ['a file', ['advise', 'deploy/web', '-r', 'x'], deployment({ app: 'web' }), /run ksys advise seccomp/],
  ['no labels', ['advise', 'deploy/web'], deployment({}), /without labels that ksys can filter/],
  ['hostile labels', ['advise', 'deploy/web'], deployment({ app: '" or 1=1' }), /without labels that ksys can filter/],
])('%s: a sentence, and no pod of ksys is created', async (_, words, answer, message) => {
  cluster.answer([
    ['get deployment web', 0, answer, ''],
    ['get pods', 0, pods, ''],
  ])
  const { code, stderr, stdout } = await cluster.run(words)
  expect(code).toBeGreaterThan(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(message)
  expect(cluster.calls.some((call) => call.includes('create'))).toBe(false)
})

test('a deployment without running pods is reported', async () => {
  cluster.answer([
    ['get deployment web', 0, deployment({ app: 'web' }), ''],
    ['get pods', 0, JSON.stringify({ items: [pod('d', 'node-3', 'Pending')] }), ''],
  ])
  const { code, stderr } = await cluster.run(['advise', 'deploy/web'])
  expect(code).toBe(3)
  expect(stderr).toContain('no pod of deployment web in the namespace shop is running: start it, then retry')
})
