// ksys rules suggest: it prints a rules file that removes the repeated alerts and no other.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const capture = (name: string) => join(root, 'captures', `${name}.ksys`)

const RULES = `
- rule: Program started
  desc: any program
  condition: evt.type in (execve, execveat) and evt.arg.res = 0
  output: started (program=%proc.name parent=%proc.pname pid=%proc.pid)
  priority: NOTICE
- rule: File opened
  desc: any file
  condition: evt.type in (open, openat) and fd.num >= 0
  output: opened (program=%proc.name file=%fd.name)
  priority: DEBUG
- rule: Never
  desc: no such program
  condition: evt.type = openat and proc.name = nosuch
  output: never
  priority: DEBUG
`
const rules = path('rules.yaml')
writeFileSync(rules, RULES)

interface Alert {
  rule: string
  output_fields: Record<string, unknown>
}
function alerts(...args: string[]): Alert[] {
  const { stdout, code } = ksys(['rules', '-q', '-j', ...args])
  expect(code).toBe(0)
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
const key = (a: Alert) => JSON.stringify([a.rule, a.output_fields])

test.each(['shell', 'build', 'web'])('the suggestions for %s silence the repeated alerts and no other', (name) => {
  const run = ksys(['rules', 'suggest', '-f', rules, '-r', capture(name), '--least', '3'])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  const [, covered = '', total = ''] = /^# Exceptions for .*: ([\d,]+) of ([\d,]+) alerts\.$/m.exec(run.stdout) ?? []
  const number = (text: string) => Number(text.replaceAll(',', ''))
  const file = path(`${name}.yaml`)
  writeFileSync(file, run.stdout)
  expect(ksys(['rules', '--check', '-f', rules, '-f', file]).stdout).toContain(`${file}: Ok\n`)
  const before = alerts('-f', rules, '-r', capture(name))
  const after = alerts('-f', rules, '-f', file, '-r', capture(name))
  expect(before.length).toBe(number(total))
  expect(before.length - after.length).toBe(number(covered))
  expect(number(covered)).toBeGreaterThan(0)
  const left = new Set(after.map(key))
  const silenced = before.filter((a) => !left.has(key(a)))
  // the removed alerts were repeated: at least three of each combination of values
  const times = new Map<string, number>()
  for (const { rule, output_fields: f } of silenced) {
    const k = `${rule} ${f['proc.name']}`
    times.set(k, (times.get(k) ?? 0) + 1)
  }
  expect(Math.min(...times.values())).toBeGreaterThanOrEqual(3)
})

test('without repeated alerts it says so, in a valid rules file', () => {
  const run = ksys(['rules', 'suggest', '-f', rules, '-r', capture('shell'), '--least', '1000000'])
  expect(run.code).toBe(0)
  expect(run.stdout).toMatch(/^# [\d,]+ alerts on .*: no exceptions to suggest\.$/m)
  writeFileSync(path('none.yaml'), run.stdout)
  expect(ksys(['rules', '--check', path('none.yaml')])).toMatchObject({ code: 0 })
})

test('--least is refused without suggest, and below two', () => {
  expect(ksys(['rules', '-f', rules, '-r', capture('shell'), '--least', '3'])).toMatchObject({ code: 2, stdout: '' })
  expect(ksys(['rules', 'suggest', '-f', rules, '-r', capture('shell'), '--least', '1']).code).toBe(2)
})
