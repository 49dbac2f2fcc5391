// A long capture under a mixed load, among processes and cgroups that come and go: memory, descriptors, BPF maps and
// threads do not grow. Only with a number of minutes: `npm run soak` runs it for an hour.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { memoryCgroups } from '../helpers/cgroups.js'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { captureStarted, compile, scratchDir } from '../helpers/live.js'

const MINUTES = Number(process.env.KSYS_SOAK_MINUTES ?? 0)
const dir = MINUTES > 0 ? scratchDir('soak') : ''
const SECONDS = MINUTES * 60
const SAMPLES = 300
const MB = 1 << 20
/** The maximum of its own memory, without the mappings of the kernel's buffers. */
const CEILING = 200 * MB
/** Growth in ten minutes; and what a short run may grow, since V8's heap varies by as much. */
const SLOPE = 1 * MB
const BREATH = 6 * MB
/** The warm-up: a quarter of the run, ten minutes at most. In less than five minutes no growth can be measured. */
const WARM = Math.min(SECONDS / 4, 600)
const SHORTEST = 300

/** Processes, files, pipes, sockets and threads, a few at a time for the whole run, and a cgroup like those of containers. */
const LOAD = `
n=0
while :; do
  n=$((n + 1))
  for i in 1 2 3 4 5 6 7 8; do cat /etc/passwd | wc -l; done > /dev/null
  dd if=/dev/zero bs=1k count=2000 2> /dev/null | cat > $DIR/file; mv $DIR/file $DIR/other
  "$EXE" threads 20; "$EXE" processes 100; "$EXE" descriptors 200
  box=$GROUP/$(printf %064x $n)
  mkdir $box; sh -c 'echo $$ > $0/cgroup.procs; cat /etc/passwd | wc -l' $box > /dev/null; rmdir $box
  sleep 0.05
done`

interface Sample {
  /** bytes without the buffers' mappings */
  own: number
  fds: number
  maps: number
  threads: number
}

/** Bytes that are resident, except mappings of BPF maps. */
function ownMemory(pid: number): number {
  let own = 0
  let counts = true
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) counts = !line.includes('bpf')
    else if (counts && line.startsWith('Rss:')) own += Number(/\d+/.exec(line)?.[0]) * 1024
  }
  return own
}

/** The line nearest to all values, at equally spaced times: growth from one to the next. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const up = values.reduce((sum, v, i) => sum + (i - middle) * (v - mean), 0)
  return up / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
}

function sample(pid: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const number = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1])
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`)
    } catch {
      return ''
    }
  })
  const maps = links.filter((l) => /bpf/.test(l)).length
  return { own: ownMemory(pid), fds: links.length, maps, threads: number('Threads') }
}

function end(p: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((done) => p.on('close', done))
  p.kill(signal)
  return ended
}

test.runIf(MINUTES > 0 && privileged() && memoryCgroups !== undefined)(
  'a long capture keeps its size',
  { timeout: (SECONDS * 2 + 120) * 1000 },
  async () => {
    const trace = join(dir, 'soak.ksys')
    const group = join(memoryCgroups as string, `ksys-soak-${process.pid}`)
    mkdirSync(group)
    const env = { ...process.env, DIR: dir, EXE: compile(dir, 'hard'), GROUP: group }
    const load = spawn('sh', ['-c', LOAD], { stdio: 'ignore', env })
    const args = ['--buffer', '16m', '-w', trace]
    const capture = spawn(process.execPath, [main, ...args], { stdio: 'ignore' }) as ChildProcess & { pid: number }
    const samples: Sample[] = []
    let code: number | null
    try {
      await captureStarted(trace)
      for (let i = 0; i < SAMPLES; i++) {
        await sleep((SECONDS * 1000) / SAMPLES)
        samples.push(sample(capture.pid))
      }
    } finally {
      await end(load, 'SIGKILL')
      code = await end(capture, 'SIGINT')
      for (const box of readdirSync(group, { withFileTypes: true }))
        if (box.isDirectory()) rmdirSync(join(group, box.name))
      rmdirSync(group)
    }
    console.table(samples.filter((_, i) => i % 10 === 9))
    console.log(`own memory, MB: ${samples.map((s) => (s.own / MB).toFixed(1)).join(' ')}`)
    expect(code).toBe(0)
    const third = (k: number) => samples.slice((k * SAMPLES) / 3, ((k + 1) * SAMPLES) / 3)
    const most = (k: number, what: keyof Sample) => Math.max(...third(k).map((s) => s[what]))
    expect(most(2, 'maps')).toBe(most(1, 'maps'))
    expect(most(2, 'threads')).toBeLessThanOrEqual(most(1, 'threads'))
    // those that are open at the moment of a check, a dozen while a container is looked up, are not leaks
    const fewest = (k: number, what: keyof Sample) => Math.min(...third(k).map((s) => s[what]))
    expect(fewest(2, 'fds')).toBe(fewest(1, 'fds'))
    expect(Math.max(...samples.map((s) => s.own))).toBeLessThan(CEILING)
    const warm = samples.slice(Math.round((SAMPLES * WARM) / SECONDS)).map((s) => s.own)
    if (SECONDS >= SHORTEST)
      expect(slope(warm) * warm.length).toBeLessThan(Math.max((SLOPE * (SECONDS - WARM)) / 600, BREATH))
    const read = ksys(['info', '-j', trace], { seconds: 60 + SECONDS })
    expect(read.code).toBe(0)
    expect(JSON.parse(read.stdout).processes.active).toBeGreaterThan(100)
  },
)
