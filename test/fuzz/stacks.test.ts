// Any bytes as an ELF file or as a perf map: their readers end, report every failure with its reason, and invent no names.
import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { readElf } from '../../src/stacks/elf.js'
import { FileBytes } from '../../src/stacks/file-bytes.js'
import { PerfLines } from '../../src/stacks/perf-lines.js'
import { scratchDir } from '../helpers/live.js'
import fc from '../helpers/properties.js'
import { elfBytes, STRTAB, SYMTAB, symbols } from '../unit/stacks/elf-bytes.js'
import { SEED, TIMES } from './damage.js'

vi.setConfig({ testTimeout: 60_000 * TIMES })

const dir = scratchDir('fuzz-stacks')
const RUNS = { seed: SEED, numRuns: 300 * TIMES }

const DYNSYM = 11
const NOTE = 7
/** Wrong values for offsets and sizes. */
const number = fc.oneof(
  fc.constantFrom(0n, 1n, 23n, 24n, 64n, 4096n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
  fc.bigInt({ min: 0n, max: 20_000n }),
)
const sections = fc.array(
  fc.record({
    type: fc.constantFrom(SYMTAB, STRTAB, DYNSYM, NOTE, 0),
    link: fc.nat(6),
    bytes: fc.oneof(
      fc.nat(50).map((n) => symbols(n, (i) => i)),
      fc.uint8Array({ maxLength: 100 }).map((b) => Buffer.from(b)),
    ),
  }),
  { minLength: 1, maxLength: 5 },
)
const changes = fc.array(fc.tuple(fc.nat(), number), { maxLength: 8 })

test('ELF files with any changes are read or refused', () => {
  const path = join(dir, 'elf')
  fc.assert(
    fc.property(sections, fc.nat(200), changes, fc.nat(), (parts, count, changes, length) => {
      const bytes = elfBytes(parts, Math.max(count, parts.length + 1))
      // headers of sections, at the end, and the file's own contain all offsets
      for (const [at, value] of changes) {
        const place = at % 2 === 0 ? 24 + ((at >> 1) % 40) : bytes.length - 8 - ((at >> 1) % (64 * count + 1))
        if (place >= 16) bytes.writeBigUInt64LE(value, place)
      }
      writeFileSync(path, length % 3 === 0 ? bytes.subarray(0, length % bytes.length) : bytes)
      const fd = openSync(path, 'r')
      try {
        const file = readElf(new FileBytes(fd, fstatSync(fd).size, 60_000))
        const name = file?.symbols?.at(0x1008)
        if (name !== undefined) expect(bytes.includes(Buffer.from(name, 'latin1'))).toBe(true)
        file?.addressOf(0x1008)
      } finally {
        closeSync(fd)
      }
    }),
    RUNS,
  )
})

const word = fc.constantFrom('1000 10 name', '1 1 a', ' ', '\n', '\n', '0', 'ffffffffffffffff', 'G', '\0', '\r\n', ';')
const text = fc
  .array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 60 })
  .map((all) => Buffer.from(all.join('')))

/** The lines of a perf map as a regular expression matches them: the last one of an address counts. */
function expected(bytes: Buffer): Map<number, string> {
  const whole = bytes.toString('latin1')
  const lines = whole.slice(0, whole.lastIndexOf('\n') + 1).split('\n')
  const names = new Map<number, string>()
  for (const line of lines) {
    const [, start, size, name] = /^([0-9a-f]{1,16}) ([0-9a-f]{1,16}) (.+)$/s.exec(line) ?? []
    const from = Number.parseInt(start as string, 16)
    // at the top of all addresses a few bytes are lost in rounding
    if (name !== undefined && from + Number.parseInt(size as string, 16) > from) names.set(from, name)
  }
  return names
}

test('perf maps are read in any pieces', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 5 }), (bytes, cuts) => {
      const lines = new PerfLines()
      let done = 0
      for (const end of [...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length])
        if (end > done) done += lines.add(bytes.subarray(done, end))
      const table = lines.table()
      for (const [start, name] of expected(bytes)) expect(table.at(start)).toBe(name)
    }),
    RUNS,
  )
})
