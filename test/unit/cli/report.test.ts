// ksys report over capture files: formats, files, comparisons, and what it refuses.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('report')
const [build, web, shell] = ['build', 'web', 'shell'].map((name) => join(root, `captures/${name}.ksys`)) as [
  string,
  string,
  string,
]
const at = (name: string) => join(dir, name)

function report(...args: string[]): string {
  const { stdout, stderr, code } = ksys(['report', ...args])
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}
const json = (...args: string[]) => JSON.parse(report('-j', ...args))

test('a report has the programs, hosts and files that the events of the capture have', () => {
  const all = json('-r', web)
  const lines = (filter: string, format: string) => ksys(['-r', web, '-p', format, filter]).stdout.trimEnd().split('\n')
  const sum = (filter: string, field: string) => lines(filter, `%${field}`).reduce((n, line) => n + Number(line), 0)
  const curl = 'proc.name=curl and fd.sport=8123'
  const refused = lines(`evt.type=getsockopt and fd.connect_error=ECONNREFUSED and ${curl}`, '%evt.num').length
  expect(refused).toBe(1)
  expect(all.hosts[0]).toEqual({
    host: '127.0.0.1:8123',
    addresses: [],
    connections: lines(`evt.type=connect and ${curl}`, '%evt.num').length - refused,
    failed: refused,
    errors: ['ECONNREFUSED'],
    unanswered: 0,
    sent: sum(`${curl} and evt.is_io_write=true and evt.buflen exists`, 'evt.buflen'),
    received: sum(`${curl} and evt.is_io_read=true and evt.buflen exists`, 'evt.buflen'),
    by: ['curl'],
  })
  const ran = all.programs[0].programs.find((p: { program: string }) => p.program === '/usr/bin/curl')
  expect(ran.runs).toBe(lines('evt.type=execve and proc.name=curl and evt.failed=false', '%evt.num').length)
  const written = json('-r', build, '--folder', '/nowhere').written
  expect(written.map((f: { path: string }) => f.path)).toEqual([...new Set(leftFiles(build))].sort())
})

/** The files that the build left, by its events: what it opened for writing. */
function leftFiles(file: string): string[] {
  const filter = 'evt.is_open_write=true and evt.failed=false and fd.name startswith /tmp/demo and fd.name != /dev/null'
  return ksys(['-r', file, '-p', '%fd.name', filter]).stdout.trimEnd().split('\n')
}

