// A complete explanation of a filter: where each part is evaluated.
import { describe, expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter } from '../../../src/filter/compile.js'
import { explainFilter } from '../../../src/filter/explain.js'
import type { PlanOptions } from '../../../src/filter/planners/kernel-plan.js'
import { ctx, fields } from './world.js'

const explained = (filter: string | undefined, more: Partial<PlanOptions> = {}): string[] =>
  explainFilter(filter === undefined ? undefined : checkFilter(filter, fields), fields, ctx, {
    arch: 'x64',
    output: [],
    snaplen: 80,
    selfPid: 1,
    ...more,
  }).split('\n')

/** The lines under a heading, up to the next one. */
function part(heading: string, lines: readonly string[]): string[] {
  const from = lines.findIndex((l) => l.startsWith(heading))
  const to = lines.indexOf('', from)
  return lines.slice(from + 1, to < 0 ? lines.length : to).map((l) => l.slice(2))
}

const HIDDEN = '  (calls that open, close, start or rename something are still recorded, hidden, to keep names correct)'

test('a few calls of named processes that failed are explained', () => {
  const lines = explained('proc.name in (cat, ls) and evt.type in (read, openat) and evt.failed=true')
  expect(part('Filter', lines)).toEqual(['proc.name in (cat, ls) and evt.type in (read, openat) and evt.failed=true'])
  expect(part('In the kernel', lines)).toEqual([
    'recorded when proc.name is one of cat, ls and the call failed:',
    '  read openat',
    expect.stringMatching(/^dropped: 4\d\d event types$/),
    HIDDEN,
    'I/O buffers: not copied',
    'structures: not copied',
    'latency: not needed',
    'enter events: not recorded',
  ])
  expect(part('In ksys', lines)).toEqual([
    'all of these, until one does not hold:',
    '  evt.failed = true               cost   2, the event',
    '  evt.type in ("read", "openat")  cost   3, by the type of the event',
    '  proc.name in ("cat", "ls")      cost   6, the process',
    '(cost 1: a comparison of two numbers; the cheapest test of a group is first)',
  ])
  expect(part('In the index', lines)).toEqual([
    'a block is skipped unless it contains one of:',
    '  read, openat with a process named cat, ls',
  ])
})

test('a filter with one condition for one call and another for all others is explained', () => {
  const lines = explained(
    'proc.name=cat or (evt.type=write and not proc.name in (a,b) and user.uid=0 and evt.failed=false)',
  )
  const kernel = part('In the kernel', lines)
  expect(kernel.slice(0, 3)).toEqual([
    'recorded when proc.name is not one of a, b:',
    '  write',
    'recorded when proc.name is cat:',
  ])
  expect(kernel[3]).toMatch(/^ {2}4\d\d event types \(all others\)$/)
  expect(kernel[4]).toBe('dropped: 2 event types: switch page_fault')
  const file = part('In the index', lines)
  expect(file[1]).toMatch(/^ {2}any of 4\d\d event types with a process named cat$/)
  expect(file[2]).toBe('  write')
})

test('processes, threads and users are explained by their numbers, and the captured length of buffers', () => {
  const lines = explained('evt.buffer contains x and proc.pid!=3 and thread.tid in (1,2) and user.uid=5')
  const kernel = part('In the kernel', lines)
  expect(kernel[0]).toBe('recorded when proc.pid is not 3 and thread.tid is one of 1, 2 and user.uid is 5:')
  expect(kernel).toContain('I/O buffers: the first 80 bytes')
  const names = kernel.slice(
    1,
    kernel.findIndex((l) => l.startsWith('dropped')),
  )
  expect(names.length).toBeGreaterThan(2)
  expect(names[0]).toMatch(/^ {2}read write send sendto recv/)
  for (const line of names) expect(line.length).toBeLessThanOrEqual(98)
  for (const line of names.slice(0, -1)) expect(line.length, 'as many as fit').toBeGreaterThan(80)
  const all = names.join(' ').trim().split(/ +/)
  expect(all.length).toBe(new Set(all).size)
  const file = part('In the index', lines)
  expect(file.slice(1).join(' ')).toMatch(
    /read, write, send, sendto, recv, recvfrom, sendmsg, sendmmsg, recvmsg, recvmmsg, pread, pwrite +… and \d+ more with thread 1, 2$/,
  )
  expect(file.slice(1).every((l) => l.length <= 98)).toBe(true)
})

