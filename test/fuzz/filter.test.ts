// Properties of the filter language over random filters and random events.

import { expect, test, vi } from 'vitest'
import { type Check, printExpr } from '../../src/filter/ast.js'
import { checkFilter, compileChecked, compileFilter } from '../../src/filter/compile.js'
import { FilterError } from '../../src/filter/error.js'
import { eventDef } from '../../src/filter/events.js'
import { explainFilter } from '../../src/filter/explain.js'
import { parseFilter } from '../../src/filter/parser.js'
import { pruneFilter } from '../../src/filter/planners/block-plan.js'
import { planFilter } from '../../src/filter/planners/kernel-plan.js'
import { type CapturePlan, type DescriptorKind, type PlanSet, type PlanSlot, VERDICT } from '../../src/source/plan.js'
import { TYPE_BITMAP_BYTES } from '../../src/source/summary.js'
import fc from '../helpers/properties.js'
import { codeOf, ctx, fields, type Made, made, START } from '../unit/filter/world.js'
import { SEED, TIMES } from './damage.js'
import { interpret } from './plain-reading.js'
import { event, expr, literal, NOWHERE } from './random-filters.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })
const runs = { numRuns: 800 * TIMES, seed: SEED }

function bare(e: unknown): unknown {
  return JSON.parse(JSON.stringify(e, (k, v) => (k === 'span' || k === 'opSpan' ? undefined : v)))
}

test('a filter that is printed and parsed again is the same filter', () => {
  fc.assert(
    fc.property(expr, (e) => {
      expect(bare(parseFilter(printExpr(e)).root)).toEqual(bare(e))
    }),
    runs,
  )
})

test('any text is preserved as a value in quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!text.includes('\0'))
      const e: Check = {
        kind: 'check',
        left: { kind: 'field', name: 'proc.name', span: NOWHERE },
        op: '=',
        opSpan: NOWHERE,
        right: literal(text, true),
        span: NOWHERE,
      }
      expect((parseFilter(printExpr(e)).root as Check).right).toMatchObject({ text })
    }),
    runs,
  )
})

const WORDS = [
  'and',
  'or',
  'not',
  '(',
  ')',
  '"',
  "'",
  '\\',
  '[',
  ']',
  ',',
  '=',
  '!=',
  '<',
  '>=',
  'in',
  'exists',
  'glob',
]
WORDS.push(
  'regex',
  'pmatch',
  'val(',
  'toupper(',
  'len(',
  'oneof',
  'proc.name',
  'fd.num',
  'evt.type',
  'evt.arg',
  'fd.ip',
)
WORDS.push(
  'evt.rawtime',
  '10ms',
  '4k',
  '0x1',
  'open',
  '10.0.0.0/8',
  '\\x41',
  '\x1b',
  '\0',
  ' ',
  ' ',
  'é',
  '\ud800',
  'fd.types',
)

test('an invalid text is refused with a FilterError that can be shown, or is a filter', () => {
  const garbage = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((w) => w.join('')),
    fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((w) => w.join(' ')),
    fc.tuple(expr, fc.nat(), fc.constantFrom(...WORDS)).map(([e, at, w]) => {
      const text = printExpr(e)
      const cut = at % (text.length + 1)
      return text.slice(0, cut) + w + text.slice(cut)
    }),
  )
  fc.assert(
    fc.property(garbage, event, (text, e) => {
      try {
        const filter = checkFilter(text, fields)
        expect(typeof compileChecked(filter, ctx).test(made(e))).toBe('boolean')
        explainFilter(filter, fields, ctx, { arch: 'x64', output: [], snaplen: 80, selfPid: 1 })
      } catch (error) {
        expect(error).toBeInstanceOf(FilterError)
        const { position, length } = error as FilterError
        expect(position).toBeGreaterThanOrEqual(0)
        expect(position).toBeLessThanOrEqual(text.length)
        expect(length).toBeGreaterThan(0)
        const shown = (error as FilterError).format()
        expect(shown.split('\n')).toHaveLength(3)
        expect(shown.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
      }
    }),
    { numRuns: 1500 * TIMES, seed: SEED },
  )
})

