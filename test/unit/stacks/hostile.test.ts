// Object files and perf maps by an attacker who wants to stop the capture: what is used of them, and what is reported.
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { withForeign } from '../../../src/source/foreign/file.js'
import { type ElfFile, readElf } from '../../../src/stacks/elf.js'
import { FileBytes } from '../../../src/stacks/file-bytes.js'
import { OBJECT, PERF_MAP, READING } from '../../../src/stacks/limits.js'
import { refuseFuse } from '../../../src/stacks/mounts.js'
import { PerfLines } from '../../../src/stacks/perf-lines.js'
import { PerfMap } from '../../../src/stacks/perf-map.js'
import { ReadBudget } from '../../../src/stacks/read-budget.js'
import { scratchDir } from '../../helpers/live.js'
import { elfBytes, STRTAB, SYMTAB, section, symbols } from './elf-bytes.js'

const dir = scratchDir('hostile')

function elf(bytes: Uint8Array, ms = 60_000): ElfFile | undefined {
  const file = join(dir, 'file')
  writeFileSync(file, bytes)
  return elfAt(file, ms)
}

function elfAt(file: string, ms = 60_000): ElfFile | undefined {
  const fd = openSync(file, 'r')
  try {
    return readElf(new FileBytes(fd, fstatSync(fd).size, ms))
  } finally {
    closeSync(fd)
  }
}

describe('an ELF file', () => {
  test('that refers to one table 4,096 times is read once, and reported', () => {
    const table = { type: SYMTAB, link: 1, bytes: symbols(40_000) }
    const strings = { type: STRTAB, link: 0, bytes: Buffer.from('\0evil\0') }
    const file = elf(elfBytes([strings, table], 4096))
    expect(file?.symbols?.at(0x1005)).toBe('evil')
    expect(file?.symbols?.weight).toBeLessThan(1 << 20)
    expect(file?.cut).toMatch(/several symbol tables/)
  })

  test('with a million functions has their names', () => {
    const names = Buffer.from(`\0${Array.from({ length: 1000 }, (_, i) => `function_${i}`).join('\0')}\0`)
    const table = { type: SYMTAB, link: 1, bytes: symbols(1_000_000, (i) => 1 + (i % 10) * 11) }
    const file = elf(elfBytes([{ type: STRTAB, link: 0, bytes: names }, table]))
    expect(file?.cut).toBeUndefined()
    expect(file?.symbols?.at(0x1000 + 16 * 999_999)).toBe('function_9')
    expect(file?.symbols?.at(0x1000 + 16 * 500_000 + 15)).toBe('function_0')
  })

  test('with more functions than the limit has none of this table', () => {
    const table = { type: SYMTAB, link: 1, bytes: symbols(OBJECT.functions + 1) }
    const file = elf(elfBytes([{ type: STRTAB, link: 0, bytes: Buffer.from('\0a\0') }, table]))
    expect(file?.symbols).toBeUndefined()
    expect(file?.cut).toMatch(/more than 1250000 functions/)
  })

  test('whose tables are larger than the limit, or end after the end of the file, has no symbols', () => {
    const file = join(dir, 'sparse')
    const begin = elfBytes([{ type: STRTAB, link: 0, bytes: Buffer.from('\0a\0') }])
    const at = begin.length
    const headers = (symtab: [number, number], strtab: [number, number]) =>
      Buffer.concat([section(0, 0, 0, 0), section(STRTAB, ...strtab, 0), section(SYMTAB, ...symtab, 1)])
    const write = (symtab: [number, number], strtab: [number, number]) => {
      const bytes = Buffer.concat([begin, headers(symtab, strtab)])
      bytes.writeBigUInt64LE(BigInt(at), 40)
      bytes.writeUInt16LE(3, 60)
      writeFileSync(file, bytes)
      truncateSync(file, 2 ** 40)
      return elfAt(file)
    }
    expect(write([4096, 2 ** 39], [4096, 100])?.cut).toMatch(/symbol table has more than/)
    expect(write([4096, 24_000], [4096, 2 ** 39])?.cut).toMatch(/names in its symbol tables have more than/)
    expect(write([2 ** 41, 24_000], [4096, 100])).toMatchObject({ symbols: undefined, cut: undefined })
    expect(write([4096, 24_000], [2 ** 62, 100])).toMatchObject({ symbols: undefined, cut: undefined })
  })

  test('whose table overlaps its names and itself is read', () => {
    const table = { type: SYMTAB, link: 2, bytes: symbols(1000) }
    const file = elf(elfBytes([table, { ...table, link: 2 }], 3))
    expect(() => file?.symbols?.at(0x1005)).not.toThrow()
  })

  test('with an endless name has no more of it than is shown', () => {
    const table = { type: SYMTAB, link: 1, bytes: symbols(1000) }
    const file = elf(elfBytes([{ type: STRTAB, link: 0, bytes: Buffer.alloc(32 << 20, 'x') }, table]))
    expect(file?.symbols?.at(0x1005)?.length).toBeLessThan(300)
  })

  test('that takes too long is abandoned', () => {
    const table = { type: SYMTAB, link: 1, bytes: symbols(1000) }
    const strings = { type: STRTAB, link: 0, bytes: Buffer.from('\0a\0') }
    expect(() => elf(elfBytes([strings, table]), -1)).toThrow(/takes more than/)
  })
})

