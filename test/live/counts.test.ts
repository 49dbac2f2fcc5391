// Every call is recorded in every mode: the number of calls of each type that a program made, according to strace, and to ksys in every
// form of output.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'
import { tracedCalls } from '../helpers/strace.js'

const dir = scratchDir('counts')
/** Calls with other names in strace than in ksys; those of 32-bit calls too. */
const KSYS_NAMES: Readonly<Record<string, string>> = {
  pread64: 'pread',
  pwrite64: 'pwrite',
  prlimit64: 'prlimit',
  ugetrlimit: 'getrlimit',
  truncate64: 'truncate',
  fadvise64_64: 'fadvise64',
  _llseek: 'llseek',
  semget: 'ipc',
  semctl: 'ipc',
}
/** Calls whose number varies from run to run: threads that wait for others. */
const UNSTEADY = new Set(['futex'])
/** Names of ksys that strace does not distinguish. */
const STRACE_NAMES: Readonly<Record<string, string>> = { old_mmap: 'mmap' }

type Counts = Record<string, number>

function counted(names: Iterable<string>): Counts {
  const counts: Counts = {}
  for (const given of names) {
    const name = STRACE_NAMES[given] ?? given
    if (UNSTEADY.has(name)) continue
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

function nameOf(name: string): string {
  return /^syscall_0x/.test(name) ? 'unknown' : (KSYS_NAMES[name] ?? name)
}

/** The calls in strace's log, with ksys's names. */
function straceCounts(command: readonly string[]): Counts {
  const log = join(dir, 'strace.log')
  spawnSync('strace', ['-f', '-o', log, ...command], { stdio: 'pipe' })
  return counted(tracedCalls(readFileSync(log, 'utf8')).map((c) => nameOf(c.name)))
}

function run(args: string[], command: readonly string[]): string {
  const ran = ksys([...args, '--', ...command])
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.stderr).not.toMatch(/lost/)
  return ran.stdout
}

const CALLS = 'syscall.type exists and evt.dir = <'
const lines = (text: string) => text.split('\n').filter((l) => l !== '')

/** Forms of output: the calls of a command, by name. */
const WAYS: Record<string, (command: readonly string[], expected: Counts) => Counts> = {
  'lines of text': (command) =>
    counted(lines(run(['-s', '0', CALLS], command)).map((l) => /\) < (\w+)/.exec(l)?.[1] ?? l)),
  JSON: (command) => counted(lines(run(['-j', CALLS], command)).map((l) => JSON.parse(l)['evt.type'])),
  'a format': (command) => counted(lines(run(['-p', '%evt.type', CALLS], command))),
  'a format with the latency': (command) =>
    counted(lines(run(['-p', '*%evt.type %evt.latency', CALLS], command)).map((l) => l.split(' ')[0] ?? '')),
  'a filter by type': (command, expected) => {
    const types = [...Object.keys(expected), ...Object.keys(STRACE_NAMES)].join(', ')
    return counted(lines(run(['-p', '%evt.type', `evt.type in (${types})`], command)))
  },
  'a trace': (command) => {
    const trace = join(dir, 'counts.ksys')
    run(['-w', trace], command)
    return counted(lines(ksys(['-r', trace, '-p', '%evt.type', CALLS]).stdout))
  },
  'the summary': (command) => {
    const rows = lines(run(['-q', '-S', CALLS], command)).map((l) => l.trim().split(/\s+/))
    const calls = rows.filter((r) => /^\d+$/.test(r[1] ?? ''))
    return counted(calls.flatMap((r) => Array.from({ length: Number(r[1]) }, () => r[0] ?? '')))
  },
  'enter events': (command) =>
    counted(
      lines(run(['--enter', '-p', '%evt.dir %evt.type', 'syscall.type exists'], command))
        .filter((l) => l.startsWith('<'))
        .map((l) => l.slice(2)),
    ),
}

describe.runIf(privileged())('every call is recorded in every form of output', () => {
  /** Programs with handlers of signals, with numbers that no table has, of threads too, with 32-bit calls, and one that reads a file. */
  const command = () => {
    const read = ['dd', 'if=/etc/passwd', 'of=/dev/null', 'bs=64', 'status=none']
    const programs = [...['signals', 'unknown', 'i386'].map((name) => [compile(dir, name)]), read]
    return ['env', 'SAID=/dev/null', compile(dir, 'each'), ...programs.flatMap((words) => ['--', ...words]).slice(1)]
  }
  let expected: Counts = {}
  beforeAll(() => {
    expected = straceCounts(command())
  })

  test('strace reports calls of each program', () => {
    const names = ['rt_sigreturn', 'unknown', 'read', ...(process.arch === 'x64' ? ['ipc'] : [])]
    expect(Object.keys(expected)).toEqual(expect.arrayContaining(names))
  })

  test.each(Object.entries(WAYS))('%s: as many as strace reports', (_, ask) => {
    expect(ask(command(), expected)).toEqual(expected)
  })

  test('a chisel that counts in the kernel counts returns of handlers', () => {
    const rows = lines(run(['-c', 'topscalls'], [compile(dir, 'signals')])).map((l) => l.trim().split(/\s+/))
    const returns = rows.filter((r) => r[1] === 'rt_sigreturn').reduce((n, r) => n + Number(r[0]), 0)
    expect(returns).toBe(50)
  })

  test('a chisel that counts in the kernel counts calls without a name, under no name of another', () => {
    const command = ['env', 'SAID=/dev/null', compile(dir, 'unknown')]
    const rows = lines(run(['-c', 'topscalls'], command)).map((l) => l.trim().split(/\s+/))
    const counts = (name: string) => rows.filter((r) => r[1] === name).reduce((n, r) => n + Number(r[0]), 0)
    expect(counts('unknown')).toBe(straceCounts(command).unknown)
    expect(counts('rt_sigreturn')).toBe(0)
  })
})

describe.skipIf(!privileged())('a summary by values of arguments', () => {
  const file = join(dir, 'written')
  const command = ['sh', '-c', `echo hello > ${file}; mv ${file} ${file}.moved; rm ${file}.moved`]

  test.each([
    'evt.is_open_write=true',
    'evt.buffer contains hello',
    `fs.path.targetraw = ${file}.moved`,
    `fs.path.nameraw = ${file}.moved`,
    'evt.rawres=0 and evt.type=close',
  ])('has the calls in the lines: %s', (filter) => {
    const all = counted(lines(run(['-p', '%syscall.type', filter], command)))
    const summary = lines(run(['-q', '-S', filter], command)).slice(3)
    expect(Object.fromEntries(summary.map((l) => [l.split(/\s+/)[0], Number(l.split(/\s+/)[1])]))).toEqual(all)
    expect(Object.keys(all).length).toBeGreaterThan(0)
  })
})