test('the generated predicate has the same result as a simple evaluation of the filter', () => {
  fc.assert(
    fc.property(expr, fc.array(event, { minLength: 1, maxLength: 20 }), (e, events) => {
      const filter = compileFilter(printExpr(e), fields, ctx)
      for (const one of events) expect(filter.test(made(one)), JSON.stringify(one, big)).toBe(interpret(e, one))
    }),
    runs,
  )
})

const big = (_: string, v: unknown): unknown => (typeof v === 'bigint' ? `${v}n` : v)

const inSet = <T>(set: PlanSet<T> | undefined, value: T): boolean =>
  set === undefined || set.values.includes(value) !== set.not

/** What the kernel may see of the event's descriptor. */
function kindsOf(e: Made): readonly DescriptorKind[] {
  if (e['fd.type'] === 'unix') return ['socket']
  if (e['fd.type'] !== 'ipv4') return ['other']
  const stream: DescriptorKind = e['fd.name_changed'] === true ? 'connecting' : 'stream'
  if (e['fd.l4proto'] === '<NA>') return [stream, 'datagram']
  return e['fd.l4proto'] === 'tcp' ? [stream] : ['datagram']
}

function slotPasses(s: PlanSlot, e: Made): boolean {
  return (
    (s.failed === undefined || s.failed === e['evt.failed']) &&
    (s.kinds === undefined || kindsOf(e).every((kind) => s.kinds?.includes(kind))) &&
    inSet(s.comm, e['proc.name'] as string) &&
    inSet(s.pid, e['proc.pid'] as number) &&
    inSet(s.tid, e['thread.tid'] as number) &&
    inSet(s.uid, e['user.uid'] as number)
  )
}

function planPasses(p: CapturePlan, e: Made): boolean {
  const code = codeOf(e.type as string, e.enter)
  const nr = eventDef(code)?.nr?.x64
  const points: Record<string, number> = { switch: p.switches, procexit: p.procexit }
  const verdict = nr === undefined ? (points[e.type as string] as number) : (p.verdicts[nr] as number)
  if (verdict === VERDICT.DROP) return false
  return verdict === VERDICT.PASS || slotPasses(p.slots[verdict - VERDICT.SLOT] as PlanSlot, e)
}

test('the kernel never drops what the predicate passes', () => {
  const users = [
    { uid: 0, gid: 0, name: 'root', home: '', shell: '' },
    { uid: 1, gid: 1, name: 'bob', home: '', shell: '' },
  ]
  fc.assert(
    fc.property(expr, fc.array(event, { minLength: 1, maxLength: 20 }), (e, events) => {
      const checked = checkFilter(printExpr(e), fields)
      const plan = planFilter(checked, fields, {
        output: [],
        snaplen: 80,
        arch: 'x64',
        selfPid: 1,
        users,
        enter: true,
        switches: true,
      })
      const filter = compileChecked(checked, ctx)
      for (const one of events) {
        // The kernel always knows the process of a call.
        if (one['proc.name'] === undefined || one['user.uid'] === undefined) continue
        if (filter.test(made(one))) expect(planPasses(plan, one), JSON.stringify(one, big)).toBe(true)
      }
    }),
    runs,
  )
})

test('no block is skipped that contains an event that the predicate passes', () => {
  fc.assert(
    fc.property(expr, fc.array(event, { minLength: 1, maxLength: 6 }), (e, events) => {
      const checked = checkFilter(printExpr(e), fields)
      const filter = compileChecked(checked, ctx)
      const types = new Uint8Array(TYPE_BITMAP_BYTES)
      const comms = new Map<string, undefined>()
      for (const one of events) {
        const code = codeOf(one.type as string, one.enter)
        types[code >> 3] = (types[code >> 3] as number) | (1 << (code & 7))
        if (one['proc.name'] !== undefined) comms.set(one['proc.name'] as string, undefined)
      }
      const all = (key: string) => events.map((one) => one[key] as number)
      const kept = pruneFilter(
        checked,
        START,
      )({
        timeMin: Math.min(...all('time')),
        timeMax: Math.max(...all('time')),
        numMin: Math.min(...all('evt.num')),
        numMax: Math.max(...all('evt.num')),
        types,
        comms,
        tids: new Set(all('thread.tid')),
      })
      if (events.some((one) => filter.test(made(one)))) expect(kept).toBe(true)
    }),
    runs,
  )
})
