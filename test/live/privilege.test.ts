// The privileges of a running ksys, and that a command that it runs has those of its caller.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { captureStarted, scratchDir } from '../helpers/live.js'

const dir = scratchDir('privilege')

/** The values of a line of /proc/PID/status in all threads of a process. */
function ofThreads(pid: number, line: string): Set<string> {
  const found = new Set<string>()
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    let text = ''
    try {
      text = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8')
    } catch {
      continue // it has exited
    }
    found.add(new RegExp(`^${line}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '')
  }
  return found
}

function bits(...caps: number[]): string {
  return caps
    .reduce((mask, c) => mask | (1n << BigInt(c)), 0n)
    .toString(16)
    .padStart(16, '0')
}

const READ = 2
const KILL = 5
/** a delayed recorder runs before others */
const NICE = 23

/** Runs ksys until `is` is true of its pid; ends it and returns its exit code. */
async function whileRunning(args: string[], ready: () => Promise<void>, is: (pid: number) => boolean) {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  const pid = child.pid as number
  let came = false
  try {
    await ready()
    for (let i = 0; i < 1200 && !came; i++) {
      came = is(pid)
      if (!came) await sleep(50)
    }
  } finally {
    child.kill('SIGINT')
  }
  return { came, code: await ended }
}

describe.skipIf(!privileged())('privileges', () => {
  test('a running capture has dropped all that it does not need, in every thread and permanently', async () => {
    const trace = join(dir, 'a.ksys')
    const only = bits(READ, NICE)
    const end = await whileRunning(
      ['-w', trace],
      () => captureStarted(trace),
      (pid) =>
        ['CapEff', 'CapPrm', 'CapBnd'].every((l) => [...ofThreads(pid, l)].join() === only) &&
        ['CapInh', 'CapAmb'].every((l) => [...ofThreads(pid, l)].join() === bits()) &&
        [...ofThreads(pid, 'NoNewPrivs')].join() === '1',
    )
    expect(end).toEqual({ came: true, code: 0 })
    const read = ksys(['-r', trace, '-n', '1'])
    expect(read.code).toBe(0)
  })

  test('threads are still followed afterwards', () => {
    const trace = join(dir, 'times.ksys')
    const spin = 'const end = Date.now() + 2500; while (Date.now() < end) process.getgid()'
    expect(ksys(['-w', trace, 'evt.type=getgid', '--', process.execPath, '-e', spin]).code).toBe(0)
    const used = ksys(['-r', trace, '-p', '%thread.cpu', 'evt.type=getgid'])
    const most = Math.max(...new Set(used.stdout.split('\n').map(Number)))
    expect(most).toBeGreaterThan(10)
  })

  test('a reader of files retains only the right to read', async () => {
    const fifo = join(dir, 'fifo')
    execFileSync('mkfifo', [fifo])
    const trace = join(dir, 'small.ksys')
    expect(ksys(['-w', trace, '--', 'true']).code).toBe(0)
    // the file comes through a pipe that remains open: ksys waits for more
    const feed = spawn('sh', ['-c', `exec 3> ${fifo}; cat ${trace} >&3; exec sleep 1000`], { stdio: 'ignore' })
    try {
      const end = await whileRunning(
        ['-r', fifo, '-q'],
        async () => {},
        (pid) => [...ofThreads(pid, 'CapPrm')].join() === bits(READ),
      )
      // a shell sees the same, whether it has ended itself by the signal or was about to
      expect(end).toEqual({ came: true, code: expect.toBeOneOf([null, 130]) })
    } finally {
      feed.kill('SIGKILL')
    }
  })

  test("a command runs with its caller's own privileges, and ksys can pass a signal on to it", async () => {
    const show = ['sh', '-c', 'grep -E "^(Cap|NoNewPrivs|Uid|Gid|Groups)" /proc/self/status']
    const mine = execFileSync(show[0] as string, show.slice(1), { encoding: 'utf8' })
    expect(ksys(['-q', '--', ...show]).stdout).toBe(mine)

    const trace = join(dir, 'cmd.ksys')
    const end = await whileRunning(
      ['-w', trace, '--', 'setpriv', '--reuid=65534', '--clear-groups', 'sleep', '1000'],
      () => captureStarted(trace),
      (pid) => [...ofThreads(pid, 'CapEff')].join() === bits(READ, KILL, NICE),
    )
    expect(end).toEqual({ came: true, code: 128 + 2 })
  })
})

describe.skipIf(!privileged())("another user's environment", () => {
  const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']
  /** ksys as nobody, who can execute it wherever it is and has no other privilege. */
  const asNobody = (...args: string[]) => {
    const sets = ['--inh-caps', '--ambient-caps', '--bounding-set'].map((set) => `${set}=-all,+dac_read_search`)
    const r = spawnSync('setpriv', [...NOBODY, ...sets, process.execPath, main, ...args], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    return { code: r.status, stdout: r.stdout, stderr: r.stderr }
  }

  test('is not shown to a user who may not capture, nor is anything else', () => {
    for (const args of [['-p', '%proc.env', '-n', '1'], ['-c', 'ps'], ['-c', 'lsof'], ['--inflight'], ['--', 'env']]) {
      const { code, stdout, stderr } = asNobody(...args)
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toContain('live capture needs root')
    }
  })
})
