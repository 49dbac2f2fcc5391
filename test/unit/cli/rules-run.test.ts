// ksys rules over captures: output, several files, both modes of matching, --explain, tests with expected alerts, and comparison.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Coverage, uncoveredText } from '../../../src/cli/rules/coverage.js'
import { parseExpected, unexpected } from '../../../src/cli/rules/expected.js'
import { parseRulesCommand } from '../../../src/cli/rules/words.js'
import { ksys, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const capture = (name: string) => join(root, 'captures', `${name}.ksys`)

const RULES = `
- list: shells
  items: [sh, bash, dash]
- macro: started
  condition: (evt.type in (execve, execveat) and evt.arg.res = 0)
- rule: Program started
  desc: any program
  condition: started and not proc.name in (shells)
  output: started (program=%proc.name parent=%proc.pname)
  priority: NOTICE
  tags: [host]
- rule: Grep started
  desc: one that the rule before it is about, too
  condition: started and not proc.name in (shells) and proc.name = grep
  output: grep (cmdline=%proc.cmdline)
  priority: WARNING
- rule: Never
  desc: no such program
  condition: started and proc.name = nosuch
  output: never
  priority: DEBUG
`

function file(name: string, text = RULES): string {
  writeFileSync(path(name), text)
  return path(name)
}

const rules = (args: string[]) => ksys(['rules', ...args])
const lines = (text: string) => text.split('\n').slice(0, -1)

describe('alerts of a capture', () => {
  const yaml = file('rules.yaml')

  test('are lines on standard output; messages about the run are not', () => {
    const ran = rules(['-f', yaml, '-r', capture('shell')])
    expect(ran.code).toBe(0)
    expect(lines(ran.stdout).length).toBeGreaterThan(3)
    for (const line of lines(ran.stdout))
      expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{9}: Notice started \(program=\S+ parent=\S+\) container_id=/)
    expect(ran.stderr).toMatch(
      /Events detected: \d+\nRule counts by severity:\n {3}NOTICE: \d+\nTriggered rules by rule name:\n {3}Program started: \d+/,
    )
    expect(rules(['-q', '-f', yaml, '-r', capture('shell')])).toEqual({ code: 0, stdout: ran.stdout, stderr: '' })
  })

  test('have redacted values, and rules about omitted data are reported', () => {
    const redact = file('redact', 'proc.name,evt.hostname mask\n')
    const ran = rules(['-q', '-j', '-f', yaml, '-r', capture('shell'), '--redact', redact])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const alerts = lines(ran.stdout).map((line) => JSON.parse(line))
    expect(alerts.length).toBeGreaterThan(3)
    for (const a of alerts) expect([a.hostname, a.output_fields['proc.name']]).toEqual(['***', '***'])
    const warning = rules(['-f', yaml, '-r', capture('shell'), '--redact', redact]).stderr
    expect(warning).toContain('rules test proc.name, which is redacted first: the redacted value is compared')
    const cmdline = file('args.yaml', RULES.replace('program=%proc.name', 'args=%proc.args'))
    const all = rules(['-q', '-j', '-f', cmdline, '-r', capture('shell')]).stdout
    expect(lines(all).some((line) => JSON.parse(line).output_fields['proc.args'])).toBe(true)
    const without = rules(['-q', '-j', '-f', cmdline, '-r', capture('shell'), '--no-args', '--no-env', '--no-buffers'])
    expect(without.code).toBe(0)
    expect(lines(without.stdout).filter((line) => JSON.parse(line).output_fields['proc.args'])).toEqual([])
    expect(rules(['-q', '-f', yaml, '-r', capture('shell'), '--only-namespace', 'shop']).stdout).toBe('')
  })

  test.each([['--check'], ['-L'], ['-l', 'Never']])(
    'privacy options are refused where no capture is read: %s',
    (...words) => {
      const ran = rules([...words, '-f', yaml, '--no-args'])
      expect(ran.code).toBe(2)
      expect(ran.stderr).toContain(`privacy options cannot be used with ${words[0]}`)
    },
  )

  test('as JSON have the fields of their output', () => {
    const { stdout } = rules(['-q', '-j', '-f', yaml, '-r', capture('shell')])
    const [first] = lines(stdout).map((line) => JSON.parse(line))
    expect(first).toMatchObject({ rule: 'Program started', priority: 'Notice', source: 'syscall', tags: ['host'] })
    expect(Object.keys(first.output_fields)).toEqual(expect.arrayContaining(['evt.time', 'proc.name', 'proc.pname']))
  })

  test('are for one rule of each event, or for all', () => {
    const first = rules(['-f', yaml, '-r', capture('shell')])
    const all = rules(['--rule-matching', 'all', '-f', yaml, '-r', capture('shell')])
    const grep = /grep \(cmdline=/
    expect(first.stdout).not.toMatch(grep)
    expect(first.stderr).toMatch(
      /the rule 'Grep started' never fires: every event that matches it matches 'Program started' first/,
    )
    expect(lines(all.stdout).filter((l) => grep.test(l)).length).toBeGreaterThan(0)
    expect(all.stderr).not.toMatch(/never fires/)
    expect(lines(all.stdout).filter((l) => !grep.test(l))).toEqual(lines(first.stdout))
  })

  test('ignore events that -U omits, however captures are read', () => {
    const fired = (...words: string[]) => rules(['-q', '-f', yaml, '-r', capture('shell'), ...words]).stdout
    const all = fired()
    const [, program = ''] = /program=(\S+)/.exec(all) ?? []
    const without = lines(all).filter((line) => !line.includes(`program=${program} `))
    expect(without.length).toBeGreaterThan(0)
    expect(without.length).toBeLessThan(lines(all).length)
    expect(lines(fired('-U', program))).toEqual(without)
    const diff = rules(['test', '--diff', yaml, yaml, '-r', capture('shell'), '-U', program]).stdout
    expect(diff).toBe(`${without.length} alerts equal, 0 only before (-), 0 only after (+)\n`)
    const suggested = rules(['suggest', '-f', yaml, '-r', capture('shell'), '-U', program]).stdout
    expect(suggested).toContain(`${without.length} alerts`)
    const explained = rules(['explain', 'Program started', '-f', yaml, '-r', capture('shell'), '-U', program]).stdout
    expect(explained).toMatch(new RegExp(`matching events: ${without.length} `))
  })

  test('of several captures are printed one capture after the other', () => {
    const [shell, build] = ['shell', 'build'].map((name) => rules(['-q', '-f', yaml, '-r', capture(name)]).stdout)
    expect(rules(['-q', '-f', yaml, '-r', capture('shell'), '-r', capture('build')]).stdout).toBe(`${shell}${build}`)
  })

  test('that are alike are grouped on request, with their number', () => {
    const ran = rules(['-f', yaml, '-r', capture('build'), '--group-by', 'proc.name', '--window', '1h'])
    const all = lines(rules(['-q', '-f', yaml, '-r', capture('build')]).stdout).length
    expect(ran.stdout).toMatch(/more like it/)
    expect(lines(ran.stdout).length).toBeLessThan(all)
    expect(ran.stderr).toContain(`Events detected: ${all}\n`)
    expect(ran.stderr).toMatch(/of these alerts were grouped with a similar one/)
  })

  test('go to a file on request', () => {
    const to = path('alerts.txt')
    const ran = rules(['-q', '-f', yaml, '-r', capture('shell'), '--output', `file=${to}`])
    expect(ran).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readFileSync(to, 'utf8')).toBe(rules(['-q', '-f', yaml, '-r', capture('shell')]).stdout)
  })

  test('of a damaged capture are printed as far as it is readable, with the exit code for damage', () => {
    const damaged = path('damaged.ksys')
    const bytes = readFileSync(capture('build'))
    writeFileSync(damaged, bytes.subarray(0, bytes.length - 5000))
    const ran = rules(['-q', '-f', yaml, '-r', damaged])
    expect(ran.code).toBe(5)
    expect(lines(ran.stdout).length).toBeGreaterThan(0)
    expect(rules(['-f', yaml, '-r', path('nosuch.ksys')]).code).toBe(4)
  })

  test('need an enabled rule: without one nothing runs', () => {
    const ran = rules(['-f', yaml, '-r', capture('shell'), '--disable', '*'])
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: 'ksys: no rule is enabled\n' })
  })

  test('with an invalid output are refused before anything is read', () => {
    expect(rules(['-f', yaml, '-r', capture('shell'), '--output', 'nosuch'])).toMatchObject({ code: 2, stdout: '' })
    expect(rules(['-f', yaml, '-r', capture('shell'), '--output', 'file=/nonexistent/x']).code).toBe(2)
    expect(rules(['-f', yaml, '-r', capture('shell'), '--group-by', 'nosuch.field']).code).toBe(2)
  })
})