describe('a perf map', () => {
  const path = `/tmp/perf-${process.pid}.map`
  afterEach(() => rmSync(path, { force: true }))

  const mapped = () => {
    const cut: string[] = []
    const map = new PerfMap(process.pid, new ReadBudget((_, why) => cut.push(why)))
    return { map, cut }
  }

  test('is read again when it grows, from its previous end', async () => {
    writeFileSync(path, '1000 10 first\n2000 10 sec')
    const { map, cut } = mapped()
    expect(map.at(0x1005)).toBe('first')
    expect(map.at(0x2005)).toBeUndefined()
    appendFileSync(path, 'ond\n1000 8 again\n')
    // not immediately
    expect(map.at(0x2005)).toBeUndefined()
    await expect.poll(() => map.at(0x2005), { timeout: 20_000 }).toBe('second')
    expect([0x1005, 0x1009].map((a) => map.at(a))).toEqual(['again', undefined])
    expect(cut).toEqual([])
  })

  test('of 63 MB of the shortest lines is read in part, and reported', () => {
    writeFileSync(path, Buffer.alloc(63_000_000, '1 1 a\n'))
    const { map, cut } = mapped()
    expect(map.at(1)).toBe('a')
    expect(cut).toEqual([`it has more than ${PERF_MAP.lines} lines`])
    expect(map.weight).toBeLessThan(40 << 20)
  })

  test('of 10 MB, as of a large Java program, is used completely', () => {
    const lines = Array.from(
      { length: 150_000 },
      (_, i) => `${(0x7f0000000000 + 64 * i).toString(16)} 40 Lorg/example/Class_number;::method_with_a_name_${i}\n`,
    )
    writeFileSync(path, lines.join(''))
    const { map, cut } = mapped()
    expect(map.at(0x7f0000000000 + 64 * 149_999 + 3)).toBe('Lorg/example/Class_number;::method_with_a_name_149999')
    expect(cut).toEqual([])
  })

  test('without a line end is abandoned', () => {
    writeFileSync(path, Buffer.alloc(3 << 20, 'a'))
    const { map, cut } = mapped()
    expect(map.at(1)).toBeUndefined()
    expect(cut.join()).toMatch(/a line of more than 1 MiB/)
  })

  test('of invalid lines has no symbols', () => {
    const lines = new PerfLines()
    const bytes = Buffer.from('\n \n1\n1 \n1 2\n1 2 \nx 1 a\n1  a\n11111111111111111 1 a\n10 4 good name\r\n1 2 half')
    expect(lines.add(bytes)).toBe(bytes.length - '1 2 half'.length)
    const table = lines.table()
    expect([1, 0x10, 0x11].map((a) => table.at(a))).toEqual([undefined, 'good name\r', 'good name\r'])
  })

  test('that is a folder, or a cyclic link, is ignored', () => {
    const { map } = mapped()
    mkdirSync(path)
    expect(map.at(1)).toBeUndefined()
    rmSync(path, { recursive: true })
    symlinkSync(path, path)
    expect(mapped().map.at(1)).toBeUndefined()
  })
})

test('files are found through links, as the process finds them', () => {
  const file = join(dir, 'found')
  writeFileSync(file, 'x')
  mkdirSync(join(dir, 'sub'))
  symlinkSync('.', join(dir, 'here'))
  symlinkSync(`${dir}/sub/../here/found`, join(dir, 'link'))
  const size = (path: string) =>
    withForeign(
      { root: `/proc/${process.pid}/root`, path, links: true, check: refuseFuse(process.pid) },
      () => true,
      (fd) => fstatSync(fd).size,
    )
  expect(size(file)).toBe(1)
  expect(size(join(dir, 'here/link'))).toBe(1)
  symlinkSync('loop', join(dir, 'loop'))
  expect(() => size(join(dir, 'loop'))).toThrow(/too many/)
  expect(() => size('/dev/null')).toThrow('not a regular file')
})

test('if the files of a user take too much time no more of them are read, and those of others are', () => {
  const cut: string[] = []
  let used = 0
  const reading = new ReadBudget(
    (path, why) => cut.push(`${path}: ${why}`),
    undefined,
    undefined,
    () => used,
  )
  const long = () => {
    used += READING.user.most + 1000
    return 'read'
  }
  expect(reading.charged('/a', 1001, long)).toBe('read')
  expect(reading.charged('/b', 1001, () => 'read')).toBeUndefined()
  expect(reading.charged('/b', 1002, () => 'read')).toBe('read')
  expect(reading.charged('/b', 0, () => 'read')).toBe('read')
  expect(cut).toEqual(['/b: reading files of user 1001 takes too much time'])
})
