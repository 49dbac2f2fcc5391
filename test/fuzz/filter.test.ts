// Properties of the filter language over random filters and random events.
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { FieldValue } from '../../src/fields/field.js'
import { type Check, type Expr, joined, type Literal, negated, printExpr, type Span } from '../../src/filter/ast.js'
import { checkFilter, compileChecked, compileFilter } from '../../src/filter/compile.js'
import { FilterError } from '../../src/filter/error.js'
import { eventDef } from '../../src/filter/events.js'
import { explainFilter } from '../../src/filter/explain.js'
import { parseFilter } from '../../src/filter/parser.js'
import { planFilter } from '../../src/filter/plan.js'
import { pruneFilter } from '../../src/filter/prune.js'
import { type CapturePlan, type PlanSet, type PlanSlot, SHOW } from '../../src/source/plan.js'
import { TYPE_BITMAP_BYTES } from '../../src/source/summary.js'
import { codeOf, ctx, fields, type Made, made, START } from '../unit/filter/world.js'
import { SEED, TIMES } from './damage.js'

const NOWHERE: Span = { pos: 0, len: 0 }
vi.setConfig({ testTimeout: 60_000 * TIMES })
const runs = { numRuns: 1500 * TIMES, seed: SEED }

// --- random filters -------------------------------------------------------------------------------------------------

const TYPES = ['open', 'openat', 'close', 'read', 'getuid', 'execve', 'connect', 'switch', 'procexit', 'exit_group']
const NAMES = ['cat', 'ls', 'sh', '']
const TEXTS = ['/etc', '/etc/passwd', '/', 'c', '']
const NUMBERS = [-1, 0, 1, 2, 7]

const literal = (text: string, quoted: boolean): Literal => ({ kind: 'literal', text, quoted, span: NOWHERE })
const written = (text: string): Literal => literal(text, text === '')

const list = (values: readonly string[]) =>
  fc.subarray([...values]).map((vs) => ({ kind: 'list' as const, items: vs.map(written), span: NOWHERE }))

interface Choice {
  readonly field: string
  readonly arg?: string
  readonly ops: readonly string[]
  readonly sets: readonly string[]
  readonly values: readonly string[]
}
const ORDER = ['<', '<=', '>', '>=']
const numeric = (field: string, values = NUMBERS.map(String)): Choice => ({
  field,
  ops: ['=', '==', '!=', ...ORDER],
  sets: ['in', 'intersects'],
  values,
})
const textual = (field: string, values: readonly string[]): Choice => ({
  field,
  ops: ['=', '==', '!=', 'contains', 'startswith', 'endswith'],
  sets: ['in', 'intersects'],
  values,
})
const CHOICES: readonly Choice[] = [
  textual('evt.type', TYPES),
  textual('evt.dir', ['<', '>']),
  textual('evt.category', ['file', 'net', 'process', 'user']),
  textual('proc.name', [...NAMES, 'longer-than-15-bytes']),
  textual('fd.name', TEXTS),
  textual('fd.type', ['ipv4', 'unix', 'file', 'pipe']),
  { ...textual('evt.arg', TEXTS), arg: 'name' },
  textual('evt.res', ['SUCCESS', 'ENOENT']),
  textual('user.name', ['root', 'bob', 'eve']),
  numeric('proc.pid'),
  numeric('thread.tid'),
  numeric('user.uid', ['0', '1', '2', '7']),
  numeric('evt.rawres'),
  numeric('evt.num', ['0', '1', '2', '7']),
  numeric('fd.num'),
  { field: 'evt.failed', ops: ['=', '!='], sets: ['in'], values: ['true', 'false'] },
  { field: 'evt.rawtime', ops: ['=', '!=', ...ORDER], sets: ['in'], values: [0, 1, 2, 7].map(absolute) },
  { field: 'fd.port', ops: ['=', '!=', ...ORDER], sets: ['in', 'intersects'], values: ['0', '1', '2', '7'] },
  { field: 'fd.types', ops: [], sets: ['in', 'intersects'], values: ['file', 'pipe', 'ipv4'] },
]

function absolute(ns: number): string {
  return String(BigInt(START.startSec) * 1000000000n + BigInt(START.startNsec) + BigInt(ns))
}

