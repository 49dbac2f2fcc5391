// All contents of a trace file, for tests that search for data that it must not contain: its bytes, and those of every zstd frame in it.
import { readFileSync } from 'node:fs'
import { scapAddon } from '../../src/scap/native.js'

const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
/** bytes of the largest frame */
const LARGEST = 32 << 20

export async function unpacked(path: string): Promise<Buffer> {
  const bytes = readFileSync(path)
  const all = [bytes]
  const to = new Uint8Array(LARGEST)
  for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    const { written } = await new (scapAddon().Unpacker)('zstd').run(bytes.subarray(at), to)
    all.push(Buffer.from(to.subarray(0, written)))
  }
  return Buffer.concat(all)
}
