// What a file contains about the host: machine, interfaces, users, processes and their descriptors, in all versions.
import { expect, test } from 'vitest'
import { block, event, join, processEntry, section, str, u8, u16, u32, u64 } from './build.js'
import { readBytes } from './read.js'

const anEvent = event({ code: 203, params: [u32(0)] })
const machine = (boot: bigint) =>
  block(0x201, u32(8), u64(1), u64(2), Buffer.from('box'.padEnd(128, '\0')), u64(boot), u64(0), u64(0), u64(0))

test('the machine has its name, processors and boot time', async () => {
  const { info } = await readBytes(join(section(), machine(999_999_000_000_000_000n), anEvent))
  expect(info).toMatchObject({ kind: 'scap', hostname: 'box', cpus: 8, startBoot: 1e12 })
})

test('a machine block of older versions ends after the name', async () => {
  const old = block(0x201, u32(2), u64(1), u64(2), Buffer.alloc(128, 'h'))
  expect((await readBytes(join(section(), old, anEvent))).info).toMatchObject({
    hostname: 'h'.repeat(128),
    startBoot: 0,
  })
})

test('a process of the newest version has the fields that its writer added', async () => {
  const tail66 = [u64(5), u32(34816), u32(1000), u8(1), u64(1), u64(2), u64(3), u8(1), u64(77), u64(8), u64(9)]
  const tails = [tail66, [...tail66, u8(1)], [...tail66, u8(1), u8(0)], [...tail66, u8(1), u8(0), u64(4242)]]
  for (const [i, tail] of tails.entries()) {
    const { snapshot, damage } = await readBytes(join(section(), block(0x215, processEntry(8, 8, 'sh', tail)), anEvent))
    expect(damage).toEqual([])
    expect(snapshot.threads[0]).toMatchObject({
      tid: 8,
      pid: 8,
      comm: 'sh',
      exe: '/bin/sh',
      exepath: '/usr/bin/sh',
      args: ['-a', '-b'],
      cwd: '/home',
      env: ['A=1', 'B=2'],
      cgroups: ['cpu=/x'],
      uid: 1000,
      gid: 100,
      fdLimit: 1024,
      vmSize: 11,
      pgftMin: 15,
      tty: 34816,
      loginuid: 1000,
      exeWritable: true,
      capEffective: 3,
      exeUpperLayer: true,
      exeIno: 77,
      pgid: i === 3 ? 4242 : -1,
    })
  }
})

test('writers before 0.10 had no namespace start and no terminal in that tail', async () => {
  const tail = [u32(500), u8(0), u64(1), u64(2), u64(3)]
  const { snapshot } = await readBytes(join(section(), block(0x215, processEntry(8, 8, 'sh', tail)), anEvent))
  expect(snapshot.threads[0]).toMatchObject({ loginuid: 500, capInheritable: 1, capEffective: 3, tty: 0 })
})

test('process lists of all older versions are read', async () => {
  const fields = (v: number) => [
    [u64(9), u64(9), u64(1), v >= 6 ? u64(5) : [], v >= 8 ? u64(6) : []],
    [str('cat'), str('cat'), v >= 7 ? str('/bin/cat') : [], str('x\0'), str('/'), u64(1024), u32(0), u32(1), u32(2)],
    v >= 2 ? [u32(1), u32(2), u32(3), u64(4), u64(5)] : [],
    v >= 3 ? str('E=1\0') : [],
    v >= 4 ? [u64(3), u64(3), str('cpu=/\0')] : [],
    v >= 5 ? str('/jail') : [],
  ]
  const types = [0x202, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214]
  for (const [i, type] of types.entries()) {
    const v = i + 1
    const { snapshot, damage } = await readBytes(join(section(), block(type, fields(v), fields(v)), anEvent))
    expect(damage).toEqual([])
    expect(snapshot.threads).toHaveLength(2)
    expect(snapshot.threads[1]).toMatchObject({
      comm: 'cat',
      args: ['x'],
      uid: 1,
      sid: v >= 6 ? 5 : -1,
      vpgid: v >= 8 ? 6 : -1,
      exepath: v >= 7 ? '/bin/cat' : '',
      env: v >= 3 ? ['E=1'] : [],
      vtid: v >= 4 ? 3 : -1,
      root: v >= 5 ? '/jail' : '/',
    })
  }
})

