// Limits on a machine where one cgroup makes calls as fast as it can and another one serves the web: only calls of the first are
// omitted, the omission is reported in numbers, and it ends by itself.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cgroup } from '../helpers/cgroup.js'
import { ksys, main, privileged, type Ran } from '../helpers/ksys.js'
import { captureStarted, compile, scratchDir } from '../helpers/live.js'

const dir = scratchDir('ceilings')
const SERVER = `require('node:http').createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1', function () {
  console.log(this.address().port)
})`
const REQUESTS = 100

let noisy: Cgroup
let quiet: Cgroup
let loop = ''
let server: ChildProcess
let port = 0

/** A process's first line. */
async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout as NonNullable<ChildProcess['stdout']>) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split('\n')[0] as string
}

/** A capture of this machine, and its result. */
class Capture {
  private readonly child: ChildProcess
  private stderr = ''
  private readonly end: Promise<unknown>

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.end = once(this.child, 'close')
    this.child.stderr?.on('data', (more) => {
      this.stderr += String(more)
    })
  }

  async stop(): Promise<Ran> {
    this.child.kill('SIGINT')
    const [code] = (await this.end) as [number]
    return { code, stdout: '', stderr: this.stderr }
  }
}

/** s after which a noisy program ends at the latest */
const LONGEST = 60

/** A program in the noisy cgroup, which starts and ends on command; the number of its calls. */
function noise(
  how: 'read' | 'open',
  seconds = LONGEST,
): { begin: () => void; end: () => void; calls: Promise<number> } {
  const child = spawn(loop, [String(seconds), how], { stdio: ['pipe', 'pipe', 'inherit'] })
  noisy.enter(child.pid as number)
  return {
    begin: () => child.stdin.end('\n'),
    end: () => child.kill('SIGTERM'),
    calls: firstLine(child).then(Number),
  }
}

/** The changes for the noisy cgroup in a file that is still being written. */
function changesIn(file: string): string[] {
  const filter = `evt.type=throttle and evt.arg.cgroup=/${noisy.name}`
  return ksys(['-r', file, '-p', '%evt.arg.change', filter]).stdout.split('\n').slice(0, -1)
}

function request(): Promise<void> {
  return new Promise((done, failed) => {
    get({ host: '127.0.0.1', port, agent: false }, (r) => r.resume().on('end', done)).on('error', failed)
  })
}

/** Rows of a file: the fields of each. */
function rows(file: string, filter: string, fields: string): string[][] {
  const r = ksys(['-r', file, filter, '-p', fields])
  expect(r.code).toBe(0)
  return r.stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')]))
}

