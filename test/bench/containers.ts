// npm run bench containers: the cost of the names of containers if 200 run and no filter uses them, and the cost of a filter by
// container for a call outside of it. The containers are podman's own, with runc.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cpuSeconds, loop, median, type Pattern, ROOT, sleep, startKsys, startLoad } from './tracer.js'

const RUNNING = 200
const SECONDS = 10
const RATE = 100_000
const COUNT = 3_000_000
const SCRIPT = join(ROOT, 'test/container/scripts/podman.sh')
const run = promisify(execFile)

/** Rows of the report: name and value. */
export async function containers(rounds: number, cpu: number): Promise<[string, string][]> {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-bench-podman-'))
  const env = { ...process.env, D: dir }
  const podman = (...args: string[]) => run('sh', [SCRIPT, ...args], { env, maxBuffer: 1 << 26 })
  const start = (i: number) =>
    podman('cli', 'run', '-d', '--name', `c${i}`, '--network=host', 'ksys.test/web:1.0', '/bin/sleep', '86400')
  // its daemon keeps the pipes of its parent open
  execFileSync('sh', [SCRIPT, 'up'], { env, stdio: 'ignore' })
  try {
    let next = 0
    const worker = async () => {
      while (next < RUNNING) await start(next++)
    }
    await Promise.all(Array.from({ length: 4 }, worker))
    const options = ['--docker-host', `unix://${dir}/podman.sock`]
    return [...(await pipeline(options, rounds, join(dir, 'trace.ksys'))), ...(await outside(options, rounds, cpu))]
  } finally {
    await podman('down')
    rmSync(dir, { recursive: true, force: true })
  }
}

/** CPU time of a capture into a file, with names and without, under the same load. */
async function pipeline(options: string[], rounds: number, trace: string): Promise<[string, string][]> {
  const used: Record<'with' | 'without', { begin: number[]; steady: number[] }> = {
    with: { begin: [], steady: [] },
    without: { begin: [], steady: [] },
  }
  for (let round = 0; round < rounds; round++)
    for (const [which, args] of [
      ['without', ['--no-container-metadata']],
      ['with', options],
    ] as const) {
      const load = startLoad(RATE, SECONDS + 40)
      const t = await startKsys(['-w', trace, ...args], 0)
      // podman takes up to ten seconds for this number of first look-ups
      await sleep(15_000)
      const begun = cpuSeconds(t.pid)
      await sleep(SECONDS * 1000)
      used[which].begin.push(begun)
      used[which].steady.push(cpuSeconds(t.pid) - begun)
      await t.stop()
      load.kill()
    }
  const [a, b] = [median(used.without.steady), median(used.with.steady)]
  const first = median(used.with.begin) - median(used.without.begin)
  return [
    [
      `names of ${RUNNING} containers, none asked for`,
      `${(((b - a) / a) * 100).toFixed(1)} % added (${a.toFixed(2)} s to ${b.toFixed(2)} s of CPU in ${SECONDS} s at ${RATE} calls/s)`,
    ],
    ['the same, once at the start', `${first.toFixed(2)} s of CPU`],
  ]
}

/** ns that a filter adds to a call of the host. */
async function outside(options: string[], rounds: number, cpu: number): Promise<[string, string][]> {
  const patterns = ['getppid', 'read'] as const satisfies readonly Pattern[]
  const filters = ['container.name=c7', 'container.id!=host', 'container.name=nosuch']
  const times: Record<string, number[]> = {}
  const time = (what: string, p: Pattern) => {
    times[what + p] = [...(times[what + p] ?? []), loop(p, COUNT, cpu)]
  }
  for (let round = 0; round < rounds; round++) {
    for (const p of patterns) time('', p)
    for (const filter of filters) {
      const t = await startKsys([...options, filter], 0)
      await sleep(2000)
      for (const p of patterns) time(filter, p)
      await t.stop()
    }
  }
  return filters.map((filter) => [
    `${filter}, a call outside`,
    patterns
      .map((p) => `${p} ${(median(times[filter + p] ?? []) - median(times[p] ?? [])).toFixed(0)} ns added`)
      .join(', '),
  ])
}
