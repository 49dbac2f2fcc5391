// Table chisels over the kernel: their numbers are those of the programs that made them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'

interface TableJson {
  data: (string | number)[][]
}

/** Sums of the values by the first key, over all intervals. */
function sums(stdout: string): Map<string | number, number> {
  const out = new Map<string | number, number>()
  for (const line of stdout.trimEnd().split('\n'))
    for (const row of (JSON.parse(line) as TableJson).data)
      out.set(row[0]!, (out.get(row[0]!) ?? 0) + (row.at(-1) as number))
  return out
}

describe.skipIf(!privileged())('live tables', () => {
  const dd = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=100', 'count=700', 'status=none']

  test('bytes by file are those that a program transferred', () => {
    const ran = ksys(['-j', '-c', 'topfiles_bytes', '--', ...dd])
    expect(ran.code, ran.stderr).toBe(0)
    const bytes = sums(ran.stdout)
    expect([bytes.get('/dev/zero'), bytes.get('/dev/null')]).toEqual([70_000, 70_000])
  })

  test.each(['topscalls', 'topprocs_cpu', 'httptop'])('%s prints one table with -M 1, of the whole second', (name) => {
    const ran = ksys(['-j', '-M', '1', '-c', name])
    expect(ran.code, ran.stderr).toBe(0)
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(1)
  })

  test('calls are counted once each, also if only their type is recorded', () => {
    const ran = ksys(['-j', '-c', 'topscalls', '--', ...dd])
    const calls = sums(ran.stdout)
    expect(calls.get('write')).toBe(700)
    expect(calls.get('read')).toBeGreaterThanOrEqual(700)
    expect(calls.get('exit_group')).toBe(1)
    expect(calls.get('execve')).toBeGreaterThanOrEqual(1)
  })

  const mixed = [
    'sh',
    '-c',
    'dd if=/dev/zero of=/dev/null bs=100 count=500 status=none; cat /nosuch 2>/dev/null; kill -0 1 $$',
  ]
  /** an end after a number of events cannot be counted in the kernel: every call is recorded */
  const recorded = ['-n', '1000000000']

  test('calls that the kernel counts equal those that it would have recorded', () => {
    expect(ksys(['--explain', '-c', 'topscalls']).stdout).toContain('counted in the kernel by type and result')
    expect(ksys(['--explain', ...recorded, '-c', 'topscalls']).stdout).not.toContain('counted in the kernel')
    // the table has no space for all kinds
    const some = [
      'evt.type',
      'in',
      '(read, write, openat, kill, execve, vfork, rt_sigreturn, signaldeliver, exit_group)',
    ]
    const counted = ksys(['-j', '-c', 'topscalls', ...some, '--', ...mixed])
    const told = ksys(['-j', ...recorded, '-c', 'topscalls', ...some, '--', ...mixed])
    expect(sums(counted.stdout)).toEqual(sums(told.stdout))
    expect(sums(counted.stdout).get('write')).toBeGreaterThanOrEqual(500)
  })

  test('a summary of counted calls has their errors and latencies', () => {
    type Row = {
      event: string
      calls: number
      errors: number
      total: number | null
      p50: number | null
      p99: number | null
    }
    const rows = (ran: { stdout: string }) =>
      ran.stdout
        .trimEnd()
        .split('\n')
        .filter((l) => l.includes('"event":'))
        .map((l) => JSON.parse(l) as Row)
    const counted = rows(ksys(['-q', '-S', '-j', '--', ...mixed]))
    const told = rows(ksys(['-q', '-S', '-j', ...recorded, '--', ...mixed]))
    const numbers = (r: Row) => [r.event, r.calls, r.errors, r.total === null]
    expect(counted.map(numbers).sort()).toEqual(told.map(numbers).sort())
    for (const r of counted) {
      if (r.total === null || r.p50 === null || r.p99 === null) continue
      expect(r.p50).toBeLessThanOrEqual(r.p99)
      expect(r.calls > 1 || r.p50 === r.total, r.event).toBe(true)
      expect(r.p99, r.event).toBeLessThanOrEqual(r.total)
    }
    expect(counted.find((r) => r.event === 'openat')?.errors).toBeGreaterThanOrEqual(1)
  })

  test("the CPU times of a loop, a reader and a sleeper equal the kernel's accounting, live and from a file", () => {
    const dir = mkdtempSync(join(tmpdir(), 'ksys-cpu-'))
    // names of this run only: other programs of the machine may use the plain ones
    const [busy, reader, sleeper] = ['busy', 'reader', 'sleeper'].map((n) => `${n}${process.pid}`)
    const work = `
      work() { printf %s "$1" > /proc/$BASHPID/comm; eval "$2"; times > "${dir}/$1"; }
      work ${busy} 'for ((i = 0; i < 300000; i++)); do :; done' &
      work ${reader} 'for ((i = 0; i < 5000; i++)); do read -r x < /proc/self/stat; done' &
      work ${sleeper} 'read -t 1.5 x <> <(:)' &
      wait`
    try {
      const trace = join(dir, 'cpu.ksys')
      // whose start-up files would cost CPU time, too
      const bash = ['bash', '--norc', '-c', work]
      const live = () => ksys(['-j', '-c', 'topprocs_cpu', '--', ...bash])
      const kept = () => {
        expect(ksys(['-w', trace, '--', ...bash]).code).toBe(0)
        return ksys(['-j', '-r', trace, '-c', 'topprocs_cpu'])
      }
      for (const run of [live, kept]) {
        const ran = run()
        expect(ran.code, ran.stderr).toBe(0)
        const told = sums(ran.stdout)
        for (const name of [busy, reader, sleeper] as string[]) {
          const own = readFileSync(join(dir, name), 'utf8')
          const [, user, system] = /^\d+m([\d.]+)s \d+m([\d.]+)s$/m.exec(own) ?? []
          const used = (Number(user) + Number(system)) * 1e9
          const ns = told.get(name)
          expect(ns, `${name} is a row of ${ran.stdout}`).toBeDefined()
          expect(Math.abs((ns as number) - used), `${name}: ${ns} ns of ${used} ns`).toBeLessThan(used * 0.05 + 30e6)
        }
      }
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
