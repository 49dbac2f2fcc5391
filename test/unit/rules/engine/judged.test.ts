// Evaluating all rules together has the same results as evaluating each alone.
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { FieldContext } from '../../../../src/fields/field.js'
import { registry } from '../../../../src/fields/index.js'
import { type Expr, joined, negated, printExpr } from '../../../../src/filter/ast.js'
import { compileFilter, parseFilter } from '../../../../src/filter/index.js'
import { isEnter } from '../../../../src/filter/planners/kernel-plan.js'
import type { FieldRegistry } from '../../../../src/filter/registry.js'
import type { Event } from '../../../../src/model/event.js'
import { checkRules } from '../../../../src/rules/engine/checked.js'
import { compileRules, type RulesEngine } from '../../../../src/rules/engine/engine.js'
import type { Matching } from '../../../../src/rules/engine/type-emitter.js'
import type { Rule } from '../../../../src/rules/rule.js'
import { Loop } from '../../../../src/run/loop.js'
import { ScapSource } from '../../../../src/scap/index.js'
import type { EventDef } from '../../../../src/schema/types.js'
import { State } from '../../../../src/state/state.js'
import { TraceSource } from '../../../../src/trace/index.js'
import { SEED, TIMES } from '../../../fuzz/damage.js'
import { event, expr } from '../../../fuzz/random-filters.js'
import fc from '../../../helpers/properties.js'
import { rule } from '../../../helpers/rule.js'
import { ctx, fields, made } from '../../filter/world.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

/** Conditions that share parts, as those that use the same macros. */
function conditions(leaf: fc.Arbitrary<Expr>): fc.Arbitrary<Expr[]> {
  return fc.array(leaf, { minLength: 1, maxLength: 5 }).chain((macros) => {
    const part = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...macros) }, { weight: 1, arbitrary: leaf })
    const maybeNot = fc.tuple(part, fc.boolean()).map(([e, not]) => (not ? negated(e) : e))
    const condition = fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(maybeNot, { minLength: 1, maxLength: 4 }))
      .map(([kind, items]) => joined(kind, items))
    // sometimes more conditions than there are bits in a number
    return fc.oneof(
      { weight: 9, arbitrary: fc.array(condition, { minLength: 1, maxLength: 12 }) },
      { weight: 1, arbitrary: fc.array(condition, { minLength: 31, maxLength: 65 }) },
    )
  })
}

/** The results of an engine for events: the rules that each fires. */
class Told {
  fired: string[] = []
  readonly engine: RulesEngine

  constructor(
    rules: readonly Rule[],
    matching: Matching,
    of: FieldRegistry,
    context: FieldContext,
    defs?: readonly (EventDef | undefined)[],
  ) {
    const tell = ({ name }: Rule) => this.fired.push(name)
    this.engine = compileRules(checkRules(rules, of), context, { matching, defs, fired: tell })
  }

  of(e: Event): string[] {
    this.fired = []
    this.engine.evaluate(e)
    return this.fired
  }
}

/** Whether a rule sees an event: the start of a call only if its condition tests evt.dir. */
function sees(condition: Expr, e: Event): boolean {
  return !isEnter(e.type) || printExpr(condition).includes('evt.dir')
}

test('a call fires each rule once, also beside a rule about the starts of calls', () => {
  const rules = [
    rule('starts', 'evt.type=openat and evt.dir=>'),
    rule('ends', 'evt.type=openat and evt.dir=<'),
    rule('either', 'evt.type=openat'),
    rule('program', 'proc.name=cat'),
    rule('none', 'not evt.type=close'),
  ]
  const told = new Told(rules, 'all', fields, ctx)
  const values = { type: 'openat', 'proc.name': 'cat' }
  expect(told.of(made({ ...values, enter: true }))).toEqual(['starts'])
  expect(told.of(made(values))).toEqual(['ends', 'either', 'program', 'none'])
  expect(told.engine.counts().map((c) => c.fired)).toEqual([1, 1, 1, 1, 1])
})

