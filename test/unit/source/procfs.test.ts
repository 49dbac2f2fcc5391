// Command lines, environments and cgroups of processes, as /proc has them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { cgroupsOf, procFiles } from '../../../src/source/procfs.js'

/** Runs a program with this environment while `look` reads its data. */
async function beside<T>(env: Record<string, string>, look: (pid: number) => T): Promise<T> {
  const child = spawn('cat', ['-'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  try {
    // 'spawn' may come before execve has ended, which sets arguments and environment last: an answer shows that the program runs
    child.stdin.write('\n')
    await once(child.stdout, 'data')
    return look(child.pid as number)
  } finally {
    child.kill()
  }
}

const env = { EMPTY: '', MARK: 'here' }

test('each process has its own, and one that has exited has none', async () => {
  const found = await beside(env, (pid) => [...procFiles([pid, 2 ** 30, process.pid], true).values()])
  expect(found.slice(0, 2)).toEqual([
    { exe: 'cat', args: ['-'], env: ['EMPTY=', 'MARK=here'], cgroups: cgroupsOf(process.pid) },
    { exe: '', args: [], env: [], cgroups: [] },
  ])
  expect(found[2]?.cgroups).not.toEqual([])
  expect(found[2]?.env).toEqual(expect.arrayContaining([`PATH=${process.env.PATH}`]))
})

test('omitted data is absent', async () => {
  const spared = { noArgs: true, noEnv: true, noBuffers: true }
  const [found] = await beside(env, (pid) => [...procFiles([pid], true, spared).values()])
  expect(found).toMatchObject({ exe: 'cat', args: [], env: [] })
})

test('at most 256 KB of a process are retained', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `V${i}`)
  const much = Object.fromEntries(names.map((name) => [name, 'x'.repeat(100_000)]))
  const [found] = await beside(much, (pid) => [...procFiles([pid], true).values()])
  expect(found?.env.map((v) => v.slice(0, 2))).toEqual(['V0', 'V1', 'V2'])
  expect(found?.env.join('\0').length).toBe(256 << 10)
})
