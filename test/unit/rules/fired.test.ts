// rule.*: what fields tell of rules is what the rules say, of each event, and what a capture leaves out fires none.
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { FieldContext } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, compileChecked, planFilter, pruneFilter, rowsPassing } from '../../../src/filter/index.js'
import type { Event } from '../../../src/model/event.js'
import { Pipeline } from '../../../src/pipeline.js'
import { alertMaker } from '../../../src/rules/alerts/maker.js'
import { fieldsWithRules, filterWithRules } from '../../../src/rules/asked.js'
import { checkRules } from '../../../src/rules/engine/checked.js'
import { compileRules } from '../../../src/rules/engine/engine.js'
import { firedRules } from '../../../src/rules/fired.js'
import { PRIORITIES, type Rule } from '../../../src/rules/rule.js'
import { EVENTS, eventsByName } from '../../../src/schema/events/index.js'
import { VERDICT } from '../../../src/source/plan.js'
import { openTrace } from '../../../src/source/open.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { OUTCOME } from '../../../src/source/row-bounds.js'
import { TYPE_BITMAP_BYTES } from '../../../src/source/summary.js'
import { State } from '../../../src/state/state.js'
import { SEED, TIMES } from '../../fuzz/damage.js'
import { cursor, makeBatch } from '../../helpers/rows.js'
import { rule } from '../../helpers/rules.js'
import { ask, context } from '../fields/ask.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

const root = join(import.meta.dirname, '../../..')
const FILES = ['captures/shell.ksys', 'captures/web.ksys', 'test/golden/captures/mix.scap.gz'].map((f) => join(root, f))
const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const

/** What rules ask of real events. */
const ASKED = [
  'evt.type in (execve, execveat)',
  'evt.type in (open, openat, openat2) and evt.is_open_read=true and fd.num>=0',
  'evt.type in (open, openat) and evt.failed=true',
  'evt.type=connect and fd.typechar=4',
  'evt.type in (unlink, unlinkat, rename, renameat2)',
  'proc.name in (sh, sed, curl) and fd.name startswith /usr/lib',
  'proc.name=curl',
  'evt.type=read and evt.rawres>0',
  'fd.sport=8123',
  'not proc.name=sh',
  'evt.latency>100us',
]
const OUTPUT = '%proc.name did %evt.type at %evt.time (file=%fd.name parent=%proc.pname)'
const rules: fc.Arbitrary<Rule[]> = fc.array(
  fc
    .tuple(fc.constantFrom(...ASKED), fc.constantFrom(...PRIORITIES), fc.subarray(['a', 'b', 'c']))
    .map(([condition, priority, tags]) => rule('', condition, { priority, tags, output: OUTPUT })),
  { minLength: 1, maxLength: 5 },
).map((all) => all.map((r, i) => ({ ...r, name: `rule ${i}` })))

/** Runs over a file; see: is called at each event, its thread and descriptor known. */
async function over(path: string, see: (ctx: FieldContext, source: CaptureSource) => (e: Event) => void): Promise<void> {
  const source = await openTrace(path)
  const state = new State(source.info)
  const first = { time: undefined }
  const look = see({ info: source.info, state, first, format }, source)
  const predicate = (e: Event) => {
    look(e)
    return false
  }
  await new Pipeline({ source, state, first, predicate, sinks: [] }).run(await source.snapshot())
  await source.close()
}

test.each(FILES)('of each event of %s the fields tell what the rules say', async (path) => {
  let fired = 0
  await over(path, (ctx, source) => {
    const sets = fc.sample(rules, { numRuns: 6 * TIMES, seed: SEED }).map((set) => {
      const said: Rule[] = []
      const options = { matching: 'all', defs: source.tables?.defs, fired: (r: Rule) => said.push(r) } as const
      const engine = compileRules(checkRules(set, registry), ctx, options)
      const maker = alertMaker(set, ctx, { isoTime: false, appendOutput: [], suggested: false, bufferBase64: false })
      const asking = { ...ctx, rules: firedRules(set, ctx) }
      const get = (name: string) => registry.find(name).def.make(asking, undefined)
      return { said, engine, maker, names: get('rule.names'), get, exists: compileChecked(checkFilter('rule.name exists', registry), asking) }
    })
    return (e) => {
      for (const { said, engine, maker, names, get, exists } of sets) {
        said.length = 0
        engine.judge(e)
        const [first] = said
        if (first === undefined) {
          if (names(e) !== undefined || exists.test(e)) expect.fail(`event ${e.num} fires no rule, and rule.name is there`)
          continue
        }
        const wanted = {
          'rule.name': first.name,
          'rule.names': said.map((r) => r.name),
          'rule.priority': first.priority,
          'rule.priority.number': PRIORITIES.indexOf(first.priority),
          'rule.tags': first.tags.length === 0 ? undefined : first.tags,
          'rule.source': 'syscall',
        }
        if (exists.test(e) !== true || names(e)?.toString() !== wanted['rule.names'].toString())
          expect.fail(`event ${e.num} fires ${wanted['rule.names']}, and rule.names is ${names(e)}`)
        // getters are made for each, which takes its time
        if (fired++ % 500 !== 0) continue
        for (const [name, value] of Object.entries(wanted)) expect(get(name)(e), name).toEqual(value)
        expect(get('rule.output')(e)).toBe(maker.make(first, e).text)
      }
    }
  })
  expect(fired).toBeGreaterThan(100)
})

