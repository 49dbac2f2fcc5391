// Who is at the other end of a connection, as far as its address says.
import { isIPv6 } from 'node:net'

/** An address of IPv4 is a peer; of IPv6 the first 64 bits are, as whoever has one address of these has them all. */
export function peerName(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address.replace(/^::ffff:/i, '')
  const [before = '', after] = address.replace(/%.*$/, '').split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const [head, tail] = [groups(before), groups(after ?? '')]
  const left = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return [...head, ...left, ...tail].slice(0, 4).join(':')
}
