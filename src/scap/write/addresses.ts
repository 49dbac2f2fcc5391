// Network addresses in the bytes of a file (network byte order); the counterpart of addresses.ts.
import { addressBytes } from '../../model/address.js'

/** 4 bytes, or 16: those of an address that is of the other kind, or missing, are zeros. */
export function addressOf(text: string | undefined, length: 4 | 16): Uint8Array {
  const bytes = text === undefined ? undefined : addressBytes(text)
  if (bytes?.length === length) return bytes
  return new Uint8Array(length)
}
