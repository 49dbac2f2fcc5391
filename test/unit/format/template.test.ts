// Lines printed from formats.

import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileTemplate, defaultLine, FormatError } from '../../../src/format/template/template.js'
import { ByteWriter } from '../../../src/render/bytes/byte-writer.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'

const open: RowSpec = {
  type: 'openat',
  ret: 3,
  tid: 42,
  num: 7,
  time: 20,
  cpu: 1,
  params: { dirfd: -100, name: '/etc/passwd', flags: 0o2000000, mode: 0, dev: 0xfe00, ino: 9 },
}
const getpid: RowSpec = { type: 'getpid', ret: 42, tid: 42, num: 8, time: 30 }

function lines(format: string, rows: readonly RowSpec[], ctx = context()): string {
  const template = compileTemplate(format, registry, ctx)
  const out = new ByteWriter(16)
  walk(rows, ctx, (e) => {
    template.append(out, e)
  })
  return out.toString()
}

function named(comm: string) {
  const ctx = context()
  walk([getpid], ctx, () => {})
  ctx.state.threads.get(42)!.comm = comm
  return ctx
}

test('the default line has the number, time, processor, process, type and arguments', () => {
  expect(lines(defaultLine(false), [open], named('cat')).replace(/\d\d:\d\d:\d\d/, 'TIME')).toBe(
    '7 TIME.000000010 1 cat (42) < openat fd=3(<f>/etc/passwd) dirfd=-100(AT_FDCWD) name=/etc/passwd ' +
      'flags=4097(O_RDONLY|O_CLOEXEC) mode=0 dev=FE00 ino=9\n',
  )
})

test('lines of many threads, processors and names show the values of each event, in every chunk', () => {
  const ctx = context()
  const template = compileTemplate('%evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type', registry, ctx)
  const pick = fc.record({
    tid: fc.constantFrom(41, 42),
    cpu: fc.constantFrom(0, 1, 12),
    comm: fc.constantFrom('a', 'bc'),
  })
  fc.assert(
    fc.property(fc.array(fc.tuple(pick, fc.boolean(), fc.boolean())), (steps) => {
      const out = new ByteWriter(16)
      let text = ''
      let expected = ''
      for (const [{ tid, cpu, comm }, opens, chunkEnds] of steps) {
        walk([{ ...(opens ? open : getpid), tid, cpu }], ctx, (e) => {
          e.thread!.comm = comm
          template.append(out, e)
        })
        expected += `${cpu} ${comm} (${tid}) < ${opens ? 'openat' : 'getpid'}\n`
        if (!chunkEnds) continue
        text += out.toString()
        out.clear()
      }
      expect(text + out.toString()).toBe(expected)
    }),
  )
})

test('relative paths are shown in the directory in which each call started', () => {
  const at = (dirfd: number, name: string): RowSpec => ({ ...open, ret: -2, params: { ...open.params, dirfd, name } })
  const dir = (ret: number, name: string): RowSpec => ({ ...open, ret, params: { ...open.params, name } })
  const rows = [
    dir(5, '/a'),
    dir(6, '/usr/lib'),
    at(5, 'x'),
    at(6, 'x'),
    at(6, 'y/z'),
    at(5, '.hidden'),
    at(6, './w'),
    at(6, 'u/../v'),
  ]
  const shown = lines('%evt.args', rows).match(/name=[^/ ]\S*/g)
  expect(shown).toEqual([
    'name=x(/a/x)',
    'name=x(/usr/lib/x)',
    'name=y/z(/usr/lib/y/z)',
    'name=.hidden(/a/.hidden)',
    'name=./w(/usr/lib/w)',
    'name=u/../v(/usr/lib/v)',
  ])
})

