// Which fields may differ between the two sides of a call that reads from one descriptor and writes to another.
import type { FieldUse } from './registry.js'

/** Those of the descriptor, of what its kind decides, and of the transfer, whose bytes are the result of such a call. */
export function dependsOnTransferSide({ def, name, arg }: FieldUse): boolean {
  return def.ofTransfer === true || OF_FD.test(name) || (name === 'evt.rawarg' && arg === 'res')
}

const OF_FD = /^fd\.(?!types)|^evt\.(category|is_syslog)$/
