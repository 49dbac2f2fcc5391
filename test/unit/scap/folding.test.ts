// Old enter/exit pairs become one record in the current schema; with `enter` both directions remain as recorded.
import { expect, test } from 'vitest'
import { block, event, join, oldEvent, processEntry, START, section, text, u8, u16, u32, u64 } from './build.js'
import { readBytes } from './read.js'

const OPENAT_OLD = 102
const READ = 6
const EXECVE_16 = 231
const fd = u64

test('a pair becomes one record: number and time of the exit, latency, and the arguments of both', async () => {
  const file = join(
    section(),
    event({ code: READ, time: 10, params: [fd(3), u32(512)] }),
    event({ code: READ + 1, time: 110, cpu: 2, params: [u64(5), Buffer.from('hello')] }),
  )
  const { rows, info } = await readBytes(file)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ num: 2, type: 'read', time: 100, latency: 100, ret: 5, tid: 7, cpu: 2 })
  expect(rows[0]!.args).toEqual({ res: 5, data: 'hello', fd: 3, size: 512 })
  expect(rows[0]!.shown).toEqual(['res', 'data', 'fd', 'size'])
  expect(BigInt(info.startSec) * 1_000_000_000n + BigInt(info.startNsec)).toBe(START + 10n)
})

test('an exit whose enter was not recorded has no latency and only its own arguments', async () => {
  const { rows } = await readBytes(join(section(), event({ code: READ + 1, params: [u64(-9), Buffer.alloc(0)] })))
  expect(rows[0]).toMatchObject({ latency: undefined, ret: -9, shown: ['res', 'data'], args: { res: -9 } })
})

test('calls of several threads are joined by thread, and an enter without an exit has no record', async () => {
  const file = join(
    section(),
    event({ code: READ, tid: 1, time: 0, params: [fd(3), u32(1)] }),
    event({ code: READ, tid: 2, time: 5, params: [fd(4), u32(2)] }),
    event({ code: READ + 1, tid: 1, time: 20, params: [u64(0), Buffer.alloc(0)] }),
    event({ code: READ, tid: 3, time: 25, params: [fd(9), u32(2)] }),
    event({ code: READ + 1, tid: 2, time: 30, params: [u64(0), Buffer.alloc(0)] }),
  )
  const { rows } = await readBytes(file)
  expect(rows.map((r) => [r.num, r.tid, r.args.fd, r.latency])).toEqual([
    [3, 1, 3, 20],
    [5, 2, 4, 25],
  ])
})

test('arguments of another call’s enter event are not used', async () => {
  const file = join(
    section(),
    event({ code: 8, params: [fd(3), u32(1)] }),
    event({ code: READ + 1, time: 9, params: [u64(0), Buffer.alloc(0)] }),
  )
  expect((await readBytes(file)).rows[0]).toMatchObject({ type: 'read', latency: undefined, args: { res: 0 } })
})

test('replaced versions become the current event, by the names of their parameters', async () => {
  const openat = [u64(-100), text('etc/passwd'), u32(1), u32(0)]
  const old = [u64(0), text('/bin/ls'), Buffer.from('-l\0'), u64(7), u64(7), u64(1), text('/'), u64(1024)]
  const memory = [u64(0), u64(44), u32(1), u32(2), u32(3), text('ls'), Buffer.from('cpu=/\0'), Buffer.from('A=1\0')]
  const file = join(
    section(),
    event({ code: OPENAT_OLD, params: openat }),
    event({ code: OPENAT_OLD + 1, params: [fd(3)] }),
    event({ code: EXECVE_16, params: [...old, ...memory] }),
  )
  const { rows } = await readBytes(file)
  expect(rows[0]).toMatchObject({ type: 'openat', code: 307, ret: 3 })
  expect(rows[0]!.args).toEqual({ fd: 3, dirfd: -100, name: 'etc/passwd', flags: 1, mode: 0 })
  expect(rows[1]).toMatchObject({ type: 'execve', code: 293 })
  expect(rows[1]!.args).toMatchObject({ exe: '/bin/ls', args: '-l\0', comm: 'ls', env: 'A=1\0', pgft_min: 44 })
  expect(rows[1]!.args.tty).toBeUndefined()
})

test('the parameters of events with the first header version are counted by where they end', async () => {
  const file = join(
    section(),
    oldEvent({ code: READ, params: [fd(3), u32(9)] }),
    oldEvent({ code: READ + 1, params: [u64(2), Buffer.from('ok')] }),
  )
  expect((await readBytes(file)).rows[0]!.args).toEqual({ res: 2, data: 'ok', fd: 3, size: 9 })
})

