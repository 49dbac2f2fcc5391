// --only-namespace: two pods and the host, each with a word of its own in all of its data. A file written for the
// namespace of one pod, compressed or not, contains no words of the others, and all calls of this pod.
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { Snapshot, ThreadInfo } from '../../../src/model/snapshot.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { CODE } from '../../../src/schema/codes.js'
import { TraceWriter } from '../../../src/trace/writer.js'
import { ksys } from '../../helpers/ksys.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, scratch } from '../../helpers/trace.js'
import { unpacked } from '../../helpers/unpacked.js'

const at = scratch()

/** The code of an internal event of the kernel side. */
const own = (name: 'ks_fork' | 'ks_cgroups'): number => CODE[name]

/** Ids by namespace; `late` gets its name in the middle of the capture. */
const IDS = { shop: 'a'.repeat(64), bank: 'b'.repeat(64), late: 'c'.repeat(64), fresh: 'd'.repeat(64) }
type Place = keyof typeof IDS | 'host'

const cgroups = (place: Place) => [place === 'host' ? '=/system.slice/own-host.service' : `=/kubepods/${IDS[place]}`]

/** The event of a container; who: the word in its data. */
function container(place: keyof typeof IDS, namespace: string, who: string): string {
  const labels = { 'io.kubernetes.pod.namespace': namespace, 'io.kubernetes.pod.name': `pod-${who}` }
  const id = IDS[place]
  return JSON.stringify({
    container: { type: 7, id: id.slice(0, 12), full_id: id, name: `name-${who}`, image: `image-${who}`, labels },
  })
}

function thread(tid: number, place: Place, ptid: number): ThreadInfo {
  const who = `own-${place}`
  return {
    ...unknownThread(),
    ...{ tid, pid: tid, ptid, vtid: 1, vpid: 1, uid: 7, gid: 7, comm: who, exe: `/bin/${who}`, exepath: `/bin/${who}` },
    ...{ args: [who], env: [`KEY=${who}`], cwd: `/srv/${who}`, cgroups: cgroups(place) },
    fds: [{ num: 3, type: 'file', name: `/var/${who}` }],
  }
}

const snapshot: Snapshot = {
  threads: [thread(10, 'host', 1), thread(20, 'shop', 10), thread(30, 'bank', 10), thread(40, 'late', 10)],
  users: [
    { uid: 7, gid: 7, name: 'own-host', home: '/home/own-host', shell: '' },
    { uid: 7, gid: 7, name: 'user-of-shop', home: '', shell: '', container: IDS.shop.slice(0, 12) },
    { uid: 7, gid: 7, name: 'own-bank', home: '', shell: '', container: IDS.bank.slice(0, 12) },
  ],
  groups: [
    { gid: 7, name: 'own-host' },
    { gid: 7, name: 'own-bank', container: IDS.bank.slice(0, 12) },
  ],
  containers: [container('shop', 'shop', 'own-shop'), container('bank', 'bank', 'own-bank')],
}

const opens = (tid: number, name: string): RowSpec => ({
  type: 'openat',
  ret: 4,
  tid,
  flags: 32,
  params: { fd: 4, dirfd: -100, name: `/tmp/${name}` },
})
const reads = (tid: number, data: string): RowSpec => ({ type: 'read', ret: 5, tid, params: { fd: 4, size: 9, data } })
const containerRow = (json: string): RowSpec => ({ type: 'container', tid: -1, params: { json } })
const moves = (tid: number, place: Place): RowSpec => ({
  type: own('ks_cgroups'),
  tid: 10,
  flags: 33,
  params: { tid, pid: tid, alone: 0, cgroups: cgroups(place) },
})
const runs = (tid: number, place: Place): RowSpec => ({
  type: 'execve',
  tid,
  flags: 32,
  params: {
    exe: `own-${place}`,
    args: [`argument-of-${place}`],
    tid,
    pid: tid,
    comm: `own-${place}`,
    cgroups: cgroups(place),
    env: [`KEY=own-${place}`],
  },
})