describe('explain', () => {
  const yaml = file('explained.yaml')

  test('shows a rule, and where it is evaluated', () => {
    const ran = rules(['explain', 'Grep started', '-f', yaml])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain('Rule Grep started\n')
    expect(ran.stdout).toContain(`${yaml}:12`)
    expect(ran.stdout).toContain('proc.name in (sh, bash, dash)')
    expect(ran.stdout).toMatch(/In the kernel[\s\S]*recorded when proc.name is grep[\s\S]*execve/)
    expect(ran.stdout).toMatch(/note: it never fires unless --rule-matching is all/)
    expect(ran.stdout).not.toContain('\nIn captures')
  })

  test('shows how often a rule fires for a capture', () => {
    const { stdout } = rules(['explain', 'Program started', '-f', yaml, '-r', capture('shell')])
    const fired = lines(rules(['-q', '-f', yaml, '-r', capture('shell')]).stdout).length
    expect(stdout).toMatch(new RegExp(`matching events: ${fired} \\([\\d.]+ % of them\\)`))
    expect(stdout).toMatch(/events of its types: \d+\n/)
    expect(stdout).toMatch(/time: about [\d,]+ ns per event of its types/)
  })

  test('suggests a similar name for an unknown rule', () => {
    expect(rules(['explain', 'Grep start', '-f', yaml])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no rule 'Grep start' (did you mean Grep started?)"),
    })
    expect(rules(['explain', '-f', yaml]).code).toBe(2)
  })
})