/** Waits for the given contents of a file. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(250)
}

const THROTTLE = '%evt.arg.change %evt.arg.cgroup %evt.arg.ceiling %evt.arg.leaves %evt.arg.left_out'

describe.runIf(privileged())('a live capture with a limit', () => {
  beforeAll(async () => {
    noisy = new Cgroup(`ksys-noisy-${process.pid}`)
    quiet = new Cgroup(`ksys-quiet-${process.pid}`)
    loop = compile(dir, 'loop')
    server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] })
    quiet.enter(server.pid as number)
    port = Number(await firstLine(server))
  })
  afterAll(async () => {
    if (server !== undefined) {
      server.kill()
      await once(server, 'close')
    }
    for (const cgroup of [noisy, quiet]) cgroup.remove()
  })

  test("of CPU time records all calls of a server next to a program that never stops calling, and as many of the program's as fit", async () => {
    const file = join(dir, 'cpu.ksys')
    const capture = new Capture('-w', file, '--max-cpu', '20%')
    await captureStarted(file)
    const { begin, end, calls } = noise('read')
    begin()
    await until(() => changesIn(file).includes('begin'))
    // a process with more calls than the level is not quiet
    for (let i = 0; i < REQUESTS; i++) {
      await request()
      await sleep(50)
    }
    end()
    const made = await calls
    await until(() => changesIn(file).at(-1) === 'end')
    const { code, stderr } = await capture.stop()
    expect(code).toBe(0)

    const accepted = rows(file, `evt.type=accept4 and proc.pid=${server.pid} and evt.failed=false`, '%evt.num')
    expect(accepted).toHaveLength(REQUESTS)
    const throttled = rows(file, 'evt.type=throttle', `${THROTTLE} %evt.rawtime`)
    expect(throttled.filter(([, cgroup]) => cgroup === `/${quiet.name}`)).toEqual([])
    const changes = throttled.filter(([, cgroup]) => cgroup === `/${noisy.name}`)
    expect(changes[0]?.slice(0, 5)).toEqual(['begin', `/${noisy.name}`, 'max-cpu', 'all', '0'])
    const leftOut = changes.reduce((sum, [, , , , n]) => sum + Number(n), 0)
    const reads = 'proc.name=loop and evt.type=read and fd.name=/dev/zero'
    const recorded = rows(file, reads, '%evt.num').length
    // besides those that are counted there are the few at its start and end
    expect(recorded + leftOut).toBeGreaterThanOrEqual(made)
    expect(recorded + leftOut).toBeLessThan(made + 100)
    const [from, to] = changes.slice(0, 2).map((change) => change[5])
    const meanwhile = rows(file, `${reads} and evt.rawtime > ${from} and evt.rawtime < ${to}`, '%evt.num')
    expect(meanwhile.length).toBeGreaterThan(1000)
    expect(stderr).toMatch(new RegExp(`only counted because of --max-cpu.*/${noisy.name} `))
    expect(stderr).not.toContain('is exceeded')
    expect(ksys(['-r', file, '-q']).stderr).toContain('events were only counted')
    expect(ksys(['info', file]).stdout).toMatch(/left out +[\d,]+/)
  })

  test('of calls a second omits exactly the calls above it, and knows descriptors afterwards', async () => {
    const file = join(dir, 'calls.ksys')
    const capture = new Capture('-w', file, '-v', '--max-calls', '20000')
    await captureStarted(file)
    const { begin, calls } = noise('open', 3)
    begin()
    const made = await calls
    await until(() => changesIn(file).at(-1) === 'end')
    await request()
    const { code, stderr } = await capture.stop()
    expect(code).toBe(0)
    const [captured, shown] = (/events: ([\d,]+) captured, ([\d,]+) shown/.exec(stderr) ?? [])
      .slice(1)
      .map((n) => Number(n.replaceAll(',', '')))
    expect(shown).toBeLessThanOrEqual(captured as number)
    const throttled = rows(file, `evt.type=throttle and evt.arg.cgroup=/${noisy.name}`, THROTTLE)
    expect(throttled.map(([change, , ceiling]) => [change, ceiling])).toEqual([
      ['begin', 'max-calls'],
      ['end', 'max-calls'],
    ])
    const leftOut = Number(throttled[1]?.[4])
    const recorded = rows(file, 'proc.name=loop and evt.type in (open, openat, close)', '%evt.num').length
    expect(recorded + leftOut).toBeGreaterThanOrEqual(2 * made)
    expect(recorded + leftOut).toBeLessThan(2 * made + 100)
    // any second, wherever it starts
    const times = rows(file, 'proc.name=loop and evt.type in (open, openat, read, close)', '%evt.rawtime').map(([t]) =>
      Number(t),
    )
    const tooMany = times.filter((t, i) => t - (times[i - 20_000] ?? Number.NEGATIVE_INFINITY) < 1e9)
    expect(tooMany).toEqual([])
    expect(rows(file, `evt.type=accept4 and proc.pid=${server.pid} and evt.failed=false`, '%fd.type')).toEqual([
      ['ipv4'],
    ])
  })

  test('shows its changes in a filtered stream of JSON, too', async () => {
    const args = [main, '-j', '--max-calls', '1000', 'evt.type=read and fd.name=/dev/zero']
    const shown = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(shown, 'close')
    let text = ''
    shown.stdout.on('data', (more) => {
      text += String(more)
    })
    await until(() => {
      spawnSync('head', ['-c1', '/dev/zero'])
      return text !== ''
    })
    const { begin, calls } = noise('read', 1)
    begin()
    const made = await calls
    await until(() => text.split('\n').some((line) => /change=end\b/.test(line) && line.includes(`/${noisy.name} `)))
    shown.kill('SIGINT')
    await ended
    const events = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    const reads = events.filter((e) => e['evt.type'] === 'read' && e['proc.name'] === 'loop').length
    const changes = events.filter((e) => e['evt.type'] === 'throttle' && e['evt.info'].includes(`/${noisy.name} `))
    expect(changes.map((e) => /change=(\w+)/.exec(e['evt.info'])?.[1])).toEqual(['begin', 'end'])
    const leftOut = Number(/left_out=(\d+)/.exec(changes[1]['evt.info'])?.[1])
    // the few reads of another kind with which the program starts
    expect(reads + leftOut).toBeGreaterThanOrEqual(made)
    expect(reads + leftOut).toBeLessThan(made + 20)
  })
})

describe.runIf(privileged())('a run with a limit that ends by itself', () => {
  test('reports the end of throttling in its file and in its stream', () => {
    const loop = ['timeout', '6', 'dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1']
    const file = join(dir, 'ends.ksys')
    ksys(['-w', file, '--max-calls', '100', '-M', '4', '--', ...loop])
    const changes = ['begin', 'end']
    expect(rows(file, 'evt.type=throttle', '%evt.arg.change').map(([change]) => change)).toEqual(changes)
    const shown = ksys(['--max-calls', '100', '-M', '4', '-p', '%evt.arg.change', 'evt.type=write', '--', ...loop])
    expect(shown.stdout.split('\n').filter((line) => changes.includes(line))).toEqual(changes)
  })
})

describe.runIf(privileged())('a limit', () => {
  test('applies to calls in which seccomp ends their thread, too', () => {
    const file = join(dir, 'refused.ksys')
    ksys(['-w', file, '--max-calls', '100', 'evt.type=mkdirat', '--', compile(dir, 'refused'), '2000'])
    const recorded = rows(file, 'evt.type=mkdirat', '%evt.num').length
    const leftOut = rows(file, 'evt.type=throttle', '%evt.arg.left_out').reduce((sum, [n]) => sum + Number(n), 0)
    expect(recorded).toBeLessThan(1000)
    expect(recorded + leftOut).toBeGreaterThanOrEqual(2000)
  })
})

describe.runIf(privileged())('is reported when the events are read', () => {
  const LOOP = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', 'count=300000', 'status=none']
  const TOLD = /[\d,]+ events were only counted because of a ceiling/

  test('is reported with the interval of a chisel', () => {
    const { stderr } = ksys(['-c', 'topscalls', '--max-calls', '100', '--', 'timeout', '4', 'dd', ...LOOP.slice(1, 4)])
    expect(stderr).toMatch(new RegExp(`${TOLD.source}: numbers up to here are too small`))
  })

  test('is reported where a run is compared with another, and where they are merged', () => {
    const [few, all, both] = ['few', 'all', 'both'].map((name) => join(dir, `${name}.ksys`)) as [string, string, string]
    const message = ksys(['-w', few, '-n', '50', '--max-calls', '100', '--', ...LOOP]).stderr
    // the run that ends before the throttling names it
    expect(message).toMatch(/only counted because of --max-calls \([\d.]+ %\): \//)
    ksys(['-w', all, '--', 'true'])
    expect(ksys(['diff', all, few]).stderr).toMatch(TOLD)
    expect(ksys(['merge', few, all, '-w', both]).stderr).toMatch(TOLD)
  })
})

describe('options for limits', () => {
  test.each([
    [['-r', 'x.ksys', '--max-cpu', '5%'], /live captures/],
    [['--max-cpu', '0'], /percentage/],
    [['--max-cpu', '101%'], /percentage/],
    [['--max-memory', '20M'], /at least/],
    [['--max-memory', '256M', '--buffer', '200M'], /leaves too little/],
    [['--max-calls', '0'], /1 or more/],
  ])('%j is refused in a sentence', (args, sentence) => {
    const { code, stderr } = ksys(args)
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)])
  })
})
