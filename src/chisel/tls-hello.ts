// The ClientHello that begins a TLS connection, from bytes that may be cut anywhere, or lie: names, protocols, versions.

export interface ClientHello {
  /** the host that is asked for (SNI); undefined where none is named, or it was not captured */
  readonly serverName: string | undefined
  /** protocols that are offered: h2, http/1.1 ... */
  readonly alpn: readonly string[]
  /** the newest version that is offered: 1.3, 1.2 ...; 1.2+ where newer ones may have been cut off; what is not known as a number */
  readonly version: string
  /** the name is the public one of an encrypted hello (ECH), which has the real one inside */
  readonly encrypted: boolean
  /** its end was not captured: what follows may be missing */
  readonly cut: boolean
}

/** The record that it lies in, and it, have these bytes before them: kind, version, length; kind, length. */
const RECORD_HEADER = 5
const HANDSHAKE_HEADER = 4
const HANDSHAKE = 22
const CLIENT_HELLO = 1
const RANDOM = 32
/** Most bytes that a hello may have (it may be spread over records, which are not joined). */
export const LONGEST_HELLO = 16384 + RECORD_HEADER
/** Protocols that are kept, and characters of a name. */
const MOST_PROTOCOLS = 16
const LONGEST_NAME = 255

const SERVER_NAME = 0
const ALPN = 16
const SUPPORTED_VERSIONS = 43
const ENCRYPTED_CLIENT_HELLO = 0xfe0d

/** Bytes from a place on, up to an end that may lie beyond what there is. */
class Reader {
  constructor(
    private readonly b: Uint8Array,
    public at: number,
    private readonly end: number,
  ) {}

  /** Whether so many bytes more are there. */
  has(n: number): boolean {
    return this.at + n <= Math.min(this.end, this.b.length)
  }
  get done(): boolean {
    return this.at >= this.end
  }
  u8(): number {
    const v = this.b[this.at] ?? 0
    this.at++
    return v
  }
  u16(): number {
    return this.u8() * 256 + this.u8()
  }
  /** The next `n` bytes, as a reader of their own that ends no later than this one. */
  part(n: number): Reader {
    const part = new Reader(this.b, this.at, Math.min(this.end, this.at + n))
    this.at += n
    return part
  }
  text(n: number): string {
    const to = Math.min(this.at + n, this.b.length, this.end)
    const t = Buffer.from(this.b.subarray(this.at, to)).toString('latin1')
    this.at += n
    return t
  }
}

/** How the bytes may begin a ClientHello: no, or how many bytes it has in all with its headers; undefined: too few to say. */
export function helloLength(b: Uint8Array): number | undefined | false {
  const begins = [b[0] === HANDSHAKE, b[1] === 3, (b[2] ?? 0) <= 4]
  if (begins.some((right, i) => i < b.length && !right)) return false
  if (b.length > RECORD_HEADER && b[RECORD_HEADER] !== CLIENT_HELLO) return false
  if (b.length < RECORD_HEADER) return undefined
  const length = (b[3] as number) * 256 + (b[4] as number)
  return length >= HANDSHAKE_HEADER && length <= 16384 ? RECORD_HEADER + length : false
}

/** Reads a ClientHello; undefined where it is none, or cut before anything can be told. Never throws. */
export function clientHello(b: Uint8Array): ClientHello | undefined {
  const length = helloLength(b)
  if (length === undefined || length === false || b[RECORD_HEADER] !== CLIENT_HELLO) return undefined
  const r = new Reader(b, RECORD_HEADER + HANDSHAKE_HEADER, length)
  if (!r.has(2 + RANDOM + 1)) return undefined
  const legacy = r.u16()
  r.part(RANDOM)
  r.part(r.u8())
  if (!r.has(2)) return undefined
  r.part(r.u16())
  if (!r.has(1)) return undefined
  r.part(r.u8())
  const found: Found = { serverName: undefined, alpn: [], version: undefined, encrypted: false }
  const extensions = r.has(2) ? r.part(r.u16()) : undefined
  while (extensions?.has(4)) {
    const kind = extensions.u16()
    read(kind, extensions.part(extensions.u16()), found)
  }
  const cut = b.length < length || extensions?.done === false
  const version = versionText(found.version ?? legacy) + (cut && found.version === undefined ? '+' : '')
  return { ...found, version, cut }
}

interface Found {
  serverName: string | undefined
  alpn: string[]
  version: number | undefined
  encrypted: boolean
}

function read(kind: number, r: Reader, found: Found): void {
  if (kind === SERVER_NAME) found.serverName ??= serverName(r)
  else if (kind === ALPN) found.alpn = protocols(r)
  else if (kind === SUPPORTED_VERSIONS) found.version = newest(r) ?? found.version
  else if (kind === ENCRYPTED_CLIENT_HELLO) found.encrypted = true
}

function serverName(r: Reader): string | undefined {
  if (!r.has(5)) return undefined
  r.u16()
  const kind = r.u8()
  const length = r.u16()
  return kind === 0 && length > 0 && length <= LONGEST_NAME && r.has(length) ? r.text(length) : undefined
}

function protocols(r: Reader): string[] {
  const found: string[] = []
  if (!r.has(2)) return found
  r.u16()
  while (r.has(1) && found.length < MOST_PROTOCOLS) {
    const length = r.u8()
    if (length === 0 || !r.has(length)) break
    const name = r.text(length)
    if (!isGrease(name.charCodeAt(0) * 256 + name.charCodeAt(1)) || length !== 2) found.push(name)
  }
  return found
}

/** The newest of the versions, those apart that are only there to be ignored. */
function newest(r: Reader): number | undefined {
  if (!r.has(1)) return undefined
  let best: number | undefined
  for (let left = r.u8(); left >= 2 && r.has(2); left -= 2) {
    const v = r.u16()
    if (!isGrease(v) && (best === undefined || v > best)) best = v
  }
  return best
}

/** Values that a client makes up so that servers learn to bear what they do not know (RFC 8701). */
function isGrease(v: number): boolean {
  return (v & 0x0f0f) === 0x0a0a && v >> 8 === (v & 0xff)
}

function versionText(v: number): string {
  if (v === 0x0300) return 'SSL3'
  return v > 0x0300 && v <= 0x0304 ? `1.${v - 0x0301}` : `0x${v.toString(16).padStart(4, '0')}`
}
