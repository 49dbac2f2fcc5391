// The values of evt.* for events.

import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { batchNs } from '../../../src/model/time.js'
import type { RowSpec } from '../../helpers/rows.js'
import { ask, context, walk } from './evaluate.js'

const open: RowSpec = {
  type: 'openat',
  ret: 3,
  time: 20,
  latency: 1500,
  params: { dirfd: -100, name: '/etc/passwd', flags: 0o2000002, mode: 0, dev: 0xfe01, ino: 7 },
}
const failedOpen: RowSpec = { ...open, ret: -2 }
const read: RowSpec = { type: 'read', ret: 5, time: 30, params: { data: 'hello', fd: 3, size: 100 } }

test('times of day are relative to the start of the capture, exact to the nanosecond', () => {
  expect(ask('evt.rawtime', [open])).toBe(1_700_000_001_000_000_010n)
  expect(ask('evt.rawtime.s', [open])).toBe(1_700_000_001n)
  expect(ask('evt.rawtime.ns', [open])).toBe(10n)
  expect(ask('evt.time.iso8601', [open])).toBe('2023-11-14T22:13:21.000000010+0000')
})

test('local times follow the time zone, also when summer time starts', () => {
  const before = process.env.TZ
  process.env.TZ = 'Europe/Berlin'
  try {
    // 2024-03-31 01:00 UTC: clocks go from 02:00 to 03:00
    const change = 1_711_846_800
    const at = (s: number) => ask('evt.datetime', [{ ...open, time: (change - 1_700_000_000 + s) * 1e9 - 999_999_990 }])
    expect(at(-1)).toBe('2024-03-31 01:59:59.000000000')
    expect(at(0)).toBe('2024-03-31 03:00:00.000000000')
    expect(at(-1)).toBe('2024-03-31 01:59:59.000000000')
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
})

test('evt.outputtime follows the selected style', () => {
  const rows = [open, { ...open, time: 2_000_000_020, latency: 12 }]
  const styled = (timeStyle: 'h' | 'a' | 'r' | 'd' | 'D') => ask('evt.outputtime', rows, context({ timeStyle }))
  expect(styled('h')).toMatch(/^\d\d:\d\d:\d\d\.000000010$/)
  expect(styled('a')).toBe('1700000003.000000010')
  expect(styled('r')).toBe('2.000000000')
  expect(styled('d')).toBe('0.000000012')
  expect(styled('D')).toBe('2.000000000')
})

test('relative times count from the first event that is shown, if the pipeline knows it', () => {
  expect(ask('evt.reltime', [open])).toBe(0)
  expect(ask('evt.reltime', [open], { ...context(), first: { time: batchNs(5) } })).toBe(15)
  expect(ask('evt.deltatime', [open, { ...open, time: 50 }, { ...open, time: 51 }])).toBe(1)
})

test('an unknown latency is absent, not 0', () => {
  expect(ask('evt.latency', [open])).toBe(1500)
  expect(ask('evt.latency.human', [open])).toBe('1.50us')
  for (const f of ['evt.latency', 'evt.latency.s', 'evt.latency.ns', 'evt.latency.human', 'evt.latency.quantized'])
    expect(ask(f, [read]), f).toBeUndefined()
})

test.each([
  [0, '0ns'],
  [999, '999ns'],
  [3170, '3.17us'],
  [13_900, '13us'],
  [2_500_000, '2.50ms'],
  [45_000_000, '45ms'],
  [1_999_999_999, '1.99s'],
  [127e9, '2:7'],
  [3_723e9, '01:02:03'],
])('a latency of %d ns reads %s', (latency, text) => {
  expect(ask('evt.latency.human', [{ ...open, latency }])).toBe(text)
})

test('results are both text and numbers', () => {
  expect(ask('evt.res', [open])).toBe('SUCCESS')
  expect(ask('evt.res', [failedOpen])).toBe('ENOENT')
  expect(ask('evt.rawres', [failedOpen])).toBe(-2)
  expect(ask('evt.failed', [failedOpen])).toBe(true)
  expect(ask('evt.failed', [open])).toBe(false)
  expect(ask('evt.count.error.file', [failedOpen])).toBe(1)
  expect(ask('evt.count.error', [open])).toBeUndefined()
})

test('the start of a call has a direction and no result', () => {
  const enter: RowSpec = { type: 'openat', enter: true, params: { name: '/x' } }
  expect(ask('evt.dir', [enter])).toBe('>')
  expect(ask('evt.dir', [open])).toBe('<')
  expect(ask('evt.res', [enter])).toBeUndefined()
  expect(ask('evt.failed', [enter])).toBe(false)
  expect(ask('evt.count.exit', [enter])).toBeUndefined()
  expect(ask('syscall.type', [enter])).toBe('openat')
})

test('events that are not system calls have no syscall.type', () => {
  expect(ask('syscall.type', [{ type: 152 }])).toBeUndefined()
  expect(ask('evt.type', [{ type: 152 }])).toBe('switch')
})

test('input and output have the category of the descriptor', () => {
  expect(ask('evt.category', [open, read])).toBe('file')
  expect(ask('evt.category', [{ ...read, params: { fd: 99 } }])).toBe('unknown')
  expect(ask('evt.category', [{ type: 'futex', params: {} }])).toBe('IPC')
  expect(ask('evt.category', [{ type: 'brk', params: {} }])).toBe('memory')
})

test('bytes are counted by direction and kind', () => {
  expect(ask('evt.buflen', [open, read])).toBe(5)
  expect(ask('evt.buflen.file.in', [open, read])).toBe(5)
  expect(ask('evt.buflen.out', [open, read])).toBeUndefined()
  expect(ask('evt.buflen.net', [open, read])).toBeUndefined()
  expect(ask('evt.buflen', [{ ...read, ret: -11 }])).toBeUndefined()
  expect(ask('evt.io_dir', [read])).toBe('read')
  expect(ask('evt.is_io_write', [read])).toBe(false)
})

test('the buffer contains the captured bytes', () => {
  expect(Buffer.from(ask('evt.buffer', [read]) as Uint8Array).toString()).toBe('hello')
  expect(ask('evt.buffer', [open])).toBeUndefined()
})

test('arguments are text by evt.arg and values by evt.rawarg', () => {
  expect(ask('evt.arg.name', [open])).toBe('/etc/passwd')
  expect(ask('evt.arg[0]', [open])).toBe('<f>/etc/passwd')
  expect(ask('evt.rawarg.fd', [open])).toBe(3)
  expect(ask('evt.arg.flags', [open])).toBe('O_RDWR|O_CLOEXEC')
  expect(ask('evt.rawarg.flags', [open])).toBe(4099)
  expect(ask('evt.arg.data', [open])).toBeUndefined()
  expect(ask('evt.type.is.openat', [open])).toBe(1)
  expect(ask('evt.type.is.open', [open])).toBe(0)
})

test.each([
  [0, true, false],
  [1, false, true],
  [2, true, true],
])('open flags %d: read %s, write %s, with the kernel and with portable numbers', (flags, reads, writes) => {
  const row = { ...open, params: { ...open.params, flags } }
  const portable = { ...open, params: { ...open.params, flags: flags + 1 } }
  for (const [r, native] of [
    [row, true],
    [portable, false],
  ] as const) {
    expect(ask('evt.is_open_read', [r], context(), native)).toBe(reads)
    expect(ask('evt.is_open_write', [r], context(), native)).toBe(writes)
  }
})

test('a file created with execute permission is recognised', () => {
  const row = { ...open, params: { ...open.params, flags: 0o101, mode: 0o755 } }
  expect(ask('evt.is_open_exec', [row])).toBe(true)
  expect(ask('evt.is_open_exec', [{ ...row, params: { ...row.params, mode: 0o644 } }])).toBe(false)
  expect(ask('evt.is_open_exec', [{ ...row, params: { ...row.params, flags: 1 } }])).toBe(false)
})

test('paths are absolute, whatever they are relative to', () => {
  const ctx = context()
  const at = [
    { type: 'openat', ret: 4, params: { dirfd: -100, name: '/srv/demo', flags: 0o200000 } },
    { type: 'mkdirat', params: { dirfd: 4, path: 'new/../dir' } },
  ]
  expect(ask('fs.path.name', at, ctx)).toBe('/srv/demo/dir')
  expect(ask('fs.path.nameraw', at)).toBe('new/../dir')
  const rename = [{ type: 'rename', params: { oldpath: '/a', newpath: '/b/./c' } }]
  expect(ask('fs.path.source', rename)).toBe('/a')
  expect(ask('fs.path.target', rename)).toBe('/b/c')
  expect(ask('fs.path.name', rename)).toBeUndefined()
  const renameat = [{ type: 'renameat', params: { olddirfd: -100, oldpath: '/a', newdirfd: -100, newpath: '/b/./c' } }]
  expect(ask('evt.abspath.dst', renameat)).toBe('/b/c')
})

const AT = -100
test.each([
  ['link', { oldpath: '/old', newpath: '/new' }],
  ['linkat', { olddir: AT, oldpath: '/old', newdir: AT, newpath: '/new' }],
  ['symlink', { target: '/old', linkpath: '/new' }],
  ['symlinkat', { target: '/old', linkdirfd: AT, linkpath: '/new' }],
])('the source of a link is its own path, the target is what it points to: %s', (type, params) => {
  const row = [{ type, params }]
  const values = ['fs.path.source', 'fs.path.sourceraw', 'fs.path.target', 'fs.path.targetraw', 'fs.path.name']
  expect(values.map((f) => ask(f, row))).toEqual(['/new', '/new', '/old', '/old', undefined])
})

test('evt.abspath has the paths of a call in their order, and that of the new link', () => {
  const linkat = [{ type: 'linkat', params: { olddir: AT, oldpath: '/old', newdir: AT, newpath: '/new' } }]
  expect(['evt.abspath', 'evt.abspath.src', 'evt.abspath.dst'].map((f) => ask(f, linkat))).toEqual([
    '/old',
    '/old',
    '/new',
  ])
  expect(ask('evt.abspath', [{ type: 'symlinkat', params: { target: 'x', linkdirfd: AT, linkpath: '/l' } }])).toBe('/l')
})

test('fchmod and fchown work on the path of their descriptor', () => {
  const ctx = context()
  const opened = { type: 'openat', ret: 4, params: { dirfd: AT, name: '/srv/demo', flags: 0 } }
  for (const type of ['fchmod', 'fchown'])
    expect(ask('fs.path.name', [opened, { type, params: { fd: 4 } }], ctx), type).toBe('/srv/demo')
})

test('evt.around compares the distance in milliseconds', () => {
  expect(registry.get('evt.around')?.equalsMeans).toBe('atMost')
  expect(ask('evt.around[1700000001002000010]', [open])).toBeCloseTo(2)
})

test('messages to the system log are parsed', () => {
  const log: RowSpec[] = [
    { type: 'socket', ret: 5, params: { domain: 1, type: 2, proto: 0 } },
    { type: 'connect', ret: 0, params: { fd: 5, tuple: unixTuple('/dev/log'), addr: unixAddr('/dev/log') } },
    { type: 'sendto', ret: 10, params: { fd: 5, size: 10, data: '<86>su: hello' } },
  ]
  expect(ask('evt.is_syslog', log)).toBe(true)
  expect(ask('syslog.facility.str', log)).toBe('authpriv')
  expect(ask('syslog.severity', log)).toBe(6)
  expect(ask('syslog.message', log)).toBe('su: hello')
  expect(ask('evt.info', log)).toBe('syslog sev=info msg=su: hello')
  expect(ask('syslog.message', [...log.slice(0, 2), { ...log[2]!, params: { fd: 5, data: '<999>x' } }])).toBeUndefined()
})

test('a getter never retains the counts of another use of the field', () => {
  const use = registry.find('util.cnt')
  const ctx = context()
  const [a, b] = [use.def.make(ctx, undefined), use.def.make(ctx, undefined)]
  walk([read, read], ctx, (e, i) => {
    expect(a(e)).toBe(i + 1)
  })
  walk([read], ctx, (e) => {
    expect(b(e)).toBe(1)
  })
})

function unixTuple(path: string): Uint8Array {
  return Uint8Array.from([1, ...new Array<number>(16).fill(0), ...Buffer.from(path)])
}
function unixAddr(path: string): Uint8Array {
  return Uint8Array.from([1, ...Buffer.from(path)])
}
