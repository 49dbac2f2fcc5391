// ELF files with sections only, as an attacker may write them.

export const SYMTAB = 2
export const STRTAB = 3
const HEADER = 64

/** The header of a section. */
export function section(type: number, offset: number, size: number, link: number): Buffer {
  const header = Buffer.alloc(64)
  header.writeUInt32LE(type, 4)
  header.writeBigUInt64LE(BigInt(offset), 24)
  header.writeBigUInt64LE(BigInt(size), 32)
  header.writeUInt32LE(link, 40)
  return header
}

/** Symbols of functions of 16 bytes, from 0x1000 on. name: the offset of the name of one. */
export function symbols(count: number, name: (i: number) => number = () => 1): Buffer {
  const table = Buffer.alloc(24 * count)
  for (let i = 0; i < count; i++) {
    table.writeUInt32LE(name(i), 24 * i)
    table[24 * i + 4] = 2
    table.writeUInt16LE(1, 24 * i + 6)
    table.writeUInt32LE(0x1000 + 16 * i, 24 * i + 8)
    table.writeUInt32LE(16, 24 * i + 16)
  }
  return table
}

/** A file with these sections after an empty one, the last of them repeated to have `count` headers. */
export function elfBytes(
  sections: readonly { readonly type: number; readonly link: number; readonly bytes: Buffer }[],
  count = sections.length + 1,
): Buffer {
  const header = Buffer.alloc(HEADER)
  header.writeUInt32LE(0x464c457f, 0)
  header[4] = 2
  header[5] = 1
  let at = HEADER
  const headers = [section(0, 0, 0, 0)]
  for (const { type, link, bytes } of sections) {
    headers.push(section(type, at, bytes.length, link))
    at += bytes.length
  }
  while (headers.length < count) headers.push(headers.at(-1) as Buffer)
  header.writeBigUInt64LE(BigInt(at), 40)
  header.writeUInt16LE(64, 58)
  header.writeUInt16LE(headers.length, 60)
  return Buffer.concat([header, ...sections.map((s) => s.bytes), ...headers])
}
