// Bytes received from and sent to the network each second.
import { defineBytesBySecond, NET_IO } from '../src/chisel/index.js'

export default defineBytesBySecond({
  description: 'Bytes received from and sent to the network each second.',
  category: 'Net',
  filter: `${NET_IO} and evt.failed=false`,
})
