// The capture filter of all rules: it passes every event that a rule can match, and no event type that none can match.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registry } from '../../../../src/fields/index.js'
import { printExpr } from '../../../../src/filter/ast.js'
import { eventDef } from '../../../../src/filter/events.js'
import { checkFilter, type PlanOptions, planFilter, rowsPassing } from '../../../../src/filter/index.js'
import { captureFilter, checkRules } from '../../../../src/rules/engine/checked.js'
import { loadRules } from '../../../../src/rules/load/load.js'
import { type CapturePlan, type PlanSlot, VERDICT } from '../../../../src/source/plan.js'
import { SEED, TIMES } from '../../../fuzz/damage.js'
import { expr } from '../../../fuzz/random-filters.js'
import fc from '../../../helpers/properties.js'
import { rule } from '../../../helpers/rule.js'
import { codeOf, fields } from '../../filter/world.js'

const options: PlanOptions = { arch: 'x64', output: [], snaplen: 80, selfPid: 1 }
const filterOf = (...conditions: string[]) =>
  captureFilter(
    checkRules(
      conditions.map((c) => rule(c, c)),
      registry,
    ),
  )
const plan = (...conditions: string[]) => planFilter(filterOf(...conditions), registry, options)

function recorded(p: CapturePlan, call: string): 'never' | 'always' | PlanSlot {
  const verdict = p.verdicts[eventDef(codeOf(call))?.nr?.x64 ?? -1]
  if (verdict === VERDICT.DROP) return 'never'
  return verdict === VERDICT.PASS ? 'always' : (p.slots[(verdict as number) - VERDICT.SLOT] as PlanSlot)
}

test('calls without a rule about them are not recorded', () => {
  const p = plan('evt.type = openat and fd.name startswith /etc', 'evt.type in (connect, accept) and fd.sport = 22')
  expect(['openat', 'connect', 'accept'].map((call) => recorded(p, call))).toEqual(['always', 'always', 'always'])
  expect(['read', 'write', 'getppid', 'execve'].map((call) => recorded(p, call))).toEqual([
    'never',
    'never',
    'never',
    'never',
  ])
})

test('the kernel evaluates the conditions that it can, for each call by the rules about it', () => {
  const p = plan(
    'evt.type = openat and proc.name = cat',
    'evt.type in (openat, read) and proc.name in (sh, bash)',
    'evt.type = chmod and evt.failed = true',
  )
  expect(recorded(p, 'openat')).toEqual({ comm: { values: expect.arrayContaining(['cat', 'sh', 'bash']), not: false } })
  expect(recorded(p, 'read')).toEqual({ comm: { values: ['sh', 'bash'], not: false } })
  expect(recorded(p, 'chmod')).toEqual({ failed: true })
})

test('a part of a rule about other calls that contradicts the rest of the rule does not record these calls', () => {
  const p = plan(
    `((evt.type = connect or (evt.type in (sendto, sendmsg) and fd.l4proto != tcp and fd.connected = false)) and
      fd.typechar in (4, 6) and fd.net != 127.0.0.0/8) and proc.exe endswith ssh and fd.l4proto = tcp and fd.sport != 22`,
  )
  expect(['sendto', 'sendmsg'].map((call) => recorded(p, call))).toEqual(['never', 'never'])
  expect(recorded(p, 'connect')).toMatchObject({ process: { text: '… and proc.exe endswith ssh' } })
})

test('rules about containers alone are evaluated for each container', () => {
  const p = plan('evt.type = mount and container.id != host', 'evt.type = mount and container.name = db')
  expect(recorded(p, 'mount')).toMatchObject({ container: expect.anything() })
  expect(recorded(plan('evt.type = mount and container.id != host', 'evt.type = mount'), 'mount')).toBe('always')
})

test('data for the fields of all conditions are recorded', () => {
  expect(plan('evt.type = write and evt.buffer contains x', 'evt.type = read').snaplen).toBe(80)
  expect(plan('evt.type = write', 'evt.type = read').snaplen).toBe(0)
})

test('rules have the same bounds together as in one condition', () => {
  fc.assert(
    fc.property(fc.array(expr, { minLength: 1, maxLength: 6 }), (roots) => {
      const together = captureFilter(
        checkRules(
          roots.map((root, i) => rule(String(i), root)),
          fields,
        ),
      )
      const one = checkFilter(roots.map((root) => `(${printExpr(root)})`).join(' or '), fields)
      expect(rowsPassing(together)).toEqual(rowsPassing(one))
      const [a, b] = [together, one].map((f) => planFilter(f, fields, options))
      const drops = (p: CapturePlan | undefined) => p?.verdicts.map((v) => (v === VERDICT.DROP ? 0 : 1))
      expect(drops(a)).toEqual(drops(b))
    }),
    { numRuns: 60 * TIMES, seed: SEED },
  )
})

test('93 rules drop most calls', () => {
  const path = join(import.meta.dirname, '../../../rules/bench-rules.yaml')
  const { rules, files } = loadRules([{ name: path, text: readFileSync(path, 'utf8') }])
  expect(files.flatMap((f) => f.errors)).toEqual([])
  expect(rules.length).toBe(93)
  const p = planFilter(captureFilter(checkRules(rules, registry)), registry, options)
  const few = ['read', 'write', 'getppid', 'close', 'mmap', 'futex', 'stat', 'poll']
  expect(few.map((call) => recorded(p, call))).toEqual(few.map(() => 'never'))
  expect(recorded(p, 'openat'), 'all ask for a descriptor').toEqual({ failed: false })
  expect(['execve', 'connect'].map((call) => recorded(p, call))).toEqual(['always', 'always'])
  expect(recorded(p, 'socket'), 'by some programs only').toEqual({ process: expect.anything() })
})
