import { expect, test } from 'vitest'
import type { FieldContext } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { compileTemplate } from '../../../src/format/template/template.js'
import { Fd } from '../../../src/model/fd.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { appendArgs, renderArg, renderArgs, renderParam } from '../../../src/render/args/args.js'
import { rawArg } from '../../../src/render/args/raw.js'
import { ByteWriter } from '../../../src/render/bytes/byte-writer.js'
import { EVENTS, eventsByName } from '../../../src/schema/events/index.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CaptureInfo } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'
import { eventOf, type RowSpec } from '../../helpers/rows.js'

const shell = new Thread(10, 10, new FdTable())
shell.comm = 'bash'
shell.cwd = '/home/me'
shell.fdTable.fds.set(3, new Fd(3, 'file', '/etc/passwd'))
shell.fdTable.fds.set(5, new Fd(5, 'directory', '/var/log'))
shell.fdTable.fds.set(7, new Fd(7, 'pipe', ''))
shell.fdTable.fds.set(12, new Fd(12, 'pipe', 'pipe:[9]'))

const format: FieldContext['format'] = {
  timeStyle: 'h',
  buffer: 'dots',
  fullBuffers: false,
  resolvePorts: false,
  columns: 80,
}
const state = new State({ has: capabilitiesOf('ksys'), addresses: [] } as unknown as CaptureInfo)
state.threads.set(10, shell)
state.users.set(0, { uid: 0, gid: 0, name: 'root', home: '/root', shell: '/bin/sh' })
state.groups.set(0, { gid: 0, name: 'wheel' })
const context = (over: Partial<FieldContext['format']> = {}) =>
  ({
    info: { kind: 'live', has: capabilitiesOf('ksys') },
    states: [state],
    format: { ...format, ...over },
  }) as unknown as FieldContext
const ctx = context()

const event = (spec: RowSpec, native = true) => {
  const e = eventOf({ tid: 10, ...spec }, native)
  e.thread = shell
  return e
}
const args = (spec: RowSpec, over: Partial<FieldContext['format']> = {}, native = true) =>
  renderArgs(event(spec, native), context(over))

test('open shows the descriptor, the path, flags by name, and the mode only if the call creates a file', () => {
  const params = { dirfd: -100, name: '/etc/passwd', flags: 0o2000000, mode: 0x7ffe1234, dev: 0xfe00, ino: 42 }
  expect(args({ type: 'openat', ret: 3, params })).toBe(
    'fd=3(<f>/etc/passwd) dirfd=-100(AT_FDCWD) name=/etc/passwd flags=4097(O_RDONLY|O_CLOEXEC) mode=0 dev=FE00 ino=42',
  )
  expect(args({ type: 'openat', ret: 3, params: { ...params, flags: 0o101, mode: 0o644 } })).toContain(
    'flags=6(O_CREAT|O_WRONLY) mode=0644',
  )
})

test('failures are shown by name', () => {
  expect(args({ type: 'open', ret: -2, params: { name: '/nosuch', flags: 0 } })).toBe(
    'fd=-2(ENOENT) name=/nosuch flags=1(O_RDONLY) mode=NULL dev=NULL ino=NULL',
  )
  expect(args({ type: 'close', ret: -9, params: { fd: 99 } })).toBe('res=-9(EBADF) fd=99')
  expect(args({ type: 'fsync', ret: -514, params: { fd: 3 } })).toBe('res=-514(ERESTARTNOHAND) fd=3(<f>/etc/passwd)')
})

test('relative paths are resolved by the working directory or the directory descriptor', () => {
  expect(args({ type: 'unlink', params: { path: '../x' } })).toBe('res=0 path=../x(/home/x)')
  expect(args({ type: 'unlinkat', params: { dirfd: 5, name: 'old.log', flags: 0 } })).toBe(
    'res=0 dirfd=5(<d>/var/log) name=old.log(/var/log/old.log) flags=0',
  )
})

test('flags from capture files of other tools are portable already', () => {
  const params = { dirfd: -100, name: '/x', flags: 4097, mode: 0, dev: 0, ino: 0 }
  expect(args({ type: 'openat', ret: 3, params }, {}, false)).toContain('flags=4097(O_RDONLY|O_CLOEXEC)')
})

