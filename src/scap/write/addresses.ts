// Network addresses from their text to the bytes of a file (network byte order); the counterpart of addresses.ts.
import { isIP } from 'node:net'

/** The 4 or 16 bytes of an address; undefined for what is none. */
export function addressBytes(text: string): Uint8Array | undefined {
  const kind = isIP(text)
  if (kind === 4) return Uint8Array.from(text.split('.'), Number)
  return kind === 6 ? ipv6Bytes(text) : undefined
}

/** 4 bytes, or 16: those of an address that is of the other kind, or missing, are zeros. */
export function addressOf(text: string | undefined, length: 4 | 16): Uint8Array {
  const bytes = text === undefined ? undefined : addressBytes(text)
  if (bytes?.length === length) return bytes
  return new Uint8Array(length)
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