test('hand-made events fire the rules whose conditions they fulfil, in the order of the rules', () => {
  fc.assert(
    fc.property(conditions(expr), fc.array(event, { minLength: 1, maxLength: 20 }), (roots, events) => {
      const rules = roots.map((root, i) => rule(String(i), root))
      const alone = roots.map((root) => compileFilter(printExpr(root), fields, ctx))
      const all = new Told(rules, 'all', fields, ctx)
      const first = new Told(rules, 'first', fields, ctx)
      for (const values of events) {
        const e = made(values)
        const wanted = rules.filter((_, i) => sees(roots[i]!, e) && alone[i]?.test(e)).map((r) => r.name)
        expect(all.of(e)).toEqual(wanted)
        expect(first.of(e)).toEqual(wanted.slice(0, 1))
      }
    }),
    { numRuns: 100 * TIMES, seed: SEED },
  )
})

/** Conditions of rules about real events. */
const ASKED = [
  'evt.type in (open, openat, openat2) and evt.is_open_read=true and fd.num >= 0',
  'evt.type in (open, openat, openat2, creat) and evt.is_open_write=true and fd.typechar=f and fd.num>=0',
  'evt.type in (execve, execveat)',
  'evt.type = connect and fd.typechar = 4',
  'evt.type in (rename, renameat, renameat2, unlink, unlinkat, mkdir, mkdirat)',
  'evt.dir = <',
  'container.id != host',
  'proc.name in (sh, bash, dash)',
  'proc.name in (sh, sed, grep, curl)',
  'proc.name = curl',
  'proc.name != make',
  'proc.pname exists',
  'proc.cmdline contains " -c "',
  'proc.aname in (make, sh)',
  'proc.aname[2] in (make, sh)',
  'fd.name startswith /etc',
  'fd.name startswith /usr/lib',
  'fd.name endswith .so.6',
  'fd.name contains lib',
  'fd.name pmatch (/usr, /tmp)',
  'fd.directory = /etc',
  'fd.filename glob l*',
  'fd.ip = 127.0.0.1',
  'fd.sport in (80, 8080)',
  'fd.net = 127.0.0.0/8',
  'evt.failed = true',
  'evt.res = ENOENT',
  'evt.rawres >= 0',
  'evt.arg.flags icontains o_cloexec',
  'evt.category = file',
  'evt.is_io = true',
  'user.uid = 0',
  'thread.cap_permitted contains CAP_SYS_ADMIN',
  'proc.exepath intersects (/bin/sh, /usr/bin/dash)',
  'tolower(proc.name) startswith s',
  'proc.vpid = val(proc.pid)',
]
const asked = fc
  .tuple(fc.constantFrom(...ASKED), fc.constantFrom(...ASKED), fc.nat(3))
  .map(
    ([a, b, how]) =>
      parseFilter(how === 0 ? a : how === 1 ? `not (${a})` : `(${a}) ${how === 2 ? 'and' : 'or'} (${b})`).root,
  )

const root = join(import.meta.dirname, '../../../..')
const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const

test.each(['captures/shell.ksys', 'captures/web.ksys', 'captures/build.ksys', 'test/golden/captures/mix.scap.gz'])(
  'events of %s fire the rules whose conditions they fulfil',
  async (name) => {
    const sets = fc.sample(conditions(asked), { numRuns: 8 * TIMES, seed: SEED })
    const path = join(root, name)
    const source = await (name.endsWith('.ksys') ? TraceSource.open(path) : ScapSource.open(path))
    const state = new State(source.info)
    const context = { info: source.info, states: [state], format }
    const judges = sets.map((roots) => {
      const rules = roots.map((r, i) => rule(String(i), r))
      const defs = source.tables?.defs
      return {
        roots,
        alone: roots.map((r) => compileFilter(printExpr(r), registry, context)),
        all: new Told(rules, 'all', registry, context, defs),
        first: new Told(rules, 'first', registry, context, defs),
      }
    })
    let fired = 0
    const predicate = (e: Event) => {
      for (const { roots, alone, all, first } of judges) {
        const wanted = alone.flatMap((f, i) => (sees(roots[i]!, e) && f.test(e) ? [String(i)] : []))
        fired += wanted.length
        const told = all.of(e)
        const one = first.of(e)
        if (told.join() !== wanted.join() || one.join() !== wanted.slice(0, 1).join())
          expect.fail(
            `event ${e.num} ${e.def.name}: ${told} fired, ${one} first, not ${wanted} of\n${roots.map(printExpr).join('\n')}`,
          )
      }
      return false
    }
    await new Loop({ source, states: [state], predicate, sinks: [] }).run(await source.snapshot())
    await source.close()
    expect(fired).toBeGreaterThan(1000)
  },
)
