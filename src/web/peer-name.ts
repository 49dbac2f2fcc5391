// Identifies the peer of a connection by its address.
import { isIPv6 } from 'node:net'

/** An IPv4 address identifies a peer; of IPv6 the first 64 bits do, because a host usually has all addresses of such a network. */
export function peerName(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address.replace(/^::ffff:/i, '')
  const [before = '', after] = address.replace(/%.*$/, '').split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [head, tail] = [groups(before), groups(after ?? '')]
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}
