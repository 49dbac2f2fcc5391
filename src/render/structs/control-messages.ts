// Control messages of sockets (schema/structs/control.ts): [{cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3]}].
import type { Look } from '../../schema/shape.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import type { WriteShape } from './write-shape.js'

/** bytes of struct cmsghdr: length in 64 bits, level, type */
const HEADER = 16
/** maximum number of messages shown: a full set of options has no more */
const MOST = 16

type Control = Extract<Look, { kind: 'control' }>

/** Appends the messages from `at` to `end`. An impossible length ends them; a message that was cut ends with dots. */
export function writeControl(
  { names }: Control,
  writerOf: (shape: NonNullable<ReturnType<Control['names']['kind']>[1]>) => WriteShape,
  dump: (out: ByteWriter, view: DataView, at: number, end: number) => void,
) {
  /** one message of `length` bytes, of which those before `end` are available */
  const message = (out: ByteWriter, view: DataView, from: number, length: number, end: number): void => {
    const level = view.getInt32(from + 8, true)
    const type = view.getInt32(from + 12, true)
    const [name, shape] = names.kind(level, type)
    out.trusted(`{cmsg_level=${names.level(level) ?? level}, cmsg_type=${name ?? type}`)
    const stop = Math.min(end, from + length)
    if (from + HEADER < stop) {
      out.trusted(', cmsg_data=')
      if (shape === undefined || !writerOf(shape)(out, view, from + HEADER, stop)) dump(out, view, from + HEADER, stop)
    }
    out.trusted(from + length > end ? '...}' : '}')
  }
  return (out: ByteWriter, view: DataView, at: number, end: number): void => {
    out.trusted('[')
    let from = at
    for (let i = 0; from + HEADER <= end; i++) {
      if (i > 0) out.trusted(', ')
      const length = view.getUint32(from, true)
      if (i === MOST || length < HEADER || view.getUint32(from + 4, true) !== 0) {
        out.trusted('...')
        break
      }
      message(out, view, from, length, end)
      from += Math.ceil(length / 8) * 8
    }
    out.trusted(']')
  }
}
