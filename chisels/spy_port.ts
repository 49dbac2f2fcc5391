// Data exchanged over a port.
import { conversation, DATA_FIELDS, DATA_FILTER, defineChisel, NO_COLOR } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the data exchanged over an IP port.',
  details:
    'Reads are red, writes are blue. The port is that of either end. Unprintable bytes are shown as dots; -A retains lines, ' +
    '-X shows every byte. Encrypted data are shown in encrypted form.',
  category: 'Net',
  args: { host_port: { type: 'int', doc: 'the port, such as 80', least: 0 }, disable_color: NO_COLOR },
  fields: DATA_FIELDS,
  filter: ({ args }) => `fd.type in (ipv4, ipv6) and fd.port=${args.host_port} and ${DATA_FILTER}`,
  needs: { snaplen: 1000 },
  hooks: (c) => conversation(c, { whose: false }),
})
