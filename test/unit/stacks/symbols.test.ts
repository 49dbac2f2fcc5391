// Names by address, of real files and of hostile ones.
import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readElf } from '../../../src/stacks/elf.js'
import { FileBytes } from '../../../src/stacks/file-bytes.js'
import { Frames } from '../../../src/stacks/frames.js'
import { kernelText, parseSymbols } from '../../../src/stacks/kernel-symbols.js'
import type { Mapping } from '../../../src/stacks/mapping.js'
import { Mappings } from '../../../src/stacks/mappings.js'
import { ProcMaps, parseLine } from '../../../src/stacks/proc-maps.js'
import { ReadBudget } from '../../../src/stacks/read-budget.js'
import { requestOf, unnamedText } from '../../../src/stacks/symbol-request.js'
import { SymbolList, SymbolTable } from '../../../src/stacks/symbol-table.js'
import { Symbolizer } from '../../../src/stacks/symbolizer.js'
import { scratchDir } from '../../helpers/live.js'
import fc from '../../helpers/properties.js'

const dir = scratchDir('symbols')

function elf(file: string): ReturnType<typeof readElf> {
  const fd = openSync(file, 'r')
  try {
    return readElf(new FileBytes(fd, fstatSync(fd).size, 60_000))
  } finally {
    closeSync(fd)
  }
}

function program(): string {
  const exe = join(dir, 'program')
  const source =
    'int one(int a) { return a + 1; } int two(int a) { return one(a) * 2; } int main(void) { return two(3); }'
  execFileSync('cc', ['-O0', '-x', 'c', '-', '-o', exe], { input: source })
  return exe
}

describe('an ELF file', () => {
  test('has the functions that nm lists, at their addresses', () => {
    const exe = program()
    const listed = execFileSync('nm', ['-S', exe], { encoding: 'utf8' })
    const file = elf(exe)
    for (const name of ['one', 'two', 'main']) {
      const [, start, size] = new RegExp(`^([0-9a-f]+) ([0-9a-f]+) T ${name}$`, 'm').exec(listed) ?? []
      const at = Number.parseInt(start as string, 16)
      expect(file?.symbols?.at(at)).toBe(name)
      expect(file?.symbols?.at(at + Number.parseInt(size as string, 16) - 1)).toBe(name)
    }
    const id = /Build ID: ([0-9a-f]+)/.exec(execFileSync('readelf', ['-n', exe], { encoding: 'utf8' }))?.[1]
    expect(file?.buildId).toBe(id)
  })

  test('that is damaged anywhere is read as far as it goes, without an error', () => {
    const whole = readFileSync(program())
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 })
    const file = join(dir, 'damaged')
    fc.assert(
      fc.property(damage, fc.nat(whole.length), (changes, length) => {
        const bytes = Buffer.from(whole.subarray(0, Math.max(length, 64)))
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        // the header, where offsets and counts are, is hit often
        for (const [at, value] of changes) bytes[at % 64] = value % 7 === 0 ? value : (bytes[at % 64] as number)
        writeFileSync(file, bytes)
        const found = elf(file)
        found?.symbols?.at(0x1139)
        found?.addressOf(0x1139)
      }),
      { numRuns: 300 },
    )
  })
})

function tableOf(...symbols: [start: number, size: number][]): SymbolTable {
  const list = new SymbolList()
  for (const [i, [start, size]] of symbols.entries()) list.add(start, size, i)
  return new SymbolTable(list, (i) => `f${i}`, 0)
}

test('a symbol of unknown size reaches to the next one', () => {
  const table = tableOf([200, 10], [100, 0])
  expect([99, 100, 199, 200, 209, 210].map((a) => table.at(a))).toEqual([undefined, 'f1', 'f1', 'f0', 'f0', undefined])
})

test('of symbols at one address the last one with a size counts', () => {
  const table = tableOf([100, 5], [100, 8], [100, 0])
  expect([100, 107, 108].map((a) => table.at(a))).toEqual(['f1', 'f1', undefined])
})

test('symbols are found wherever they are in the list, at addresses of any size', () => {
  const address = fc.oneof(fc.maxSafeNat(), fc.nat(1 << 20), fc.constantFrom(2 ** 40, 2 ** 40 + 65536, 2 ** 48))
  fc.assert(
    fc.property(fc.uniqueArray(address, { maxLength: 200 }), (starts) => {
      const table = tableOf(...starts.map((start): [number, number] => [start, 1]))
      for (const [i, start] of starts.entries()) expect(table.at(start)).toBe(`f${i}`)
    }),
  )
})

test('addresses of the kernel are exact', () => {
  const table = parseSymbols(
    ['ffffffff81000000 T _stext', 'ffffffff81000001 t one', 'ffffffff81000003 T three\t[module]', ''].join('\n'),
  )
  const at = (low: number) => table?.at(-1 * 4294967296 + low)
  expect([0x81000000, 0x81000001, 0x81000002, 0x81000003].map(at)).toEqual(['_stext', 'one', 'one', 'three'])
  expect(parseSymbols('0000000000000000 T _stext\n')).toBeUndefined()
})

