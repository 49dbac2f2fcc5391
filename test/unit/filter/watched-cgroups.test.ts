// How the marks of cgroups in a live capture are updated: which cgroups fulfil none of the plan's slots.
import { describe, expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { CgroupMarks, cgroupMarks } from '../../../src/filter/cgroup-marks.js'
import { checkFilter, planFilter } from '../../../src/filter/index.js'
import { type Container, unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import { CGROUP_CONTAINER } from '../../../src/schema/abi.js'
import { type CapturePlan, everything } from '../../../src/source/plan.js'
import type { CgroupDenials } from '../../../src/source/source.js'
import { context } from '../fields/evaluate.js'

const ID = 'a'.repeat(64)
const WEB = `/docker/${ID}`
const HOST = '/system.slice/ssh.service'
/** A path that a container of containerd may have: nothing is known about it until the container is reported. */
const MAYBE = '/default/box'

/** The marks that the source gets from here on, and the containers that were evaluated. */
function watch(judge: (c: Container | undefined) => number, denials?: CgroupDenials) {
  const ctx = context()
  const sent: [cgroup: number, slots: number][] = []
  const judged: (string | undefined)[] = []
  const filter = new CgroupMarks(
    (c) => {
      judged.push(c?.id)
      return judge(c)
    },
    ctx.state.containers,
    { markCgroup: (cgroup, slots) => sent.push([cgroup, slots]) },
    denials,
  )
  return { ctx, filter, said: sent, judged }
}
const settled = () => new Promise((done) => setTimeout(done, 0))
const FAR = 2 ** 40
/** Numbers of this machine's own cgroups are lower, and keys of other hierarchies higher (KSYS_CGROUP_KEY). */
const ours = (said: readonly [number, number][]) => said.filter(([id]) => id >= FAR && id < 2 ** 44)

test('a new cgroup is evaluated at once, and only changes are sent', () => {
  const { filter, said } = watch((c) => (c === undefined ? 3 : 1))
  filter.created(FAR, HOST)
  filter.created(FAR + 1, WEB)
  filter.created(FAR + 1, WEB)
  expect(ours(said)).toEqual([
    [FAR, 3],
    [FAR + 1, 1],
  ])
})

test('if everything may pass, nothing is sent', () => {
  const { filter, said } = watch(() => 0)
  filter.created(FAR, HOST)
  filter.removed(FAR)
  expect(ours(said)).toEqual([])
})

test('a removed cgroup refuses nothing more, because its number may be reused', () => {
  const { filter, said } = watch(() => 3)
  filter.created(FAR, HOST)
  filter.removed(FAR)
  filter.removed(FAR)
  filter.created(FAR, HOST)
  expect(ours(said)).toEqual([
    [FAR, 3],
    [FAR, 0],
    [FAR, 3],
  ])
})

test('a cgroup that may belong to a container refuses nothing until the container is reported', async () => {
  const { ctx, filter, said } = watch((c) => (c === undefined ? 3 : 1))
  filter.created(FAR, MAYBE)
  filter.created(FAR + 1, HOST)
  expect(ours(said)).toEqual([[FAR + 1, 3]])
  ctx.state.containers.report(containerJson({ ...unnamed('box', 'containerd'), name: 'box', cgroup: MAYBE }))
  filter.changed()
  await settled()
  expect(ours(said)).toEqual([
    [FAR + 1, 3],
    [FAR, 1],
  ])
})

/** What runtimes say about cgroups: `deny` answers all that were asked about. */
function runtimes() {
  const asked: { path: string; answer: (denied: boolean) => void }[] = []
  let doubt: (path: string | undefined) => void = () => undefined
  const denials: CgroupDenials = {
    denied: (path) => new Promise((answer) => asked.push({ path, answer })),
    onDoubt: (called) => {
      doubt = called
    },
  }
  const deny = async () => {
    for (const { answer } of asked.splice(0)) answer(true)
    await settled()
  }
  return { denials, deny, asked, doubt: (path?: string) => doubt(path) }
}

describe('a cgroup that may belong to a container', () => {
  test('is evaluated as one of the host once the runtimes have denied it', async () => {
    const { denials, deny } = runtimes()
    const { filter, said } = watch((c) => (c === undefined ? 3 : 1), denials)
    filter.created(FAR, MAYBE)
    await settled()
    expect(ours(said)).toEqual([])
    await deny()
    expect(ours(said)).toEqual([[FAR, 3]])
    filter.removed(FAR)
    filter.created(FAR, MAYBE)
    expect(ours(said)).toEqual([
      [FAR, 3],
      [FAR, 0],
    ])
  })

  test.each([
    ['a runtime reports its container', MAYBE],
    ['a runtime connects', undefined],
  ])('refuses nothing more when %s, until it is denied again', async (_, path) => {
    const { denials, deny, doubt } = runtimes()
    const { filter, said } = watch(() => 3, denials)
    filter.created(FAR, MAYBE)
    await deny()
    doubt('/default/another')
    expect(ours(said)).toEqual([[FAR, 3]])
    doubt(path)
    expect(ours(said).at(-1)).toEqual([FAR, 0])
    await deny()
    expect(ours(said).at(-1)).toEqual([FAR, 3])
  })

  test('refuses nothing for an answer from before it was created, removed or in doubt', async () => {
    const { denials, asked, doubt } = runtimes()
    const { filter, said } = watch(() => 3, denials)
    filter.created(FAR, MAYBE)
    filter.removed(FAR)
    filter.created(FAR, MAYBE)
    doubt(MAYBE)
    filter.created(FAR + 1, MAYBE)
    filter.removed(FAR + 1)
    const about = asked.filter(({ path }) => path === MAYBE)
    expect(about).toHaveLength(4)
    for (const i of [0, 1, 3]) about[i]?.answer(true)
    await settled()
    expect(ours(said)).toEqual([])
    about[2]?.answer(false)
    await settled()
    expect(ours(said)).toEqual([])
  })

  test('is a container when one is reported, whatever was denied before', async () => {
    const { denials, deny, doubt, asked } = runtimes()
    const { ctx, filter, said } = watch((c) => (c === undefined ? 3 : 1), denials)
    filter.created(FAR, MAYBE)
    await deny()
    doubt(MAYBE)
    ctx.state.containers.report(containerJson({ ...unnamed('box', 'containerd'), name: 'box', cgroup: MAYBE }))
    filter.changed()
    await deny()
    expect(ours(said)).toEqual([
      [FAR, 3],
      [FAR, 0],
      [FAR, 1],
    ])
    doubt(MAYBE)
    expect(asked.filter(({ path }) => path === MAYBE)).toEqual([])
  })
})

test('many changes are evaluated together, each container once, and removed ones not at all', async () => {
  const { filter, judged, said } = watch(() => 1)
  await settled()
  filter.created(FAR, WEB)
  filter.created(FAR + 1, `${WEB}/inner`)
  filter.created(FAR + 2, HOST)
  filter.removed(FAR + 2)
  judged.length = 0
  filter.changed()
  filter.changed()
  filter.changed()
  await settled()
  expect(judged.filter((c) => c === ID.slice(0, 12))).toHaveLength(1)
  expect(judged.length).toBe(new Set(judged).size)
  expect(ours(said)).toEqual([
    [FAR, 1],
    [FAR + 1, 1],
    [FAR + 2, 1],
    [FAR + 2, 0],
  ])
  filter.changed()
  await settled()
  expect(judged.filter((c) => c === ID.slice(0, 12))).toHaveLength(2)
})

test('cgroups that exist when a capture starts are evaluated too', async () => {
  const { said, judged } = watch(() => 1)
  await settled()
  expect(judged.length).toBeGreaterThan(0)
  expect(said.length).toBeGreaterThan(0)
})

test('cgroups are watched only if the plan has conditions on containers', () => {
  const watcher = (text: string | undefined) => {
    const filter = text === undefined ? undefined : checkFilter(text, registry)
    const plan = planFilter(filter, registry, { arch: 'x64', output: [], snaplen: 0, selfPid: 1 })
    const { state, ...ctx } = context()
    return cgroupMarks(plan, filter, ctx, state.containers, { markCgroup: () => undefined }, undefined)
  }
  expect(watcher('container.name=web')).toBeInstanceOf(CgroupMarks)
  expect(watcher('proc.name=cat')).toBeUndefined()
  expect(watcher('container.name=web or proc.name=cat')).toBeUndefined()
  expect(watcher(undefined)).toBeUndefined()
})

test('if the kernel counts by cgroup and there are several hierarchies, containers are marked', async () => {
  const sent: [number, number][] = []
  const { state, ...ctx } = context()
  const watcher = (change: Partial<CapturePlan>, several: boolean) =>
    cgroupMarks(
      { ...everything(1), ...change },
      undefined,
      ctx,
      state.containers,
      { markCgroup: (cgroup, marks) => sent.push([cgroup, marks]) },
      undefined,
      several,
    )
  expect(watcher({}, true)).toBeUndefined()
  expect(watcher({ count: 'calls' }, true)).toBeUndefined()
  expect(watcher({ count: 'programs' }, false)).toBeUndefined()
  expect(watcher({ ceilings: { mostCalls: 5 } }, true)).toBeInstanceOf(CgroupMarks)
  const counting = watcher({ count: 'programs' }, true)
  counting?.created(FAR, HOST)
  counting?.created(FAR + 1, WEB)
  counting?.removed(FAR + 1)
  await settled()
  expect(ours(sent)).toEqual([
    [FAR + 1, CGROUP_CONTAINER],
    [FAR + 1, 0],
  ])
})