const specs: RowSpec[] = [
  opens(10, 'own-host'),
  opens(20, 'from-shop'),
  opens(30, 'own-bank'),
  reads(20, 'data-of-shop'),
  reads(30, 'data own-bank'),
  // a container that is created during the capture, as by a runtime: the process that creates it is outside
  containerRow(container('fresh', 'shop', 'own-fresh')),
  {
    type: own('ks_fork'),
    tid: 10,
    flags: 33,
    params: { tid: 50, pid: 50, ptid: 10, vtid: 1, vpid: 1, shared: 0, comm: 'runtime' },
  },
  opens(50, 'own-host'),
  moves(50, 'fresh'),
  opens(50, 'from-fresh'),
  runs(50, 'fresh'),
  reads(50, 'data-of-fresh'),
  // one whose name is known late
  opens(40, 'before-its-name'),
  containerRow(container('late', 'shop', 'own-late')),
  reads(40, 'after-its-name'),
  // data that belong to no thread
  { type: 'useradded', tid: -1, params: { uid: 8, gid: 8, name: 'own-bank', container_id: IDS.bank.slice(0, 12) } },
  { type: 'useradded', tid: -1, params: { uid: 8, gid: 8, name: 'more-of-shop', container_id: IDS.shop.slice(0, 12) } },
  {
    type: 'throttle',
    tid: -1,
    params: {
      change: 'begin',
      cgroup: `/kubepods/${IDS.bank}`,
      ceiling: 'max-cpu',
      leaves: 'all',
      left_out: 0,
      lasted: 0,
    },
  },
  { type: 'drop', tid: -1, params: { ratio: 1, lost: 3, calls: 3 } },
  { type: 'procexit', tid: 30, params: { status: 0, ret: 0 } },
  // and a process that leaves the pod
  opens(50, 'last-of-fresh'),
  moves(50, 'host'),
  opens(50, 'own-host'),
]

const whole = at('whole.ksys')
const out = at('shop.ksys')
const words = ['-r', out]

beforeAll(async () => {
  const writer = await TraceWriter.open(whole, { info: { ...INFO, hostname: 'node-1' }, existing: snapshot })
  await writer.write(makeBatch(specs))
  await writer.close({ events: specs.length, lost: 0, late: 0 })
  expect(ksys(['redact', whole, '-w', out, '--only-namespace', 'shop'])).toMatchObject({ code: 0, stderr: '' })
})

const OTHERS = ['own-host', 'own-bank', IDS.bank, IDS.bank.slice(0, 12)]
const OURS = ['own-shop', 'from-shop', 'data-of-shop', 'user-of-shop', 'more-of-shop', 'from-fresh', 'after-its-name']

test('the whole capture contains all words, so that the search is meaningful', async () => {
  const bytes = await unpacked(whole)
  for (const word of [...OTHERS, ...OURS]) expect([word, bytes.includes(word)]).toEqual([word, true])
})

test('data outside of the namespace are nowhere in the file, and all data of the namespace are there', async () => {
  const bytes = await unpacked(out)
  for (const word of OTHERS) expect([word, bytes.includes(word)]).toEqual([word, false])
  for (const word of OURS) expect([word, bytes.includes(word)]).toEqual([word, true])
})

const LINE = '*%proc.name %evt.type %evt.arg.data %evt.arg.name %container.name %k8s.pod.name'

test('calls of its pods are shown with their names, also of a pod that started meanwhile and of one with a late name', () => {
  const { stdout } = ksys([...words, '-p', LINE, 'evt.type in (openat, read, execve)'])
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual([
    'own-shop openat <NA> /tmp/from-shop name-own-shop pod-own-shop',
    'own-shop read data-of-shop <NA> name-own-shop pod-own-shop',
    'runtime openat <NA> /tmp/from-fresh name-own-fresh pod-own-fresh',
    'own-fresh execve <NA> <NA> name-own-fresh pod-own-fresh',
    'own-fresh read data-of-fresh <NA> name-own-fresh pod-own-fresh',
    'own-late read after-its-name <NA> name-own-late pod-own-late',
    'own-fresh openat <NA> /tmp/last-of-fresh name-own-fresh pod-own-fresh',
  ])
})

