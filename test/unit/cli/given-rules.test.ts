// --rules: runs evaluate rules for each event; invalid rules end the run before anything is read, with the message of ksys rules --check.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('given-rules')
const web = join(root, 'captures/web.ksys')
const shell = join(root, 'captures/shell.ksys')

function rulesFile(name: string, text: string): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

const RULES = rulesFile(
  'rules.yaml',
  `- macro: begins
  condition: evt.type in (execve, execveat) and evt.dir=<
- rule: Program began
  desc: a program begins
  condition: begins and proc.name exists
  output: "%proc.name began (command=%proc.cmdline)"
  priority: NOTICE
  tags: [process, start]
- rule: Connection
  desc: something connects
  condition: evt.type=connect and fd.type in (ipv4, ipv6)
  output: "%proc.name connects to %fd.name"
  priority: ERROR
- rule: Never
  desc: disabled
  condition: evt.type=close
  output: "closed"
  priority: DEBUG
  enabled: false
`,
)

const lines = (words: string[]) => {
  const ran = ksys(words)
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  return ran.stdout.split('\n').slice(0, -1)
}

test('rule.* may be used in filters, lines and JSON', () => {
  const wanted = lines(['-r', web, '-p', '%evt.num', 'evt.type in (execve, execveat) and proc.name exists'])
  expect(wanted.length).toBeGreaterThan(0)
  expect(lines(['-r', web, '--rules', RULES, '-p', '%evt.num', 'rule.name="Program began"'])).toEqual(wanted)
  const all = lines([
    '-r',
    web,
    '--rules',
    RULES,
    '-p',
    '%rule.name|%rule.priority|%rule.priority.number',
    'rule.name exists',
  ])
  expect(new Set(all)).toEqual(new Set(['Program began|Notice|5', 'Connection|Error|3']))
  expect(lines(['-r', web, '--rules', RULES, '-p', '%rule.name', 'rule.priority.number<=3'])).toContain('Connection')
  expect(lines(['-r', web, '--rules', RULES, '-p', '%rule.name', 'rule.priority.number<=3'])).not.toContain(
    'Program began',
  )
  // absent for an event that fires no rule, as with any other field
  expect(lines(['-r', web, '--rules', RULES, '-n', '3', '-p', '*%rule.name', 'not rule.name exists'])).toEqual(
    Array(3).fill('<NA>'),
  )
  const [first = ''] = lines([
    '-r',
    web,
    '--rules',
    RULES,
    '-j',
    '-p',
    '%rule.name %rule.tags %rule.output',
    'rule.tags intersects (start)',
  ])
  expect(JSON.parse(first)).toMatchObject({
    'rule.name': 'Program began',
    'rule.tags': ['process', 'start'],
    'rule.output': expect.stringMatching(/^\S+ began \(command=.+\)$/),
  })
})

test('rule.* may be used with chisels, cuts and traces', () => {
  const counted = lines([
    '-r',
    web,
    '--rules',
    RULES,
    '-c',
    'table_generator',
    'rule.name',
    'RULE',
    'evt.count',
    'COUNT',
    'rule.name exists',
    '10',
    'none',
  ])
  expect(counted.join('\n')).toContain('Program began')
  const count = lines(['-r', web, '--rules', RULES, '-p', '%evt.num', 'rule.name exists']).length
  for (const write of [
    ['-r', web, '-w', join(dir, 'alerts.ksys'), '--rules', RULES, 'rule.name exists'],
    ['cut', web, '-w', join(dir, 'cut.ksys'), '--rules', RULES, 'rule.name exists'],
  ]) {
    expect(ksys(write).code).toBe(0)
    const file = write[write.indexOf('-w') + 1] as string
    expect(lines(['-r', file, '-p', '%evt.num'])).toHaveLength(count)
  }
})

test('several files and whole folders are read; later files change the definitions of earlier ones', () => {
  const folder = join(dir, 'folder')
  mkdirSync(folder)
  rulesFile('folder/10.yaml', '- list: programs\n  items: [curl]\n')
  rulesFile(
    'folder/20.yml',
    '- rule: Program\n  desc: d\n  condition: proc.name in (programs)\n  output: "%evt.num"\n  priority: INFO\n',
  )
  rulesFile('folder/README.txt', 'no rules')
  const of = (...files: string[]) =>
    new Set(lines(['-r', web, ...files.flatMap((f) => ['--rules', f]), '-p', '%proc.name', 'rule.name=Program']))
  expect(of(folder)).toEqual(new Set(['curl']))
  const more = rulesFile('more.yaml', '- list: programs\n  items: [sh]\n  override:\n    items: append\n')
  expect(of(folder, more).has('curl')).toBe(true)
})

test('invalid rules end the run with the message of ksys rules --check', () => {
  const wrong = rulesFile(
    'wrong.yaml',
    '- rule: Odd\n  desc: d\n  condition: evt.typo=execve\n  output: o\n  priority: INFO\n',
  )
  const checked = ksys(['rules', '--check', '-f', wrong])
  expect(checked.code).toBe(2)
  for (const words of [
    ['-r', web, '--rules', wrong, 'rule.name exists'],
    ['-r', web, '--rules', wrong, '-c', 'topprocs_cpu'],
    ['cut', web, '-w', join(dir, 'no.ksys'), '--rules', wrong, 'rule.name exists'],
    ['record', '--last', '60s', '-w', join(dir, 'no.ksys'), '--rules', wrong, '--trigger', 'rule.name exists'],
    ['ui', '--plain', '-r', web, '--rules', wrong],
  ]) {
    const { code, stdout, stderr } = ksys(words)
    expect({ code, stdout }, words.join(' ')).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(checked.stdout)
    expect(stderr).toMatch(/^ksys: the rules contain errors and were not run$/m)
  }
})

test('impossible requests are refused: no files, no enabled rules, standard input twice, a missing file', () => {
  const empty = join(dir, 'empty')
  mkdirSync(empty)
  expect(ksys(['-r', web, '--rules', empty])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no .yaml or .yml file in'),
  })
  const off = rulesFile(
    'off.yaml',
    '- rule: Off\n  desc: d\n  condition: evt.type=close\n  output: o\n  priority: INFO\n  enabled: false\n',
  )
  const none = ksys(['-r', web, '--rules', off, 'rule.name exists'])
  expect(none).toMatchObject({ code: 0, stdout: '' })
  expect(none.stderr).toContain(`no rule in ${off} is enabled`)
  expect(ksys(['-r', '-', '--rules', '-'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('can be read only once'),
  })
  const missing = ksys(['-r', web, '--rules', join(dir, 'nowhere.yaml')])
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no such file') })
})

test('using rule.* without rules is reported once, as for other fields that can have no value', () => {
  const run = ksys(['-r', web, '-r', shell, 'rule.name exists or rule.priority=Error'])
  expect(run).toMatchObject({ code: 0, stdout: '' })
  expect(run.stderr).toBe(
    'ksys: rule.name, rule.priority have no value here: no rules are given (--rules FILE); comparing it is never true\n',
  )
})

test('--explain shows that the kernel records the events that the rules need', () => {
  const text = ksys(['--explain', '--rules', RULES, 'rule.name exists']).stdout
  expect(text).toMatch(/recorded .*:\n.*connect/)
  expect(text).toMatch(/dropped: \d{3} event types/)
  expect(text).toContain('rule.name')
  expect(ksys(['--explain', 'rule.name exists']).stdout).not.toMatch(/dropped: \d{3}/)
})
