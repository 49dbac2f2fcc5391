// Bytes read from and written to files each second.
import { defineBytesBySecond, FILE_IO } from '../src/chisel/index.js'

export default defineBytesBySecond({
  description: 'Bytes read from and written to files each second.',
  category: 'I/O',
  filter: `${FILE_IO} and evt.failed=false`,
})
