// A reader of protobuf, as strict as other ones: fields of the wire types that are used here, and text that is UTF-8.

type Value = bigint | Buffer
/** Values of a message by the numbers of its fields. */
export type Message = Map<number, Value[]>

/** Reads a message. Throws if it is invalid. */
export function message(bytes: Buffer): Message {
  const fields: Message = new Map()
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length || shift > 63n) throw new Error(`a number at ${at} does not end`)
      const b = bytes[at++] as number
      value |= BigInt(b & 127) << shift
      if (b < 128) return value
    }
  }
  const take = (n: number) => {
    if (at + n > bytes.length) throw new Error(`a field at ${at} is longer than its message`)
    at += n
    return bytes.subarray(at - n, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const field = tag >> 3
    const wire = tag & 7
    if (field === 0 || ![0, 1, 2].includes(wire)) throw new Error(`no field begins at ${at}`)
    const value = wire === 0 ? varint() : wire === 1 ? take(8).readBigUInt64LE() : take(Number(varint()))
    const known = fields.get(field)
    if (known === undefined) fields.set(field, [value])
    else known.push(value)
  }
  return fields
}

export const all = (m: Message, field: number) => m.get(field) ?? []
/** The last value of a varint or a fixed64, signed. */
export const number = (m: Message, field: number) => {
  const v = all(m, field).at(-1)
  return v === undefined ? undefined : BigInt.asIntN(64, v as bigint)
}
export const bytes = (m: Message, field: number) => all(m, field).at(-1) as Buffer | undefined
export const inner = (m: Message, field: number) => all(m, field).map((b) => message(b as Buffer))
export const text = (m: Message, field: number) => {
  const b = bytes(m, field)
  return b === undefined ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(b)
}
