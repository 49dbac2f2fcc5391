// Data exchanged with an IP address.
import { conversation, DATA_FIELDS, DATA_FILTER, defineChisel, literal, NO_COLOR } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the data exchanged with an IP address.',
  details:
    'Reads are red, writes are blue. The address is an IPv4 or IPv6 address of either end. Unprintable bytes are shown as dots; ' +
    '-A retains lines, -X shows every byte. Encrypted data are shown in encrypted form.',
  category: 'Net',
  args: { host_ip: { type: 'string', doc: 'the address, such as 10.0.0.7' }, disable_color: NO_COLOR },
  fields: DATA_FIELDS,
  filter: ({ args }) => `fd.type in (ipv4, ipv6) and fd.ip=${literal(args.host_ip)} and ${DATA_FILTER}`,
  needs: { snaplen: 1000 },
  hooks: (c) => conversation(c, { whose: false }),
})
