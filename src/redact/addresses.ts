// Addresses in rows, in libs' encodings of sockaddr and socktuple parameters.
import { AF_INET, AF_INET6, AF_UNIX, addressBytes, ipv4Text, ipv6Text } from '../model/address.js'
import { decodeText, encodeText } from '../model/text.js'
import type { Editor } from './editor.js'

/** What is done to addresses of the network, and to paths of sockets; undefined: nothing. */
export interface EndEditors {
  readonly address: Editor | undefined
  readonly path: Editor | undefined
}

/** A sockaddr as it may be told; undefined: not at all. */
export function sockaddr(bytes: Uint8Array, { address, path }: EndEditors): Uint8Array | undefined {
  if (bytes[0] === AF_UNIX) return path === undefined ? bytes : withPath(bytes, 1, path)
  if (address === undefined) return bytes
  const size = sizeOf(bytes[0])
  if (size === 0) return behindFirst(bytes, address)
  return bytes.length < 1 + size ? undefined : withAddresses(bytes, [1], size, address)
}

/** A socktuple as it may be told; undefined: not at all. */
export function tuple(bytes: Uint8Array, { address, path }: EndEditors): Uint8Array | undefined {
  if (bytes[0] === AF_UNIX) return path === undefined ? bytes : withPath(bytes, 17, path)
  if (address === undefined) return bytes
  const size = sizeOf(bytes[0])
  if (size === 0) return behindFirst(bytes, address)
  return bytes.length < 2 * size + 5 ? undefined : withAddresses(bytes, [1, size + 3], size, address)
}

/** Data behind a byte that tells what they are; undefined: not to be told. */
export function behindFirst(bytes: Uint8Array, editor: Editor): Uint8Array | undefined {
  const rest = bytes.subarray(1)
  const told = editor.bytes(rest, true)
  if (told === rest || told === undefined) return told && bytes
  return Uint8Array.from([bytes[0] as number, ...told])
}

/** The bytes of an address in a place of so many bytes: an IPv4 one is mapped into IPv6 where it must be. */
export function placed(text: string, size: number): Uint8Array {
  const bytes = addressBytes(text) as Uint8Array
  if (bytes.length === size) return bytes
  const mapped = new Uint8Array(size).fill(255, 10, 12)
  mapped.set(bytes, 12)
  return mapped
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
    made.set(placed(told, size), at)
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
