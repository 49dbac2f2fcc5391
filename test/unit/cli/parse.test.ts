// The command line as users type it.
import { expect, test } from 'vitest'
import { CliError, EXIT } from '../../../src/cli/errors/exit.js'
import { splitArgv } from '../../../src/cli/options/argv.js'
import { parseArgs } from '../../../src/cli/options/parse.js'

const usage = (...argv: string[]): string => {
  try {
    parseArgs(argv)
  } catch (e) {
    expect(e).toBeInstanceOf(CliError)
    expect((e as CliError).exitCode).toBe(EXIT.usage)
    return (e as CliError).message
  }
  throw new Error(`accepted: ${argv.join(' ')}`)
}

test('all words that are not options form the filter, wherever the options are', () => {
  expect(parseArgs(['proc.name=cat', '-n', '5', 'and', 'evt.type=open']).filter).toBe('proc.name=cat and evt.type=open')
  expect(parseArgs(['-n', '5', 'evt.res', '=', '-2']).filter).toBe('evt.res = -2')
  expect(parseArgs([]).filter).toBe('')
})

test('the words after -- are a command, unchanged', () => {
  const s = parseArgs(['-j', 'evt.type=open', '--', 'ls', '-l', '--', '–x'])
  expect(s.output).toBe('json')
  expect(s.filter).toBe('evt.type=open')
  expect(s.command).toEqual(['ls', '-l', '--', '–x'])
  expect(usage('--')).toContain('missing command after --')
})

test('the value of an option may be --', () => {
  expect(splitArgv(['-U', '--', '-q'])).toEqual({ words: ['-U', '--', '-q'], command: undefined })
})

test('letters may be combined and values attached', () => {
  const s = parseArgs(['-lv', '-pc', '-n3', '-s', '200', '-t', 'a'])
  expect(s).toMatchObject({ list: true, verbose: true, format: 'c', limit: 3, snaplen: 200, timeStyle: 'a' })
})

test('dashes that a word processor changed to long ones are accepted', () => {
  expect(parseArgs(['–l']).list).toBe(true)
  expect(parseArgs(['—list-events']).listEvents).toBe(true)
  expect(parseArgs(['–list-events']).listEvents).toBe(true)
  expect(parseArgs(['–n', '5']).limit).toBe(5)
  expect(parseArgs(['−−help']).help).toBe(true)
  expect(parseArgs(['proc.name=x', '—', 'ls']).command).toEqual(['ls'])
})

test('older and abbreviated spellings of long options are accepted', () => {
  expect(parseArgs(['--readfile', 'a', '--read=b']).read).toEqual(['a', 'b'])
  expect(parseArgs(['--writefile=x']).write).toBe('x')
  expect(parseArgs(['--sum']).summary).toBe(true)
  expect(usage('--print-h')).toContain("unknown option '--print-h'")
})

test('sizes and times may have units', () => {
  expect(parseArgs(['--buffer', '64M']).buffer).toBe(64 * 2 ** 20)
  expect(parseArgs(['--buffer=1GiB']).buffer).toBe(2 ** 30)
  expect(parseArgs(['-s', '4k']).snaplen).toBe(4096)
  expect(parseArgs(['-M', '0.5']).seconds).toBe(0.5)
  expect(parseArgs(['-M', '500ms']).seconds).toBe(0.5)
  expect(parseArgs(['-M', '2m']).seconds).toBe(120)
})

test('a misspelled option is refused with the nearest one', () => {
  expect(usage('--quite')).toContain('--quiet')
})

test('an impossible value is refused with what is expected', () => {
  expect(usage('-n', 'many')).toContain('a number of events')
  expect(usage('-n', '0')).toContain('1 or more')
  expect(usage('-M', '-1')).toContain('seconds above 0')
  expect(usage('-pm')).toContain('Mesos')
  expect(usage('-p', 'fd.name')).toContain('%fd.name')
  expect(usage('-M', '5 apples')).toContain('500ms')
  expect(usage('-s', '1e9')).toContain('a number of bytes')
  expect(usage('-t', 'z')).toContain('h, a, r, d, D')
  expect(usage('--color=blue')).toContain('auto, always, never')
  expect(usage('-r')).toContain('argument missing')
})

test('options that exclude each other are refused', () => {
  expect(usage('-A', '-x')).toContain('only one of -A, -x, -X and -b')
  expect(usage('-r', 'x', '--', 'ls')).toContain('use one of them')
  expect(usage('-r', '-', '-r', '-')).toContain('only once')
  expect(usage('--inflight', '--stacks', 'user')).toContain('stacks are recorded when a call ends')
})

test('a part of a file is selected by event number, time after the first event, or time of day', () => {
  const of = (since: string, until: string) => {
    const s = parseArgs(['-r', 'x', '--since', since, '--until', until])
    return [s.since, s.until]
  }
  expect(of('10', '20')).toEqual(['evt.num >= 10', 'evt.num <= 20'])
  expect(of('90s', '1.5h')).toEqual(['evt.reltime >= 90s', 'evt.reltime <= 1.5h'])
  expect(of('14:05', '2026-01-31 14:05:00')).toEqual([
    'evt.rawtime >= "from 14:05"',
    'evt.rawtime <= "2026-01-31 14:05:00"',
  ])
  expect(of('23:59', '00:01')).toEqual(['evt.rawtime >= "from 23:59 to 00:01"', 'evt.rawtime <= "to 00:01 from 23:59"'])
  expect(of('2026-01-31T23:59:00Z', '00:01')[1]).toMatch(/^evt.rawtime <= \d{19}$/)
  expect(usage('-r', 'x', '--since', 'yesterday')).toContain('not a point in a file')
  expect(usage('-r', 'x', '--until', 'csv')).toContain('not a point in a file')
  expect(usage('--since', '5')).toContain('--since and --until require -r FILE')
  expect(usage('-r', 'x', '--since', '10', '--until', '9')).toContain('--until 9 is before --since 10')
  expect(usage('-r', 'x', '--since', '2m', '--until', '90s')).toContain('--until 90s is before --since 2m')
})

