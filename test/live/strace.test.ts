// Comparison with strace: programs make nearly every call while strace and ksys record at the same time, and what
// both print for a call must agree: its name, result, constants, texts and numbers. strace-rules.ts has the allowed differences.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { errnoName } from '../../src/schema/errno.js'
import { SYSCALLS } from '../../src/schema/syscalls.js'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'
import { type Traced, tracedCalls } from '../helpers/strace.js'
import { differences, type Seen } from './strace-differences.js'

const dir = scratchDir('strace')
const PROGRAMS = ['files', 'network', 'memory', 'processes', 'compat']
/** numbers without a call, and calls that would wait for all disks of the machine */
const NOT_MADE = ['sync']
const KSYS_NAMES: Readonly<Record<string, string>> = { pread64: 'pread', pwrite64: 'pwrite', prlimit64: 'prlimit' }

interface Run {
  strace: Traced[]
  /** by thread */
  seen: Map<number, Seen[]>
  /** the 32-bit program's thread */
  compat: number
}

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-V'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

/** A 32-bit call's name without the part that distinguishes it from older ones; ksys has the name of the equivalent call. */
const plain = (name: string) => {
  const bare = name
    .replace(/^_/, '')
    .replace(/_time64$/, '')
    .replace(/(_?(32|64))+$/, '')
  return { newselect: 'select', ugetrlimit: 'getrlimit', fstatat: 'newfstatat', old_mmap: 'mmap' }[bare] ?? bare
}

/** Text with one name for the folder of the programs: its name by mkdtemp may look like the name of a constant. */
const named = (text: string) => text.replaceAll(dir, '/every')

/** Runs the programs of programs/every under both; their calls as strace and as ksys print them, ksys's by thread. */
function witness(): Run {
  const commands = PROGRAMS.map((program) => {
    const exe = join(dir, program)
    const source = join(root, 'test/live/programs/every', `${program}.c`)
    execFileSync('cc', ['-O1', '-w', '-o', exe, source], { stdio: 'pipe', timeout: 60_000 })
    mkdirSync(`${exe}.d`)
    return `${exe} ${exe}.d`
  })
  const log = join(dir, 'log')
  const trace = join(dir, 'trace.ksys')
  const ran = ksys([
    ...['--no-container-metadata', '-s', '200', '-w', trace, '--', 'strace', '-f', '-v', '-s', '200', '-o', log],
    ...['sh', '-c', `${commands.join(' && ')} && true`],
  ])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const seen = new Map<number, Seen[]>()
  for (const row of readRows(trace, ['thread.tid', 'evt.type', 'evt.rawres', 'evt.args'], [], ['-v'])) {
    const type = row['evt.type'] as string
    if (['procexit', 'signaldeliver', 'drop'].includes(type)) continue
    const tid = row['thread.tid'] as number
    if (!seen.has(tid)) seen.set(tid, [])
    seen.get(tid)?.push({ type, ret: row['evt.rawres'] as number | null, args: named(row['evt.args'] as string) })
  }
  const strace = tracedCalls(named(readFileSync(log, 'utf8')))
  const compat = strace.find((c) => c.name === 'execve' && c.args.includes('/compat"') && c.ret === 0n)?.tid ?? -1
  return { strace, seen, compat }
}

/** Compares a run call by call; a line for each that differs, and for a call that is missing in one of them. */
function compare(strace: readonly Traced[], seen: ReadonlyMap<number, readonly Seen[]>): string[] {
  const out: string[] = []
  const place = new Map<number, number>()
  for (const call of strace) {
    const rows = seen.get(call.tid) ?? []
    const name = KSYS_NAMES[call.name] ?? call.name
    // the calls of strace's own child before the program's exec are not in its log
    const at =
      place.get(call.tid) ??
      Math.max(
        0,
        rows.findIndex((r) => r.type === name),
      )
    const row = rows[at]
    place.set(call.tid, at + 1)
    if (row === undefined || (row.type !== name && !name.startsWith('syscall_0x'))) {
      out.push(`${call.tid} made ${call.name}(${call.args}), recorded: ${row?.type ?? 'nothing'}`)
      break
    }
    const words = differences(call, row)
    if (words.length > 0)
      out.push(`${words.join(' ')}\n  ${call.name}(${call.args}) = ${call.ret} ${call.more}\n  ${row.args}`)
  }
  return out
}

/** Names and errors of a 32-bit program's calls: strace's, and those of ksys whose names strace has. */
function compatCalls({ strace, seen, compat }: Run): { made: string[]; recorded: string[] } {
  const calls = strace.filter((c) => c.tid === compat && !c.name.startsWith('syscall_0x'))
  const known = new Set(calls.map((c) => plain(c.name)))
  const rows = seen.get(compat) ?? []
  const from = rows.findIndex((r) => r.type === 'execve' && r.ret === 0)
  return {
    made: calls
      .slice(calls.findIndex((c) => c.name === 'execve'))
      .map((c) => `${plain(c.name)} ${/^E\w+/.exec(c.more) ?? ''}`),
    recorded: rows
      .slice(from)
      .filter((r) => known.has(plain(r.type)))
      // modify_ldt's errors are unsigned
      .map((r) => `${plain(r.type)} ${(r.ret !== null && (r.ret | 0) < 0 && errnoName(r.ret | 0)) || ''}`),
  }
}

const possible = privileged() && (hasStrace() || process.env.CI === 'true')

describe.skipIf(!possible)('strace and ksys agree on', () => {
  let run: Run
  beforeAll(() => {
    run = witness()
  }, 90_000)

  test('nearly every call of the kernel, call by call', () => {
    const wide = run.strace.filter((c) => c.tid !== run.compat)
    expect(compare(wide, run.seen).join('\n')).toBe('')
    const types = new Set([...run.seen.values()].flat().map((row) => row.type))
    expect(SYSCALLS.map(([name]) => KSYS_NAMES[name] ?? name).filter((name) => !types.has(name))).toEqual(NOT_MADE)
  })

  test('every call of a 32-bit program, by name and error', () => {
    const { made, recorded } = compatCalls(run)
    expect(made.length).toBeGreaterThan(process.arch === 'x64' ? 400 : 0)
    expect(recorded).toEqual(made)
  })
})