const v4 = Buffer.from([10, 0, 0, 1])
const v6 = Buffer.from([0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1])
/** Descriptors in every encoding, with those that only sized entries may have: a device, an unknown kind. */
const descriptors = (sized: boolean): readonly Uint8Array[] => {
  const entry = (fd: number, type: number, ...payload: Uint8Array[]) => {
    const body = join([u64(fd), u64(100 + fd), u8(type)], payload)
    return sized ? join(u32(body.length + 4), body) : body
  }
  return [
    entry(0, 2, str('/tmp')),
    entry(1, 7, str('pipe:[1]')),
    entry(2, 3, v4, Buffer.from([1, 2, 3, 4]), u16(4000), u16(443), u8(2)),
    entry(3, 6, v6, u16(53), u8(3)),
    entry(4, 8, u64(0xabc), u64(0), str('/run/x.sock\n')),
    entry(5, 16, u32(1 | 4096), str('/etc/passwd'), ...(sized ? [u32(0x801)] : [])),
    ...(sized ? [entry(6, 99, str('?'))] : []),
    entry(7, 20, str('memfd')),
    entry(8, 4, v6, v6, u16(4000), u16(443), u8(2)),
    entry(9, 5, v4, u16(53), u8(3)),
    entry(10, 16, u32(1), str('/last'), ...(sized ? [u32(0x802)] : [])),
  ]
}

test.each([
  ['with lengths', 0x218],
  ['without lengths', 0x203],
  ['without lengths, before the first release', 0x8001abcd],
])('descriptors of every kind are read, of a process by its main thread: entries %s', async (_, type) => {
  const sized = type === 0x218
  const list = block(type, u64(8), ...descriptors(sized))
  const { snapshot, damage } = await readBytes(
    join(section(), block(0x215, processEntry(8, 8, 'sh'), processEntry(9, 8, 'sh')), list, anEvent),
  )
  expect(damage).toEqual([])
  expect(snapshot.threads[1]!.fdsOf).toBe(8)
  const fds = [...snapshot.threads[0]!.fds!]
  expect(fds.map((f) => [f.num, f.type, f.name])).toEqual([
    [0, 'directory', '/tmp'],
    [1, 'pipe', 'pipe:[1]'],
    [2, 'ipv4', ''],
    [3, 'ipv6', ''],
    [4, 'unix', '/run/x.sock'],
    [5, 'file', '/etc/passwd'],
    ...(sized ? [[6, 'other', '']] : []),
    [7, 'memfd', 'memfd'],
    [8, 'ipv6', ''],
    [9, 'ipv4', ''],
    [10, 'file', '/last'],
  ])
  const of = (n: number) => fds.find((f) => f.num === n)
  expect(of(2)).toMatchObject({ localIp: '10.0.0.1', localPort: 4000, remoteIp: '1.2.3.4', remotePort: 443, proto: 6 })
  expect(of(3)).toMatchObject({ localIp: '2001:db8::1', localPort: 53, proto: 17, server: true })
  expect(of(4)).toMatchObject({ source: 'abc', dest: '0' })
  expect(of(5)).toMatchObject({ ino: 105, flags: 0o2000000 })
  expect([of(5)?.dev, of(10)?.dev]).toEqual(sized ? [0x801, 0x802] : [undefined, undefined])
})

test('an unknown kind of descriptor in a list without lengths is damage; the entries before it are read', async () => {
  const odd = join(u64(6), u64(106), u8(99), str('/etc'))
  const list = block(0x203, u64(8), ...descriptors(false), odd, ...descriptors(false))
  const { snapshot, damage, rows } = await readBytes(
    join(section(), block(0x215, processEntry(8, 8, 'sh')), list, anEvent),
  )
  expect(damage.map((d) => d.what)).toEqual(['a descriptor list has an entry of an unknown kind'])
  expect(snapshot.threads[0]!.fds).toHaveLength(descriptors(false).length)
  expect(rows).toHaveLength(1)
})

