// Rows that do not fit into the rings are counted and reported in every output: shown and lost ones together are all that a program made.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LOSSES } from '../../src/schema/losses.js'
import { ksys, privileged, type Ran } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'

const dir = scratchDir('losses')
const TYPES = ['getppid', 'write', 'signaldeliver', 'procexit']
/** decided in the kernel: nothing else is lost but records that update the state */
const FILTER = `evt.type in (${TYPES.join(', ')})`
const TOLD = ['lost', ...LOSSES]
const FORMAT = `*%evt.dir %evt.type ${TOLD.map((kind) => `%evt.arg.${kind}`).join(' ')}`

/** The arguments of programs/flood.c. */
interface Flood {
  stops: number
  forks: number
  threads: number
  calls: number
  writes: number
  bytes: number
  signals: number
}

const SHAPES: Record<string, { flood: Flood; options: string[]; filter?: string }> = {
  'a thread, and a capture that is stopped all the time': {
    flood: { stops: 0, forks: 1, threads: 1, calls: 60_000, writes: 0, bytes: 0, signals: 0 },
    options: ['--buffer', '1m'],
  },
  'processes and threads, and a capture that is stopped now and then': {
    flood: { stops: 6, forks: 3, threads: 4, calls: 8000, writes: 200, bytes: 100, signals: 300 },
    options: ['--buffer', '2m'],
  },
  'buffers of 64 KB': {
    flood: { stops: 0, forks: 2, threads: 2, calls: 15_000, writes: 1500, bytes: 64_000, signals: 0 },
    options: ['--buffer', '2m', '-s', '65000'],
  },
  'enter events': {
    flood: { stops: 3, forks: 2, threads: 1, calls: 30_000, writes: 0, bytes: 0, signals: 100 },
    options: ['--buffer', '2m', '--enter'],
  },
  'signals by the thousand': {
    flood: { stops: 0, forks: 4, threads: 2, calls: 10, writes: 0, bytes: 0, signals: 2000 },
    options: ['--buffer', '1m'],
  },
  // records of births and programs have a part of the ring for themselves: the names that filters compare are known
  'a filter by name, and many processes': {
    flood: { stops: 6, forks: 60, threads: 2, calls: 600, writes: 0, bytes: 0, signals: 1 },
    options: ['--buffer', '2m', '--enter'],
    filter: `proc.name=flood and ${FILTER}`,
  },
}

const SUM = /([\d,]+) events? w\w+ lost/
const number = (text: string | undefined) => Number(text?.replaceAll(',', '') ?? 0)
const lostBy = (stderr: string) => number(SUM.exec(stderr)?.[1])

/** Forms of output: each prints events as lines of FORMAT. */
const WAYS: Record<string, (args: string[], command: string[]) => { lines: string[]; run: Ran }> = {
  text: (args, command) => {
    const run = ksys([...args, '-p', FORMAT, '--', ...command])
    return { run, lines: run.stdout.trimEnd().split('\n') }
  },
  JSON: (args, command) => {
    const run = ksys([...args, '-j', '-p', FORMAT, '--', ...command])
    const keys = FORMAT.slice(1).replaceAll('%', '').split(' ')
    const line = (json: string) => keys.map((key) => JSON.parse(json)[key]).join(' ')
    return { run, lines: run.stdout.trimEnd().split('\n').map(line) }
  },
  'a trace': (args, command) => {
    const trace = join(dir, 'losses.ksys')
    const run = ksys([...args, '-w', trace, '--', ...command])
    const read = ksys(['-r', trace, '-p', FORMAT])
    expect(read.stderr).toContain(SUM.exec(run.stderr)?.[0])
    const { lost, losses } = JSON.parse(ksys(['info', '-j', trace]).stdout)
    expect(lost).toBe(lostBy(run.stderr))
    expect(losses.calls + losses.enters + losses.others).toBe(lost)
    return { run, lines: read.stdout.trimEnd().split('\n') }
  },
}

describe.skipIf(!privileged())('losses', () => {
  describe.each(Object.entries(SHAPES))('%s', (_, { flood, options, filter = FILTER }) => {
    test.each(Object.entries(WAYS))(
      '%s: shown and lost rows together are all that were made, of each kind',
      (_way, ask) => {
        const { lines, run } = ask([...options, filter], [compile(dir, 'flood'), ...Object.values(flood).map(String)])
        expect(run.code).toBe(0)
        const events = lines.map((l) => l.split(' '))
        const reported = (kind: string) =>
          events.reduce((n, e) => n + (e[1] === 'drop' ? Number(e[2 + TOLD.indexOf(kind)]) : 0), 0)
        const shown = (dir: string, ...types: string[]) =>
          events.filter((e) => dir.includes(e[0] as string) && types.includes(e[1] as string)).length
        const workers = flood.forks * flood.threads
        const calls = workers * (flood.calls + flood.writes) + 1
        const enters = options.includes('--enter') ? calls : 0
        const others = workers * (flood.signals + 1) + flood.forks + 1
        expect({
          calls: shown('<', 'getppid', 'write') + reported('calls'),
          enters: shown('>', 'getppid', 'write') + reported('enters'),
          others: shown('<>', 'signaldeliver', 'procexit') + reported('others'),
        }).toEqual({ calls, enters, others })
        expect(reported('lost')).toBeGreaterThan(0)
        expect(reported('lost')).toBe(reported('calls') + reported('enters') + reported('others'))
        expect(lostBy(run.stderr)).toBe(reported('lost'))
      },
    )
  })

  test('a run that ends early reports at its end the total of its drop events', () => {
    const flood = [compile(dir, 'flood'), '40', '2', '2', '200000', '0', '0', '0']
    for (const end of [
      ['-M', '0.5'],
      ['-n', '60000'],
    ]) {
      const { stdout, stderr } = ksys(['--buffer', '1m', ...end, '-p', FORMAT, FILTER, '--', ...flood])
      const drops = stdout.split('\n').filter((l) => l.includes(' drop '))
      expect(drops.reduce((n, l) => n + Number(l.split(' ')[2]), 0)).toBe(lostBy(stderr))
    }
  })

  test('-v reports the buffers, and how they are read', () => {
    const { stderr } = ksys(['--buffer', '8m', '-v', '-q', FILTER, '--', 'true'])
    expect(stderr).toMatch(/^buffers: 8 MB for \d+ (of \d+ possible )?processors, read by one thread$/m)
  })

  test('a chisel reports with the interval that its numbers are too small', () => {
    const flood = [compile(dir, 'flood'), '80', '1', '1', '0', '100000', '10', '0']
    const { stderr } = ksys(['--buffer', '1m', '-c', 'topfiles_bytes', '--', ...flood])
    expect(stderr).toMatch(/^ksys: [\d,]+ events were lost: numbers up to here are too small$/m)
    expect(lostBy(stderr)).toBeGreaterThan(0)
  })
})
