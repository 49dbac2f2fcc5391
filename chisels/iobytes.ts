// Bytes read and written each second.
import { defineBytesBySecond, IO } from '../src/chisel/index.js'

export default defineBytesBySecond({
  description: 'Bytes read and written each second.',
  category: 'I/O',
  filter: `${IO} and evt.failed=false`,
})
