// Hand-made rows of a test, written as a .scap file.
import { EventBatch } from '../../src/model/batch.js'
import type { Snapshot } from '../../src/model/snapshot.js'
import { type ScapCapture, ScapWriter } from '../../src/scap/write/writer.js'
import { makeBatch, type RowSpec } from './rows.js'
import { INFO, NOTHING } from './trace.js'

/** ns since the epoch of batch time 0 */
export const BEGAN = BigInt(INFO.startSec) * 1_000_000_000n + BigInt(INFO.startNsec)

/** A writer for a file that is not a live capture. */
export function scapWriter(path: string, capture: Partial<ScapCapture> = {}): ScapWriter {
  return ScapWriter.for(path, {
    info: { ...INFO, kind: 'ksys' },
    portable: false,
    bothDirections: false,
    packed: false,
    ...capture,
  })
}

export function rowsOf(rows: readonly RowSpec[] | EventBatch): EventBatch {
  return rows instanceof EventBatch ? rows : makeBatch(rows)
}

/** Writes all rows, which are unchanged. */
export async function writeRows(writer: ScapWriter, rows: readonly RowSpec[] | EventBatch): Promise<void> {
  const batch = rowsOf(rows)
  await writer.write(batch, new Uint8Array(batch.capacity).fill(1))
}

/** Writes a file of these batches, without scanning them before. */
export async function writeScap(
  path: string,
  batches: readonly (readonly RowSpec[] | EventBatch)[],
  snapshot: Snapshot = NOTHING,
): Promise<ScapWriter> {
  const writer = scapWriter(path)
  await writer.open(snapshot)
  for (const rows of batches) await writeRows(writer, rows)
  await writer.close()
  return writer
}
