// Random conditions that often contradict themselves: what remains of one has the same result for every event.

import { expect, test, vi } from 'vitest'
import { printExpr } from '../../src/filter/ast.js'
import { TRUE } from '../../src/filter/bytype.js'
import { checkFilter, compileChecked } from '../../src/filter/compile.js'
import { FoldByType } from '../../src/filter/fold-by-type.js'
import { Interner } from '../../src/filter/intern.js'
import type { CheckedFilter } from '../../src/filter/typed.js'
import fc from '../helpers/properties.js'
import { codeOf, ctx, fields, type Made, made } from '../unit/filter/world.js'
import { SEED, TIMES } from './damage.js'
import { event, expr } from './random-filters.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })
const runs = { numRuns: 1500 * TIMES, seed: SEED }

const ADDRESSES = ['10.0.0.1', '10.1.2.3', '192.168.1.1', '127.0.0.1', '::1', 'fe80::1']
const NETS = ['10.0.0.0/8', '10.1.0.0/16', '192.168.0.0/16', '0.0.0.0/0', '127.0.0.1', '::/0', 'fe80::/10']
const TEXTS = ['', 'a', 'ab', 'abc', 'ba', 'c']
const NUMBERS = ['-1', '0', '1', '2', '7']

const set = (values: readonly string[]) =>
  fc.subarray([...values], { minLength: 1 }).map((some) => `(${some.map((v) => `"${v}"`).join(', ')})`)
const testsOf = (field: string, operators: readonly string[], values: readonly string[], sets = true) =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...operators), fc.constantFrom(...values)).map(([op, v]) => `${field} ${op} "${v}"`),
    ...(sets ? [fc.tuple(fc.constantFrom('in', 'intersects'), set(values)).map((x) => `${field} ${x.join(' ')}`)] : []),
    fc.constant(`${field} exists`),
  )
const EQUAL = ['=', '!=', '==']
const ORDER = ['<', '<=', '>', '>=']
const PARTS = ['contains', 'startswith', 'endswith', 'glob', 'icontains']
const check = fc.oneof(
  testsOf('fd.ip', EQUAL, ADDRESSES),
  testsOf('fd.sip', EQUAL, ADDRESSES),
  testsOf('fd.net', EQUAL, NETS),
  testsOf('fd.snet', EQUAL, NETS),
  testsOf('fd.port', [...EQUAL, ...ORDER], ['0', '1', '2', '7']),
  testsOf('proc.ppid', [...EQUAL, ...ORDER], NUMBERS),
  testsOf('proc.pname', [...EQUAL, ...PARTS, ...ORDER], TEXTS),
  testsOf('proc.aname', EQUAL, TEXTS),
  testsOf('proc.is_exe_writable', EQUAL, ['true', 'false']),
  testsOf('evt.rawarg.name', [...EQUAL, ...PARTS], TEXTS, false),
  set(TEXTS).chain((values) =>
    fc
      .tuple(fc.constantFrom('oneof', 'anyof', 'allof'), fc.constantFrom('=', '!=', 'startswith'))
      .map(([how, op]) => `proc.pname ${op} ${how} ${values}`),
  ),
  testsOf('evt.type', EQUAL, ['openat', 'connect', 'read']),
  testsOf('evt.failed', EQUAL, ['true', 'false']),
  fc.constantFrom('proc.pname=val(proc.exe)', 'toupper(proc.pname)=A', 'len(proc.pname)>1', 'len(proc.pname)<1'),
)
const condition = fc.letrec<{ c: string }>((tie) => ({
  c: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    check,
    fc.array(tie('c'), { minLength: 2, maxLength: 4 }).map((items) => `(${items.join(' and ')})`),
    fc.array(tie('c'), { minLength: 2, maxLength: 4 }).map((items) => `(${items.join(' or ')})`),
    tie('c').map((c) => `not ${c}`),
  ),
})).c

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const anyRow: fc.Arbitrary<Made> = fc.record({
  type: fc.constantFrom('openat', 'connect', 'read'),
  'evt.failed': fc.boolean(),
  'fd.ip': maybe(fc.array(fc.constantFrom(...ADDRESSES), { maxLength: 2 })),
  'fd.sip': maybe(fc.constantFrom(...ADDRESSES)),
  'fd.net': maybe(fc.array(fc.constantFrom(...ADDRESSES), { maxLength: 2 })),
  'fd.snet': maybe(fc.constantFrom(...ADDRESSES)),
  'fd.port': maybe(fc.array(fc.constantFrom(0, 1, 2, 3, 7), { maxLength: 2 })),
  'proc.ppid': maybe(fc.constantFrom(-2, -1, 0, 1, 2, 3, 7, 8)),
  'proc.pname': maybe(fc.constantFrom(...TEXTS)),
  'proc.exe': maybe(fc.constantFrom(...TEXTS)),
  'proc.aname': maybe(fc.array(fc.constantFrom(...TEXTS), { maxLength: 2 })),
  'proc.is_exe_writable': maybe(fc.boolean()),
  'evt.rawarg[name]': maybe(fc.oneof(fc.constantFrom(...TEXTS), fc.constantFrom(0, 1))),
})
/** Only an openat has an argument of that name. */
const row = anyRow.map((r): Made => (r.type === 'openat' ? r : { ...r, 'evt.rawarg[name]': undefined }))

/** The result of what remains of a filter for the event's type. */
function reducedResult(filter: CheckedFilter, e: Made): boolean {
  const interner = new Interner()
  const folded = new FoldByType(interner, () => true).reduce(
    interner.node(filter.root),
    codeOf(e.type as string, e.enter),
  )
  if (typeof folded === 'number') return folded === TRUE
  return compileChecked({ ...filter, root: folded }, ctx).test(made(e))
}

test('what remains of a condition that contradicts itself in places has the result of the condition', () => {
  fc.assert(
    fc.property(condition, fc.array(row, { minLength: 1, maxLength: 12 }), (text, rows) => {
      const filter = checkFilter(text, fields)
      const { test: whole } = compileChecked(filter, ctx)
      for (const one of rows) expect(reducedResult(filter, one), JSON.stringify(one)).toBe(whole(made(one)))
    }),
    runs,
  )
})

test('what remains of any filter for a type of event has the result of the filter', () => {
  fc.assert(
    fc.property(expr, fc.array(event, { minLength: 1, maxLength: 12 }), (e, events) => {
      const filter = checkFilter(printExpr(e), fields)
      const { test: whole } = compileChecked(filter, ctx)
      for (const one of events) {
        const shown = JSON.stringify(one, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))
        expect(reducedResult(filter, one), shown).toBe(whole(made(one)))
      }
    }),
    { ...runs, numRuns: 500 * TIMES },
  )
})