test('the default line is coloured on a terminal, with the same text', () => {
  const coloured = lines(defaultLine(true), [open], named('cat'))
  expect(coloured).toContain('\x1b[01;32mcat\x1b[00m')
  expect(coloured.replace(/\x1b\[[0-9;]*m/g, '')).toBe(lines(defaultLine(false), [open], named('cat')))
})

test('the name of a field ends at the first character that cannot be part of it', () => {
  expect(lines('user:%user.name time:%evt.time.s proc_name:%proc.name', [open], named('cat'))).toBe('')
  expect(lines('*user:%user.name proc_name:%proc.name.', [open], named('cat'))).toBe('user:<NA> proc_name:cat.\n')
})

test('a line with an absent value is omitted, unless the format begins with a star', () => {
  expect(lines('%evt.num %fd.name', [open, getpid])).toBe('7 /etc/passwd\n')
  expect(lines('*%evt.num %fd.name', [open, getpid])).toBe('7 /etc/passwd\n8 <NA>\n')
})

test.each([
  ['[%10proc.name]', '[cat       ]'],
  ['[%-10proc.name]', '[       cat]'],
  ['[%2proc.name]', '[ca]'],
  ['[%-2proc.name]', '[ca]'],
  ['100%% %evt.num', '100% 7'],
  ['%evt.num\\t%evt.type\\\\n', '7\topenat\\n'],
  ['a\\nb %evt.num', 'a\nb 7'],
  ['\\q%evt.num', '\\q7'],
  ['%toupper(proc.name)', 'CAT'],
  ['%concat(proc.name, "-", evt.type)', 'cat-openat'],
  ['%basename(fd.name)', 'passwd'],
  ['%len(proc.name)', '3'],
  ['%join("+", fd.types)', 'file'],
  ['%join("->", (proc.name, evt.type))', 'cat->openat'],
  ['%join("->",(proc.name , "x", 5, tolower(evt.type)))', 'cat->x->5->openat'],
  ['%join(":", (evt.num))%join("", ())', '7'],
  ['%evt.arg.name', '/etc/passwd'],
  ['%evt.arg[res]x', undefined],
  ['%evt.rawarg.ino', '9'],
  ['%proc.namex', 'catx'],
  ['%evt.typeof %evt.numb', 'openatof 7b'],
  ['%evt.arg.namex', '/etc/passwdx'],
  ['%proc.name.%evt.type.', 'cat.openat.'],
  ['%toupper(proc.name)x', 'CATx'],
  ['%fd.types', '(file)'],
  ['%fd.dev', 'FE00'],
  ['%evt.failed', 'false'],
  ['', ''],
  ['*', ''],
])('format %j prints %j', (format, text) => {
  const got = lines(format, [open], named('cat'))
  expect(got).toBe(text === undefined ? '' : `${text}\n`)
})

test('wide characters fill the columns that they occupy', () => {
  expect(lines('[%6proc.name]', [open], named('日本語です'))).toBe('[日本語]\n')
  expect(lines('[%5proc.name]', [open], named('日本語です'))).toBe('[日本 ]\n')
})

test.each([
  ['%proc.nmae', 'did you mean proc.name?', 1],
  ['x %', 'a percent sign is written %%', 2],
  ['%fd.ip', 'for filters only', 1],
  ['%toupper(evt.num)', 'takes text', 1],
  ['%topper(proc.name)', 'did you mean toupper?', 1],
  ['%toupper(proc.name', "expected ',' or ')'", 18],
  ['%evt.arg', 'needs an argument', 8],
  ['%span.id', 'ksys has no field span.id: tracers ended with sysdig 0.35', 1],
  ['%99999proc.name', 'at most', 1],
  ['%concat(proc.name)', 'takes 2 or more', 1],
])('%j is refused: %s', (format, reason, at) => {
  try {
    compileTemplate(format, registry, context())
    expect.unreachable()
  } catch (e) {
    expect(e).toBeInstanceOf(FormatError)
    const error = e as FormatError
    expect(error.message).toContain(reason)
    expect(error.position).toBe(at)
    expect(error.format()).toMatch(/^format: .*\n {2}.*\n +\^/)
  }
})

test('nested transformers are parsed to their end', () => {
  const deep = `%${'toupper('.repeat(1000)}proc.name${')'.repeat(1000)}`
  expect(() => compileTemplate(deep, registry, context())).toThrow('nested')
  expect(() => compileTemplate('x'.repeat(100_000), registry, context())).toThrow('at most')
})

test('the fields of a format are known, those in transformers too', () => {
  const t = compileTemplate('%evt.num %toupper(proc.name) %evt.arg.fd %evt.num', registry, context())
  expect(t.fieldsUsed).toEqual(['evt.num', 'proc.name', 'evt.arg.fd'])
})

const outside = fc.string({ unit: 'binary', maxLength: 40 })

test('no captured data reaches a line as a control character', () => {
  fc.assert(
    fc.property(outside, outside, fc.uint8Array({ maxLength: 90 }), (comm, path, data) => {
      const clean = path.replaceAll('\0', '')
      const rows: RowSpec[] = [
        { ...open, params: { ...open.params, name: `/${clean}` } },
        { type: 'read', ret: data.length, tid: 42, time: 40, params: { data, fd: 3, size: data.length } },
      ]
      const format = `${defaultLine(false)}|%fd.name|%30fd.name|%evt.arg.name|%evt.buffer|%proc.cmdline`
      const text = lines(format, rows, named(comm))
      expect(text.match(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)).toBeNull()
      expect(text.split('\n')).toHaveLength(3)
    }),
  )
})

test.each(['hex', 'hexAscii', 'ascii'] as const)('dumps of buffers (%s) have several lines, names do not', (buffer) => {
  const ctx = context({ buffer })
  const rows: RowSpec[] = [
    { ...open, params: { ...open.params, name: '/a\nb\x1b[2J' } },
    { type: 'read', ret: 3, tid: 42, time: 40, params: { data: 'x\x1by', fd: 3, size: 3 } },
  ]
  const [first, ...rest] = lines('*%evt.args %evt.arg.name', rows, ctx).split('\n')
  expect(first).toContain('/a\\nb\\x1b[2J')
  expect(rest.length).toBeGreaterThan(1)
  expect(rest.join('')).not.toContain('\x1b')
})

test('numbers are printed exactly', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.nat(20_000)), (n) => {
      const out = new ByteWriter(1)
      out.int(n)
      expect(out.toString()).toBe(String(n))
    }),
  )
  fc.assert(
    fc.property(fc.maxSafeNat(), (n) => {
      const out = new ByteWriter(1)
      out.hex(n | 0, Math.floor(n / 2 ** 32))
      expect(out.toString()).toBe(n.toString(16).toUpperCase())
    }),
  )
})
