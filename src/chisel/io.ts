// Which calls chisels count as input and output, and their bytes. The field evt.is_io decides (fields/io.ts): views and metrics count
// the same calls and bytes.
import type { Column } from '../table/types.js'

/** Calls that move data, with any descriptor. */
export const IO = 'evt.is_io=true'
/** Calls that move data from or to files. */
export const FILE_IO = `fd.type=file and ${IO}`
/** Calls that move data from or to the network. */
export const NET_IO = `(fd.type=ipv4 or fd.type=ipv6) and ${IO}`

/**
 * Column for the bytes of these calls, in tables with `positive`: there, their results above 0 are what evt.buflen has. The field's
 * name is part of the JSON that sysdig's chisels print.
 */
export const BYTES = { field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum', unit: 'bytes' } as const satisfies Column