test('--from and --to, the older names of --since and --until, mean the same', () => {
  const range = (...words: string[]) => parseArgs(['-r', 'x', ...words])
  expect(range('--from', '10', '--to', '20')).toEqual(range('--since', '10', '--until', '20'))
  expect(range('--from=14:05', '--to=15:00', '--to', 'csv')).toEqual(
    range('--to', 'csv', '--since', '14:05', '--until', '15:00'),
  )
  expect(usage('-r', 'x', '--to', '10', '--until', '20')).toContain(
    'reading can end at only one point, not at 10 and 20',
  )
  expect(usage('-r', 'x', '--to', '10', '--to', '20')).toContain('only one point')
})

test('options of sysdig that have no effect here are accepted with a note, and take their values', () => {
  const words = ['-z', '-F', '-E', '-d', '-B', '--modern-bpf', '--filter-proclist', '--large-environment']
  const s = parseArgs([...words, '--cpus-for-each-buffer', '2', '--cri-timeout=500', 'evt.type', '=', 'open'])
  expect(s.filter).toBe('evt.type = open')
  expect(s.unneeded).toHaveLength(10)
  expect(s.unneeded[0]).toBe('-z, --compress is not needed: traces are always compressed')
  expect(parseArgs(['-zFw', 'x', '-r', 'y'])).toMatchObject({ write: 'x', unneeded: { length: 2 } })
  expect(parseArgs(['-B/probe.o', '--bpf=/probe.o', 'fd.num=1'])).toMatchObject({
    filter: 'fd.num=1',
    unneeded: { length: 1 },
  })
  expect(parseArgs(['--fatf', '--filter-p'])).toMatchObject({ unneeded: { length: 2 } })
  const chisel = parseArgs(['-c', 'topprocs_cpu', '--cri-timeout', '5', '-d', 'proc.name=x'])
  expect(chisel).toMatchObject({ filter: 'proc.name=x', chisels: [{ name: 'topprocs_cpu', words: [] }] })
  expect(usage('--cri-timeout')).toContain('argument missing')
  expect(parseArgs(['proc.name=x']).unneeded).toEqual([])
})

test('options of sysdig that ksys lacks are refused with their replacement', () => {
  expect(usage('-u')).toContain("unknown option '-u': ksys always captures with BPF")
  expect(usage('--nosuch')).not.toContain(':')
})

test('-C, -G and -e start new files, and other options set what happens to the files', () => {
  const rotation = (...args: string[]) => parseArgs(['-w', 'x.ksys', ...args]).rotation
  expect(rotation()).toBeUndefined()
  expect(rotation('-C', '10')?.bytes).toBe(10_000_000)
  expect(rotation('-C', '1.5G', '-G', '10m', '-e', '7', '-W', '3')).toMatchObject({
    bytes: 1_500_000_000,
    seconds: 600,
    events: 7,
    keep: { files: 3 },
  })
  expect(rotation('-e', '1', '--keep', '2h', '--keep', '10G', '--min-free', '5%')?.keep).toMatchObject({
    age: 7_200_000,
    bytes: 10_000_000_000,
    free: { part: 0.05 },
  })
  expect(rotation('-e', '1', '--min-free', '2G', '--on-close', ' gzip  -9 ')).toMatchObject({
    keep: { free: { bytes: 2_000_000_000 } },
    onClose: ['gzip', '-9'],
  })
  expect(parseArgs(['-w', 'x', '--mode', '0640', '--owner', 'root', '--group', '7']).belonging).toEqual({
    mode: 0o640,
    uid: 0,
    gid: 7,
  })
  expect(usage('-w', 'x', '-W', '3')).toMatch(/-W requires -C, -G or -e/)
  expect(usage('-w', 'x', '--keep', '2h')).toMatch(/--keep requires -C, -G or -e/)
  expect(usage('-C', '1')).toMatch(/-C, -G and -e require -w/)
  expect(usage('-w', '-', '-e', '1')).toMatch(/cannot be used with standard output/)
  expect(usage('-w', 'x', '-C', '0')).toMatch(/a number of million bytes/)
  expect(usage('-w', 'x', '-e', '1', '--keep', '5')).toMatch(/a time such as 2h/)
  expect(usage('-w', 'x', '-e', '1', '--min-free', '100%')).toMatch(/a percentage of the disk/)
  for (const nothing of ['0s', '0.0h', '0K'])
    expect(usage('-w', 'x', '-e', '1', '--keep', nothing)).toMatch(/a time such as 2h/)
  for (const nothing of ['0', '0%', '0K', '0.0M'])
    expect(usage('-w', 'x', '-e', '1', '--min-free', nothing)).toMatch(/a percentage of the disk/)
  expect(usage('-w', 'x', '--mode', '888')).toMatch(/octal/)
  expect(usage('-w', 'x', '--owner', 'no such')).toMatch(/no user 'no such'/)
  expect(usage('--owner', 'root')).toMatch(/require -w/)
})