describe('test', () => {
  const yaml = file('tested.yaml')
  const folder = path('captures')
  mkdirSync(folder)
  for (const name of ['shell', 'web']) copyFileSync(capture(name), join(folder, `${name}.ksys`))

  test('does not succeed for captures without expectations; --update writes the rules that fire', () => {
    const ran = rules(['test', folder, '-f', yaml])
    expect(ran.code).toBe(7)
    expect(ran.stdout).toMatch(
      /shell.ksys: no expected alerts: --update writes \S+shell.ksys.alerts with the rules that fired:\n {3}Program started: \d+/,
    )
    expect(existsSync(join(folder, 'shell.ksys.alerts'))).toBe(false)
    expect(rules(['test', folder, '-f', yaml, '--update']).code).toBe(0)
    expect(rules(['test', folder, '-f', yaml])).toMatchObject({
      code: 0,
      stdout: `${join(folder, 'shell.ksys')}: as expected\n${join(folder, 'web.ksys')}: as expected\n`,
    })
  })

  test('reports differences from the expected alerts', () => {
    const expected = join(folder, 'shell.ksys.alerts')
    writeFileSync(expected, '# by hand\nProgram started: 1000\nNever: 2\n')
    const ran = rules(['test', folder, '-f', yaml])
    expect(ran.code).toBe(7)
    expect(ran.stdout).toMatch(
      /shell.ksys: different\n {3}Never: 0 instead of 2\n {3}Program started: \d+ instead of 1000\n/,
    )
    writeFileSync(expected, 'Program started\n')
    expect(rules(['test', folder, '-f', yaml])).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/shell.ksys.alerts:1: expected 'RULE: COUNT'/),
    })
  })

  test('reports a folder without captures, and a missing one', () => {
    mkdirSync(path('empty'))
    expect(rules(['test', path('empty'), '-f', yaml]).code).toBe(4)
    expect(rules(['test', path('nosuch'), '-f', yaml]).code).toBe(4)
    expect(rules(['test', '-f', yaml]).code).toBe(2)
  })

  test('--diff shows the alerts that only one of two sets of rules gives', () => {
    const before = file(
      'before.yaml',
      RULES.replace('not proc.name in (shells) and proc.name = grep', 'proc.name = sed'),
    )
    const ran = rules(['test', '--diff', before, yaml, '-r', capture('shell'), '--rule-matching', 'all'])
    expect(ran.code).toBe(7)
    expect(ran.stdout).toMatch(/^\+ \d\d:\d\d:\d\d\.\d{9} event \d+: Grep started: grep \(cmdline=grep/m)
    expect(ran.stdout).toMatch(/\d+ alerts equal, \d+ only before \(-\), [1-9]\d* only after \(\+\)\n$/)
    expect(rules(['test', '--diff', yaml, yaml, '-r', capture('shell')])).toMatchObject({ code: 0 })
    expect(rules(['test', '--diff', yaml, '-r', capture('shell')]).code).toBe(2)
    expect(rules(['test', '--diff', yaml, yaml]).code).toBe(2)
  })
})

