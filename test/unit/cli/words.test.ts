// Input that is nearly right, or right for other tools: how the command handles it. Nothing here needs privileges.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const capture = join(root, 'captures/web.ksys')
const dir = scratchDir('words')

/** The errors for invalid words. */
function errorOf(...args: string[]): string {
  const run = ksys(args)
  expect(run).toMatchObject({ code: 2, stdout: '' })
  return run.stderr
}

test('options of sysdig that have no effect here only add a note on standard error', () => {
  const plain = ksys(['-r', capture, '-n', '3'])
  const old = ksys(['-r', capture, '-n', '3', '-zFE', '--cri-timeout', '500', '-d', '--modern-bpf'])
  expect(old).toMatchObject({ code: 0, stdout: plain.stdout })
  expect(old.stderr.trim().split('\n')).toHaveLength(6)
  expect(old.stderr).toMatch(/^ksys: -z, --compress is not needed: traces are always compressed$/m)
  expect(ksys(['-r', capture, '-q', '-z', '--cpus-for-each-buffer', '2'])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('a file in the place of a filter is reported with the option that reads it', () => {
  expect(errorOf(capture)).toContain(`is a file, not a filter; -r reads files: ksys -r ${capture}`)
  expect(errorOf('-c', 'topprocs_cpu', capture)).toContain(`ksys -r ${capture}`)
  expect(errorOf('-n', '5', 'proc.name=x', capture)).toContain(`ksys -r ${capture}`)
  const spaced = join(dir, "it's mine.log")
  writeFileSync(spaced, '')
  expect(errorOf(spaced)).toContain(`ksys -r '${dir}/it'\\''s mine.log'`)
  expect(errorOf('missing.scap')).toMatch(/neither a filter nor an existing file; -r reads files/)
  expect(errorOf('proc.nam=x')).toContain("unknown field 'proc.nam'")
})

test('a chisel in the place of a filter is reported with the command that runs it', () => {
  expect(errorOf('ps')).toBe("ksys: 'ps' is a chisel, not a filter; -c runs chisels: ksys -c ps\n")
  expect(errorOf('-r', capture, 'topconns', 'proc.name=x')).toContain('ksys -c topconns proc.name=x\n')
  expect(errorOf('netsat')).toBe("ksys: 'netsat' is not a filter (did you mean the chisel netstat? ksys -c netstat)\n")
  const word = 'ordinary_word'
  expect(errorOf(word)).toContain(`'${word}' is not a field`)
})

test('-p without a value prints the default format, whatever is captured or read', () => {
  const format = ksys(['-pp'])
  expect(format.stdout).toMatch(/^\*%evt\.num .*%evt\.info\n$/)
  for (const words of [
    ['-p'],
    ['-p', '-r', capture],
    ['-r', capture, '--print'],
    ['-p', '-c', 'topconns'],
    ['-p', '--', 'ls'],
  ])
    expect(ksys(words)).toEqual(format)
  expect(ksys(['-r', capture, '-n', '1', '-p', '-%evt.num']).stdout).toMatch(/^-\d+\n$/)
})

test('help and version are accepted without dashes, and other words name their option', () => {
  expect(ksys(['help'])).toEqual(ksys(['--help']))
  expect(ksys(['help', 'info'])).toEqual(ksys(['info', '--help']))
  expect(ksys(['version'])).toEqual(ksys(['--version']))
  expect(errorOf('list')).toContain('did you mean --list?')
})

test('an unknown chisel is refused with similar names', () => {
  expect(errorOf('-c', 'topfiles')).toContain('did you mean topfiles_bytes, topfiles_errors, topfiles_time?')
  expect(errorOf('-c', 'topfils.lua')).toContain('topfiles_bytes')
  expect(errorOf('-i', 'topproc_cpu')).toContain('did you mean topprocs_cpu?')
  expect(errorOf('-c', 'zzz')).not.toContain('did you mean')
})

test.each<[string, string[]]>([
  ['ksys', ['-r', capture]],
  ['a chisel', ['-r', capture, '-c', 'topscalls']],
  ['ksys metrics', ['metrics', '-r', capture]],
])('%s prints each warning about a filter once, before the run', (_, words) => {
  const long = 'proc.name=a-name-of-more-than-15-bytes'
  expect(ksys([...words, `${long} or ${long}`]).stderr).toMatch(/^ksys: proc\.name has at most 15 bytes.*\n$/)
  expect(ksys([...words, 'fd.name<b and evt.num<0']).stderr).toMatch(/^ksys: .*text.*\n$/)
  expect(ksys([...words, 'fd.name=proc.name']).stderr).toMatch(
    /^ksys: 'proc\.name' is compared as text; write val.*\n$/,
  )
  expect(ksys([...words, '-q', long]).stderr).toBe('')
})

test('a negative number after a chisel is an argument', () => {
  expect(errorOf('-r', capture, '-c', 'fileslower', '-1')).toContain('min_ms must be at least 0')
})

test('-l lists a class, and names the class of a field', () => {
  expect(ksys(['-l', 'proc'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^proc\.name /m) })
  expect(errorOf('-l', 'proc.name')).toContain('ksys -l proc')
  expect(errorOf('-l', 'prok')).toContain('did you mean proc?')
})

test('-l offers no class whose fields were all removed, and says why it lists none of these', () => {
  const offered = /the classes are (.*)/.exec(errorOf('-l', 'pro'))?.[1]?.split(', ') ?? []
  expect(offered).toContain('proc')
  for (const removed of ['static', 'span', 'evtin', 'mesos']) {
    expect(offered).not.toContain(removed)
    expect(errorOf('-l', removed)).toContain(`ksys has no fields of the class ${removed}: `)
  }
  expect(errorOf('-l', 'span.id')).toContain('ksys has no field span.id: tracers')
})

test('-L lists one event, and suggests one for a misspelled name', () => {
  expect(ksys(['-L', 'openat'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^openat +\(.*name/) })
  expect(ksys(['-L', 'openat']).stdout).not.toContain('openat2')
  const lines = ksys(['-L', '-j', 'kill']).stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(['kill'])
  expect(errorOf('-L', 'opnat')).toContain("no event 'opnat' (did you mean openat?); ksys -L lists all events")
})

test('a pipe without a reader is not a failure, on either stream', () => {
  const line = (args: string) =>
    spawnSync('bash', ['-c', `"$0" "$1" ${args} 2>&1 | true; echo "\${PIPESTATUS[0]}"`, process.execPath, main], {
      encoding: 'utf8',
    }).stdout.trim()
  expect(line(`-r ${capture} -v`)).toBe('0')
  expect(line(`-r ${capture} -v -q`)).toBe('0')
  expect(line('--nosuch')).toBe('2')
})

test('progress is printed once for each percentage', () => {
  const run = ksys(['-r', capture, '-P', '-n', '2', '-q'])
  const lines = run.stderr.split(/[\r\n]/).filter((text) => text !== '')
  expect(lines.at(-1)).toBe('100.00%')
  expect(new Set(lines.map((text) => Math.floor(Number.parseFloat(text)))).size).toBe(lines.length)
})

test('durations in the summary are in whole units', () => {
  const run = ksys(['-r', join(root, 'captures/build.ksys'), '-q', '-S'])
  expect(run.stdout).not.toMatch(/\.\d{3,}/)
})

test('a file that lasts less than a second has one line for its bytes', () => {
  const short = join(dir, 'short.ksys')
  expect(ksys(['cut', capture, '-w', short, '--until', '500ms']).code).toBe(0)
  const run = ksys(['-r', short, '-c', 'iobytes'])
  expect(run.stdout).toMatch(/^\d\d:\d\d:\d\d in:\d+ out:\d+ tot:\d+\n$/)
  const sum = ksys(['-r', short, '-j', '-p', '%evt.buflen', 'evt.is_io=true and evt.failed=false'])
  const bytes = sum.stdout
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l)['evt.buflen'] ?? 0)
  expect(run.stdout).toContain(`tot:${bytes.reduce((a, b) => a + b, 0)}`)
})

test('a file name in a folder of chisels never becomes a command in the shell that evaluates the completion', () => {
  const folder = join(dir, 'chisels')
  mkdirSync(folder)
  for (const name of ["'; touch mark; '.mjs", '$(touch mark).mjs', 'my-own.mjs']) writeFileSync(join(folder, name), '')
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = ksys(['--completion', shell], { env: { KSYS_CHISEL_DIR: folder } }).stdout
    expect(script).toContain('my-own')
    expect(script).not.toContain('touch')
  }
})