test('buffers are shown with dots, cut at 80, or completely, in hex, hex with text, text, or base64', () => {
  const data = Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(80, 'a')])
  const spec = { type: 'read', ret: 84, params: { data, fd: 3, size: 100 } }
  const tail = ' fd=3(<f>/etc/passwd) size=100'
  expect(args(spec)).toBe(`res=84 data=.ELF${'a'.repeat(73)}...${tail}`)
  expect(args(spec, { fullBuffers: true })).toBe(`res=84 data=.ELF${'a'.repeat(80)}${tail}`)
  const short = { type: 'read', ret: 6, params: { data: Buffer.from('19081\n'), fd: 3, size: 100 } }
  expect(args(short, { buffer: 'hex' })).toBe(`res=6 data=\n\t0x0000: 3139 3038 310a\n${tail}`)
  expect(args(short, { buffer: 'hexAscii' })).toBe(
    `res=6 data=\n\t0x0000: 3139 3038 310a                           19081.\n${tail}`,
  )
  expect(args(short, { buffer: 'ascii' })).toBe(`res=6 data=\n19081\n${tail}`)
  expect(args(short, { buffer: 'base64' })).toBe(`res=6 data=MTkwODEK${tail}`)
  expect(args({ type: 'read', ret: 0, params: { data: '', fd: 3, size: 1 } })).toBe(
    `res=0 data=NULL fd=3(<f>/etc/passwd) size=1`,
  )
})

test('next to a dump, a name with a line feed is escaped and stays on its line', () => {
  shell.fdTable.fds.set(8, new Fd(8, 'file', '/tmp/a\nb'))
  const spec = { type: 'read', ret: 1, params: { data: 'x', fd: 8, size: 1 } }
  const out = new ByteWriter(64)
  appendArgs(out, event(spec), context({ buffer: 'hex' }))
  expect(out.toString()).toBe('res=1 data=\n\t0x0000: 78\n fd=8(<f>/tmp/a\\nb) size=1')
})

test('a dump is the same for a single argument as among all', () => {
  const def = EVENTS[eventsByName('getsockopt')[0]! | 1]!
  const bytes = def.params.find((p) => p.name === 'val')!.dyn!.findIndex((d) => d.startsWith('bytebuf'))
  const e = event({ type: 'getsockopt', params: { fd: 3, level: 0, optname: 77, val: Buffer.from([bytes, 1, 2]) } })
  const out = new ByteWriter(64)
  compileTemplate('%evt.arg.val', registry, context({ buffer: 'hex' })).append(out, e)
  expect(out.toString()).toBe('\n\t0x0000: 0102\n\n')
})

test('a name of any bytes is the same when it is repeated', () => {
  const name = `/tmp/${'\udcf1\x7f'.repeat(8)}`
  shell.fdTable.fds.set(9, new Fd(9, 'file', name))
  expect(args({ type: 'dup2', ret: 9, params: { oldfd: 9, newfd: 9 } })).toBe(
    `res=9(<f>${name}) oldfd=9(<f>${name}) newfd=9(<f>${name})`,
  )
})

const tuple4 = Buffer.from([2, 127, 0, 0, 1, 0x50, 0, 10, 0, 0, 7, 0x90, 0x1f])

test('socket addresses and tuples are shown', () => {
  expect(args({ type: 'connect', params: { tuple: tuple4, fd: 4, addr: Buffer.from([1, 47, 115]) } })).toBe(
    'res=0 tuple=127.0.0.1:80->10.0.0.7:8080 fd=4 addr=/s',
  )
  const unix = Buffer.concat([Buffer.from([1]), Buffer.alloc(16), Buffer.from('/run/x.sock')])
  unix.writeBigUInt64LE(0xffff88829fb52d00n, 1)
  expect(renderParam(event({ type: 'sendto', params: { tuple: unix } }), 4, ctx)).toBe(
    'ffff88829fb52d00->0 /run/x.sock',
  )
  expect(args({ type: 'bind', params: { fd: 4, addr: Buffer.from([2, 1, 2]) } })).toContain('addr=INVALID IPv4')
  expect(args({ type: 'bind', params: { fd: 4, addr: Buffer.from([16, 1, 2]) } })).toContain('addr=family 16')
  expect(args({ type: 'bind', params: { fd: 4, addr: Buffer.from([16, 16, 0, 0, 0, 7, 0, 0, 0, 5]) } })).toContain(
    'addr={sa_family=AF_NETLINK, nl_pid=7}',
  )
})