const check: fc.Arbitrary<Check> = fc.constantFrom(...CHOICES).chain((c) => {
  const left = { kind: 'field' as const, name: c.field, arg: c.arg, span: NOWHERE }
  const base = { kind: 'check' as const, left, opSpan: NOWHERE, span: NOWHERE, modifier: undefined }
  const one = fc.constantFrom(...c.values).map(written)
  const options: fc.Arbitrary<Check>[] = [
    fc.record({ op: fc.constantFrom(...c.sets), right: list(c.values) }).map((x) => ({ ...base, ...x })),
    fc.constant({ ...base, op: 'exists', right: undefined }),
  ]
  if (c.ops.length > 0) {
    const ops = fc.constantFrom(...c.ops)
    options.push(fc.record({ op: ops, right: one }).map((x) => ({ ...base, ...x })))
    options.push(
      fc
        .record({ op: ops, right: list(c.values), modifier: fc.constantFrom('oneof', 'anyof', 'allof') })
        .map((x) => ({ ...base, ...x })),
    )
  }
  return fc.oneof(...options)
})

const expr: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    check,
    fc.array(tie('expr'), { minLength: 1, maxLength: 4 }).map((items) => joined('and', items)),
    fc.array(tie('expr'), { minLength: 1, maxLength: 4 }).map((items) => joined('or', items)),
    tie('expr').map(negated),
  ),
})).expr

// --- random events --------------------------------------------------------------------------------------------------

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

/** An event that agrees with itself: what its type rules out is absent, its result agrees with evt.failed. */
const event: fc.Arbitrary<Made> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    enter: fc.boolean(),
    time: fc.constantFrom(0, 1, 2, 7, 8),
    name: maybe(NAMES),
    path: maybe(TEXTS),
    pid: fc.constantFrom(...NUMBERS),
    tid: fc.constantFrom(...NUMBERS),
    user: fc.constantFrom([0, 'root'], [1, 'bob'], [7, undefined], [undefined, undefined]),
    result: fc.constantFrom(-2, -1, 0, 7),
    num: fc.constantFrom(1, 2, 7, 8),
    ports: maybe([[], [1], [1, 7], [2, 2]]),
    kind: maybe(['unix', 'file', 'pipe']),
    kinds: maybe([[], ['file'], ['pipe', 'ipv4']]),
    category: fc.constantFrom('file', 'net', 'ipc', 'unknown'),
  })
  .map((r): Made => {
    const code = codeOf(r.type, r.enter)
    const def = eventDef(code) as NonNullable<ReturnType<typeof eventDef>>
    const isExit = (code & 1) === 1 && def.noReturn !== true
    const hasFd = def.params.some((p) => /^(fd|fd32|fspath|fsrelpath|sockaddr|socktuple)$/.test(p.type))
    return {
      type: r.type,
      enter: r.enter,
      time: r.time,
      'evt.rawtime': BigInt(absolute(r.time)),
      'evt.num': r.num,
      'evt.category': r.category,
      'evt.failed': isExit && r.result < 0,
      'evt.rawres': isExit ? r.result : undefined,
      'evt.res': isExit ? (r.result < 0 ? 'ENOENT' : 'SUCCESS') : undefined,
      'evt.arg[name]': def.params.some((p) => p.name === 'name') ? r.path : undefined,
      'proc.name': r.name,
      'proc.pid': r.pid,
      'thread.tid': r.tid,
      'user.uid': r.user[0],
      'user.name': r.user[1],
      'fd.num': hasFd ? r.tid : undefined,
      'fd.name': hasFd ? r.path : undefined,
      'fd.port': hasFd ? r.ports : undefined,
      'fd.type': hasFd ? (r.ports?.length ? 'ipv4' : r.kind) : undefined,
      'fd.types': r.kinds,
    }
  })

// --- an interpreter as simple as can be -----------------------------------------------------------------------------

type Item = string | number | bigint | boolean

