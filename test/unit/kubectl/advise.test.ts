// `kubectl ksys advise` with a substitute for kubectl: the pods of a deployment are recorded on each of their nodes, and one profile is
// made of all traces.
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { unpacked } from '../../golden/captures.js'
import { ksys, root } from '../../helpers/ksys.js'
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
  ['an invalid filter', ['advise', 'deploy/web', 'proc.nam=x'], deployment({ app: 'web' }), /proc\.nam/],
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

test('a filter selects one of several workloads; if no profile can be made, the traces are kept and named', async () => {
  const read = ['advise', 'seccomp', '-q', '-r', trace, '-r', trace]
  const { code, stderr } = await cluster.run(['advise', 'deploy/web', '-n', 'shop', '-q', 'proc.name!=nosuch'])
  expect(code).toBe(2)
  const [, name = ''] = /select one by a filter such as (container\.name=\w+),/.exec(stderr) ?? []
  const one = ksys([...read, name])
  expect(one.code).toBe(0)
  const [, kept = ''] = /^ksys: the traces are kept: ksys (advise seccomp -r \S+ -r \S+)$/m.exec(stderr) ?? []
  expect(ksys([...kept.split(' '), '-q', name])).toEqual(one)
  rmSync(dirname(kept.split(' ').at(-1) as string), { recursive: true })
  expect(await cluster.run(['advise', 'deploy/web', '-n', 'shop', '-q', name])).toEqual(one)
})

test.each([
  ['namespaces "ksys" not found', /create it with namespace\.yaml of ksys, or .*--ksys-namespace\n$/],
  ['pods "x" is forbidden: violates PodSecurity "restricted:latest"', /privileged pods with --ksys-namespace\n$/],
])('if the pod of ksys cannot be created, the message says what to do: %s', async (message, remedy) => {
  cluster.answer([
    ['get deployment web', 0, deployment({ app: 'web' }), ''],
    ['get pods', 0, pods, ''],
    ['create', 1, '', `Error from server: ${message}\n`],
  ])
  const { code, stderr } = await cluster.run(['advise', 'deploy/web', '-n', 'shop'])
  expect([code, stderr]).toEqual([3, expect.stringMatching(remedy)])
})

test('rbac.yaml grants what kubectl is asked for', async () => {
  await cluster.run(['advise', 'deploy/web', '-n', 'shop', '-q', '-w', `${cluster.dir}/profiles/`])
  const documents = parseAllDocuments(readFileSync(join(root, 'src/container/deploy/rbac.yaml'), 'utf8'))
  const roles = documents.map((d) => d.toJS() as { rules?: { resources: string[]; verbs: string[] }[] })
  const granted = roles.flatMap(({ rules = [] }) =>
    rules.flatMap(({ resources, verbs }) => resources.flatMap((r) => verbs.map((v) => `${v} ${r}`))),
  )
  const needed = cluster.calls.map(([verb = '', what, name]) => {
    if (verb === 'exec') return 'create pods/exec'
    if (verb !== 'get') return `${verb} pods`
    return what === 'pods' ? 'list pods' : `get ${what}s${name === undefined ? ' without a name' : ''}`
  })
  expect(new Set(needed)).toEqual(
    new Set(['get deployments', 'list pods', 'create pods', 'get pods', 'create pods/exec', 'delete pods']),
  )
  expect(granted).toEqual(expect.arrayContaining(needed))
})
