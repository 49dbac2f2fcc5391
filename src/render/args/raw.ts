// Arguments of an event as values (evt.rawarg).

import type { Event } from '../../model/event.js'
import { flagKind, toPortable } from '../../schema/flags/convert.js'
import type { ParamDef } from '../../schema/types.js'
import { ByteWriter } from '../bytes/byte-writer.js'
import type { FieldValue } from '../context.js'
import { wasRead } from './flags.js'
import { exact } from './number-text.js'
import { ipv4Of } from './quantities.js'
import { bytesWriter } from './types.js'
import type { Style, WriteBytes } from './write.js'

/** Buffers within a dyn parameter: readable, and not cut. */
const WHOLE: Style = {
  format: { timeStyle: 'h', buffer: 'dots', fullBuffers: true, resolvePorts: false, columns: 80 },
}

/**
 * The k-th shown parameter as a value: Numbers (bigint beyond 2^53, and for times), libs' portable flags, texts (also
 * for addresses, tuples and lists), bytes (valid as long as the batch). undefined if absent.
 */
export function rawArg(e: Event, k: number): FieldValue | undefined {
  const def = e.shown[k]
  const p = e.shownAt(k)
  if (def === undefined || !e.has(p)) return undefined
  switch (def.type) {
    case 'charbuf':
    case 'fspath':
    case 'fsrelpath':
      return e.text(p)
    case 'bytebuf':
      return e.bytes(p)
    case 'abstime':
      return e.big(p)
    case 'bool':
      return e.number(p) !== 0
    case 'ipv4addr':
      return ipv4Of(e, p)
    default:
      return e.varAt(p) < 0 ? rawNumber(e, p, def) : valueText(e, p, def)
  }
}

function rawNumber(e: Event, p: number, def: ParamDef): number | bigint | undefined {
  const n = e.number(p)
  if (n === undefined || !wasRead(e, def)) return n === undefined ? undefined : 0
  if (def.flags === undefined || !e.batch.native) return exact(e, p, n)
  const table = e.batch.arch === 'arm64' ? (def.flags.arm64 ?? def.flags) : def.flags
  return toPortable(table, flagKind(def.type) ?? 'flags', n)
}

const writers = new WeakMap<ParamDef, WriteBytes>()
const recorded = new ByteWriter(1024, 'recorded')

/** The text of a byte parameter, without its meaning. */
function valueText(e: Event, p: number, def: ParamDef): string | undefined {
  let write = writers.get(def)
  if (write === undefined) {
    write = bytesWriter(def)
    if (write === undefined) return undefined
    writers.set(def, write)
  }
  const at = e.varAt(p)
  recorded.clear()
  recorded.resolved = -1
  write(recorded, e, WHOLE, at, at + e.varLen(at))
  return recorded.decoded(0, recorded.resolved < 0 ? recorded.length : recorded.resolved - 1)
}
