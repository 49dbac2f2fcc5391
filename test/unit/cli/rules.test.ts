// ksys rules: the output and exit codes of --check, -L and -l, the settings of falco.yaml, and refused options.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RULES } from '../../../src/cli/options/rules.js'
import { parseSubcommand } from '../../../src/cli/options/subcommand.js'
import { selected } from '../../../src/cli/rules/loading.js'
import { rulesSettings } from '../../../src/cli/rules/settings.js'
import { loadRules } from '../../../src/rules/load/load.js'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('rules')
function file(name: string, text: string): string {
  const path = join(dir, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}
const GOOD = `- list: shells
  items: [bash, sh]
- rule: Shell
  desc: a shell begins
  condition: evt.type = execve and proc.name in (shells)
  output: "%proc.name began"
  priority: Warning
  tags: [b, a]
`
const good = file('good.yaml', GOOD)
const doubtful = file('doubtful.yaml', `${GOOD}- list: more\n  items: [x]\n`)
const bad = file('bad.yaml', GOOD.replace('proc.name in', 'proc.nmae in'))
const settings = (...words: string[]) => {
  const { options, words: rest } = parseSubcommand(RULES, words)
  return rulesSettings(options, rest).settings
}

test('--check prints Ok and exits with 0, also with warnings; with 2 if there is an error', () => {
  expect(ksys(['rules', '--check', good])).toEqual({ code: 0, stderr: '', stdout: `${good}: Ok\n` })
  const warned = ksys(['rules', '--check', '-f', doubtful])
  expect(warned).toMatchObject({ code: 0, stderr: '' })
  expect(warned.stdout).toContain(`${doubtful}: Ok, with warnings\n1 Warnings:\nIn list 'more': (${doubtful}:9:3)\n`)
  const wrong = ksys(['rules', '--check', good, bad])
  expect(wrong).toMatchObject({ code: 2, stderr: '' })
  expect(wrong.stdout).toContain(`${bad}: Invalid\n1 Errors:\n`)
  expect(wrong.stdout).toMatch(/\n {35}\^{9}\n/)
})

test('--check -j prints one JSON value', () => {
  const { stdout, code } = ksys(['rules', '--check', '-j', good, bad])
  expect(code).toBe(2)
  expect(
    JSON.parse(stdout).falco_load_results.map((f: { name: string; successful: boolean }) => [f.name, f.successful]),
  ).toEqual([
    [good, true],
    [bad, false],
  ])
})

test('rules may be read from standard input', () => {
  expect(ksys(['rules', '--check', '-'], { input: Buffer.from(GOOD) })).toMatchObject({ code: 0, stdout: '-: Ok\n' })
})

test('a file with every feature is valid', () => {
  expect(ksys(['rules', '--check', '-f', join(root, 'test/rules/every-feature.yaml')])).toMatchObject({
    code: 0,
    stderr: '',
  })
})

test('-L lists the rules, -l describes one in full', () => {
  expect(ksys(['rules', '-L', good]).stdout).toBe('Shell (Warning)\n    a shell begins\n')
  expect(ksys(['rules', '-l', 'Shell', good]).stdout).toBe(`Shell (Warning)
    a shell begins

Source:
    syscall

Tags:
    a, b

File:
    ${good}:3

Output:
    %proc.name began

Condition:
    evt.type = execve and proc.name in (shells)

With macros, lists and exceptions expanded:
    evt.type=execve and proc.name in (bash, sh)
`)
  const { stdout } = ksys(['rules', '-L', '-j', good])
  expect(JSON.parse(stdout)).toMatchObject({
    rule: 'Shell',
    priority: 'Warning',
    tags: ['a', 'b'],
    expanded: 'evt.type=execve and proc.name in (bash, sh)',
  })
  const none = ksys(['rules', '-l', 'Shel', good])
  expect(none).toMatchObject({ code: 2, stdout: '' })
  expect(none.stderr).toContain("no rule 'Shel' (did you mean Shell?)")
})

test('an error prevents rules from being listed or run, and is printed to standard error', () => {
  for (const words of [['-L'], []]) {
    const r = ksys(['rules', ...words, bad])
    expect(r).toMatchObject({ code: 2, stdout: '' })
    expect(r.stderr).toContain('LOAD_ERR_COMPILE_CONDITION')
  }
})

test('without rules files, the error says how to specify them', () => {
  const r = ksys(['rules'])
  expect(r).toMatchObject({ code: 2, stdout: '' })
  expect(r.stderr).toContain('ksys rules -f FILE')
})

test('a folder without rules is an error', () => {
  mkdirSync(join(dir, 'empty'))
  const r = ksys(['rules', '--check', join(dir, 'empty')])
  expect(r).toMatchObject({ code: 2, stdout: '' })
  expect(r.stderr).toContain('no file in')
})

test('falco.yaml specifies the rules; the command line takes precedence', () => {
  const config = file(
    'falco.yaml',
    `rules_files: ["${good}"]\npriority: error\nrules: [{disable: {rule: Shell}}]\nengine: {kind: kmod}\nfile_output: {enabled: true, filename: /tmp/x}\n`,
  )
  const s = settings('-c', config)
  expect(s).toMatchObject({ files: [good], priority: 'Error', matching: 'first', configFile: config, nameWait: 500 })
  expect(s.outputs).toEqual([{ kind: 'stdout' }, { kind: 'file', target: '/tmp/x' }])
  expect(settings('-c', config, '--priority', 'debug', '-f', bad, '--output', 'syslog')).toMatchObject({
    files: [bad],
    priority: 'Debug',
    outputs: [{ kind: 'syslog' }],
  })
  const checked = ksys(['rules', '--check', '-c', config])
  expect(checked).toMatchObject({ code: 0, stdout: `${good}: Ok\n` })
  expect(checked.stderr).toMatch(/engine is not used: ksys captures with BPF/)
  expect(ksys(['rules', '-L', '-c', config, '--priority', 'debug']).stdout).toContain('Shell (Warning, disabled)')
  expect(ksys(['rules', '-L', '-c', config, '--priority', 'debug', '--enable', 'S*']).stdout).toContain(
    'Shell (Warning)',
  )
  expect(ksys(['rules', '-L', '-c', config]).stdout).toBe('No rules.\n')
  const broken = ksys(['rules', '--check', '-c', file('wrong.yaml', 'priority: high\n')])
  expect(broken).toMatchObject({ code: 2, stdout: '' })
  expect(broken.stderr).toMatch(/wrong\.yaml:1:11: priority must be a priority/)
})

test('--enable takes precedence over --disable, and a name that no rule has is refused', () => {
  const read = loadRules([{ name: 'a', text: GOOD }])
  const left = selected(read, settings('-f', 'a', '--enable', 'tag=a', '--disable', '*'))
  expect(left.map((r) => r.enabled)).toEqual([true])
  expect(() => selected(read, settings('-f', 'a', '--disable', 'Shelf'))).toThrow(
    /no rule 'Shelf' \(did you mean Shell\?\)/,
  )
})

test('options have their documented meaning', () => {
  expect(
    settings(
      'a.yaml',
      '-r',
      'x.ksys',
      '--group-by',
      'proc.name, fd.name',
      '--group-by',
      'user.name',
      '--window',
      '2m',
      '--name-wait',
      '0s',
      '-j',
      '--rule-matching',
      'all',
      '--time-iso-8601',
      '-M',
      '10',
    ),
  ).toMatchObject({
    files: ['a.yaml'],
    read: ['x.ksys'],
    groupBy: ['proc.name', 'fd.name', 'user.name'],
    window: 120_000,
    nameWait: 0,
    json: true,
    matching: 'all',
    iso: true,
    seconds: 10,
    snaplen: 80,
  })
})

test('--output accepts what outputs accept, with their options', () => {
  const given = (words: string) => settings('-f', 'a', '--output', words).outputs
  expect(given('program=cat -u,keep_alive=true,priority=info')).toEqual([
    { kind: 'program', target: 'cat -u', keepAlive: true, minimum: 'Informational' },
  ])
  expect(given('http=https://h:1/p?q=1,timeout=1s')).toEqual([
    { kind: 'http', target: 'https://h:1/p?q=1', timeout: 1000 },
  ])
  expect(() => given('file')).toThrow(/the output file requires a target: file=PATH/)
})

test('outputs in falco.yaml come with their settings; TLS applies only to outputs that have it', () => {
  const http = (url: string) =>
    settings(
      ...['-f', 'a', '-c'],
      file(
        'http.yaml',
        `stdout_output: {enabled: false}\nhttp_output: {enabled: true, url: "${url}", insecure: true, ca_path: /etc/ca}\n`,
      ),
    ).outputs
  expect(http('http://h:1/')).toEqual([
    { kind: 'http', target: 'http://h:1/', timeout: 2000, retries: 5, compress: false, userAgent: undefined },
  ])
  expect(http('https://h:1/')).toMatchObject([{ insecure: true, ca: '/etc/ca' }])
})

test('an output in falco.yaml without a target is an error', () => {
  const config = file('no-target.yaml', 'program_output: {enabled: true}\n')
  expect(() => settings('-c', config)).toThrow(/program_output is enabled but has no command/)
})

test('files of alerts: falco.yaml specifies them, the command line takes precedence, and their options are refused without them', () => {
  expect(settings('-f', 'a').alertFiles).toBeUndefined()
  const config = file(
    'files.yaml',
    'capture: {enabled: true, path_prefix: /tmp/p, mode: all_rules, max_file_size_mb: 3}\n',
  )
  expect(settings('-f', 'a', '-c', config).alertFiles).toMatchObject({
    prefix: '/tmp/p',
    ofAllRules: true,
    after: 5e9,
    perRule: 10,
    bytesADay: 1e9,
    largest: 3e6,
    memory: { time: 10e9 },
  })
  expect(
    settings('-c', config, '--capture', '/x/', '--after', '1s', '--max-files', '2', '--last', '3s').alertFiles,
  ).toMatchObject({ prefix: '/x/', after: 1e9, perRule: 2, memory: { time: 3e9 } })
  expect(() => settings('-f', 'a', '--max-files', '2')).toThrow(/--max-files requires --capture/)
  expect(() => settings('-f', 'a', '--capture', '')).toThrow(/alert files need a name/)
  expect(() => settings('-f', 'a', '--capture', 'x', '--last', '0s')).toThrow(/--last needs a time or size/)
})

test('changed rules files are reloaded, unless this is disabled', () => {
  expect(settings('-f', 'a').watch).toBe(true)
  expect(settings('-f', 'a', '--no-watch').watch).toBe(false)
  expect(settings('-c', file('unwatched.yaml', 'watch_config_files: false\n')).watch).toBe(false)
})

test('an invalid value of an option is reported in a sentence', () => {
  for (const [option, value] of [
    ['--output', 'mail'],
    ['--priority', 'high'],
    ['--window', 'long'],
    ['--group-by', ','],
    ['--rule-matching', 'some'],
  ] as const)
    expect(() => settings('-f', 'a', option, value), option).toThrow(new RegExp(`'${option} <.*'${value}'`))
})
