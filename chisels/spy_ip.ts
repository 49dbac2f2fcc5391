// What is said to and by an IP address.
import { conversation, DATA_FIELDS, DATA_FILTER, defineChisel, literal, NO_COLOR } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the data exchanged with an IP address.',
  details:
    'Reads are red, writes are blue. The address may be IPv4 or IPv6, and that of either end. Bytes that do not print are ' +
    'dots; -A keeps lines as they are, -X shows every byte. Encrypted data is shown as it is sent.',
  category: 'Net',
  args: { host_ip: { type: 'string', doc: 'the address, such as 10.0.0.7' }, disable_color: NO_COLOR },
  fields: DATA_FIELDS,
  filter: ({ args }) => `fd.type in (ipv4, ipv6) and fd.ip=${literal(args.host_ip)} and ${DATA_FILTER}`,
  needs: { snaplen: 1000 },
  hooks: (c) => conversation(c, { whose: false }),
})
