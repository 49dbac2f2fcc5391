// Redacts addresses in rows, in libs' encodings of sockaddr and socktuple parameters.
import { AF_INET, AF_INET6, AF_UNIX, addressBytes, ipv4Text, ipv6Text } from '../model/address.js'
import { decodeText, encodeText } from '../model/text.js'
import type { Editor } from './editor.js'

/** Editors for network addresses and for socket paths; undefined: unchanged. */
export interface EndpointEditors {
  readonly address: Editor | undefined
  readonly path: Editor | undefined
}

/** The redacted sockaddr; undefined if dropped. */
export function sockaddr(bytes: Uint8Array, { address, path }: EndpointEditors): Uint8Array | undefined {
  if (bytes[0] === AF_UNIX) return path === undefined ? bytes : withPath(bytes, 1, path)
  if (address === undefined) return bytes
  const size = sizeOf(bytes[0])
  if (size === 0) return taggedData(bytes, address)
  return bytes.length < 1 + size ? undefined : withAddresses(bytes, [1], size, address)
}

/** The redacted socktuple; undefined if dropped. */
export function tuple(bytes: Uint8Array, { address, path }: EndpointEditors): Uint8Array | undefined {
  if (bytes[0] === AF_UNIX) return path === undefined ? bytes : withPath(bytes, 17, path)
  if (address === undefined) return bytes
  const size = sizeOf(bytes[0])
  if (size === 0) return taggedData(bytes, address)
  return bytes.length < 2 * size + 5 ? undefined : withAddresses(bytes, [1, size + 3], size, address)
}

/** Redacted data that follow a byte with their type; undefined if dropped. */
export function taggedData(bytes: Uint8Array, editor: Editor): Uint8Array | undefined {
  const rest = bytes.subarray(1)
  const redacted = editor.bytes(rest, true)
  if (redacted === rest || redacted === undefined) return redacted && bytes
  return Uint8Array.from([bytes[0] as number, ...redacted])
}

/** The bytes of an address for a field of `size` bytes: an IPv4 address is mapped to IPv6 if necessary. */
export function addressField(text: string, size: number): Uint8Array {
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
  let result = bytes
  for (const at of places) {
    const text = size === 4 ? ipv4Text(bytes, at) : ipv6Text(bytes, at)
    const redacted = editor.address(text)
    if (redacted === undefined) return undefined
    if (redacted === text) continue
    if (result === bytes) result = Uint8Array.from(bytes)
    result.set(addressField(redacted, size), at)
  }
  return result
}

function withPath(bytes: Uint8Array, at: number, editor: Editor): Uint8Array | undefined {
  let end = bytes.length
  while (end > at && bytes[end - 1] === 0) end--
  if (end <= at) return bytes
  const path = decodeText(bytes, at, end)
  const redacted = editor.path(path)
  if (redacted === undefined) return undefined
  if (redacted === path) return bytes
  return Uint8Array.from([...bytes.subarray(0, at), ...encodeText(redacted)])
}