test('with enter, both directions are rows with the values recorded at their time, and exit rows contain everything', async () => {
  const file = join(
    section(),
    event({ code: READ, params: [fd(3), u32(512)] }),
    event({ code: READ + 1, time: 3, params: [u64(1), Buffer.from('x')] }),
  )
  const { rows } = await readBytes(file, { enter: true })
  expect(rows.map((r) => [r.num, r.enter, r.shown])).toEqual([
    [1, true, ['fd', 'size']],
    [2, false, ['res', 'data']],
  ])
  expect(rows[1]!.args.fd).toBe(3)
})

test('with enter, an argument has its recorded name', async () => {
  const exec = Array.from({ length: 28 }, (_, i) =>
    [1, 6, 13, 27].includes(i) ? text('x') : [2, 14, 15].includes(i) ? Buffer.from('y\0') : u64(i),
  )
  const { rows } = await readBytes(join(section(), event({ code: 293, params: exec })), { enter: true })
  expect(rows[0]!.shown[17]).toBe('pgid')
  expect(rows[0]!.args.vpgid).toBe(17)
})

test('events with a single record are unchanged', async () => {
  const file = join(section(), event({ code: READ + 1, params: [u64(1), Buffer.from('x'), fd(3), u32(8)] }))
  expect((await readBytes(file)).rows[0]).toMatchObject({
    args: { res: 1, data: 'x', fd: 3, size: 8 },
    latency: undefined,
  })
})

test('a generic call has its name, its exit no result, and exit_group is recorded although it never returns', async () => {
  const file = join(
    section(),
    event({ code: 0, params: [u16(SYSINFO), u16(99)] }),
    event({ code: 1, time: 50, params: [u16(SYSINFO)] }),
    event({ code: 0, time: 60, params: [u16(EXIT_GROUP), u16(231)] }),
  )
  const { rows } = await readBytes(file)
  expect(rows.map((r) => [r.num, r.type, r.latency, r.shown.length])).toEqual([
    [2, 'sysinfo', 50, 0],
    [3, 'exit_group', undefined, 0],
  ])
  expect(rows[0]!.ret).toBeNaN()
})

test('a generic call without libs’ number is identified by the kernel’s', async () => {
  const { rows } = await readBytes(
    join(section(), event({ code: 0, params: [u16(0), u16(99)] }), event({ code: 1, params: [u16(0)] })),
  )
  expect(rows[0]).toMatchObject({ type: 'sysinfo', num: 2 })
})

test('threads belong to the process in the process list or in their clone event', async () => {
  const clone = [u64(0), text('x'), Buffer.from('y\0'), u64(50), u64(40), u64(1), text('/'), u64(0)]
  const file = join(
    section(),
    block(0x215, processEntry(12, 10, 'sh')),
    event({ code: 203, tid: 12, params: [u32(0)] }),
    event({ code: 15, tid: 50, params: [...clone, u32(0), u32(0), u32(0)] }),
    event({ code: 203, tid: 50, params: [u32(0)] }),
    event({ code: 203, tid: 60, params: [u32(0)] }),
  )
  const { rows } = await readBytes(file)
  expect(rows.filter((r) => r.type === 'getuid').map((r) => [r.tid, r.pid])).toEqual([
    [12, 10],
    [50, 40],
    [60, 60],
  ])
})

test('events that only maintain tables, or are marked as state-only, are counted but not shown', async () => {
  const user = [u32(0), u32(0), text('root'), text('/root'), text('/bin/sh'), text('')]
  const file = join(
    section(),
    event({ code: 354, params: user }),
    event({ code: 234, params: [u64(1), u64(2)] }),
    event({ code: READ + 1, flags: 1, params: [u64(0), Buffer.alloc(0)] }),
    event({ code: READ + 1, params: [u64(0), Buffer.alloc(0)] }),
  )
  const { rows, snapshot } = await readBytes(file)
  expect(rows.map((r) => [r.num, r.hidden])).toEqual([
    [1, true],
    [2, true],
    [3, true],
    [4, false],
  ])
  expect(snapshot.users).toEqual([{ uid: 0, gid: 0, name: 'root', home: '/root', shell: '/bin/sh' }])
})

test('narrow numbers of old producers are widened with their sign', async () => {
  const { rows } = await readBytes(
    join(
      section(),
      event({ code: 5, params: [u32(-2)] }),
      event({ code: 25, params: [u64(-13)] }),
      event({ code: 37, params: [u64(0), u64(3), u8(2)] }),
    ),
  )
  expect(rows.map((r) => r.ret)).toEqual([-2, -13, 0])
  expect(rows[2]!.args.how).toBe(2)
})

// libs' numbers of calls
const SYSINFO = 71
const EXIT_GROUP = 164
