// Parses a DNS message from bytes that may be cut anywhere or be invalid: the header, the question, and all complete
// answers.
import { createRequire } from 'node:module'
import { isIPv6 } from 'node:net'

type Packet = typeof import('dns-packet')
interface Codec<T> {
  decode: { (bytes: Buffer, at: number): T; bytes: number }
}
interface Answer {
  readonly name: string
  readonly type: string
  readonly ttl?: number
  readonly data?: unknown
}

/** The parts of the package that are used; its types lack the codecs of message parts. */
type Parts = Packet & { name: Codec<string>; answer: Codec<Answer>; question: Codec<{ name: string; type: string }> }

let loaded: Parts | undefined

/** Loaded on first use, so that chisels without DNS do not wait for it. */
function dns(): Parts {
  loaded ??= createRequire(import.meta.url)('dns-packet') as Parts
  return loaded
}

interface DnsRecord {
  readonly name: string
  readonly type: string
  /** seconds */
  readonly ttl: number
  /** an address, a name, or other contents */
  readonly data: string
}

export interface DnsMessage {
  readonly id: number
  readonly response: boolean
  /** the answer did not fit into its packet (the TC bit) */
  readonly truncated: boolean
  /** NOERROR, NXDOMAIN ... */
  readonly code: string
  /** undefined if the message ends before it, or has none */
  readonly question: { readonly name: string; readonly type: string } | undefined
  readonly answers: readonly DnsRecord[]
  /** number of answers that are not listed: cut, damaged, or too many */
  readonly more: number
  /** offset of its end; undefined if unknown */
  readonly end: number | undefined
}

const HEADER = 12
/** Maximum number of answers that are read. */
const MOST = 64
/** Maximum characters of a record's contents. */
const LONGEST = 300
const CODES =
  'NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE DSOTYPENI'.split(' ')
/** Types that the package does not know. */
const TYPES: Readonly<Record<string, string>> = { UNKNOWN_64: 'SVCB', UNKNOWN_65: 'HTTPS' }

/** Parses the message at the start of the bytes; undefined if they do not even contain a header. Never throws. */
export function dnsMessage(bytes: Uint8Array): DnsMessage | undefined {
  if (bytes.length < HEADER) return undefined
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const flags = b.readUInt16BE(2)
  const counts = [4, 6, 8, 10].map((at) => b.readUInt16BE(at)) as [number, number, number, number]
  const found = sections(b, counts)
  const code = CODES[flags & 15] ?? `RCODE${flags & 15}`
  return { id: b.readUInt16BE(0), response: flags >= 0x8000, truncated: (flags & 0x200) !== 0, code, ...found }
}

function sections(b: Buffer, [questions, answers, authorities, additional]: [number, number, number, number]) {
  let at: number | undefined = HEADER
  let question: DnsMessage['question']
  for (let i = 0; i < questions && at !== undefined; i++) {
    const q = questionAt(b, at)
    question ??= q && { name: q.name, type: q.type }
    at = q?.end
  }
  const records: DnsRecord[] = []
  for (let i = 0; i < answers + authorities + additional && at !== undefined; i++) {
    const end = recordEnd(b, at)
    const r = i < answers && end !== undefined && records.length < MOST ? recordAt(b, at, end) : undefined
    if (r !== undefined) records.push(r)
    at = end
  }
  return { question, answers: records, more: answers - records.length, end: at }
}

function questionAt(b: Buffer, at: number): { name: string; type: string; end: number } | undefined {
  const { question } = dns()
  const q = attempt(() => question.decode(b, at))
  return q && { name: q.name, type: typeName(q.type), end: at + question.decode.bytes }
}

/** Bytes of an address. The package does not check the length. */
const SIZES: Readonly<Record<string, number>> = { A: 4, AAAA: 16 }

/** End of a record, if it is complete. */
function recordEnd(b: Buffer, at: number): number | undefined {
  const { name } = dns()
  if (attempt(() => name.decode(b, at)) === undefined) return undefined
  const length = at + name.decode.bytes + 8
  if (length + 2 > b.length) return undefined
  const end = length + 2 + b.readUInt16BE(length)
  return end <= b.length ? end : undefined
}

function recordAt(b: Buffer, at: number, end: number): DnsRecord | undefined {
  // nothing beyond the record is read, whatever its lengths are
  const own = b.subarray(0, end)
  const r = attempt(() => dns().answer.decode(own, at))
  const size = r && SIZES[r.type]
  if (r === undefined || (size !== undefined && b.readUInt16BE(end - size - 2) !== size)) return undefined
  return { name: r.name, type: typeName(r.type), ttl: r.ttl ?? 0, data: dataText(r.data).slice(0, LONGEST) }
}

/** Runs a decoder; undefined if the package throws because of invalid bytes. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}

function typeName(type: string): string {
  return TYPES[type] ?? type.replace(/^UNKNOWN_/, 'TYPE')
}

function dataText(data: unknown): string {
  if (typeof data === 'string') return isIPv6(data) ? data.toLowerCase() : data
  if (typeof data === 'number') return String(data)
  if (data instanceof Uint8Array) return `[${data.length} bytes]`
  if (Array.isArray(data)) return data.map(asText).join(' ')
  if (typeof data === 'object' && data !== null) return Object.values(data).map(asText).join(' ')
  return ''
}

/** Text of a text record, or of a field of another record. */
function asText(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)
}