function leftValue(c: Check, e: Made): FieldValue | undefined {
  if (c.left.kind !== 'field') throw new Error('only fields')
  const code = codeOf(e.type as string, e.enter)
  const def = eventDef(code)
  switch (c.left.name) {
    case 'evt.type':
      return def?.name
    case 'evt.dir':
      return code & 1 ? '<' : '>'
    case 'evt.category':
      return def?.category.startsWith('io_') ? e['evt.category'] : def?.category
    default:
      return e[c.left.arg === undefined ? c.left.name : `${c.left.name}[${c.left.arg}]`]
  }
}

function holds(op: string, a: Item, text: string): boolean {
  const b =
    typeof a === 'number'
      ? Number(text)
      : typeof a === 'bigint'
        ? BigInt(text)
        : typeof a === 'boolean'
          ? text === 'true'
          : text
  switch (op) {
    case '=':
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case 'contains':
      return String(a).includes(text)
    case 'startswith':
      return String(a).startsWith(text)
    default:
      return String(a).endsWith(text)
  }
}

function one(op: string, value: FieldValue, text: string): boolean {
  if (!Array.isArray(value)) return holds(op, value as Item, text)
  const items = value as Item[]
  if (items.length === 0) return false
  return op === '!=' ? items.every((i) => holds(op, i, text)) : items.some((i) => holds(op, i, text))
}

function interpret(e: Expr, event: Made): boolean {
  if (e.kind === 'and') return e.items.every((i) => interpret(i, event))
  if (e.kind === 'or') return e.items.some((i) => interpret(i, event))
  if (e.kind === 'not') return !interpret(e.item, event)
  const value = leftValue(e, event)
  if (value === undefined) return false
  if (e.op === 'exists') return !Array.isArray(value) || value.length > 0
  const right = e.right as NonNullable<Check['right']>
  const texts = right.kind === 'list' ? right.items.map((i) => i.text) : [(right as Literal).text]
  if (e.op === 'in' || e.op === 'intersects') {
    const items: Item[] = Array.isArray(value) ? [...(value as Item[])] : [value as Item]
    const inSet = (i: Item) => texts.some((t) => holds('=', i, t))
    const isList = e.left.kind === 'field' && e.left.name === 'fd.types'
    return items.length > 0 && (isList && e.op === 'in' ? items.every(inSet) : items.some(inSet))
  }
  const hits = texts.filter((t) => one(e.op, value, t)).length
  if (e.modifier === 'allof') return hits === texts.length
  return e.modifier === 'oneof' ? hits === 1 : hits > 0
}

// --- the properties -------------------------------------------------------------------------------------------------

function bare(e: unknown): unknown {
  return JSON.parse(JSON.stringify(e, (k, v) => (k === 'span' || k === 'opSpan' ? undefined : v)))
}

test('a filter that is printed and read again is the same filter', () => {
  fc.assert(
    fc.property(expr, (e) => {
      expect(bare(parseFilter(printExpr(e)).root)).toEqual(bare(e))
    }),
    runs,
  )
})

test('any text survives as a value in quotes', () => {
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

test('garbage is refused with a FilterError that can be shown, or is a filter', () => {
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
        explainFilter(filter, fields, ctx, { output: [], snaplen: 80, selfPid: 1 })
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
    { numRuns: 3000 * TIMES, seed: SEED },
  )
})

test('the generated predicate decides as a plain reading of the filter does', () => {
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

function slotPasses(s: PlanSlot, e: Made): boolean {
  return (
    (s.failed === undefined || s.failed === e['evt.failed']) &&
    (s.socket === undefined || ['ipv4', 'ipv6', 'unix', 'netlink', 'socket'].includes(e['fd.type'] as string)) &&
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
  const show = nr === undefined ? (points[e.type as string] as number) : (p.show[nr] as number)
  if (show === SHOW.NEVER) return false
  return show === SHOW.ALWAYS || slotPasses(p.slots[show - SHOW.SLOT] as PlanSlot, e)
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
        selfPid: 1,
        users,
        enter: true,
        switches: true,
      })
      const filter = compileChecked(checked, ctx)
      for (const one of events) {
        // The kernel always knows whose call it is.
        if (one['proc.name'] === undefined || one['user.uid'] === undefined) continue
        if (filter.test(made(one))) expect(planPasses(plan, one), JSON.stringify(one, big)).toBe(true)
      }
    }),
    runs,
  )
})

test('no block is skipped that holds what the predicate passes', () => {
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
