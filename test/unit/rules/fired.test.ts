// rule.*: the fields agree with the rules for each event, and events that a capture omits fire no rule.
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { FieldContext, Getter } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import {
  type CheckedFilter,
  checkFilter,
  compileChecked,
  planFilter,
  pruneFilter,
  rowsPassing,
  withOpaque,
} from '../../../src/filter/index.js'
import type { Event } from '../../../src/model/event.js'
import { type AlertMaker, alertMaker } from '../../../src/rules/alerts/maker.js'
import { checkRules } from '../../../src/rules/engine/checked.js'
import { compileRules, type RulesEngine } from '../../../src/rules/engine/engine.js'
import { firedRules } from '../../../src/rules/fired.js'
import { loadRules } from '../../../src/rules/load/load.js'
import { PRIORITIES, type Rule } from '../../../src/rules/rule.js'
import { fieldsWithRules, filterWithRules } from '../../../src/rules/rule-fields.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { Loop } from '../../../src/run/loop.js'
import { EVENTS, eventsByName } from '../../../src/schema/events/index.js'
import { VERDICT } from '../../../src/source/plan.js'
import { OUTCOME, type RowBounds } from '../../../src/source/row-bounds.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { TYPE_BITMAP_BYTES } from '../../../src/source/summary.js'
import { State } from '../../../src/state/state.js'
import { SEED, TIMES } from '../../fuzz/damage.js'
import fc from '../../helpers/properties.js'
import { cursor, makeBatch } from '../../helpers/rows.js'
import { rule } from '../../helpers/rule.js'
import { ask, context } from '../fields/evaluate.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

const root = join(import.meta.dirname, '../../..')
const FILES = ['captures/shell.ksys', 'captures/web.ksys', 'test/golden/captures/mix.scap.gz'].map((f) => join(root, f))
const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const

/** Conditions of rules about real events. */
const CONDITIONS = [
  'evt.type in (execve, execveat)',
  'evt.type in (open, openat, openat2) and evt.is_open_read=true and fd.num>=0',
  'evt.type in (open, openat) and evt.failed=true',
  'evt.type=connect and fd.typechar=4',
  'evt.type=accept',
  'evt.type in (unlink, unlinkat, rename, renameat2)',
  'proc.name in (sh, sed, curl) and fd.name startswith /usr/lib',
  'proc.name=curl',
  'evt.type=read and evt.rawres>0',
  'fd.sport=8123',
  'not proc.name=sh',
  'evt.latency>100us',
]
const OUTPUT = '%proc.name did %evt.type at %evt.time (file=%fd.name parent=%proc.pname)'
const rules: fc.Arbitrary<Rule[]> = fc
  .array(
    fc
      .tuple(fc.constantFrom(...CONDITIONS), fc.constantFrom(...PRIORITIES), fc.subarray(['a', 'b', 'c']))
      .map(([condition, priority, tags]) => rule('', condition, { priority, tags, output: OUTPUT })),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => all.map((r, i) => ({ ...r, name: `rule ${i}` })))

/** A rule for each condition: random sets alone may have only conditions that few events match. */
const EVERY = CONDITIONS.map((condition, i) => rule(`rule ${i}`, condition, { tags: ['a'], output: OUTPUT }))

/** Runs over a file; see: is called at each event, when its thread and descriptor are known. */
async function over(
  path: string,
  see: (ctx: FieldContext, source: CaptureSource) => (e: Event) => void,
): Promise<void> {
  const source = await openTrace(path)
  const state = new State(source.info)
  const first = { time: undefined }
  const look = see({ info: source.info, states: [state], first, format }, source)
  const predicate = (e: Event) => {
    look(e)
    return false
  }
  await new Loop({ source, states: [state], first, predicate, sinks: [] }).run(await source.snapshot())
  await source.close()
}

/** The results of rules for events, and the values of the fields. */
class Comparison {
  private readonly firing: Rule[] = []
  private readonly engine: RulesEngine
  private readonly maker: AlertMaker
  private readonly exists: (e: Event) => boolean
  private readonly names: Getter
  private readonly withRules: FieldContext

  constructor(rules: readonly Rule[], ctx: FieldContext, source: CaptureSource) {
    const fired = (r: Rule) => this.firing.push(r)
    const checked = checkRules(rules, registry)
    this.engine = compileRules(checked, ctx, { matching: 'all', defs: source.tables?.defs, fired })
    this.maker = alertMaker(rules, ctx, { isoTime: false, appendOutput: [], suggested: false, bufferBase64: false })
    this.withRules = { ...ctx, rules: firedRules(rules, ctx) }
    this.names = this.getter('rule.names')
    this.exists = compileChecked(checkFilter('rule.name exists', registry), this.withRules).test
  }