test('socket options have names by level, and values by their type', () => {
  const val = Buffer.alloc(9)
  val[0] = 1
  val.writeBigInt64LE(-111n, 1)
  const params = { fd: 3, level: 1, optname: 4, val, optlen: 4 }
  expect(args({ type: 'getsockopt', params })).toBe(
    'res=0 fd=3(<f>/etc/passwd) level=1(SOL_SOCKET) optname=4(SO_ERROR) val=-111(ECONNREFUSED) optlen=4',
  )
  expect(args({ type: 'getsockopt', params: { ...params, level: 6, optname: 1 } })).toContain(
    'level=2(SOL_TCP) optname=1(TCP_NODELAY)',
  )
  expect(args({ type: 'getsockopt', params: { ...params, val: Buffer.from([1, 2, 3]) } })).toContain('val=NULL')
  expect(args({ type: 'getsockopt', params: { ...params, val: Buffer.from([77]) } })).toContain('val=NULL')
})

test('poll shows types of descriptors and portable events; a truncated list ends early', () => {
  const fds = Buffer.alloc(22)
  fds.writeUInt16LE(2, 0)
  fds.writeBigInt64LE(7n, 2)
  fds.writeInt16LE(0x10, 10)
  fds.writeBigInt64LE(99n, 12)
  fds.writeInt16LE(1, 20)
  expect(args({ type: 'poll', ret: 1, params: { fds, timeout: -1 } })).toBe(
    'res=1 fds=7:p20 99:?1 timeout=-1 pollfds=NULL',
  )
  expect(args({ type: 'poll', ret: 1, params: { fds: fds.subarray(0, 15), timeout: 5 } })).toBe(
    'res=1 fds=7:p20 timeout=5 pollfds=NULL',
  )
})

test('processes and users are shown by name, unknown ones too', () => {
  expect(args({ type: 'kill', params: { pid: 10, sig: 9 } })).toBe('res=0 pid=10(bash) sig=9(SIGKILL)')
  expect(args({ type: 'kill', params: { pid: 4711, sig: 0 } })).toBe('res=0 pid=4711 sig=0')
  expect(args({ type: 'setresuid', params: { ruid: 0, euid: 4294967295, suid: 1234 } })).toBe(
    'res=0 ruid=0(root) euid=-1(<NONE>) suid=1234(<NA>)',
  )
  expect(args({ type: 'getegid', ret: 0 })).toBe('egid=0(wheel)')
})

test('times are shown', () => {
  expect(args({ type: 'nanosleep', params: { interval: 1_500_000_000 } })).toBe(
    'res=0 interval=1500000000(1.5s) rmtp=NULL',
  )
  expect(args({ type: 'nanosleep', params: { interval: 1000 } })).toBe('res=0 interval=1000(1e-06s) rmtp=NULL')
  expect(args({ type: 'nanosleep', params: { interval: 0xffffffffffffffffn } })).toBe('res=0 interval=none rmtp=NULL')
})

test('numbers are shown in hexadecimal, octal and with 64 bits without loss', () => {
  expect(args({ type: 'brk', ret: 0x55bb41cae000, params: { addr: 0, vm_size: 1, vm_rss: 2, vm_swap: 0 } })).toBe(
    'res=55BB41CAE000 vm_size=1 vm_rss=2 vm_swap=0 addr=0',
  )
  expect(args({ type: 'ioctl', params: { fd: 3, request: 0x5401, argument: 0xfffffffffffffff1n } })).toContain(
    'request=5401(TCGETS) argument=FFFFFFFFFFFFFFF1',
  )
  expect(args({ type: 'lseek', params: { fd: 3, offset: 0xfffffffffffffadfn, whence: 1 } })).toContain(
    'offset=-1313 whence=1(SEEK_CUR)',
  )
  expect(args({ type: 'chmod', params: { filename: '/x', mode: 0o4755 } })).toContain(
    'mode=04755(S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR|S_ISUID)',
  )
  expect(args({ type: 'mknod', params: { path: '/x', mode: 0o60000, dev: 5 } })).toContain('mode=060000(S_IFBLK)')
})

test('values have names: all names of an enum, whole values before bits', () => {
  expect(args({ type: 'socket', ret: 4, params: { domain: 1, type: 526337, proto: 0, flags: 526337 } })).toBe(
    'fd=4 domain=1(AF_LOCAL|AF_UNIX) type=526337(SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK) proto=0 flags=4160(O_NONBLOCK|O_CLOEXEC)',
  )
  expect(args({ type: 'futex', params: { addr: 16, op: 129, val: 1 } })).toBe(
    'res=0 addr=10 op=129(FUTEX_PRIVATE_FLAG|FUTEX_WAKE) val=1 timeout=NULL uaddr2=NULL',
  )
  expect(args({ type: 'accept4', ret: 4, params: { flags: 0o2000000 } })).toMatch(/flags=1000\(SOCK_CLOEXEC\)$/)
  expect(args({ type: 'signaldeliver', params: { spid: 0, dpid: 10, sig: 17 } })).toBe(
    'spid=0 dpid=10(bash) sig=17(SIGCHLD)',
  )
})