/** What a person asks of rules. */
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

test.each(FILES)('what planners leave out of %s passes no filter about rules', async (path) => {
  let passed = 0
  await over(path, (ctx) => {
    const failed = registry.find('evt.failed').def.make(ctx, undefined)
    const queries = fc.sample(fc.tuple(rules, question), { numRuns: 25 * TIMES, seed: SEED }).map(([set, text]) => {
      const checked = checkFilter(text, registry)
      const planned = filterWithRules(checked, set)
      const plan = planFilter(planned, registry, { arch: 'x64', output: [], snaplen: 80, selfPid: 0 })
      return {
        text,
        conditions: set.map((r) => r.written),
        test: compileChecked(planned, { ...ctx, rules: firedRules(set, ctx) }).test,
        plain: compileChecked(checked, { ...ctx, rules: firedRules(set, ctx) }).test,
        bounds: rowsPassing(planned, ctx.info.has),
        plan,
      }
    })
    return (e) => {
      for (const { text, conditions, test: passes, plain, bounds, plan } of queries) {
        const yes = passes(e)
        if (yes !== plain(e)) expect.fail(`event ${e.num}: ${text} is another filter once it is planned`)
        if (!yes) continue
        passed++
        // what codes of the capture's own tables mean is not asked of planners
        if (EVENTS[e.type] !== e.def) continue
        const nr = e.def.nr?.x64
        const outcome = bounds.outcome[e.type]
        const wrongly =
          bounds.types[e.type] === 0 ||
          (e.latency ?? 0) < (bounds.minLatency[e.type] as number) ||
          (outcome !== OUTCOME.ANY && (outcome === OUTCOME.FAILED) !== failed(e)) ||
          (nr !== undefined && (e.type & 1) === 1 && plan.verdicts[nr] === VERDICT.DROP)
        if (wrongly) expect.fail(`event ${e.num} ${e.def.name} passes ${text} with the rules ${conditions.join(' | ')}`)
      }
    }
  })
  expect(passed).toBeGreaterThan(1000)
})

test('the kernel records for rule.name what the rules are about, and for another filter what it did', () => {
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

test('blocks of a file are skipped that no rule can be about', async () => {
  const source = await openTrace(FILES[0] as string)
  await source.close()
  const set = [rule('Never here', 'proc.name=nobody-is-called-so')]
  const summary = { timeMin: 0, timeMax: 1, comms: new Map([['sh', undefined]]), types: new Uint8Array(TYPE_BITMAP_BYTES).fill(255) }
  const reads = (filter: string) =>
    pruneFilter(filterWithRules(checkFilter(filter, registry), set), source.info)(summary as never)
  expect(reads('rule.name exists')).toBe(false)
  expect(reads('rule.name exists or proc.name=sh')).toBe(true)
  expect(reads('not rule.name exists')).toBe(true)
})

test('what rules look at is captured with the fields that tell of them, and with no others', () => {
  const set = [rule('Slow', 'evt.latency>1s', { output: '%container.name waited' })]
  expect(fieldsWithRules(['proc.name'], set)).toEqual(['proc.name'])
  expect(fieldsWithRules(['rule.name'], set)).toEqual(['rule.name', 'evt.latency'])
  expect(fieldsWithRules(['rule.output'], set)).toEqual(['rule.output', 'evt.latency', 'container.name'])
  expect(filterWithRules(checkFilter('rule.tags exists', registry), set).fieldsUsed).toEqual(['rule.tags', 'evt.latency'])
})

test('an event in a batch that is used again is another one', () => {
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

test('without rules they are absent, and so is the output of an event that fires none', () => {
  for (const field of ['rule.name', 'rule.names', 'rule.priority', 'rule.output', 'rule.tags'])
    expect(ask(field, [{ type: 'close' }]), field).toBeUndefined()
  const ctx = context()
  const rulesOf = (...set: Rule[]) => ({ ...ctx, rules: firedRules(set, ctx) })
  expect(ask('rule.output', [{ type: 'close' }], rulesOf(rule('Open', 'evt.type=openat')))).toBeUndefined()
  expect(ask('rule.output', [{ type: 'close' }], rulesOf(rule('Close', 'evt.type=close', { output: 'a %evt.type\n' })))).toBe(
    'a close',
  )
  expect(ask('rule.name', [{ type: 'close' }], rulesOf())).toBeUndefined()
})
