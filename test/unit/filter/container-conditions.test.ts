// The conditions of a slot of the plan on the container alone, written out, and the containers for which it refuses everything.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { excludedSlots } from '../../../src/filter/cgroup-marks.js'
import { checkFilter, planFilter } from '../../../src/filter/index.js'
import { Container, unnamed } from '../../../src/model/container.js'
import { EVENTS, eventsByName } from '../../../src/schema/events/index.js'
import { VERDICT } from '../../../src/source/plan.js'
import { context } from '../fields/evaluate.js'

const numberOf = (call: string) => EVENTS[eventsByName(call)[0] as number]?.nr?.x64 as number

/** The slot of a call, or the verdict without one. */
function slotOf(text: string, call = 'kill') {
  const filter = checkFilter(text, registry)
  const plan = planFilter(filter, registry, { arch: 'x64', output: [], snaplen: 0, selfPid: 1 })
  const verdict = plan.verdicts[numberOf(call)] as number
  return { filter, plan, verdict, slot: plan.slots[verdict - VERDICT.SLOT] }
}

test.each<[filter: string, condition: string | undefined]>([
  ['container.name=web', 'container.name=web'],
  ['not container.name=web', 'not (container.name=web)'],
  ['container.name=web and proc.name=sh', 'container.name=web and …'],
  ['container.name=web or proc.name=sh', undefined],
  ['not (container.name=web or proc.name=sh)', 'not (container.name=web or …)'],
  ['not (container.name=web and proc.name=sh)', undefined],
  ['container.name=web or container.image=nginx', 'container.name=web or container.image=nginx'],
  [
    'container.name=web and (container.image=nginx or k8s.ns.name=shop)',
    'container.name=web and (container.image=nginx or k8s.ns.name=shop)',
  ],
  ['container.name=web or not container.image=nginx', 'container.name=web or not (container.image=nginx)'],
  [
    'container.name=web and (proc.name=sh or container.image=nginx)',
    'container.name=web and (… or container.image=nginx)',
  ],
  ['(container.name=web and evt.type=kill) or evt.type=getcwd', 'container.name=web'],
  ['container.name=web or evt.type=getcwd', 'container.name=web'],
  ['container.name=web or evt.type=kill', undefined],
  ['container.name=web and not evt.type=getcwd', 'container.name=web'],
  ['container.name=web and proc.name=sh and user.uid=0', 'container.name=web and …'],
  ['toupper(container.name)=WEB', 'toupper(container.name)=WEB'],
  ['container.name=val(k8s.pod.name)', 'container.name=val(k8s.pod.name)'],
  ['container.name=val(proc.name)', undefined],
  ['toupper(proc.name)=WEB', undefined],
  ['concat(container.name, proc.name)=websh', undefined],
  ['concat(container.name, k8s.pod.name)=webpod', 'concat(container.name, k8s.pod.name)=webpod'],
  ['proc.name=sh', undefined],
  ['container.duration > 5s', undefined],
  ['container.start_ts > 5', undefined],
])('the condition of %s on a container is %s', (filter, condition) => {
  expect(slotOf(filter).slot?.container?.text).toBe(condition)
})

test('a call that the filter cannot pass is dropped, whatever the container', () => {
  expect(slotOf('container.name=web and evt.type=getcwd').verdict).toBe(VERDICT.DROP)
  expect(slotOf('container.name=web or evt.type=kill').verdict).toBe(VERDICT.PASS)
})

function container(id: string, name?: string, image = 'nginx'): Container {
  const c = new Container(id, id.padEnd(64, '0'), 'docker')
  if (name !== undefined) c.info = { ...unnamed(c.fullId, 'docker'), name, partial: false, image }
  return c
}
const all = { host: undefined, web: container('1'.repeat(12), 'web'), db: container('2'.repeat(12), 'db', 'postgres') }
const fresh = container('3'.repeat(12))

test.each<[filter: string, refused: readonly string[]]>([
  ['container.name=web', ['host', 'db']],
  ['not container.name=web', ['web']],
  ['container.name=web and container.image=nginx', ['host', 'db']],
  ['container.name=web and container.image=postgres', ['host', 'web', 'db']],
  ['container.name=web or container.image=postgres', ['host']],
  ['not (container.name=web or proc.name=sh)', ['web']],
  ['not (container.name=web or container.image=postgres)', ['web', 'db']],
  ['container.name=web and (proc.name=sh or container.image=postgres)', ['host', 'db']],
  ['container.name=web or (proc.name=sh and container.image=postgres)', ['host']],
  ['not (not (container.name=web and proc.name=sh))', ['host', 'db']],
])('%s refuses everything in %j', (text, refused) => {
  const { filter, plan, verdict } = slotOf(text)
  const judge = excludedSlots(plan, filter, context())
  const bit = 1 << (verdict - VERDICT.SLOT)
  expect(Object.entries(all).flatMap(([name, c]) => (judge(c) & bit ? [name] : []))).toEqual(refused)
  expect(judge(fresh) & bit, 'of which nothing is told yet').toBe(0)
})

test('of a container without metadata the id is known', () => {
  const refused = (text: string) => {
    const { filter, plan, verdict } = slotOf(text)
    return (excludedSlots(plan, filter, context())(fresh) & (1 << (verdict - VERDICT.SLOT))) !== 0
  }
  expect(refused('container.id=333333333333')).toBe(false)
  expect(refused('container.id=444444444444')).toBe(true)
  expect(refused(`container.full_id=${'4'.repeat(64)}`)).toBe(true)
  expect(refused('container.id=val(container.name)')).toBe(false)
  expect(refused('toupper(container.id)=X')).toBe(false)
})

test('what only a list or an event of the runtime contains decides nothing but the name', () => {
  const listed = container('5'.repeat(12), 'web')
  const refused = (text: string, partial: boolean) => {
    if (listed.info !== undefined) listed.info = { ...listed.info, partial }
    const { filter, plan, verdict } = slotOf(text)
    return (excludedSlots(plan, filter, context())(listed) & (1 << (verdict - VERDICT.SLOT))) !== 0
  }
  expect(refused('container.name=db', true)).toBe(true)
  for (const text of ['container.privileged=true', 'container.mount.dest[0]=/data', 'container.image=postgres'])
    expect([refused(text, true), refused(text, false)], text).toEqual([false, true])
})

test('each slot has its own bit, and slots without a condition on containers refuse nothing', () => {
  const text =
    '(evt.type=kill and container.name=web) or (evt.type=getcwd and container.name=db) or (evt.type=read and proc.name=sh)'
  const { filter, plan } = slotOf(text)
  const judge = excludedSlots(plan, filter, context())
  const bit = (call: string) => 1 << ((plan.verdicts[numberOf(call)] as number) - VERDICT.SLOT)
  expect(judge(all.web) & bit('kill')).toBe(0)
  expect(judge(all.web) & bit('getcwd')).not.toBe(0)
  expect(judge(all.db) & bit('kill')).not.toBe(0)
  expect(judge(all.db) & bit('read')).toBe(0)
})
