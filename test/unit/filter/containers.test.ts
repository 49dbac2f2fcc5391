// The calls that the kernel drops for a container because of a filter: never a call that the filter would pass.

import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { excludedSlots } from '../../../src/filter/cgroup-marks.js'
import { checkFilter, compileChecked, planFilter } from '../../../src/filter/index.js'
import { Container, unnamed } from '../../../src/model/container.js'
import { Event } from '../../../src/model/event.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { bootNs } from '../../../src/model/time.js'
import { EVENTS, eventsByName, LAYOUTS } from '../../../src/schema/events/index.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import { VERDICT } from '../../../src/source/plan.js'
import { State } from '../../../src/state/state.js'
import fc from '../../helpers/properties.js'
import { makeBatch } from '../../helpers/rows.js'

const info = {
  kind: 'live',
  arch: 'x64',
  cpus: 1,
  startSec: 0,
  startNsec: 0,
  startBoot: bootNs(0),
  addresses: [],
} as const
const state = new State({ ...info, has: capabilitiesOf('ksys'), hostname: '', kernel: '', addresses: [] })
const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
const ctx = { info: state.info, states: [state], format }

function container(id: string, name?: string, namespace?: string): Container {
  const c = new Container(id, id.padEnd(64, '0'), 'docker')
  const labels: Record<string, string> = namespace === undefined ? {} : { 'io.kubernetes.pod.namespace': namespace }
  if (name !== undefined) c.info = { ...unnamed(c.fullId, 'docker'), name, partial: false, image: 'nginx:1', labels }
  return c
}
const host = undefined
const web = container('111111111111', 'web')
const shop = container('222222222222', 'api', 'shop')
const fresh = container('333333333333')

/** Whether the kernel drops an event type of a thread in this container. */
function leftOut(text: string, c: Container | undefined, type: string): boolean {
  const filter = checkFilter(text, registry)
  const plan = planFilter(filter, registry, { arch: 'x64', output: [], snaplen: 0, selfPid: 1 })
  const verdict = plan.verdicts[EVENTS[eventsByName(type)[0] as number]?.nr?.x64 as number] as number
  if (verdict < VERDICT.SLOT) return verdict === VERDICT.DROP
  return ((excludedSlots(plan, filter, ctx)(c) >> (verdict - VERDICT.SLOT)) & 1) === 1
}

test('calls outside of the requested container are dropped', () => {
  for (const [text, passing] of [
    ['container.name=web', [web, fresh]],
    ['container.name!=web', [host, shop, fresh]],
    ['not container.name=web', [host, shop, fresh]],
    ['container.id=host', [host]],
    ['container.id!=host', [web, shop, fresh]],
    ['container.id=333333333333', [fresh]],
    ['container.image contains nginx and proc.name=sh', [web, shop, fresh]],
    ['k8s.ns.name=shop', [shop, fresh]],
    ['toupper(container.name)=WEB', [web, fresh]],
    ['container.name=web or proc.name=sh', [host, web, shop, fresh]],
    ['container.duration > 5s', [host, web, shop, fresh]],
  ] as const)
    expect(
      [host, web, shop, fresh].filter((c) => !leftOut(text, c, 'kill')),
      text,
    ).toEqual(passing)
})

test('descriptors are followed only in containers that the filter selects', () => {
  const followAll = (text: string, more = {}) =>
    planFilter(checkFilter(text, registry), registry, { arch: 'x64', output: [], snaplen: 0, selfPid: 1, ...more })
      .followAll
  expect(followAll('container.name=web')).toBe(false)
  expect(followAll('k8s.pod.name=web and evt.type=open')).toBe(false)
  expect(followAll('container.name=web or evt.type=open')).toBe(true)
  expect(followAll('container.name=web', { output: ['fd.peer.name'] })).toBe(true)
  expect(followAll('container.name=web', { peers: true })).toBe(true)
})

test('each type of call is dropped by its own condition on the container', () => {
  const text = '(evt.type=kill and container.name=web) or (evt.type=getcwd and container.name=api)'
  expect([web, shop].map((c) => [leftOut(text, c, 'kill'), leftOut(text, c, 'getcwd')])).toEqual([
    [false, true],
    [true, false],
  ])
  expect(leftOut('container.name=web and evt.type=kill', web, 'getcwd')).toBe(true)
})

test('whatever the filter, an event that it passes is not dropped', () => {
  const leaf = fc.constantFrom(
    'container.name=web',
    'container.name!=web',
    'container.id=host',
    'container.id in (111111111111, 222222222222)',
    'container.image exists',
    'k8s.ns.name=shop',
    'proc.name=sh',
    'evt.type=kill',
    'evt.failed=true',
  )
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('filter').map((f) => `not (${f})`),
      fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  }))
  const types = ['kill', 'getcwd'] as const
  const batch = makeBatch(types.map((type) => ({ type, ret: -1 })))
  const e = new Event(EVENTS, LAYOUTS)
  fc.assert(
    fc.property(filter, fc.constantFrom(host, web, shop), fc.constantFrom('sh', 'cat'), (text, c, comm) => {
      const { test: passes } = compileChecked(checkFilter(text, registry), ctx)
      types.forEach((type, row) => {
        e.moveTo(batch, row)
        e.thread = new Thread(7, 7, new FdTable())
        e.thread.comm = comm
        e.thread.container = c
        if (passes(e)) expect(leftOut(text, c, type), text).toBe(false)
      })
    }),
    { numRuns: 150 },
  )
})
