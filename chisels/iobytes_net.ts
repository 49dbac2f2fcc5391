// Bytes received from and sent to the network each second.
import { defineBytesBySecond } from '../src/chisel/index.js'

export default defineBytesBySecond({
  description: 'Bytes received from and sent to the network each second.',
  category: 'Net',
  filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true and evt.failed=false',
})
