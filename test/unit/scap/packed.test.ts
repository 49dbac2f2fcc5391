// Compressed and concatenated files: pieces in any order are read as one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ksys, main } from '../../helpers/ksys.js'
import { block, event, join, processEntry, section, u8, u16, u32 } from './build.js'
import { readBytes } from './read.js'

const uid = (n: number) => event({ code: 203, tid: 12, time: n, params: [u32(n)] })
const events = (from: number, n: number) => join(Array.from({ length: n }, (_, i) => uid(from + i)))
const BLOCK = 1 << 17

/** A zstd frame with uncompressed bytes. */
function zstd(bytes: Uint8Array): Buffer {
  const blocks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const part = bytes.subarray(at, at + BLOCK)
    const head = (part.length << 3) | (at + BLOCK >= bytes.length ? 1 : 0)
    blocks.push(join(u8(head), u16(head >> 8), part))
  }
  return join(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0]), u32(bytes.length), blocks)
}
/** A skippable frame. */
const skippable = join(u32(0x184d2a50), u32(3), u8(1), u8(2), u8(3))

test('plain, gzip and zstd pieces in any order are one file', async () => {
  const pieces = [join(section(), events(0, 2)), events(2, 3), events(5, 100), events(105, 1)]
  const ways = [(b: Buffer) => b, (b: Buffer) => gzipSync(b), zstd, (b: Buffer) => join(skippable, zstd(b))]
  for (let way = 0; way < ways.length ** 2; way++) {
    const bytes = join(pieces.map((p, i) => ways[(way + i * (1 + (way >> 2))) % ways.length]!(p)))
    const { rows, damage } = await readBytes(bytes)
    expect(damage).toEqual([])
    expect(rows.map((r) => r.ret)).toEqual(Array.from({ length: 106 }, (_, i) => i))
  }
})

test('a piece may start and end in the middle of a block', async () => {
  const whole = join(section(), events(0, 50))
  for (let cut = 30; cut < whole.length; cut += 97) {
    const bytes = join(gzipSync(whole.subarray(0, cut)), zstd(whole.subarray(cut)))
    expect((await readBytes(bytes)).rows).toHaveLength(50)
  }
})

test('every section replaces the state, however it is compressed', async () => {
  const first = join(section(), block(0x215, processEntry(12, 10, 'sh')), uid(0))
  const second = join(section(), block(0x215, processEntry(12, 11, 'vi')), uid(5))
  const { rows, damage } = await readBytes(join(gzipSync(first), zstd(second), first))
  expect(damage).toEqual([])
  expect(rows.map((r) => [r.num, r.pid, r.resync && Array.from(r.resync.threads, (t) => t.comm)])).toEqual([
    [1, 10, undefined],
    [2, 11, ['vi']],
    [3, 10, ['sh']],
  ])
})

test('zstd data that ends early or was changed is read as far as possible, with a report', async () => {
  const packed = zstd(join(section(), events(0, 20_000)))
  const cut = await readBytes(packed.subarray(0, packed.length - 5))
  expect(cut.rows.length).toBeGreaterThan(15_000)
  expect(cut.damage).toMatchObject([{ what: 'the zstd data ends in the middle' }])
  const changed = join(zstd(join(section(), events(0, 100))), packed)
  changed.writeUInt32LE(0xffffffff, changed.length - packed.length + 9)
  const some = await readBytes(changed)
  expect(some.rows).toHaveLength(100)
  expect(some.damage).toMatchObject([{ what: expect.stringMatching(/^the zstd data is damaged \(.+\)$/) }])
})

test('standard input is read as a file is', () => {
  const bytes = join(section(), events(0, 3), gzipSync(events(3, 2)), zstd(events(5, 2)))
  const line = ['-r', '-', '-p', '%evt.num %evt.type']
  const read = ksys(line, { input: bytes })
  expect(read.stdout.trim().split('\n')).toEqual(Array.from({ length: 7 }, (_, i) => `${i + 1} getuid`))
})

test('an open pipe delivers its available data, and is not awaited when enough was read', async () => {
  const reader = spawn(process.execPath, [main, '-r', '-', '-n', '3', '-p', '%evt.num'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  reader.stdin.write(join(section(), events(0, 3)))
  let text = ''
  for await (const part of reader.stdout) text += part
  const code = reader.exitCode ?? (await once(reader, 'exit'))[0]
  reader.stdin.destroy()
  expect(text).toBe('1\n2\n3\n')
  expect(code).toBe(0)
})
