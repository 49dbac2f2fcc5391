// Generates .scap files of synthetic activity: every event in every version, with interleaved enter and exit events of several
// threads, realistic values and some unusual ones. The same seed gives the same file.
import { EARLIER, RECORDED } from '../../../src/scap/recorded-table.js'
import { EVENTS, isSyscall } from '../../../src/schema/events/index.js'
import { block, event, join, type Part, processEntry, section, str, text, u8, u16, u32, u64 } from './build.js'

export interface Version {
  readonly code: number
  readonly name: string
  readonly params: readonly { readonly name: string; readonly type: string }[]
}

function declared(table: string): Version[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [code = '', name = '', , ...params] = line.split(' ')
      return {
        code: Number(code),
        name,
        params: params.map((p) => {
          const [own = '', type = ''] = (p.split('/')[0] as string).split('@')[0]?.split(':') ?? []
          return { name: own, type }
        }),
      }
    })
}

const current: Version[] = EVENTS.flatMap((d) =>
  d === undefined || d.code >= 900 || (d.code % 2 === 0 && isSyscall(d.code + 1))
    ? []
    : [
        {
          code: d.code,
          name: d.name,
          params: d.params.filter((p) => !p.added).map((p) => ({ name: p.name, type: p.type })),
        },
      ],
)

/** Every event that was ever recorded, each version once. */
export const VERSIONS: readonly Version[] = [...declared(RECORDED), ...declared(EARLIER), ...current]

