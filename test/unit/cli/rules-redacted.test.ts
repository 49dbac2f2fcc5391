// Rules see redacted values: reading and recording never depend on the original values.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rulesQuery } from '../../../src/cli/rules/rules-query.js'
import { registry } from '../../../src/fields/index.js'
import { planFilter } from '../../../src/filter/index.js'
import { parseRules } from '../../../src/redact/file.js'
import { checkRules } from '../../../src/rules/engine/checked.js'
import { ksys, root } from '../../helpers/ksys.js'
import { rule } from '../../helpers/rule.js'
import { scratch } from '../../helpers/trace.js'

const at = scratch()
const WEB = join(root, 'captures', 'web.ksys')

function file(name: string, text: string): string {
  writeFileSync(at(name), text)
  return at(name)
}

const hidden = ['--redact', file('redact', 'proc.name hash'), '--redact-key', file('key', 'sixteen bytes or more')]
const yamlOf = (name: string) => `
- rule: By the hash
  desc: what a hashed name stands for
  condition: evt.type = close and proc.name = "${name}"
  output: closed (program=%proc.name)
  priority: NOTICE
`

/** The hash of the name of a program that closes files, and the number of times it does. */
function closing(): { hash: string; times: number } {
  const names = ksys(['-r', WEB, ...hidden, '-p', '%proc.name', 'evt.type=close'])
    .stdout.trim()
    .split('\n')
  const hash = names[0] as string
  expect(hash).toMatch(/^#[\da-f]{12}$/)
  return { hash, times: names.filter((n) => n === hash).length }
}

test('a rule about a hashed name fires for all original names, however captures are read', () => {
  const { hash, times } = closing()
  const [yaml, none] = [file('rules.yaml', yamlOf(hash)), file('none.yaml', yamlOf('nosuch'))]
  const rules = (...words: string[]) => ksys(['rules', ...words, ...hidden])
  expect(rules('-q', '-f', yaml, '-r', WEB).stdout.trim().split('\n')).toHaveLength(times)
  expect(rules('suggest', '-f', yaml, '-r', WEB).stdout).toContain(`${times} alerts`)
  expect(rules('test', '--diff', none, yaml, '-r', WEB).stdout).toContain(`${times} only after (+)`)
  const folder = at('captures')
  mkdirSync(folder)
  copyFileSync(WEB, join(folder, 'web.ksys'))
  expect(rules('test', folder, '-f', yaml).stdout).toContain(`By the hash: ${times}\n`)
})

test('the kernel omits nothing that a rule about a hashed name needs', () => {
  /** Names by which the kernel distinguishes processes. */
  const namesFor = (redactions: string) => {
    const redaction = {
      ...{ noBuffers: false, noEnv: false, noArgs: false, key: new Uint8Array(32) },
      rules: parseRules(redactions),
    }
    const checked = checkRules([rule('r', 'evt.type = close and proc.name = nginx')], registry)
    const { filter } = rulesQuery(checked, [], { redaction, suppress: [] })
    const plan = planFilter(filter, registry, { arch: 'x64', output: [], snaplen: 0, selfPid: 1 })
    return plan.slots.flatMap(({ comm }) => comm?.values ?? [])
  }
  expect(namesFor('evt.buffer mask')).toEqual(['nginx'])
  expect(namesFor('proc.name hash')).toEqual([])
})
