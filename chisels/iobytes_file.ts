// Bytes read from and written to files each second.
import { defineBytesBySecond } from '../src/chisel/index.js'

export default defineBytesBySecond({
  description: 'Bytes read from and written to files each second.',
  category: 'I/O',
  filter: 'fd.type=file and evt.is_io=true and evt.failed=false',
})
