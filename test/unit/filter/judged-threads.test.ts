// Threads whose calls the kernel drops because of their process: never a call that the filter would pass.

import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, compileChecked, planFilter } from '../../../src/filter/index.js'
import { JudgedThreads, slotsUnmatched } from '../../../src/filter/judged-threads.js'
import { Container, unnamed } from '../../../src/model/container.js'
import { Event } from '../../../src/model/event.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { bootNs } from '../../../src/model/time.js'
import { EVENTS, eventsByName, LAYOUTS } from '../../../src/schema/events/index.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import { type PlanSlot, VERDICT } from '../../../src/source/plan.js'
import { State } from '../../../src/state/state.js'
import fc from '../../helpers/properties.js'
import { makeBatch } from '../../helpers/rows.js'

const state = new State({
  kind: 'live',
  arch: 'x64',
  cpus: 1,
  startSec: 0,
  startNsec: 0,
  startBoot: bootNs(0),
  addresses: [],
  has: capabilitiesOf('ksys'),
  hostname: '',
  kernel: '',
})
const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
const ctx = { info: state.info, states: [state], format }

function planned(text: string, more = {}) {
  const filter = checkFilter(text, registry)
  return { filter, plan: planFilter(filter, registry, { arch: 'x64', output: [], snaplen: 0, selfPid: 1, ...more }) }
}

function verdictOf(text: string, type: string): number {
  const { plan } = planned(text)
  return plan.verdicts[EVENTS[eventsByName(type)[0] as number]?.nr?.x64 as number] as number
}

function slotOf(text: string, type: string): PlanSlot | undefined {
  return planned(text).plan.slots[verdictOf(text, type) - VERDICT.SLOT]
}

/** Whether the kernel drops a call of a judged thread because of its process. */
function isDropped(text: string, t: Thread, type: string): boolean {
  const { filter, plan } = planned(text)
  const verdict = verdictOf(text, type)
  if (verdict < VERDICT.SLOT) return verdict === VERDICT.DROP
  return ((slotsUnmatched(plan, filter, ctx)(t) >> (verdict - VERDICT.SLOT)) & 1) === 1
}

const named = new Container('111111111111', '1'.padEnd(64, '0'), 'docker')
named.info = { ...unnamed(named.fullId, 'docker'), name: 'web', partial: false, image: 'nginx:1' }
const unknown = new Container('222222222222', '2'.padEnd(64, '0'), 'docker')

interface Spec {
  readonly comm: string
  readonly exe: string
  readonly args: string[]
  readonly uid: number
  readonly parents: readonly string[]
  readonly container: Container | undefined
}

/** A thread whose ancestors are known. */
function threadOf({ comm, exe, args, uid, parents, container }: Spec): Thread {
  const [name, ...above] = parents
  const parent =
    name === undefined ? undefined : threadOf({ comm: name, exe: name, args: [], uid, parents: above, container })
  const t = new Thread(10 + parents.length, 10 + parents.length, new FdTable())
  Object.assign(t, { comm, exe, uid, parent, container, ptid: parent?.tid ?? 0 })
  t.args = args
  return t
}
const base: Spec = {
  comm: 'redis',
  exe: '/usr/bin/redis',
  args: ['x'],
  uid: 0,
  parents: ['sh', 'init'],
  container: undefined,
}

test.each([
  ['proc.exe=/usr/bin/redis', false],
  ['proc.exe endswith ssh', true],
  ['not proc.exe endswith ssh', false],
  ['proc.cmdline contains x', false],
  ['proc.cmdline contains y', true],
  ['proc.cmdline contains y or fd.name=z', false],
  ['proc.cmdline contains y and fd.name=z', true],
  ['proc.pname=sh', false],
  ['proc.pname=init', true],
  ['proc.aname=init', false],
  ['proc.aname[2]=sh', true],
  ['proc.aname[9]=sh', true],
  ['not proc.aname[9]=sh', false],
  ['user.uid>0', true],
  ['proc.name in (a, b, c, d, e, f, g, h, i, j)', true],
  ['container.id!=host and proc.exe contains redis', true],
])('of a thread that runs /usr/bin/redis x, %s: dropped %s', (text, dropped) => {
  expect(isDropped(text, threadOf(base), 'read')).toBe(dropped)
})

test('what may become known later drops nothing', () => {
  const placeholder = threadOf(base)
  placeholder.placeholder = true
  expect(isDropped('proc.exe endswith ssh', placeholder, 'read')).toBe(false)
  const orphan = threadOf({ ...base, parents: [] })
  orphan.ptid = 77
  expect(isDropped('proc.pname=ssh', orphan, 'read')).toBe(false)
  expect(isDropped('proc.exe endswith ssh', orphan, 'read')).toBe(true)
  const ofInit = threadOf({ ...base, parents: [] })
  ofInit.ptid = 1
  expect(isDropped('proc.pname=ssh', ofInit, 'read'), 'init is hidden').toBe(true)
  expect(isDropped('proc.apid=7', ofInit, 'read')).toBe(false)
  const text = 'container.name=web and proc.exe endswith redis'
  expect(isDropped(text, threadOf({ ...base, container: unknown }), 'read')).toBe(false)
  expect(isDropped(text, threadOf({ ...base, container: named }), 'read')).toBe(false)
})

