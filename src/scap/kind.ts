// Recognises captures of other tools. The reader is loaded only for such a capture.
import type { FileKind } from '../source/kind.js'
import { BYTE_ORDER_MAGIC, FRAME_HEAD, SECTION_HEADER } from './blocks.js'
import { isGzip, isZstd } from './magic.js'

/** Captures of other tools, for run/file-kinds.ts: plain, or compressed with gzip or zstd. */
export const scapKind: FileKind = {
  name: 'scap',
  matches: (first) => isPlain(first) || isGzip(first) || isZstd(first),
  open: async (path, options) => (await import('./source.js')).ScapSource.open(path, options),
}

/** Whether a file with that name is written for other tools; with .gz it is compressed. */
export function isScapName(path: string): boolean {
  return /\.scap(\.gz)?$/i.test(path)
}

function isPlain(first: Uint8Array): boolean {
  if (first.length < FRAME_HEAD + 4) return false
  const v = new DataView(first.buffer, first.byteOffset, first.byteLength)
  if (v.getUint32(0, true) !== SECTION_HEADER) return false
  const magic = v.getUint32(FRAME_HEAD, true)
  return magic === BYTE_ORDER_MAGIC || v.getUint32(FRAME_HEAD, false) === BYTE_ORDER_MAGIC
}
