// Filters see redacted values: reading and recording never depend on the original values.
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, planFilter, requiredLiterals, withOpaque } from '../../../src/filter/index.js'
import { parseRules } from '../../../src/redact/file.js'
import { opaqueFields } from '../../../src/redact/opaque.js'
import { VERDICT } from '../../../src/source/plan.js'
import { ksys, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const at = scratch()

/** Names by which the kernel distinguishes calls, for a filter with these rules. */
function namesAsked(filter: string, rules: string): unknown {
  const isOpaque = opaqueFields({
    ...{ noBuffers: false, noEnv: false, noArgs: false, key: new Uint8Array(32) },
    rules: parseRules(rules),
  })!
  const seen = withOpaque(checkFilter(filter, registry), isOpaque)
  const plan = planFilter(seen, registry, { arch: 'x64', output: [], snaplen: 0, selfPid: 1 })
  return plan.verdicts[0] === VERDICT.PASS ? 'everybody' : plan.slots[0]?.comm?.values
}

test('the kernel compares a name only if no rule changes it', () => {
  expect(namesAsked('proc.name=nginx', 'evt.buffer mask')).toEqual(['nginx'])
  expect(namesAsked('proc.name=nginx', '* mask /hunter2/')).toEqual(['nginx'])
  expect(namesAsked('proc.name=nginx', 'proc.name hash')).toBe('everybody')
  expect(namesAsked('proc.name=nginx', '* mask /ngin/')).toBe('everybody')
  expect(namesAsked('proc.name="#0123456789ab"', '* hash /x/')).toBe('everybody')
  expect(namesAsked('not proc.name=nginx', '* drop /x/')).toBe('everybody')
  expect(namesAsked('proc.name contains x', '* mask /x/')).toBe('everybody')
})

test('files are not searched for texts that redaction changes', () => {
  const filter = checkFilter('fd.name contains sshd_config', registry)
  expect(requiredLiterals(filter)).toBeDefined()
  const isOpaque = opaqueFields({
    ...{ noBuffers: false, noEnv: false, noArgs: false, key: new Uint8Array(32) },
    rules: parseRules('fd.name hash'),
  })!
  expect(requiredLiterals(withOpaque(filter, isOpaque))).toBeUndefined()
})

test('a hashed name is found by its hash, not by the original name', () => {
  const [rules, key] = [at('rules'), at('key')]
  writeFileSync(rules, 'proc.name hash\nfd.name hash')
  writeFileSync(key, 'sixteen bytes or more')
  const read = (...words: string[]) => {
    const ran = ksys(['-r', `${root}captures/web.ksys`, '--redact', rules, '--redact-key', key, ...words])
    expect(ran.code).toBe(0)
    return ran.stdout.trim().split('\n')
  }
  const names = read('-p', '%proc.name', 'proc.name exists')
  const some = names.find((n) => n.startsWith('#')) as string
  expect(names.every((n) => /^#[\da-f]{12}$/.test(n))).toBe(true)
  const found = read('-p', '%proc.name', `proc.name="${some}"`)
  expect(found).toEqual(names.filter((n) => n === some))
  expect(read('proc.name in (sh, curl, nginx, python3)')).toEqual([''])
})
