// Which fields may differ between the two sides of a call that reads from one descriptor and writes to another.
import type { FieldUse } from './registry.js'

/** Those of the descriptor, of what its kind decides, and of the transfer. */
export function isOfSide({ def, name }: FieldUse): boolean {
  return def.ofTransfer === true || OF_FD.test(name)
}

const OF_FD = /^fd\.(?!types)|^evt\.(category|is_syslog)$/
