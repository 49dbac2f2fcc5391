// Bytes read and written each second.
import { defineBytesBySecond } from '../src/chisel/index.js'

export default defineBytesBySecond({
  description: 'Bytes read and written each second.',
  category: 'I/O',
  filter: 'evt.is_io=true and evt.failed=false',
})
