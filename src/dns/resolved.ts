// Requests of programs to systemd-resolved over its socket (varlink): a request or reply in JSON, presented like DNS.
import { ipv4Text, ipv6Text } from '../model/address.js'
import type { DnsMessage } from './message.js'

/** A request or reply. */
interface ResolveMessage {
  readonly name: string | undefined
  readonly type: string | undefined
  /** undefined for a request */
  readonly answer: Pick<DnsMessage, 'code' | 'truncated' | 'answers' | 'more'> | undefined
}

/** Maximum number of addresses that are read from a reply. */
const MOST = 64
const FAMILIES: Readonly<Record<number, string>> = { 2: 'A', 10: 'AAAA' }
const RCODES: Readonly<Record<number, string>> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  5: 'REFUSED',
}

/** Parses a request or reply of systemd-resolved: JSON up to a NUL. */
export function resolveMessage(data: Uint8Array): ResolveMessage | undefined {
  const end = data.indexOf(0)
  let message: unknown
  try {
    message = JSON.parse(Buffer.from(end < 0 ? data : data.subarray(0, end)).toString('utf8'))
  } catch {
    return undefined
  }
  if (!isObject(message)) return undefined
  const { method, error } = message
  const parameters = isObject(message.parameters) ? message.parameters : {}
  if (typeof method === 'string') {
    if (!method.startsWith('io.systemd.Resolve.Resolve')) return undefined
    const { name, address, family } = parameters
    return typeof name === 'string'
      ? { name, type: FAMILIES[numberOf(family)] ?? 'A+AAAA', answer: undefined }
      : { name: addressText(address), type: 'PTR', answer: undefined }
  }
  const found = Array.isArray(parameters.addresses)
    ? parameters.addresses
    : Array.isArray(parameters.names)
      ? parameters.names
      : []
  const answers = found.slice(0, MOST).flatMap((a: unknown) => {
    if (!isObject(a)) return []
    const name = typeof a.name === 'string' ? a.name : undefined
    return [
      {
        name: '',
        type: name === undefined ? (FAMILIES[numberOf(a.family)] ?? '') : 'PTR',
        ttl: 0,
        data: name ?? addressText(a.address),
      },
    ]
  })
  const code =
    typeof error === 'string' ? (RCODES[numberOf(parameters.rcode)] ?? error.replace(/^.*\./, '')) : 'NOERROR'
  return {
    name: undefined,
    type: undefined,
    answer: { code, truncated: false, answers, more: found.length - answers.length },
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** NaN for anything else: objects may lack a conversion, which would throw. */
function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

/** Text of an address given as a list of bytes. */
function addressText(bytes: unknown): string {
  if (!Array.isArray(bytes)) return ''
  const b = Buffer.from(bytes.map(numberOf))
  return b.length === 16 ? ipv6Text(b, 0) : b.length === 4 ? ipv4Text(b, 0) : ''
}