test('times and numbers of events are shown with their units', () => {
  const file = (filter: string) => part('In the index', explained(filter)).slice(1).join(' ')
  expect(file('evt.rawtime > 2026-11-25T10:00:05Z and evt.type=read')).toBe(
    '  read with time since the start from 4.75 s',
  )
  expect(file('evt.reltime<2s and evt.type=read')).toBe('  read with time since the first event to 2 s')
  expect(file('evt.num>10 and evt.num<50 and evt.type=read')).toBe('  read with event number from 10 to 50')
})

test('calls on sockets are recorded if the descriptor is a socket', () => {
  const kernel = part('In the kernel', explained('fd.sport=80'))
  expect(kernel[0]).toBe('recorded when the descriptor is a socket:')
  expect(kernel[1]).toMatch(/^ {2}read write send/)
})

test('the kernel part lists latency, enter events, arguments and counting', () => {
  const kernel = (filter: string | undefined, more: Partial<PlanOptions>) =>
    part('In the kernel', explained(filter, more))
  expect(kernel('evt.latency>1ms', {})).toContain('latency: measured')
  expect(kernel('proc.name=cat', { enter: true })).toContain('enter events: recorded')
  const bare = kernel('evt.type=read', { bare: true })
  expect(bare).toContain('arguments: not copied; threads and descriptors are not followed')
  expect(bare.join()).not.toContain('still recorded, hidden')
  expect(kernel('evt.type=read', { bare: true, count: 'calls' })).toContain(
    'system calls: counted in the kernel by type and result; none is recorded individually',
  )
  expect(kernel('evt.type=read', { bare: true, count: 'magnitudes' })).toContain(
    'system calls: counted in the kernel by type, result and duration; none is recorded individually',
  )
  expect(kernel('evt.type=read', {}).join()).not.toMatch(/counted|arguments/)
})

test('without a filter every event passes', () => {
  const lines = explained(undefined)
  expect(lines.slice(0, 2)).toEqual(['Filter', '  none: every event passes'])
  const kernel = part('In the kernel', lines)
  expect(kernel[0]).toBe('recorded always:')
  expect(kernel[1]).toMatch(/^ {2}4\d\d event types$/)
  expect(kernel[2]).toBe('dropped: 2 event types: switch page_fault')
  expect(lines.join()).not.toMatch(/In ksys|index/)
})

test('if the index of a file is of no use, every block is read', () => {
  expect(part('In the index', explained('proc.name!=cat'))).toEqual(['every block is read'])
  expect(part('In the index', explained('not proc.name=cat'))).toEqual(['every block is read'])
})

test('for a filter that no event can pass nothing is recorded and every block is skipped', () => {
  const lines = explained('evt.type=open and evt.type=close')
  const kernel = part('In the kernel', lines)
  expect(kernel[0]).toBe('nothing is recorded: no event can pass')
  expect(kernel[1]).toMatch(/^dropped: 4\d\d event types$/)
  expect(part('In the index', lines)).toEqual(['every block is skipped: no event can pass'])
})

test('warnings are shown as notes', () => {
  expect(part('Filter', explained('proc.name=a-name-beyond-15-bytes'))[1]).toMatch(/^note: .*at most 15 bytes/)
})

describe('a filter of many values', () => {
  const many = Array.from({ length: 2000 }, (_, i) => `name${i}`).join(', ')
  const lines = explained(`proc.name in (${many}) and evt.type=read`)

  test('is cut', () => {
    const text = part('Filter', lines)[0] as string
    expect([text.length, text.slice(-2)]).toEqual([4002, ' …'])
  })

  test('has its constants cut too', () => {
    for (const line of part('In ksys', lines)) expect(line.length).toBeLessThanOrEqual(170)
  })
})

