// The event of all calls whose number is in no table: from newer kernels, of other ABIs (x32), invalid, or skipped by a tracer.
import { ABI } from '../abi.js'
import * as b from '../build.js'
import { GENERIC } from '../codes.js'
import type { EventDef } from '../types.js'

/** Argument indexes where the kernel side stores the program's number, and 0, which is libs' number for unknown calls. */
const NUMBER_ARGUMENT = 6
const ZERO_ARGUMENT = 7

/** The number that such calls share in tables, plans and codes. */
export const UNKNOWN_NR = ABI.KSYS_UNKNOWN_NR

/** Its name and first parameters are those of libs' generic event for a call that libs does not know. */
export const unknownCall: EventDef = {
  ...b.call(GENERIC + 2 * UNKNOWN_NR + 1, 'unknown', 'other', [
    b.ret(),
    b.arg('ID', 'syscallid', ZERO_ARGUMENT),
    b.arg('nativeID', 'int32', NUMBER_ARGUMENT),
    ...[0, 1, 2, 3, 4, 5].map((n) => b.arg(`arg${n}`, 'uint64', n, 'hex')),
  ]),
  nr: { x64: UNKNOWN_NR, arm64: UNKNOWN_NR },
}
