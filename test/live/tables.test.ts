// Table chisels over the kernel: their numbers are those of the programs that made them.
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

  test('bytes by file are those that a program moved', () => {
    const ran = ksys(['-j', '-c', 'topfiles_bytes', '--', ...dd])
    expect(ran.code, ran.stderr).toBe(0)
    const bytes = sums(ran.stdout)
    expect([bytes.get('/dev/zero'), bytes.get('/dev/null')]).toEqual([70_000, 70_000])
  })

  test('calls are counted each once, also where nothing but their kind is recorded', () => {
    const ran = ksys(['-j', '-c', 'topscalls', '--', ...dd])
    const calls = sums(ran.stdout)
    expect(calls.get('write')).toBe(700)
    expect(calls.get('read')).toBeGreaterThanOrEqual(700)
    expect(calls.get('exit_group')).toBe(1)
    expect(calls.get('execve')).toBeGreaterThanOrEqual(1)
  })

  test('what a process used of the CPU is what the kernel accounts to it', () => {
    const busy = 'for ((i = 0; i < 400000; i++)); do :; done; times >&2'
    const ran = ksys(['-j', '-c', 'topprocs_cpu', '--', 'bash', '-c', busy])
    const [, user, system] = /^\d+m([\d.]+)s \d+m([\d.]+)s$/m.exec(ran.stderr) ?? []
    const used = (Number(user) + Number(system)) * 1e9
    const told = sums(ran.stdout).get('bash') ?? 0
    expect(Math.abs(told - used), `${told} ns of ${used} ns`).toBeLessThan(used * 0.05 + 30e6)
  })
})
