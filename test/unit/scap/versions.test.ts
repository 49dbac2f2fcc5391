// Every event that was ever recorded, in every version and with every number of parameters, can be read and printed.
import { writeFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { expect, test } from 'vitest'
import { isSyscall } from '../../../src/schema/events/index.js'
import { ksys } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'
import { event, join, type Made, section, text, u8, u16, u32, u64 } from './build.js'
import { VERSIONS, type Version } from './synthesize.js'

const dir = scratchDir('versions')

/** A value of each type, and how it prints. The threads, descriptors and users of these files are unknown. */
const VALUES: Readonly<Record<string, readonly [value: Uint8Array, printed: RegExp]>> = {
  int8: [u8(9), /9/],
  uint8: [u8(9), /9/],
  int16: [u16(9), /9/],
  uint16: [u16(9), /9/],
  int32: [u32(9), /9/],
  uint32: [u32(9), /9|011/],
  int64: [u64(9), /9/],
  uint64: [u64(9), /9/],
  errno: [u64(-2), /-2\(ENOENT\)/],
  fd: [u64(-100), /-100\(AT_FDCWD\)/],
  pid: [u64(900000), /900000/],
  uid: [u32(9), /9\(<NA>\)/],
  gid: [u32(-1), /-1\(<NONE>\)/],
  charbuf: [text('some text'), /some text/],
  fspath: [text('/a/b'), /\/a\/b/],
  fsrelpath: [text('/a/b'), /\/a\/b/],
  bytebuf: [Buffer.from('ab\x01c'), /ab\.c/],
  sockaddr: [join(u8(2), Buffer.from([1, 2, 3, 4]), u16(80)), /1\.2\.3\.4:80/],
  socktuple: [join(u8(10), Buffer.alloc(15), u8(1), u16(1000), Buffer.alloc(15), u8(2), u16(80)), /::1:1000->::2:80/],
  fdlist: [join(u16(2), u64(3), u16(0x41), u64(5), u16(4)), /3:\?41 5:\?4/],
  sigtype: [u8(2), /2\(SIGINT\)/],
  sigset: [u32(0), /.*/],
  reltime: [u64(1_500_000_000), /1500000000\(1\.5s\)/],
  abstime: [u64(10n ** 18n), /2001-09-09 01:46:40\.000000000/],
  bool: [u32(1), /true/],
  dyn: [join(u8(0), u64(9)), /.+/],
  syscallid: [u16(9), /9/],
  port: [u16(9), /9/],
  ipv4addr: [Buffer.from([1, 2, 3, 4]), /1\.2\.3\.4/],
  ipv6addr: [join(Buffer.alloc(15), u8(1)), /::1/],
  charbufarray: [Buffer.from('a\0b\0'), /a\.b/],
  double: [Buffer.alloc(8), /0/],
  charbuf_pair_array: [Buffer.from('a\0b\0'), /.*/],
}

function sample(type: string): readonly [Uint8Array, RegExp] {
  const flags = /^(?:enum)?flags(8|16|32)$/.exec(type)
  if (flags !== null) return [flags[1] === '8' ? u8(1) : flags[1] === '16' ? u16(1) : u32(1), /1(?:\(.*\))?/]
  if (type === 'mode') return [u32(0o644), /0644\(.*\)/]
  const value = VALUES[type.replace(/^(fd|pid)32$/, '$1')]
  if (value === undefined) throw new Error(`no value for type "${type}"`)
  return value
}

const all = VERSIONS.filter((v) => v.code > 1)

/** One file of all versions, each without `cut` of its parameters or with empty ones, each by a thread of its own. */
function file(name: string, made: (v: Version, i: number) => Made): string {
  const to = path(dir, name)
  writeFileSync(
    to,
    join(
      section(),
      all.map((v, i) => event({ ...made(v, i), tid: 1000 + i, time: i })),
    ),
  )
  return to
}

test('each version prints every parameter that it has, by its name and in the format of its type', () => {
  const f = file('whole.scap', (v) => ({ code: v.code, params: v.params.map((p) => sample(p.type)[0]) }))
  const lines = new Map(
    ksys(['-r', f, '--enter', '-v', '-p', '*%evt.num %evt.args'], { env: { TZ: 'UTC' } })
      .stdout.split('\n')
      .map((l) => [Number.parseInt(l, 10), l]),
  )
  const wrong: string[] = []
  all.forEach((v, i) => {
    const line = lines.get(i + 1)
    if (line === undefined) return
    const expected = v.params.map((p) => `${p.name}=${sample(p.type)[1].source}`).join(' ')
    if (!new RegExp(`^${i + 1} ?${expected} *$`).test(line)) wrong.push(`${v.code} ${v.name}: ${line}`)
  })
  expect(wrong).toEqual([])
  // only the events that maintain libs' own tables are hidden
  const hidden = new Set(all.filter((_, i) => !lines.has(i + 1)).map((v) => v.name))
  for (const name of hidden) expect(isSyscall(all.find((v) => v.name === name)?.code ?? 0), name).toBe(false)
  expect(lines.size).toBeGreaterThan(all.length - 40)
})

test.each([
  ['none', (v: Version) => v.params.map((p) => sample(p.type)[0]).slice(0, 0)],
  ['half', (v: Version) => v.params.map((p) => sample(p.type)[0]).slice(0, Math.ceil(v.params.length / 2))],
  ['empty', (v: Version) => v.params.map(() => Buffer.alloc(0))],
] as const)('events whose parameters are missing (%s) are read with and without their enter events', (name, params) => {
  const f = file(`${name}.scap`, (v) => ({ code: v.code, params: params(v) }))
  for (const mode of [[], ['--enter']]) {
    const r = ksys(['-r', f, ...mode, '-p', '*%evt.num %evt.args %fd.name %proc.cmdline %evt.rawarg.res %evt.res'])
    expect(r.stderr).toBe('')
    expect(r.code).toBe(0)
    expect(r.stdout.split('\n').length).toBeGreaterThan(200)
  }
})
