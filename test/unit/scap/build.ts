// Makes .scap files by hand, for tests.

export type Part = Uint8Array | readonly Part[]

export function join(...parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map((p) => (p instanceof Uint8Array ? p : join(...p))))
}

const int = (size: number) => (n: number | bigint) => {
  const b = Buffer.alloc(8)
  b.writeBigInt64LE(BigInt.asIntN(64, BigInt(n)))
  return b.subarray(0, size)
}
export const u8 = int(1)
export const u16 = int(2)
export const u32 = int(4)
export const u64 = int(8)
/** text with its length before it */
export const str = (s: string): Buffer => join(u16(Buffer.byteLength(s)), Buffer.from(s))
/** text of a parameter, with its NUL */
export const text = (s: string): Buffer => Buffer.from(`${s}\0`)

export function block(type: number, ...body: readonly Part[]): Buffer {
  const b = join(...body)
  const padded = join(b, Buffer.alloc((4 - (b.length & 3)) & 3))
  return join(u32(type), u32(padded.length + 12), padded, u32(padded.length + 12))
}

export const section = (major = 1): Buffer =>
  block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(major), u16(2), Buffer.alloc(8, 0xff))

export interface Made {
  code: number
  tid?: number
  /** ns since the epoch */
  time?: number | bigint
  cpu?: number
  params?: readonly Uint8Array[]
  /** makes a block with flags */
  flags?: number
}

/** Events are a second after the epoch's first billion unless specified otherwise. */
export const START = 1_000_000_000_000_000_000n

/** An event block of the current version. */
export function event(e: Made): Buffer {
  const params = e.params ?? []
  const wide = [322, 324, 402].includes(e.code)
  const lengths = params.map((p) => (wide ? u32 : u16)(p.length))
  const length = 26 + join(lengths, params).length
  return block(
    e.flags === undefined ? 0x216 : 0x217,
    u16(e.cpu ?? 0),
    e.flags === undefined ? [] : u32(e.flags),
    u64(START + BigInt(e.time ?? 0)),
    u64(e.tid ?? 7),
    u32(length),
    u16(e.code),
    u32(params.length),
    lengths,
    params,
  )
}

/** An event block of the first version, whose header has no parameter count. */
export function oldEvent(e: Made): Buffer {
  const params = e.params ?? []
  const lengths = params.map((p) => u16(p.length))
  const length = 22 + join(lengths, params).length
  const head = [u64(START + BigInt(e.time ?? 0)), u64(e.tid ?? 7), u32(length), u16(e.code)]
  return block(0x204, u16(e.cpu ?? 0), head, lengths, params)
}

/** An entry of the newest process list, with `tail` after the root directory. */
export function processEntry(tid: number, pid: number, comm: string, tail: Part = []): Buffer {
  const body = join(
    [u64(tid), u64(pid), u64(1), u64(pid), u64(pid)],
    [str(comm), str(`/bin/${comm}`), str(`/usr/bin/${comm}`), str('-a\0-b\0'), str('/home')],
    [u64(1024), u32(0), u32(1000), u32(100), u32(11), u32(12), u32(13), u64(14), u64(15)],
    [str('A=1\0B=2\0'), u64(tid), u64(pid), str('cpu=/x\0'), str('/')],
    tail,
  )
  return join(u32(body.length + 4), body)
}
