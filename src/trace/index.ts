// The public interface of the trace module.
import type { FileKind } from '../source/kind.js'
import { fileVersion } from './format.js'
import { TraceSource } from './reader.js'

export { ContentsCounter } from './contents.js'
export { TraceError } from './error.js'
export { Output } from './output.js'
export { TraceSource } from './reader.js'
export { RotationSource } from './rotation-source.js'
export { TraceWriter } from './writer.js'

/** ksys's own traces, for run/file-kinds.ts. */
export const ksysKind: FileKind = {
  name: 'ksys trace (.ksys)',
  matches: (first) => fileVersion(first) !== undefined,
  open: (path, options) => TraceSource.open(path, options),
}
