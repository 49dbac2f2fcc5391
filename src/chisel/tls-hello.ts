// Decodes the ClientHello at the start of a TLS connection (server name, protocols, version) from bytes that may be cut or invalid.

export interface ClientHello {
  /** the requested host (SNI); undefined if the hello has none or it was not captured */
  readonly serverName: string | undefined
  /** offered protocols: h2, http/1.1 ... */
  readonly alpn: readonly string[]
  /** newest offered version: 1.3, 1.2 ...; 1.2+ if newer ones may have been cut off; an unknown version as a number */
  readonly version: string
  /** the name is the public name of an encrypted hello (ECH); the real name is inside it */
  readonly encrypted: boolean
  /** the end was not captured: later extensions may be missing */
  readonly cut: boolean
}

/** Header bytes of the TLS record (type, version, length) and of the handshake message in it (type, length). */
const RECORD_HEADER = 5
const HANDSHAKE_HEADER = 4
const HANDSHAKE = 22
const CLIENT_HELLO = 1
const RANDOM = 32
/** Maximum size of a hello in one record. One that spans several records is not joined. */
export const LONGEST_HELLO = 16384 + RECORD_HEADER
/** Maximum number of protocols, and of characters of a name. */
const MOST_PROTOCOLS = 16
const LONGEST_NAME = 255

const SERVER_NAME = 0
const ALPN = 16
const SUPPORTED_VERSIONS = 43
const ENCRYPTED_CLIENT_HELLO = 0xfe0d

/** Reads bytes from an offset to an end, which may lie beyond the captured bytes. */
class Reader {
  constructor(
    private readonly b: Uint8Array,
    public at: number,
    private readonly end: number,
  ) {}

  /** Whether `n` more bytes are available. */
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
  /** A reader of the next `n` bytes, but not beyond the end of this one. */
  sub(n: number): Reader {
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

/** Length of the ClientHello that the bytes start, with its headers; false: they start none; undefined: too few bytes to decide. */
export function helloLength(b: Uint8Array): number | undefined | false {
  const prefixMatches = [b[0] === HANDSHAKE, b[1] === 3, (b[2] ?? 0) <= 4]
  if (prefixMatches.some((right, i) => i < b.length && !right)) return false
  if (b.length > RECORD_HEADER && b[RECORD_HEADER] !== CLIENT_HELLO) return false
  if (b.length < RECORD_HEADER) return undefined
  const length = (b[3] as number) * 256 + (b[4] as number)
  return length >= HANDSHAKE_HEADER && length <= 16384 ? RECORD_HEADER + length : false
}

/** Decodes a ClientHello; undefined if it is none, or cut before its extensions. Never throws. */
export function clientHello(b: Uint8Array): ClientHello | undefined {
  const length = helloLength(b)
  if (length === undefined || length === false || b[RECORD_HEADER] !== CLIENT_HELLO) return undefined
  const r = new Reader(b, RECORD_HEADER + HANDSHAKE_HEADER, length)
  if (!r.has(2 + RANDOM + 1)) return undefined
  const legacy = r.u16()
  r.sub(RANDOM)
  r.sub(r.u8())
  if (!r.has(2)) return undefined
  r.sub(r.u16())
  if (!r.has(1)) return undefined
  r.sub(r.u8())
  const hello: HelloExtensions = { serverName: undefined, alpn: [], version: undefined, encrypted: false }
  const extensions = r.has(2) ? r.sub(r.u16()) : undefined
  while (extensions?.has(4)) {
    const kind = extensions.u16()
    read(kind, extensions.sub(extensions.u16()), hello)
  }
  const cut = b.length < length || extensions?.done === false
  const version = versionText(hello.version ?? legacy) + (cut && hello.version === undefined ? '+' : '')
  return { ...hello, version, cut }
}

interface HelloExtensions {
  serverName: string | undefined
  alpn: string[]
  version: number | undefined
  encrypted: boolean
}

function read(kind: number, r: Reader, hello: HelloExtensions): void {
  if (kind === SERVER_NAME) hello.serverName ??= serverName(r)
  else if (kind === ALPN) hello.alpn = protocols(r)
  else if (kind === SUPPORTED_VERSIONS) hello.version = newest(r) ?? hello.version
  else if (kind === ENCRYPTED_CLIENT_HELLO) hello.encrypted = true
}

function serverName(r: Reader): string | undefined {
  if (!r.has(5)) return undefined
  r.u16()
  const kind = r.u8()
  const length = r.u16()
  return kind === 0 && length > 0 && length <= LONGEST_NAME && r.has(length) ? r.text(length) : undefined
}

function protocols(r: Reader): string[] {
  const names: string[] = []
  if (!r.has(2)) return names
  r.u16()
  while (r.has(1) && names.length < MOST_PROTOCOLS) {
    const length = r.u8()
    if (length === 0 || !r.has(length)) break
    const name = r.text(length)
    if (!isGrease(name.charCodeAt(0) * 256 + name.charCodeAt(1)) || length !== 2) names.push(name)
  }
  return names
}

/** The newest version, ignoring GREASE values. */
function newest(r: Reader): number | undefined {
  if (!r.has(1)) return undefined
  let best: number | undefined
  for (let remaining = r.u8(); remaining >= 2 && r.has(2); remaining -= 2) {
    const v = r.u16()
    if (!isGrease(v) && (best === undefined || v > best)) best = v
  }
  return best
}

/** GREASE: meaningless values that clients send so that servers tolerate unknown ones (RFC 8701). */
function isGrease(v: number): boolean {
  return (v & 0x0f0f) === 0x0a0a && v >> 8 === (v & 0xff)
}

function versionText(v: number): string {
  if (v === 0x0300) return 'SSL3'
  return v > 0x0300 && v <= 0x0304 ? `1.${v - 0x0301}` : `0x${v.toString(16).padStart(4, '0')}`
}