test('a set of many values shows the first ones and the number of the others', () => {
  const names = Array.from({ length: 15 }, (_, i) => `n${i}`)
  const first = names.slice(0, 12).join(', ')
  const file = (some: readonly string[]) =>
    part('In the index', explained(`proc.name in (${some.join(', ')}) and evt.type=read`)).slice(1)
  expect(file(names)).toEqual([`  read with a process named ${first} … and 3 more`])
  expect(file(names.slice(0, 12))).toEqual([`  read with a process named ${first}`])
})

test('of many tests the first are shown, and the number of the others', () => {
  const checks = Array.from({ length: 300 }, (_, i) => `proc.cmdline contains text${i}`)
  const tests = part('In ksys', explained(checks.join(' or ')))
  expect(tests).toHaveLength(202)
  expect(tests.at(-2)).toBe('… 101 more tests')
})

test('tests are in the order of their evaluation, with what they read, and groups in words', () => {
  const tests = part(
    'In ksys',
    explained(
      'evt.type=openat and not (proc.cmdline contains x or proc.name=cat) and fd.name contains etc and not (proc.pid=1 and fd.num=5)',
    ),
  )
  expect(tests.map((l) => l.replace(/ +cost +\d+/, ''))).toEqual([
    'all of these, until one does not hold:',
    '  evt.type = "openat", by the type of the event',
    '  not all of these, until one does not hold:',
    '    proc.pid = 1, the process',
    '    fd.num = 5, the descriptor',
    '  fd.name contains "etc", the descriptor',
    '  none of these, until one holds:',
    '    proc.name = "cat", the process',
    '    proc.cmdline contains "x", the process (a text that is made for the test)',
    '(cost 1: a comparison of two numbers; the cheapest test of a group is first)',
  ])
})

test('conditions on a descriptor that are expensive are tested once for each descriptor, together', () => {
  const filter = checkFilter('fd.name contains etc and proc.name=cat and fd.directory startswith /x', registry)
  const text = explainFilter(filter, registry, ctx, { arch: 'x64', output: [], snaplen: 80, selfPid: 1 })
  expect(part('In ksys', text.split('\n'))[2]).toMatch(
    /^ {2}fd\.name contains "etc" and fd\.directory startswith "\/x" +cost +6, once for each descriptor, then remembered$/,
  )
})

test('a filter that needs no processes is tested without them', () => {
  const heading = (more: Partial<PlanOptions>) => explained('evt.type=read', more).find((l) => l.startsWith('In ksys'))
  expect(heading({})).toContain('after its effect on processes and descriptors')
  expect(heading({ bare: true })).not.toContain('effect')
})

describe('combining checks', () => {
  const tests = (filter: string) => part('In ksys', explained(filter)).slice(0, -1)
  test.each(['proc.name=a or proc.name=b', 'proc.name in (a) or proc.name==b', 'proc.name in (a, b) or proc.name=a'])(
    '%s is one set',
    (filter) => expect(tests(filter)).toEqual(['proc.name in ("a", "b")  cost   6, the process']),
  )

  test.each([
    'proc.name=a or proc.pname=b',
    'proc.name=a or proc.name=val(proc.pname)',
    'proc.name=a or proc.name contains b',
    'proc.name=a or proc.name!=b',
    'proc.name=a or toupper(proc.name)=B',
    'proc.argv in (a) or proc.argv in (b)',
    'proc.name=a and proc.name=b',
  ])('%s remains two checks', (filter) => expect(tests(filter)).toHaveLength(3))

  test('nested groups become one', () => {
    expect(tests('not (not (fd.num=1 and proc.pid=2)) and proc.ppid=3')).toEqual(
      tests('fd.num=1 and proc.pid=2 and proc.ppid=3'),
    )
  })
})
