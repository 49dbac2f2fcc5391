// Names by address, of real files and of hostile ones.
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readElf } from '../../../src/stacks/elf.js'
import { parseSymbols } from '../../../src/stacks/kernel-symbols.js'
import { Mappings, readMaps } from '../../../src/stacks/mappings.js'
import { SymbolTable } from '../../../src/stacks/symbol-table.js'
import { Symbolizer } from '../../../src/stacks/symbolizer.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('symbols')

function elf(file: string): ReturnType<typeof readElf> {
  const fd = openSync(file, 'r')
  try {
    return readElf(fd)
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
  test('has the functions that nm tells, at their addresses', () => {
    const exe = program()
    const told = execFileSync('nm', ['-S', exe], { encoding: 'utf8' })
    const file = elf(exe)
    for (const name of ['one', 'two', 'main']) {
      const [, start, size] = new RegExp(`^([0-9a-f]+) ([0-9a-f]+) T ${name}$`, 'm').exec(told) ?? []
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

test('a symbol of unknown size reaches to the next one', () => {
  const symbols = [
    { start: 100, size: 0 },
    { start: 200, size: 10 },
  ]
  const table = new SymbolTable(symbols, (i) => `f${i}`, 0)
  expect([99, 100, 199, 200, 209, 210].map((a) => table.at(a))).toEqual([undefined, 'f0', 'f0', 'f1', 'f1', undefined])
})

test('addresses of the kernel are exact', () => {
  const table = parseSymbols(
    ['ffffffff81000000 T _stext', 'ffffffff81000001 t one', 'ffffffff81000003 T three\t[module]', ''].join('\n'),
  )
  const at = (low: number) => table?.at(-1 * 4294967296 + low)
  expect([0x81000000, 0x81000001, 0x81000002, 0x81000003].map(at)).toEqual(['_stext', 'one', 'one', 'three'])
  expect(parseSymbols('0000000000000000 T _stext\n')).toBeUndefined()
})

describe('what is mapped', () => {
  const mapping = (start: number, path: string) => ({ start, end: start + 100, offset: 0, ino: 1, dev: 1, path })
  const pids = { parent: 1 << 29, child: (1 << 29) + 1 }

  test('a child has what its parent had, until it runs another program', () => {
    const m = new Mappings()
    m.execed(pids.parent)
    m.mapped(pids.parent, mapping(1000, '/old'))
    m.forked(pids.parent, pids.child)
    expect(m.at(pids.child, 1050)?.path).toBe('/old')
    m.ended(pids.parent)
    m.mapped(pids.child, mapping(5000, '/new'))
    expect(m.at(pids.child, 1050)?.path).toBe('/old')
    expect(m.at(pids.child, 5099)?.path).toBe('/new')
    m.mapped(pids.child, mapping(5050, '/newest'))
    expect(m.at(pids.child, 5099)?.path).toBe('/newest')
    m.execed(pids.child)
    expect(m.at(pids.child, 1050)).toBeUndefined()
    expect(m.at(pids.child, 5099)).toBeUndefined()
  })

  test('a program and its interpreter, over which libraries may lie', () => {
    const m = new Mappings()
    m.execed(pids.parent)
    m.began(pids.parent, mapping(1000, '/program'), 1 << 20)
    expect(m.at(pids.parent, 1099)?.path).toBe('/program')
    expect(m.at(pids.parent, (1 << 20) + 5)?.interpreterOf?.path).toBe('/program')
    m.mapped(pids.parent, mapping(1 << 20, '/library'))
    expect(m.at(pids.parent, (1 << 20) + 5)?.path).toBe('/library')
  })

  test('a process that nobody told of is looked up in /proc', () => {
    const own = readMaps(process.pid)
    const node = own?.find((m) => m.path.endsWith('node'))
    expect(new Mappings().at(process.pid, (node?.start ?? 0) + 1)?.path).toBe(node?.path)
  })

  test('lines of /proc/PID/maps', () => {
    const text = [
      '00400000-00401000 r--p 00000000 08:01 12 /bin/x',
      '00401000-00402000 r-xp 00001000 08:01 12                         /bin/with space (deleted)',
      '7f0000000000-7f0000001000 r-xp 00000000 00:00 0                  [vdso]',
      'nonsense',
    ].join('\n')
    expect(readMaps(1, text)).toEqual([
      { start: 0x401000, end: 0x402000, offset: 0x1000, dev: 8 * 2 ** 20 + 1, ino: 12, path: '/bin/with space' },
    ])
  })
})

describe('the text of a stack', () => {
  const frames = (user: number[], kernel: bigint[]) => {
    const b = Buffer.alloc(6 + 8 * (user.length + kernel.length))
    b.writeUInt16LE(user.length, 0)
    b.writeUInt16LE(kernel.length, 4)
    for (const [i, a] of user.entries()) b.writeBigUInt64LE(BigInt(a), 6 + 8 * i)
    for (const [i, a] of kernel.entries()) b.writeBigUInt64LE(a, 6 + 8 * (user.length + i))
    return b
  }

  test('has the outermost function first, and what tracing added is gone', () => {
    const table = parseSymbols(
      [
        'ffffffff81000000 T bpf_get_stack',
        'ffffffff81000100 T __schedule',
        'ffffffff81000200 T schedule',
        'ffffffff81000300 T do_nanosleep',
      ].join('\n'),
    )
    const s = new Symbolizer(new Mappings(), table)
    const kernel = [0x10n, 0x110n, 0x210n, 0x310n].map((low) => 0xffffffff81000000n + low)
    expect(s.text(1 << 29, frames([], kernel))).toBe('do_nanosleep_[k];schedule_[k]')
    expect(s.text(1 << 29, frames([1234, 5678], kernel))).toBe('[unknown];[unknown];do_nanosleep_[k];schedule_[k]')
    expect(s.text(1 << 29, frames([], []))).toBe('')
  })
})
