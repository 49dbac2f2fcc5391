// A capture that runs on under a mixed load: memory, descriptors, BPF maps and threads stay as they are. Only when it is told
// for how many minutes: `npm run soak` does it for an hour.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { begun, compile, scratchDir } from '../helpers/live.js'

const dir = scratchDir('soak')
const MINUTES = process.env.KSYS_SOAK_MINUTES
const SECONDS = Number(MINUTES ?? 0) * 60
const SAMPLES = 30
/** What V8 may keep for itself beyond what it has used by the middle of a run, bytes. */
const SLACK = 48 << 20

/** Processes, files, pipes, sockets and threads, a few at a time for as long as it runs. */
const LOAD = `
while :; do
  for i in 1 2 3 4 5 6 7 8; do cat /etc/passwd | wc -l; done > /dev/null
  dd if=/dev/zero bs=1k count=2000 2> /dev/null | cat > $DIR/file; mv $DIR/file $DIR/other
  "$EXE" threads 20; "$EXE" processes 100; "$EXE" descriptors 200
  sleep 0.05
done`

interface Sample {
  rss: number
  fds: number
  maps: number
  threads: number
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
  return { rss: number('VmRSS') * 1024, fds: links.length, maps, threads: number('Threads') }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number
}

function end(p: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((done) => p.on('close', done))
  p.kill(signal)
  return ended
}

test.runIf(MINUTES !== undefined && privileged())(
  'a capture that runs on keeps its size',
  { timeout: (SECONDS * 2 + 120) * 1000 },
  async () => {
    const trace = join(dir, 'soak.ksys')
    const env = { ...process.env, DIR: dir, EXE: compile(dir, 'hard') }
    const load = spawn('sh', ['-c', LOAD], { stdio: 'ignore', env })
    const args = ['--no-container-metadata', '--buffer', '16m', '-w', trace]
    const capture = spawn(process.execPath, [main, ...args], { stdio: 'ignore' }) as ChildProcess & { pid: number }
    const samples: Sample[] = []
    let code: number | null
    try {
      await begun(trace)
      for (let i = 0; i < SAMPLES; i++) {
        await sleep((SECONDS * 1000) / SAMPLES)
        samples.push(sample(capture.pid))
      }
    } finally {
      await end(load, 'SIGKILL')
      code = await end(capture, 'SIGINT')
    }
    console.table(samples)
    expect(code).toBe(0)
    const third = (k: number) => samples.slice((k * SAMPLES) / 3, ((k + 1) * SAMPLES) / 3)
    const most = (k: number, what: keyof Sample) => Math.max(...third(k).map((s) => s[what]))
    expect(most(2, 'maps')).toBe(most(1, 'maps'))
    expect(most(2, 'threads')).toBeLessThanOrEqual(most(1, 'threads'))
    // a file that is open for the moment of a look is none that leaks
    expect(most(2, 'fds')).toBeLessThanOrEqual(most(1, 'fds') + 2)
    const rss = (k: number) => median(third(k).map((s) => s.rss))
    expect(rss(2)).toBeLessThan(rss(1) * 1.1 + SLACK)
    const read = ksys(['info', '-j', trace], { seconds: 60 + SECONDS })
    expect(read.code).toBe(0)
    expect(JSON.parse(read.stdout).processes.active).toBeGreaterThan(100)
  },
)