/** Numbers between 0 and 1 that depend on the seed alone (mulberry32). */
export function random(seed: number): () => number {
  let s = seed
  return () => {
    s = (s + 0x6d2b79f5) | 0
    let t = Math.imul(s ^ (s >>> 15), 1 | s)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const TIDS = [7, 8, 9, 10, 11]
const NAMES = ['nginx', 'sh', 'redis-server', 'a b', 'x\ny', 'ünï']
const PATHS = [
  '/etc/passwd',
  'relative/file',
  '../up',
  '.',
  '',
  '/a//b/./c/../d',
  'x'.repeat(300),
  'bad\xff\x1b[31mname',
]
const ADDRESSES = [
  [2, [10, 0, 0, 1], [93, 184, 216, 34]],
  [10, [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1], [...Array(15).fill(0), 1]],
  [10, [...Array(10).fill(0), 255, 255, 10, 0, 0, 1], [...Array(10).fill(0), 255, 255, 10, 0, 0, 2]],
] as const

/** Picks values of parameters. */
class Values {
  constructor(private readonly next: () => number) {}

  below(n: number): number {
    return Math.floor(this.next() * n)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** a number that is usually small, and sometimes the minimum, the maximum or -1 */
  private number(bits: number): bigint {
    const odd = [0n, -1n, 1n << BigInt(bits - 1), (1n << BigInt(bits - 1)) - 1n]
    return this.next() < 0.15 ? this.pick(odd) : BigInt(this.below(bits === 8 ? 128 : 5000))
  }

  private tuple(): Buffer {
    if (this.next() < 0.2) return join(u8(1), u64(0xffff888800001000n), u64(0), text(this.pick(['/run/x.sock', ''])))
    const [family, from, to] = this.pick(ADDRESSES)
    return join(u8(family), Buffer.from(from), u16(40000), Buffer.from(to), u16(this.pick([80, 443, 53])))
  }

  private address(): Buffer {
    if (this.next() < 0.2) return join(u8(1), text('/run/x.sock'))
    const [family, , to] = this.pick(ADDRESSES)
    return join(u8(family), Buffer.from(to), u16(80))
  }

  /** bytes of a parameter of that type */
  of(type: string): Buffer {
    if (this.next() < 0.04) return Buffer.alloc(0)
    switch (type.replace(/^(enum)?flags/, 'uint')) {
      case 'errno':
        return u64(this.next() < 0.3 ? -this.pick([1, 2, 11, 13, 110, 115, 512, 516]) : this.below(100))
      case 'fd':
        return u64(this.pick([-100, -9, -2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
      case 'fd32':
        return u32(this.below(12))
      case 'pid':
        return u64(this.pick([-1, 0, 7, 8, 9, 10, 11, 12, 999999]))
      case 'pid32':
        return u32(this.pick([...TIDS, 12]))
      case 'int8':
      case 'uint8':
      case 'sigtype':
        return u8(this.number(8))
      case 'int16':
      case 'uint16':
      case 'syscallid':
      case 'port':
        return u16(this.number(16))
      case 'int32':
      case 'uint32':
      case 'sigset':
        return u32(this.number(32))
      case 'uid':
      case 'gid':
        return u32(this.pick([0, 1, 1000, 4294967295]))
      case 'mode':
        return u32(this.pick([0o644, 0o100755, 0o40700, 0o20600, 0]))
      case 'bool':
        return u32(this.below(2))
      case 'charbuf':
        return text(this.pick([...PATHS, ...NAMES]))
      case 'fspath':
      case 'fsrelpath':
        return text(this.pick(PATHS))
      case 'bytebuf':
      case 'charbufarray':
      case 'charbuf_pair_array':
        return Buffer.from(
          this.pick(['GET / HTTP/1.1\r\n', 'a\0b\0c\0', '\x00\x01\xff', '<14>Jan 1 x: y', 'z'.repeat(200)]),
        )
      case 'sockaddr':
        return this.address()
      case 'socktuple':
        return this.tuple()
      case 'fdlist': {
        const n = this.below(4)
        return join(
          u16(n),
          Array.from({ length: n }, (_, i) => [u64(i), u16(0x41)]),
        )
      }
      case 'dyn':
        return join(u8(this.below(6)), this.pick([u64(9), u32(3), u64(-2), text('some')]))
      case 'ipv4addr':
        return Buffer.from([10, 0, 0, 1])
      case 'ipv6addr':
        return Buffer.alloc(16, 1)
      case 'reltime':
        return u64(this.pick([-1n, 0n, 1_500_000_000n, 42n]))
      case 'abstime':
        return u64(this.pick([0n, 10n ** 18n, (1n << 63n) - 1n]))
      default:
        return u64(this.number(64))
    }
  }
}

/** One process for each id, with descriptors of every kind that a list may hold. */
function world(): Part {
  const entry = (fd: number, type: number, ...payload: Uint8Array[]) => {
    const body = join([u64(fd), u64(100 + fd), u8(type)], payload)
    return join(u32(body.length + 4), body)
  }
  const [, v4a, v4b] = ADDRESSES[0]
  const [, v6a, v6b] = ADDRESSES[1]
  const fds = [
    entry(0, 16, u32(1), str('/dev/null'), u32(5)),
    entry(1, 7, str('pipe:[5]')),
    entry(2, 3, Buffer.from(v4a), Buffer.from(v4b), u16(40000), u16(443), u8(2)),
    entry(3, 4, Buffer.from(v6a), Buffer.from(v6b), u16(40000), u16(53), u8(3)),
    entry(4, 5, Buffer.from(v4a), u16(80), u8(2)),
    entry(5, 8, u64(0xabc), u64(0xdef), str('/run/x.sock')),
    entry(6, 2, str('/srv')),
    ...[9, 11, 12, 13, 14, 15].map((type, i) => entry(7 + i, type, str(''))),
  ]
  const account = (kind: number, ...body: Uint8Array[]) => {
    const b = join(u8(kind), body)
    return join(u32(b.length + 4), b)
  }
  return [
    block(
      0x201,
      u32(2),
      u64(1 << 20),
      u64(32768),
      Buffer.from('box'.padEnd(128, '\0')),
      u64(10n ** 18n),
      u64(0),
      u64(0),
      u64(0),
    ),
    block(
      0x220,
      account(0, u32(1000), u32(100), str('ann'), str('/home/ann'), str('/bin/sh')),
      account(1, u32(100), str('users')),
    ),
    block(
      0x215,
      TIDS.map((tid, i) => processEntry(tid, i === 4 ? 10 : tid, NAMES[i] as string)),
    ),
    TIDS.map((tid) => block(0x218, u64(tid), fds)),
  ]
}

/**
 * A file of `count` events. Some threads are known, one is not; calls may lack an end or a start. newer: codes
 * from here on are not used.
 */
export function synthesize(seed: number, count: number, newer = Number.POSITIVE_INFINITY): Buffer {
  const next = random(seed)
  const values = new Values(next)
  const parts: Part[] = [section(), world()]
  const running = new Map<number, Version>()
  const known = VERSIONS.filter((v) => v.code < newer)
  const enters = known.filter((v) => v.code % 2 === 0)
  const exits = new Map<number, Version[]>()
  for (const v of known) if (v.code % 2 === 1) exits.set(v.code, [...(exits.get(v.code) ?? []), v])
  const single = [...exits.values()].flat()
  for (let i = 0; i < count; i++) {
    const tid = values.pick([...TIDS, 12])
    const began = running.get(tid)
    const ends = began !== undefined && next() < 0.8 ? exits.get(began.code + 1) : undefined
    const v = values.pick(ends ?? (next() < 0.6 ? enters : single))
    if (v.code % 2 === 0) running.set(tid, v)
    else running.delete(tid)
    const shown = next() < 0.1 ? values.below(v.params.length + 1) : v.params.length
    parts.push(
      event({
        code: v.code,
        tid,
        time: i * 1000 + (next() < 0.02 ? -5000 : 0),
        cpu: values.below(2),
        params: v.params.slice(0, shown).map((p) => values.of(p.type)),
        ...(next() < 0.02 && { flags: 1 }),
      }),
    )
  }
  return join(parts)
}