test('calls that change their thread are recorded whatever its process is', () => {
  for (const type of ['execve', 'setuid', 'prctl', 'clone', 'chdir', 'setns'])
    expect(verdictOf('proc.exe endswith ssh', type), type).toBe(VERDICT.PASS)
})

test('a condition that the kernel tests itself, at once, is not judged', () => {
  for (const text of ['proc.name=nosuch', 'proc.name in (a, b)', 'proc.pid=7', 'user.uid=0', 'container.id=host'])
    expect(slotOf(text, 'read')?.process, text).toBeUndefined()
  expect(slotOf('proc.name=a or proc.pid=7', 'read')?.process).toBeDefined()
})

test('values that change without an event are never judged', () => {
  for (const text of [
    'proc.duration>1s',
    'proc.cwd=/x/',
    'user.loginuid=0',
    'user.name=x',
    'proc.vmsize>1',
    'proc.sname=x',
  ])
    expect(slotOf(text, 'read')?.process, text).toBeUndefined()
})

test('a capture without arguments judges nothing, as it does not know processes', () => {
  const { plan } = planned('proc.exe=x', { bare: true })
  expect(plan.slots.some((s) => s.process !== undefined)).toBe(false)
})

test('whatever the filter, a call that it passes is not dropped', () => {
  const leaf = fc.constantFrom(
    'proc.name=sh',
    'proc.name startswith s',
    'proc.exe endswith sh',
    'proc.args contains x',
    'proc.pname=sh',
    'proc.aname=init',
    'proc.aname!=init',
    'proc.aname[2] exists',
    'user.uid>0',
    'user.uid=0',
    'container.name=web',
    'container.id=host',
    'evt.type=kill',
    'evt.failed=true',
    'proc.exe=val(proc.pexe)',
    'toupper(proc.pname)=SH',
  )
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('filter').map((f) => `not (${f})`),
      fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  }))
  const name = fc.constantFrom('sh', 'ssh', 'init', 'cat')
  const spec = fc.record({
    comm: name,
    exe: name,
    args: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    uid: fc.constantFrom(0, 7),
    parents: fc.array(name, { maxLength: 3 }),
    container: fc.constantFrom(undefined, named, unknown),
  })
  const types = ['kill', 'getcwd'] as const
  const batch = makeBatch(types.map((type) => ({ type, ret: -1 })))
  const e = new Event(EVENTS, LAYOUTS)
  fc.assert(
    fc.property(filter, spec, (text, of) => {
      const { test: passes } = compileChecked(checkFilter(text, registry), ctx)
      types.forEach((type, row) => {
        e.moveTo(batch, row)
        e.thread = threadOf(of)
        if (passes(e)) expect(isDropped(text, e.thread, type), text).toBe(false)
      })
    }),
    { numRuns: 300 },
  )
})

/** A judge, and what it sends. */
function judging(uncertain = false) {
  const threads = new Map<number, Thread>()
  const requests: number[] = []
  const sent: [tid: number, time: number, slots: number][] = []
  const source = {
    uncertain,
    requests: () => new Float64Array(requests.splice(0)),
    judge: (tid: number, time: number, slots: number) => sent.push([tid, time, slots]),
  }
  const judged = new JudgedThreads((t) => t.uid, threads, source)
  const add = (tid: number, uid: number) => {
    const t = new Thread(tid, tid, new FdTable())
    t.uid = uid
    threads.set(tid, t)
    return t
  }
  return { threads, requests, sent, source, judged, add }
}
const MS = 1e6

test('a request is answered when the state is known up to its time, and names the request', () => {
  const { judged, requests, sent, add } = judging()
  add(5, 3)
  requests.push(5, 100 * MS)
  judged.update(100 * MS)
  expect(sent).toEqual([])
  judged.update(300 * MS)
  judged.update(400 * MS)
  expect(sent).toEqual([[5, 100 * MS, 3]])
})

test('after a loss nothing is answered until the state was read again', () => {
  const { judged, requests, sent, source, add } = judging(true)
  add(5, 3)
  requests.push(5, 0)
  judged.update(300 * MS)
  expect(sent).toEqual([])
  source.uncertain = false
  judged.update(400 * MS)
  expect(sent).toEqual([[5, 0, 3]])
})

test('what changes without the thread has all threads judged again, and only differences are sent', () => {
  const { judged, requests, sent, add } = judging()
  const changed = add(5, 3)
  add(6, 3)
  requests.push(5, 0, 6, 0)
  judged.update(300 * MS)
  sent.length = 0
  changed.uid = 1
  judged.changed()
  judged.update(400 * MS)
  expect(sent).toEqual([[5, 0, 1]])
})

test('a thread that has ended is not judged', () => {
  const { judged, requests, sent, threads, add } = judging()
  add(5, 3).exited = true
  requests.push(5, 0, 6, 0)
  judged.update(300 * MS)
  expect(sent).toEqual([])
  threads.clear()
  judged.changed()
  judged.update(400 * MS)
  expect(sent).toEqual([])
})
