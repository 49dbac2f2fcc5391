// The addresses that an answer contains for the name in its question.
import { addressBytes, ipv4Text, ipv6Text } from '../model/address.js'
import type { DnsMessage } from './message.js'

/**
 * The IPv4 and IPv6 addresses of a name, through its aliases (CNAME), as fields show addresses. Records of other names do not
 * count; records without a name (of systemd-resolved) belong to the question.
 */
export function addressesFor(name: string, answers: DnsMessage['answers']): string[] {
  const names = namesOf(name.toLowerCase(), answers)
  return answers.flatMap(({ name: of, type, data }) => {
    const bytes = (type === 'A' || type === 'AAAA') && names.has(of.toLowerCase()) ? addressBytes(data) : undefined
    if (bytes === undefined) return []
    return [bytes.length === 4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0)]
  })
}

/** The name and its aliases. Servers list an alias before the records of its target, but need not. */
function namesOf(name: string, answers: DnsMessage['answers']): ReadonlySet<string> {
  const names = new Set(['', name])
  const aliases = answers.filter(({ type }) => type === 'CNAME')
  for (let found = 0; found !== names.size; ) {
    found = names.size
    for (const { name: of, data } of aliases) if (names.has(of.toLowerCase())) names.add(data.toLowerCase())
  }
  return names
}
