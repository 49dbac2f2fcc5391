// Addresses in rows, in libs' encodings of sockaddr and socktuple parameters.
import { AF_INET, AF_INET6, AF_UNIX, ipv4Text, ipv6Text } from '../model/address.js'
import { decodeText, encodeText } from '../model/text.js'
import type { Editor } from './editor.js'

/** A sockaddr as it may be told; undefined: not at all. */
export function sockaddr(bytes: Uint8Array, editor: Editor): Uint8Array | undefined {
  const family = bytes[0]
  const size = sizeOf(family)
  if (size > 0) return bytes.length < 1 + size ? undefined : withAddresses(bytes, [1], size, editor)
  return family === AF_UNIX ? withPath(bytes, 1, editor) : withBytes(bytes, editor)
}

/** A socktuple as it may be told; undefined: not at all. */
export function tuple(bytes: Uint8Array, editor: Editor): Uint8Array | undefined {
  const family = bytes[0]
  const size = sizeOf(family)
  if (size > 0) return bytes.length < 2 * size + 5 ? undefined : withAddresses(bytes, [1, size + 3], size, editor)
  return family === AF_UNIX ? withPath(bytes, 17, editor) : withBytes(bytes, editor)
}

/** The bytes of an address of so many bytes, from its text. */
export function addressBytes(text: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  if (!text.includes(':')) {
    const parts = text.split('.').map(Number)
    if (size === 16) bytes.fill(255, 10, 12)
    bytes.set(parts, size - 4)
    return bytes
  }
  const [head = '', tail] = text.split('::')
  const groups = (t: string | undefined) => (t ? t.split(':').map((g) => Number.parseInt(g, 16)) : [])
  const last = groups(tail)
  const put = (group: number, i: number) => {
    bytes[2 * i] = group >> 8
    bytes[2 * i + 1] = group & 255
  }
  groups(head).forEach(put)
  last.forEach((group, i) => {
    put(group, 8 - last.length + i)
  })
  return bytes
}

function sizeOf(family: number | undefined): number {
  return family === AF_INET ? 4 : family === AF_INET6 ? 16 : 0
}

function withAddresses(
  bytes: Uint8Array,
  places: readonly number[],
  size: number,
  editor: Editor,
): Uint8Array | undefined {
  let made = bytes
  for (const at of places) {
    const text = size === 4 ? ipv4Text(bytes, at) : ipv6Text(bytes, at)
    const told = editor.address(text)
    if (told === undefined) return undefined
    if (told === text) continue
    if (made === bytes) made = Uint8Array.from(bytes)
    made.set(addressBytes(told, size), at)
  }
  return made
}

function withPath(bytes: Uint8Array, at: number, editor: Editor): Uint8Array | undefined {
  let end = bytes.length
  while (end > at && bytes[end - 1] === 0) end--
  if (end <= at) return bytes
  const path = decodeText(bytes, at, end)
  const told = editor.path(path)
  if (told === undefined) return undefined
  if (told === path) return bytes
  return Uint8Array.from([...bytes.subarray(0, at), ...encodeText(told)])
}

/** Behind the family, which tells what the others are. */
function withBytes(bytes: Uint8Array, editor: Editor): Uint8Array | undefined {
  const rest = bytes.subarray(1)
  const told = editor.bytes(rest, true)
  if (told === rest || told === undefined) return told && bytes
  return Uint8Array.from([bytes[0] as number, ...told])
}