  /** Compares the fields of an event with the rules; sometimes all of them. Returns whether it fires any. */
  holds(e: Event, all: boolean): boolean {
    const { firing, names, exists } = this
    firing.length = 0
    this.engine.evaluate(e)
    const [first] = firing
    const wanted = firing.map((r) => r.name).join()
    if (exists(e) !== (first !== undefined) || (names(e) ?? []).toString() !== wanted)
      expect.fail(`event ${e.num} fires ${wanted}, and rule.names is ${names(e)}`)
    if (all && first !== undefined) this.holdsAll(first, e)
    return first !== undefined
  }

  private holdsAll(first: Rule, e: Event): void {
    const wanted = {
      'rule.name': first.name,
      'rule.priority': first.priority,
      'rule.priority.number': PRIORITIES.indexOf(first.priority),
      'rule.tags': first.tags.length === 0 ? undefined : first.tags,
      'rule.source': 'syscall',
      'rule.output': this.maker.make(first, e).text,
    }
    for (const [name, value] of Object.entries(wanted)) expect(this.getter(name)(e), name).toEqual(value)
  }

  private getter(name: string): Getter {
    return registry.find(name).def.make(this.withRules, undefined)
  }
}

test.each(FILES)('for each event of %s the fields agree with the rules', async (path) => {
  let fired = 0
  await over(path, (ctx, source) => {
    const random = fc.sample(rules, { numRuns: 6 * TIMES, seed: SEED })
    const sets = [EVERY, ...random].map((set) => new Comparison(set, ctx, source))
    return (e) => {
      for (const set of sets) if (set.holds(e, fired % 50 === 0)) fired++
    }
  })
  expect(fired).toBeGreaterThan(100)
})

/** Filters that a user writes about rules. */
const terms = fc.constantFrom(
  'rule.name exists',
  'rule.name="rule 0"',
  'rule.name!="rule 0"',
  'rule.names intersects ("rule 1", "rule 2")',
  'rule.priority in (Error, Critical)',
  'rule.priority.number<=4',
  'toupper(rule.name)="RULE 0"',
  'len(rule.tags)=1',
  'rule.name=val(proc.name)',
  'proc.name=curl',
  'evt.type=read',
)
const question = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    terms,
    tie('any').map((q) => `not (${q})`),
    fc.tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
  ),
})).any

/** A filter about rules, and what planners omit from a capture for it. */
class Planned {
  private readonly passes: (e: Event) => boolean
  private readonly before: (e: Event) => boolean
  private readonly failed: Getter
  private readonly bounds: RowBounds
  private readonly verdicts: Uint8Array

  constructor(
    rules: readonly Rule[],
    private readonly text: string,
    ctx: FieldContext,
  ) {
    const checked = checkFilter(text, registry)
    const planned = filterWithRules(checked, rules)
    const withRules = { ...ctx, rules: firedRules(rules, ctx) }
    this.passes = compileChecked(planned, withRules).test
    this.before = compileChecked(checked, withRules).test
    this.failed = registry.find('evt.failed').def.make(ctx, undefined)
    this.bounds = rowsPassing(planned, ctx.info.has)
    this.verdicts = planFilter(planned, registry, { arch: 'x64', output: [], snaplen: 80, selfPid: 0 }).verdicts
  }

  /** Whether an event passes; one that does must not be omitted. */
  holds(e: Event): boolean {
    const passes = this.passes(e)
    if (passes !== this.before(e)) expect.fail(`event ${e.num}: ${this.text} is another filter once it is planned`)
    // planners do not know the codes of the capture's own tables
    if (passes && EVENTS[e.type] === e.def && this.leavesOut(e))
      expect.fail(`event ${e.num} ${e.def.name} passes ${this.text}, and is left out`)
    return passes
  }

  private leavesOut(e: Event): boolean {
    const { types, minLatency, outcome } = this.bounds
    const nr = (e.type & 1) === 1 ? e.def.nr?.x64 : undefined
    const wanted = outcome[e.type]
    return (
      types[e.type] === 0 ||
      (e.latency ?? 0) < (minLatency[e.type] as number) ||
      (wanted !== OUTCOME.ANY && (wanted === OUTCOME.FAILED) !== this.failed(e)) ||
      (nr !== undefined && this.verdicts[nr] === VERDICT.DROP)
    )
  }
}

test.each(FILES)('events of %s that planners omit pass no filter about rules', async (path) => {
  let passed = 0
  await over(path, (ctx) => {
    const random = fc.sample(fc.tuple(rules, question), { numRuns: 25 * TIMES, seed: SEED })
    const planned = [[EVERY, 'rule.name exists'] as const, ...random].map(([set, text]) => new Planned(set, text, ctx))
    return (e) => {
      for (const p of planned) if (p.holds(e)) passed++
    }
  })
  expect(passed).toBeGreaterThan(1000)
})