test('the format is that of --to, else of the name of the file, else text', () => {
  const text = report('-r', shell)
  const markdown = report('-r', shell, '--to', 'markdown')
  expect(text).toMatch(/^What /)
  expect(markdown).toMatch(/^## What /)
  for (const [name, starts] of [
    ['a.md', '## '],
    ['a.json', '{'],
    ['a.txt', 'What '],
  ] as const) {
    expect(report('-r', shell, '-o', at(name))).toBe('')
    expect(readFileSync(at(name), 'utf8')).toMatch(new RegExp(`^${starts}`))
  }
  report('-r', shell, '-o', at('b.md'), '--to', 'text')
  expect(readFileSync(at('b.md'), 'utf8')).toBe(text)
  expect(report('-r', shell, '-o', '-')).toBe(text)
})

test('several captures make one report, and so does a merged capture, with the names of its hosts', () => {
  const both = json('-r', web, '-r', build)
  expect(both.programs.map((p: { script: string }) => p.script)).toEqual(['/tmp/demo/web.sh', '/tmp/demo/build.sh'])
  const merged = at('merged.ksys')
  expect(ksys(['merge', web, build, '-w', merged, '--host', 'a', '--host', 'b']).code).toBe(0)
  const { programs, hosts_captured } = json('-r', merged)
  expect(programs).toEqual(both.programs)
  expect(hosts_captured).toEqual(['a', 'b'])
  expect(report('-r', merged)).toContain('\nHosts: a, b.\n')
})

test('arguments and queries are hidden unless secrets are shown, also with the masking of a --redact file', () => {
  const args = json('-r', shell, '--show-secrets')
  expect(args.arguments).toEqual(['/tmp/demo/shell.sh'])
  expect(json('-r', shell).arguments).toBe('***')
  const rules = at('rules')
  writeFileSync(rules, 'proc.args mask\nfd.name mask /demo/\n')
  const masked = report('-r', shell, '--show-secrets', '--redact', rules)
  expect(masked).not.toMatch(/dash \S*shell\.sh|\/demo\//)
  expect(report('-r', shell, '--no-args')).toContain(
    'Incomplete: data was removed for privacy (no arguments of programs).',
  )
})

describe('--expect', () => {
  const baseline = at('baseline.json')
  ksys(['report', '-r', web, '-o', baseline])
  test('finds nothing new in the same run', () => {
    expect(report('-r', web, '--expect', baseline)).toContain(`Nothing is new since ${baseline}.`)
  })
  test('exits with 7 and names what is new', () => {
    const ran = ksys(['report', '-r', build, '--expect', baseline])
    expect(ran.code).toBe(7)
    expect(ran.stdout).toMatch(/^\d+ things are new since .*baseline\.json\.$/m)
    expect(ran.stdout).toMatch(/\n\nNew \(Not in .*\)\n( {2}program .*\n)* {2}program \.\/hello\n/)
    const { new: rows } = JSON.parse(ksys(['report', '-j', '-r', build, '--expect', baseline]).stdout)
    expect(rows).toContainEqual({ section: 'programs', what: './hello' })
  })
  test('a run of a part of it has nothing new', () => {
    expect(report('-r', web, '--folder', '/tmp/demo/web', '--expect', baseline, 'proc.name=curl')).toContain(
      'Nothing is new',
    )
  })
})

test('a report tells why it may lack something', () => {
  const damaged = at('damaged.ksys')
  writeFileSync(damaged, readFileSync(web).subarray(0, 30_000))
  const ran = ksys(['report', '-r', damaged])
  expect(ran.code).toBe(5)
  expect(ran.stdout).toContain('Incomplete: a capture file is damaged.')
  expect(report('-r', web, '--until', '500ms')).toContain('Incomplete: only the part of --since and --until was read.')
  expect(report('-r', web, '--no-buffers')).toContain('Incomplete: ')
})

describe('is refused with a reason:', () => {
  writeFileSync(at('other.json'), '{"schema":1}')
  test.each([
    [['--expect', at('none.json')], 'no such file; write it with ksys report --to json -o FILE'],
    [['--expect', at('other.json')], 'it is not a report'],
    [['--expect', web], 'it is not JSON'],
    [['--to', 'text', '-j'], '-j and --to text are two formats'],
    [['-w', '-'], '-w - and the report would both be written to standard output'],
    [['-w', at('x.csv')], '-w writes a trace for ksys report'],
    [['-w', at('x'), '-o', at('x')], '-o and -w both name'],
    [['-o', web], `-o ${web} would overwrite the file that is read`],
    [['--folder', 'relative'], 'use an absolute path'],
    [['--', 'ls'], '-r reads a file and -- runs a command'],
    [['proc.nonsense=1'], "unknown field 'proc.nonsense'"],
    [['--to', 'html'], "argument 'html' is invalid"],
  ] as const)('%s', (args, reason) => {
    const ran = ksys(['report', '-r', web, ...args])
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).toContain(reason)
    expect(existsSync(at('x'))).toBe(false)
  })
  test('a file that cannot be written, before anything is read', () => {
    const ran = ksys(['report', '-r', web, '-o', at('none/x.md')])
    expect(ran).toMatchObject({ code: 6, stdout: '' })
  })
  test('a capture whose reading a signal ends', async () => {
    const fifo = at('fifo')
    execFileSync('mkfifo', [fifo])
    const run = spawn(process.execPath, [main, 'report', '-r', fifo, '-o', at('never.md')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    const ended = new Promise<number | null>((done) => run.on('close', done))
    run.stderr.on('data', (text) => {
      errors += text
      // it waits for the writer
      if (/waiting for a writer/.test(errors) && !run.killed) run.kill('SIGINT')
    })
    expect(await ended).toBe(130)
    expect(errors).toContain('there is no report, because the captures were not read to the end')
    expect(existsSync(at('never.md'))).toBe(false)
  })
  test('no command after --', () => {
    expect(ksys(['report', '--']).stderr).toContain('missing command after --')
  })
})