test('losses of the whole machine are shown, throttling elsewhere is not', () => {
  const { stdout } = ksys([...words, '-p', '%evt.type %evt.args', 'evt.type in (drop, throttle)'])
  expect(stdout).toMatch(/^drop .*lost=3.*\n$/)
})

test('tables, JSON and files for other tools contain no more, directly from the whole capture', () => {
  const only = ['-r', whole, '--only-namespace', 'shop']
  for (const how of [['-j'], ['-c', 'lsof'], ['-c', 'ps'], ['-c', 'topprocs_file'], ['-S', '-q']]) {
    const { stdout, code } = ksys([...only, ...how])
    expect(code).toBe(0)
    for (const word of OTHERS) expect([how, word, stdout.includes(word)]).toEqual([how, word, false])
  }
  expect(ksys([...only, '-c', 'lsof']).stdout).toContain('/var/own-shop')
  const scap = at('shop.scap')
  expect(ksys([...only, '-w', scap]).code).toBe(0)
  const bytes = readFileSync(scap)
  for (const word of OTHERS) expect([word, bytes.includes(word)]).toEqual([word, false])
  expect(bytes.includes('own-shop')).toBe(true)
})

test('a filter only sees the pods of the namespace, also with rules that change the names of pods', () => {
  const count = (...more: string[]) =>
    ksys(['-r', whole, '--only-namespace', 'shop', '-p', '%evt.type', ...more]).stdout.split('\n').length - 1
  expect(count('evt.type=read')).toBe(3)
  expect(count('proc.name=own-bank')).toBe(0)
  const rules = at('rules')
  writeFileSync(rules, 'container.labels hash\n')
  expect(count('--redact', rules, 'evt.type=read')).toBe(3)
})

test('the description of omissions is recorded', () => {
  const { spared } = JSON.parse(ksys(['info', '-j', out]).stdout) as { spared: string[] }
  expect(spared).toEqual(['all but the pods of the Kubernetes namespace shop'])
})

test('a namespace without pods is reported', () => {
  expect(ksys(['-r', whole, '--only-namespace', 'shp', 'evt.type!=drop'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'ksys: nothing was shown: this capture has no pod in the Kubernetes namespace shp\n',
  })
})

test('the terminal UI reports it for a file, and nothing if there is a pod', () => {
  const shown = (namespace: string) =>
    ksys(['ui', '--plain', '--no-config', '-r', whole, '--only-namespace', namespace, 'evt.type=read'])
  expect(shown('shp').stderr).toBe('ksys: nothing was shown: this capture has no pod in the Kubernetes namespace shp\n')
  expect(shown('shop')).toMatchObject({ code: 0, stderr: '' })
})

test('for several hosts it is reported if none of them has a pod of the namespace', () => {
  const [both, other] = [at('both.ksys'), at('bank.ksys')]
  expect(ksys(['redact', whole, '-w', other, '--only-namespace', 'bank']).code).toBe(0)
  expect(ksys(['merge', out, other, '--host', 'a', '--host', 'b', '-w', both]).code).toBe(0)
  const errorFor = (namespace: string) => ksys(['-r', both, '-q', '--only-namespace', namespace]).stderr
  expect(errorFor('shp')).toContain('this capture has no pod in the Kubernetes namespace shp')
  expect(errorFor('shop')).not.toContain('has no pod')
  const shown = ksys(['ui', '--plain', '--no-config', '-r', both, '--only-namespace', 'shp']).stderr
  expect(shown).toContain('this capture has no pod in the Kubernetes namespace shp')
})

test('impossible combinations are refused', () => {
  const refusal = (...args: string[]) => {
    const { code, stderr } = ksys(args)
    expect(code).toBe(2)
    return stderr
  }
  expect(refusal('--only-namespace', 'Shop!')).toContain('Expected the name of a Kubernetes namespace')
  expect(refusal('--only-namespace', 'shop', '--no-container-metadata')).toContain('needs container metadata')
  expect(refusal('--only-namespace', 'shop', '--', 'true')).toContain('the command after -- is in none')
})
