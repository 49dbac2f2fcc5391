// Runs with extreme load: no loss, no confusion of events, and the run ends. KSYS_HARD=1 makes them five times as large
// or more.
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memoryCgroups } from '../helpers/cgroups.js'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { compile, readRows, scratchDir, somethingRuns } from '../helpers/live.js'

const dir = scratchDir('hard')
const large = process.env.KSYS_HARD === '1'
const PROCESSES = large ? 100_000 : 8_000
const THREADS = large ? 20_000 : 2_000
const DESCRIPTORS = 10_000

/** Records the program's run; the number of its events that pass each filter. */
function record(args: string[], ...filters: string[]): number[] {
  const exe = compile(dir, 'hard')
  const trace = join(dir, `${args[0]}.ksys`)
  expect(ksys(['--no-container-metadata', '-w', trace, '--', exe, ...args], { seconds: 600 })).toMatchObject({
    code: 0,
    stderr: '',
  })
  return filters.map((f) => readRows(trace, ['thread.tid'], [f]).length)
}

describe.skipIf(!privileged())('runs with extreme load', () => {
  test('many processes in a fork bomb: the start and end of each is recorded, with its name', () => {
    const [ends, failed, parents] = record(
      ['processes', String(PROCESSES)],
      'evt.type=procexit and proc.name=hard',
      'evt.type=procexit and proc.name=hard and evt.arg.ret=1',
      'evt.type=procexit and proc.pname=hard',
    )
    expect([ends, failed, parents]).toEqual([PROCESSES + 1, PROCESSES / 2, PROCESSES])
  })

  test('many threads at once: each has its call, in one process', () => {
    const [calls, ends] = record(
      ['threads', String(THREADS)],
      'evt.type=getppid and proc.nthreads > 1',
      'evt.type=procexit and proc.name=hard',
    )
    expect([calls, ends]).toEqual([THREADS, THREADS + 1])
  })

  test('a process with many descriptors: all are known, also if they are older than the capture', async () => {
    const exe = compile(dir, 'hard')
    const [read] = record(
      ['descriptors', String(DESCRIPTORS)],
      `evt.type=read and fd.num >= ${DESCRIPTORS} and fd.name endswith /comm`,
    )
    expect(read).toBe(1)
    const holder = spawn(exe, ['descriptors', String(DESCRIPTORS), 'hold'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      await new Promise((done) => holder.stdout.on('close', done).resume())
      const lsof = ksys(['-c', 'lsof', `proc.pid=${holder.pid}`])
      expect(lsof.stdout.split('\n').filter((l) => l.includes('/dev/zero'))).toHaveLength(DESCRIPTORS - 3)
    } finally {
      holder.kill('SIGKILL')
    }
  })

  test('a reused number in a pid namespace is another process', () => {
    const trace = join(dir, 'again.ksys')
    const again = 'for c in true false; do echo 400 > /proc/sys/kernel/ns_last_pid; /bin/$c; done; :'
    const command = ['unshare', '-p', '-f', '--mount-proc', 'sh', '-c', again]
    expect(ksys(['-w', trace, '--', ...command]).code).toBe(0)
    const ends = readRows(trace, ['proc.name', 'evt.arg.ret'], ['evt.type=procexit and proc.vpid=401'])
    expect(ends.map((r) => r['proc.name'])).toEqual(['true', 'false'])
  })
})

describe.skipIf(!privileged() || memoryCgroups === undefined)('in a cgroup with little memory', () => {
  somethingRuns()
  const group = join(memoryCgroups as string, `ksys-test-${process.pid}`)
  const limit = join(group, memoryCgroups?.endsWith('memory') ? 'memory.limit_in_bytes' : 'memory.max')

  /** Runs ksys inside the cgroup, with this much memory. */
  function inside(bytes: number, args: string[]): { code: number; stderr: string } {
    mkdirSync(group)
    try {
      writeFileSync(limit, String(bytes))
      const enter = `echo $$ > ${group}/cgroup.procs; exec "$@" 2>&1 >/dev/null`
      try {
        return {
          code: 0,
          stderr: execFileSync('sh', ['-c', enter, 'sh', process.execPath, main, ...args], {
            encoding: 'utf8',
            timeout: 100_000,
          }),
        }
      } catch (e) {
        const failed = e as { status: number; stdout: string }
        return { code: failed.status, stderr: failed.stdout }
      }
    } finally {
      rmdirSync(group)
    }
  }

  test('a trace is recorded within 256 MB, with buffers that fit, among many short processes', () => {
    const trace = join(dir, 'limited.ksys')
    const { code, stderr } = inside(256 << 20, ['-w', trace, '--', compile(dir, 'hard'), 'processes', '5000'])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "ksys: memory is limited here: the kernel's buffers have 32 MB instead of 128; --buffer sets another size\n",
    })
    expect(readRows(trace, ['thread.tid'], ['evt.type=procexit and proc.name=hard'])).toHaveLength(5001)
  })

  test('if others in the cgroup leave little memory, the reduced features are reported, and the capture continues', () => {
    const trace = join(dir, 'short.ksys')
    // tail retains a line of 1,380 MB until its end: with the 30 to 75 MB of ksys less than an eighth of the limit is free, but more than ksys
    // may still need
    const fill = '(head -c 1380m /dev/zero; "$0" processes 2000; sleep 2) | tail -n 1 > /dev/null'
    const args = [
      '--no-container-metadata',
      '--buffer',
      '8m',
      '-w',
      trace,
      '--',
      'sh',
      '-c',
      fill,
      compile(dir, 'hard'),
    ]
    const { code, stderr } = inside(1600 << 20, args)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^ksys: memory is low: \d+ of the 1600 MB of this cgroup are used; ksys drops /)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(readRows(trace, ['thread.tid'], ['evt.type=procexit and proc.name=hard'])).toHaveLength(2001)
  })

  test('a capture with small buffers works; one whose buffers do not fit ends with advice', () => {
    expect(inside(400 << 20, ['--no-container-metadata', '--buffer', '8m', '-n', '100'])).toEqual({
      code: 0,
      stderr: '',
    })
    const refused = inside(200 << 20, ['--buffer', '1g', '-n', '100'])
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(/not enough memory for the buffers of live capture: use a smaller --buffer/)
  })
})
