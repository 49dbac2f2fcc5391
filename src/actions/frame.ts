// The requests to the runner: an action's name and the values of its fields, in a frame of fixed size.
import { fits, wrongWith } from './kinds.js'

/** bytes of a frame: the length of its text (4 bytes, little endian), JSON, zeros. The longest path fits with every character escaped. */
export const FRAME = 32_768
const HEAD = 4

export interface Request {
  readonly action: string
  readonly values: Readonly<Record<string, string>>
}

/** An invalid frame, which an intact ksys never sends: the runner then exits. */
export class FrameError extends Error {}

export function encode({ action, values }: Request): Buffer {
  const text = Buffer.from(JSON.stringify({ action, values }))
  if (text.length > FRAME - HEAD) throw new FrameError('too long')
  const frame = Buffer.alloc(FRAME)
  frame.writeUInt32LE(text.length)
  text.copy(frame, HEAD)
  return frame
}

/**
 * Decodes a frame. `fieldsOf`: the exact set of fields that an action needs; undefined for an unknown action. Throws FrameError.
 */
export function decode(frame: Uint8Array, fieldsOf: (action: string) => readonly string[] | undefined): Request {
  if (frame.length !== FRAME) throw new FrameError('wrong size')
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length)
  const end = HEAD + bytes.readUInt32LE(0)
  if (end > FRAME || bytes.subarray(end).some((b) => b !== 0)) throw new FrameError('wrong length')
  const { action, values } = parts(bytes.subarray(HEAD, end), ['action', 'values'])
  if (typeof action !== 'string') throw new FrameError('no name')
  const fields = fieldsOf(action)
  if (fields === undefined) throw new FrameError('unknown action')
  const checked = Object.entries(object(values, fields)).map(([field, value]): [string, string] => {
    if (typeof value !== 'string' || !fits(field, value) || wrongWith(field, value) !== undefined)
      throw new FrameError(`invalid value of ${field}`)
    return [field, value]
  })
  return { action, values: Object.fromEntries(checked) }
}

function parts(text: Uint8Array, keys: readonly string[]): Record<string, unknown> {
  try {
    return object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)), keys)
  } catch {
    throw new FrameError('not a request')
  }
}

/** An object with exactly these keys. */
function object(value: unknown, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FrameError('not an object')
  const present = Object.keys(value)
  if (present.length !== keys.length || !keys.every((k) => present.includes(k))) throw new FrameError('wrong fields')
  return value as Record<string, unknown>
}