test('the kernel records for rule.name what the rules need, and for another filter the same as without rules', () => {
  const set = [rule('Shell', 'evt.type=execve and proc.name=sh'), rule('Delete', 'evt.type in (unlink, unlinkat)')]
  const verdicts = (filter: string) => {
    const checked = filterWithRules(checkFilter(filter, registry), set)
    const plan = planFilter(checked, registry, { arch: 'x64', output: [], snaplen: 80, selfPid: 0 })
    const of = (name: string) => plan.verdicts[eventsByName(name).map((code) => EVENTS[code]?.nr?.x64 ?? 0)[1] ?? 0]
    return { execve: of('execve'), unlink: of('unlink'), read: of('read'), openat: of('openat') }
  }
  expect(verdicts('rule.name exists')).toMatchObject({ unlink: VERDICT.PASS, read: VERDICT.DROP, openat: VERDICT.DROP })
  expect(verdicts('rule.name exists').execve).not.toBe(VERDICT.DROP)
  expect(verdicts('rule.name=Shell or evt.type=read')).toMatchObject({ read: VERDICT.PASS, openat: VERDICT.DROP })
  expect(verdicts('not rule.name exists')).toMatchObject({ read: VERDICT.PASS, openat: VERDICT.PASS })
  expect(verdicts('evt.type=openat')).toEqual({ execve: 0, unlink: 0, read: 0, openat: VERDICT.PASS })
})

test('no conclusions are drawn from conditions on redacted values', () => {
  const set = [rule('Curl', 'evt.type=openat and proc.name=curl')]
  const planned = filterWithRules(checkFilter('rule.name exists', registry), set)
  const slots = (filter: CheckedFilter) =>
    planFilter(filter, registry, { arch: 'x64', output: [], snaplen: 80, selfPid: 0 }).slots.map((s) => s.comm?.values)
  expect(slots(planned)).toEqual([['curl']])
  expect(slots(withOpaque(planned, ({ name }) => name === 'proc.name'))).toEqual([])
})

test('blocks of a file that no rule can match are skipped', async () => {
  const source = await openTrace(FILES[0] as string)
  await source.close()
  const set = [rule('Never here', 'proc.name=nobody-is-called-so')]
  const summary = {
    timeMin: 0,
    timeMax: 1,
    comms: new Map([['sh', undefined]]),
    types: new Uint8Array(TYPE_BITMAP_BYTES).fill(255),
  }
  const reads = (filter: string) =>
    pruneFilter(filterWithRules(checkFilter(filter, registry), set), source.info)(summary as never)
  expect(reads('rule.name exists')).toBe(false)
  expect(reads('rule.name exists or proc.name=sh')).toBe(true)
  expect(reads('not rule.name exists')).toBe(true)
})

test('the data that rules need are captured if a rule field is used, and only then', () => {
  const set = [rule('Slow', 'evt.latency>1s', { output: '%container.name waited' })]
  expect(fieldsWithRules(['proc.name'], set)).toEqual(['proc.name'])
  expect(fieldsWithRules(['rule.name'], set)).toEqual(['rule.name', 'evt.latency'])
  expect(fieldsWithRules(['rule.output'], set)).toEqual(['rule.output', 'evt.latency', 'container.name'])
  expect(filterWithRules(checkFilter('rule.tags exists', registry), set).fieldsUsed).toEqual([
    'rule.tags',
    'evt.latency',
  ])
})

test('an event in a reused batch is a different event', () => {
  const ctx = context()
  const rows = (type: string) => makeBatch([{ type, num: 7, time: 7 }])
  const batch = rows('openat')
  const fired = firedRules([rule('Open', 'evt.type=openat')], ctx)
  const e = cursor()
  e.moveTo(batch, 0)
  expect(fired.at(e).map((r) => r.name)).toEqual(['Open'])
  batch.type[0] = rows('close').type[0] as number
  batch.num[0] = 8
  expect(fired.at(e)).toEqual([])
})

test('rules cannot use rule fields', () => {
  const text = (condition: string, output: string) =>
    `- rule: Circle\n  desc: d\n  condition: ${condition}\n  output: "${output}"\n  priority: INFO\n`
  for (const wrong of [text('rule.name exists', 'o'), text('evt.type=close', '%rule.name')]) {
    const { ok, files } = loadRules([{ name: 'circle.yaml', text: wrong }])
    expect(ok).toBe(false)
    expect(files[0]?.errors[0]?.message).toContain('rule.name')
  }
})

test('rule fields are absent without rules, and the output is absent for an event that fires none', () => {
  for (const field of ['rule.name', 'rule.names', 'rule.priority', 'rule.output', 'rule.tags'])
    expect(ask(field, [{ type: 'close' }]), field).toBeUndefined()
  const ctx = context()
  const rulesOf = (...set: Rule[]) => ({ ...ctx, rules: firedRules(set, ctx) })
  expect(ask('rule.output', [{ type: 'close' }], rulesOf(rule('Open', 'evt.type=openat')))).toBeUndefined()
  expect(
    ask('rule.output', [{ type: 'close' }], rulesOf(rule('Close', 'evt.type=close', { output: 'a %evt.type\n' }))),
  ).toBe('a close')
  expect(ask('rule.name', [{ type: 'close' }], rulesOf())).toBeUndefined()
})
