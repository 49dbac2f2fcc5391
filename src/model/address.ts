// Network addresses in rows: libs' encodings of sockaddr and socktuple parameters, to text and numbers.
import { isIP } from 'node:net'
import { decodeText } from './text.js'

export const AF_UNIX = 1
export const AF_INET = 2
export const AF_INET6 = 10
export const AF_NETLINK = 16

/** States of a TCP socket, as the kernel numbers them. */
export const TCP_ESTABLISHED = 1
export const TCP_LISTEN = 10

/** Cache of address texts: a machine talks to few addresses, and each connection names two. */
class TextCache {
  private static readonly SLOTS = 256
  private readonly bytes: Uint8Array
  private readonly texts: string[] = new Array<string>(TextCache.SLOTS).fill('')

  constructor(
    private readonly length: number,
    private readonly make: (b: Uint8Array, at: number) => string,
  ) {
    this.bytes = new Uint8Array(TextCache.SLOTS * length)
  }

  text(b: Uint8Array, at: number): string {
    const { length, bytes } = this
    let slot = 0
    for (let i = 0; i < length; i++) slot = (slot * 31 + (b[at + i] as number)) & (TextCache.SLOTS - 1)
    const base = slot * length
    let i = 0
    while (i < length && bytes[base + i] === b[at + i]) i++
    const known = this.texts[slot] as string
    if (i === length && known !== '') return known
    const text = this.make(b, at)
    for (let k = 0; k < length; k++) bytes[base + k] = b[at + k] as number
    this.texts[slot] = text
    return text
  }
}

const ipv4 = new TextCache(4, (b, at) => `${b[at]}.${b[at + 1]}.${b[at + 2]}.${b[at + 3]}`)
const ipv6 = new TextCache(16, makeIpv6)

/** IPv4 text of the four bytes at `at`. */
export function ipv4Text(b: Uint8Array, at: number): string {
  return ipv4.text(b, at)
}

/** Text of the sixteen bytes at `at`: the longest run of zero groups is shortened, an IPv4-mapped address is shown as IPv4. */
export function ipv6Text(b: Uint8Array, at: number): string {
  return ipv6.text(b, at)
}

function makeIpv6(b: Uint8Array, at: number): string {
  const g: number[] = []
  for (let i = 0; i < 16; i += 2) g.push(((b[at + i] as number) << 8) | (b[at + i + 1] as number))
  if (g[5] === 0xffff && g[0] === 0 && g[1] === 0 && g[2] === 0 && g[3] === 0 && g[4] === 0) return ipv4Text(b, at + 12)
  let best = -1
  let length = 1
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && g[i + n] === 0) n++
    if (n > length) {
      best = i
      length = n
    }
    i += n
  }
  const hex = (from: number, to: number) =>
    g
      .slice(from, to)
      .map((x) => x.toString(16))
      .join(':')
  return best < 0 ? hex(0, 8) : `${hex(0, best)}::${hex(best + length, 8)}`
}

/** The kind of a socket by its remote address: an IPv6 socket with an IPv4-mapped peer is an IPv4 one, as in libs. */
export function typeByPeer(remote: string): 'ipv4' | 'ipv6' {
  return remote.includes(':') ? 'ipv6' : 'ipv4'
}

/** Kernel address of the eight little-endian bytes at `at`, as hex digits without leading zeros. */
function pointerText(b: Uint8Array, at: number): string {
  let s = ''
  for (let i = 7; i >= 0; i--) s += (b[at + i] as number).toString(16).padStart(2, '0')
  return s.replace(/^0+(?=.)/, '')
}

const u16 = (b: Uint8Array, at: number) => (b[at] as number) | ((b[at + 1] as number) << 8)

function pathText(b: Uint8Array, at: number, end: number): string {
  let to = end
  while (to > at && b[to - 1] === 0) to--
  return decodeText(b, at, to)
}

/** One end of a socket. */
export interface Address {
  family: number
  /** inet and inet6 */
  ip: string
  port: number
  /** unix */
  path: string
}

/** Decodes a sockaddr parameter in bytes [at, end); undefined if it is truncated or of another family. */
export function decodeSockaddr(b: Uint8Array, at: number, end: number): Address | undefined {
  if (at >= end) return undefined
  const family = b[at++] as number
  if (family === AF_INET && end - at >= 6) return { family, ip: ipv4Text(b, at), port: u16(b, at + 4), path: '' }
  if (family === AF_INET6 && end - at >= 18) return { family, ip: ipv6Text(b, at), port: u16(b, at + 16), path: '' }
  if (family === AF_UNIX) return { family, ip: '', port: 0, path: pathText(b, at, end) }
  return undefined
}

/** Both ends of a socket as in a socktuple parameter: source and destination. */
export interface Tuple {
  family: number
  sourceIp: string
  sourcePort: number
  destIp: string
  destPort: number
  /** unix: kernel addresses of both ends, and the path */
  source: string
  dest: string
  path: string
}

/** Decodes a socktuple parameter in bytes [at, end); undefined if it is truncated or of another family. */
export function decodeTuple(b: Uint8Array, at: number, end: number): Tuple | undefined {
  if (at >= end) return undefined
  const family = b[at++] as number
  const t: Tuple = { family, sourceIp: '', sourcePort: 0, destIp: '', destPort: 0, source: '', dest: '', path: '' }
  const n = family === AF_INET ? 4 : family === AF_INET6 ? 16 : 0
  if (n > 0) {
    if (end - at < 2 * n + 4) return undefined
    const ip = n === 4 ? ipv4Text : ipv6Text
    t.sourceIp = ip(b, at)
    t.sourcePort = u16(b, at + n)
    t.destIp = ip(b, at + n + 2)
    t.destPort = u16(b, at + 2 * n + 2)
    return t
  }
  if (family !== AF_UNIX || end - at < 16) return undefined
  t.source = pointerText(b, at)
  t.dest = pointerText(b, at + 8)
  t.path = pathText(b, at + 16, end)
  return t
}

/** The 4 or 16 bytes of an address; undefined if the text is not an address. */
export function addressBytes(text: string): Uint8Array | undefined {
  const kind = isIP(text)
  if (kind === 4) return Uint8Array.from(text.split('.'), Number)
  return kind === 6 ? ipv6Bytes(text) : undefined
}

function ipv6Bytes(text: string): Uint8Array {
  const [plain = ''] = text.split('%')
  // the last two groups may be an IPv4 address
  const dotted = /^(.*:)([\d.]+)$/.exec(plain)
  const [, before = '', four = ''] = dotted?.[2]?.includes('.') ? dotted : []
  const last = four === '' ? [] : four.split('.').map(Number)
  const groups = four === '' ? plain : before.replace(/([^:]):$/, '$1')
  const [head = '', tail] = groups.split('::')
  const bytesOf = (part: string) =>
    part.split(':').flatMap((g) => (g === '' ? [] : [Number.parseInt(g, 16) >> 8, Number.parseInt(g, 16) & 255]))
  const front = bytesOf(head)
  const back = [...(tail === undefined ? [] : bytesOf(tail)), ...last]
  return Uint8Array.from([
    ...front,
    ...new Array<number>(Math.max(0, 16 - front.length - back.length)).fill(0),
    ...back,
  ])
}
