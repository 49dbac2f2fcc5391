/** A number of 64 bits, little-endian; above 2^53 it is not exact. */
export function u64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 4294967296
}