test('absent texts are <NA>, other absent values NULL', () => {
  expect(args({ type: 'prctl', params: { option: 23, arg2_int: 5 } })).toBe(
    'res=0 option=23(PR_CAPBSET_READ) arg2_str=<NA> arg2_int=5 value=NULL arg3=NULL arg4=NULL',
  )
  expect(args({ type: 'recvmsg', ret: -11 })).toBe(
    'res=-11(EAGAIN) size=NULL data=NULL tuple=NULL msgcontrol=NULL fd=NULL flags=NULL',
  )
})

test('items of a list are separated by dots in place of NUL', () => {
  expect(args({ type: 'execve', params: { args: ['-c', 'ls'] } })).toContain(' args=-c.ls. ')
})

test('evt.arg is the meaning when there is one, evt.rawarg the portable value', () => {
  const e = event({ type: 'openat', ret: 3, params: { dirfd: -100, name: 'x', flags: 0o2000000, mode: 9 } })
  expect([0, 1, 2, 3, 4, 5].map((p) => renderArg(e, p, ctx))).toEqual([
    '<f>/etc/passwd',
    'AT_FDCWD',
    '/home/me/x',
    'O_RDONLY|O_CLOEXEC',
    '0',
    'NULL',
  ])
  expect([0, 1, 2, 3, 4, 5].map((p) => rawArg(e, p))).toEqual([3, -100, 'x', 4097, 0, undefined])
  expect(rawArg(event({ type: 'ioctl', params: { argument: 0xfffffffffffffff1n } }), 3)).toBe(0xfffffffffffffff1n)
  expect(rawArg(event({ type: 'read', ret: 2, params: { data: 'hi' } }), 1)).toEqual(new Uint8Array([104, 105]))
  expect(rawArg(event({ type: 'connect', params: { tuple: tuple4 } }), 1)).toBe('127.0.0.1:80->10.0.0.7:8080')
})

test('a structure shows its members, without those that are cut off', () => {
  const event = Uint8Array.of(1, 0, 0, 0x80, 77, 0, 0, 0, 0, 0, 0, 0)
  const ctl = { epfd: 3, op: 1, fd: 7 }
  expect(args({ type: 'epoll_ctl', params: { ...ctl, event } })).toBe(
    'res=0 epfd=3(<f>/etc/passwd) op=1(EPOLL_CTL_ADD) fd=7(<p>) event={events=EPOLLIN|EPOLLET, data=0x4d}',
  )
  expect(args({ type: 'epoll_ctl', params: { ...ctl, event: event.subarray(0, 9) } })).toContain(
    'event={events=EPOLLIN|EPOLLET}',
  )
  expect(args({ type: 'epoll_ctl', params: ctl })).toContain('event=NULL')
})

test('numbers without names in this call are shown as numbers', () => {
  expect(args({ type: 'mremap', params: { addr: 0x1000, old_len: 1, new_len: 2, flags: 9, new_addr: 0 } })).toBe(
    'res=0 addr=1000 old_len=1 new_len=2 flags=9(MREMAP_MAYMOVE|0x8) new_addr=0',
  )
})

test('a parameter that an event lacks is empty', () => {
  expect(renderParam(event({ type: 'fsync' }), 2, ctx)).toBeUndefined()
})

test('a negative thread number is an error as the result of a call, but not in the files of other tools', () => {
  expect(args({ type: 'setsid', ret: -1 })).toBe('res=-1(EPERM)')
  expect(args({ type: 'setsid', ret: -1 }, {}, false)).toBe('res=-1')
  expect(args({ type: 'kill', params: { pid: -1, sig: 9 } }, {}, false)).toBe('res=0 pid=-1 sig=9(SIGKILL)')
})

test('a real-time signal has a name, but not in the files of other tools', () => {
  expect(args({ type: 'kill', params: { pid: 10, sig: 43 } })).toContain('sig=43(SIGRTMIN+9)')
  expect(args({ type: 'kill', params: { pid: 10, sig: 43 } }, {}, false)).toMatch(/sig=43$/)
})

test('a path is not resolved relative to a descriptor that is not a directory', () => {
  expect(args({ type: 'unlinkat', params: { dirfd: 12, name: 'x', flags: 0 } })).toContain('name=x flags')
})