test('a file of expectations is read as it was written', () => {
  const counts = parseExpected('# a comment\n\nA rule: with a colon: 3\n  Other :0\n', 'x')
  expect([...counts]).toEqual([
    ['A rule: with a colon', 3],
    ['Other', 0],
  ])
  for (const wrong of ['A', 'A: x', ': 3', 'A: -1', 'A: 1\nA: 2'])
    expect(() => parseExpected(wrong, 'x')).toThrow(/^x:\d/)
  expect(unexpected(counts, new Map([['New', 1]]))).toEqual([
    { name: 'A rule: with a colon', wanted: 3, found: 0 },
    { name: 'New', wanted: 0, found: 1 },
  ])
})

test('losses are reported at most once a second, and the rest of them at the end', () => {
  let stats = { events: 0, lost: 0, late: 0 }
  const coverage = new Coverage(() => stats)
  const from = performance.now()
  stats = { events: 900, lost: 100, late: 0 }
  expect(coverage.look(from + 10)).toBeUndefined()
  expect(coverage.look(from + 1500)).toMatchObject({ seen: 900, lost: 100, share: 0.1 })
  expect(coverage.look(from + 3000)).toBeUndefined()
  stats = { events: 1000, lost: 300, late: 0 }
  const rest = coverage.rest(from + 3100)
  expect(rest).toMatchObject({ seen: 100, lost: 200 })
  expect(rest && uncoveredText(rest)).toMatch(/200 events were lost in 0\.1 s, 67 % of all/)
})

test('words that are not options are rules files, except after a word with a meaning of its own', () => {
  expect(parseRulesCommand(['a.yaml', 'b.yaml'], false)).toEqual({
    command: { what: 'run' },
    files: ['a.yaml', 'b.yaml'],
  })
  expect(parseRulesCommand(['explain', 'A rule', 'a.yaml'], false)).toEqual({
    command: { what: 'explain', rule: 'A rule' },
    files: ['a.yaml'],
  })
  expect(parseRulesCommand(['test', 'folder', 'a.yaml'], false)).toEqual({
    command: { what: 'test', folder: 'folder' },
    files: ['a.yaml'],
  })
  expect(() => parseRulesCommand(['a.yaml'], true)).toThrow(/--diff/)
})