test('an impossible length of an entry is damage', async () => {
  const bad = [block(0x218, u64(8), u32(3)), block(0x215, u32(0)), block(0x220, u32(2))]
  const { damage } = await readBytes(join(section(), bad, anEvent))
  expect(damage.map((d) => d.what)).toEqual(
    ['a descriptor list', 'the process list', 'the user list'].map(
      (n) => `${n} has an entry that is shorter than its length`,
    ),
  )
})

test('interfaces and accounts of both versions are read', async () => {
  const v4 = [u16(1), u16(2), Buffer.from([10, 1, 1, 1]), u32(0), u32(0), u64(0), Buffer.from('lo')]
  const v6 = [u16(4), u16(0), Buffer.alloc(16), Buffer.alloc(32)]
  const sized = (parts: Uint8Array[]) => join(u32(join(...parts).length), ...parts)
  const user = [u8(0), u32(3), u32(4), str('joe'), str('/home/joe'), str('/bin/sh')]
  const group = [u8(1), u32(4), str('staff')]
  const own = (parts: Uint8Array[]) => join(u32(join(...parts).length + 4), ...parts)
  for (const blocks of [
    [block(0x219, sized(v4), sized(v6)), block(0x220, own(user), own(group))],
    [block(0x205, ...v4, ...v6), block(0x206, ...user, ...group)],
  ]) {
    const { info, snapshot, damage } = await readBytes(join(section(), blocks, anEvent))
    expect(damage).toEqual([])
    expect(info.addresses).toEqual(['10.1.1.1', '::'])
    expect(snapshot.users).toEqual([{ uid: 3, gid: 4, name: 'joe', home: '/home/joe', shell: '/bin/sh' }])
    expect(snapshot.groups).toEqual([{ gid: 4, name: 'staff' }])
  }
})

test('interfaces with additional fields or of unknown kinds are skipped by their length', async () => {
  const known = [u16(1), u16(2), v4, u32(0), u32(0), u64(0), Buffer.from('lo')]
  const sized = (parts: Uint8Array[]) => join(u32(join(...parts).length), ...parts)
  const future = sized([u16(9), u16(3), Buffer.from('odd')])
  const list = block(0x219, sized([...known, u32(7), u32(8)]), future, sized(known))
  const { info, damage } = await readBytes(join(section(), list, anEvent))
  expect(damage).toEqual([])
  expect(info.addresses).toEqual(['10.0.0.1', '10.0.0.1'])

  const unsized = await readBytes(join(section(), block(0x205, ...known, u16(9), u16(3), Buffer.alloc(40)), anEvent))
  expect(unsized.damage.map((d) => d.what)).toEqual(['the interface list has an entry of an unknown kind'])
  expect(unsized.info.addresses).toEqual(['10.0.0.1'])
})

test('an interface list with a length that is too small is read completely', async () => {
  const entry = join(u32(24), u16(1), u16(0), Buffer.from([10, 1, 1, 1]), u32(0), u32(0), u64(0))
  const list = block(0x219, entry, entry)
  list.writeUInt32LE(list.length - 8, 4)
  list.writeUInt32LE(list.length - 8, list.length - 4)
  const { info, rows, damage } = await readBytes(join(section(), list, anEvent))
  expect(damage).toEqual([])
  expect(rows).toHaveLength(1)
  expect(info.addresses).toEqual(['10.1.1.1', '10.1.1.1'])
})

test('concatenated files are read as one: numbers continue, and the state is replaced', async () => {
  const one = join(section(), block(0x215, processEntry(8, 8, 'sh')), anEvent)
  const two = join(section(), block(0x215, processEntry(9, 9, 'cat')), anEvent, anEvent)
  const { rows, snapshot } = await readBytes(join(one, two))
  expect(snapshot.threads.map((t) => t.comm)).toEqual(['sh'])
  expect(rows.map((r) => [r.num, r.resync && Array.from(r.resync.threads, (t) => t.comm)])).toEqual([
    [1, undefined],
    [2, ['cat']],
    [3, undefined],
  ])
})
