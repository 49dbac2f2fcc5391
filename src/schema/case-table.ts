// Packs the arguments whose meaning depends on another argument's value into the kernel side's table of cases (struct ksys_case
// of native/abi.h).
import { ABI, CASE_BYTES } from './abi.js'
import { bytesOp, packOp, tableId, textOp } from './operations.js'
import type { CaseTable, TextSource } from './sources.js'
import type { Arch, EventDef, ParamDef } from './types.js'

/** CASE_HASH of native/abi.h. */
function caseHash(table: number, value: number): number {
  return ((Math.imul(value, 0x9e3779b1) ^ Math.imul(table, 0x85ebca6b)) >>> 22) & (ABI.KSYS_CASES - 1)
}

/** Fills the table of KSYS_CASES entries with the cases of the calls in `defs`. */
export function packCases(out: Uint8Array, defs: readonly (EventDef | undefined)[], arch: Arch): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  const tables = new Set(
    defs.flatMap((d) => d?.params ?? []).flatMap(({ from }) => ('table' in from && from.table ? [from.table] : [])),
  )
  for (const table of tables)
    for (const [value, { from }] of table.cases) if (from !== undefined) packCase(view, table, value, from, arch)
}

function packCase(view: DataView, table: CaseTable, value: number, from: ParamDef['from'], arch: Arch): void {
  const id = tableId(table)
  const first = caseHash(id, value)
  for (let i = 0; i < ABI.KSYS_CASE_PROBES; i++) {
    const at = ((first + i) & (ABI.KSYS_CASES - 1)) * CASE_BYTES
    if (view.getUint32(at + 12, true) !== 0) continue
    packOp(view, at, from.op === 'bytes' ? bytesOp(from, 0, arch) : textOp(from as TextSource, 0))
    view.setUint32(at + 8, value, true)
    view.setUint32(at + 12, id, true)
    return
  }
  throw new Error(`no place for case ${value} of ${table.name}: enlarge KSYS_CASES`)
}