describe('mapped files', () => {
  const mapping = (start: number, path: string) => ({ start, end: start + 100, offset: 0, ino: 1, dev: 1, path })
  const known = (m: Mappings, pid: number, address: number) => m.at(pid, address) as Mapping | undefined
  const pids = { parent: 1 << 29, child: (1 << 29) + 1 }

  test('of a child are those of its parent, until it runs another program', () => {
    const m = new Mappings()
    m.execed(pids.parent)
    m.mapped(pids.parent, mapping(1000, '/old'))
    m.forked(pids.parent, pids.child)
    expect(known(m, pids.child, 1050)?.path).toBe('/old')
    m.ended(pids.parent)
    m.mapped(pids.child, mapping(5000, '/new'))
    expect(known(m, pids.child, 1050)?.path).toBe('/old')
    expect(known(m, pids.child, 5099)?.path).toBe('/new')
    m.mapped(pids.child, mapping(5050, '/newest'))
    expect(known(m, pids.child, 5099)?.path).toBe('/newest')
    m.execed(pids.child)
    expect(known(m, pids.child, 1050)).toBeUndefined()
    expect(known(m, pids.child, 5099)).toBeUndefined()
  })

  test('include a program and its interpreter, which libraries may overlap', () => {
    const m = new Mappings()
    m.execed(pids.parent)
    m.started(pids.parent, mapping(1000, '/program'), 1 << 20)
    expect(known(m, pids.parent, 1099)?.path).toBe('/program')
    expect(known(m, pids.parent, (1 << 20) + 5)?.interpreterOf?.path).toBe('/program')
    m.mapped(pids.parent, mapping(1 << 20, '/library'))
    expect(known(m, pids.parent, (1 << 20) + 5)?.path).toBe('/library')
  })

  test('of a process without events are read from /proc', () => {
    const m = new Mappings()
    expect(m.at(process.pid, 1000)).toBe('unknown')
    const maps = readFileSync('/proc/self/maps', 'latin1').split('\n')
    const node = maps.flatMap((line) => parseLine(line) ?? []).find((x) => x.path.endsWith('node')) as Mapping
    const found = new ProcMaps(new ReadBudget(() => {})).at(process.pid, m.memoriesOf(process.pid), node.start + 1)
    expect(found).toEqual(node)
  })

  test('that a process inherited are found even if the parent has exited', () => {
    const m = new Mappings()
    const proc = new ProcMaps(new ReadBudget(() => {}))
    const maps = readFileSync('/proc/self/maps', 'latin1').split('\n')
    const { start, path } = maps.flatMap((line) => parseLine(line) ?? [])[0] as Mapping
    proc.at(process.pid, m.memoriesOf(process.pid), start)
    m.forked(process.pid, pids.child)
    expect(m.at(pids.child, start)).toBe('unknown')
    expect(proc.at(pids.child, m.memoriesOf(pids.child), start)?.path).toBe(path)
  })

  test('take a bounded amount of memory for a program that maps code endlessly, and for an endless chain of processes', () => {
    const m = new Mappings()
    m.execed(pids.parent)
    for (let i = 0; i < 10_000; i++) m.mapped(pids.parent, mapping(1000 * i, `/file${i}`))
    expect(known(m, pids.parent, 1)?.path).toBe('/file0')
    expect(known(m, pids.parent, 9_999_001)?.path).toBe('/file9999')
    expect(known(m, pids.parent, 5_000_001)).toBeUndefined()
    for (let i = 0; i < 20_000; i++) m.forked(pids.parent + i, pids.parent + i + 1)
    expect(known(m, pids.parent + 20_000, 9_999_001)?.path).toBe('/file9999')
    expect(m.memoriesOf(pids.parent + 20_000).length).toBeLessThan(20)
  })

  test('are read from lines of /proc/PID/maps', () => {
    expect(parseLine('00400000-00401000 r--p 00000000 08:01 12 /bin/x')).toBeUndefined()
    expect(parseLine('7f0000000000-7f0000001000 r-xp 00000000 00:00 0                  [vdso]')).toBeUndefined()
    expect(parseLine('nonsense')).toBeUndefined()
    const line = '00401000-00402000 r-xp 00001000 08:01 12                         /bin/with space (deleted)'
    const found = {
      start: 0x401000,
      end: 0x402000,
      offset: 0x1000,
      dev: 8 * 2 ** 20 + 1,
      ino: 12,
      path: '/bin/with space',
    }
    expect(parseLine(line)).toEqual(found)
  })
})

describe('the text of a stack', () => {
  const frames = (user: number[], kernel: bigint[]) => {
    const b = Buffer.alloc(6 + 8 * (user.length + kernel.length))
    b.writeUInt16LE(user.length, 0)
    b.writeUInt16LE(kernel.length, 4)
    for (const [i, a] of user.entries()) b.writeBigUInt64LE(BigInt(a), 6 + 8 * i)
    for (const [i, a] of kernel.entries()) b.writeBigUInt64LE(a, 6 + 8 * (user.length + i))
    return new Frames(b)
  }

  test('has the outermost function first, without functions that tracing added', () => {
    const table = parseSymbols(
      [
        'ffffffff81000000 T bpf_get_stack',
        'ffffffff81000100 T __schedule',
        'ffffffff81000200 T schedule',
        'ffffffff81000300 T do_nanosleep',
      ].join('\n'),
    )
    const kernel = [0x10n, 0x110n, 0x210n, 0x310n].map((low) => 0xffffffff81000000n + low)
    expect(kernelText(frames([], kernel), table)).toBe('do_nanosleep_[k];schedule_[k]')
    expect(kernelText(frames([], []), table)).toBe('')
    expect(requestOf(1 << 29, frames([], kernel), new Mappings())).toBeUndefined()
  })

  test('has the file of a function if its name is unknown or was not looked up', () => {
    const m = new Mappings()
    m.execed(1 << 29)
    m.mapped(1 << 29, { start: 4096, end: 8192, offset: 0, ino: 1, dev: 1, path: '/no/such;file' })
    const question = requestOf(1 << 29, frames([5000, 12345], []), m)
    if (question === undefined) throw new Error('no question')
    expect(unnamedText(question)).toBe('[unknown];[such:file]')
    expect(new Symbolizer(new ReadBudget(() => {})).text(question)).toBe('[unknown];[such:file]')
  })
})
