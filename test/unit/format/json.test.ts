// JSON lines.

import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileJson } from '../../../src/format/template/json.js'
import { compileTemplate, defaultLine } from '../../../src/format/template/template.js'
import { ByteWriter } from '../../../src/render/bytes/byte-writer.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'

function json(format: string, rows: readonly RowSpec[], ctx = context()): string[] {
  const template = compileJson(format, registry, ctx)
  const out = new ByteWriter(16)
  walk(rows, ctx, (e) => {
    template.append(out, e)
  })
  return out.toString().split('\n').slice(0, -1)
}

const open: RowSpec = {
  type: 'openat',
  ret: 3,
  tid: 42,
  num: 7,
  time: 20,
  params: { dirfd: -100, name: '/etc/"x"\\y', flags: 0, mode: 0, dev: 0, ino: 18446744073709551615n },
}
const getpid: RowSpec = { type: 'getpid', ret: 42, tid: 42, num: 8, time: 30 }

test('keys are the texts of the fields, sorted; values have their types', () => {
  const [line] = json('%thread.tid %evt.type %evt.failed %fd.types %evt.num %evt.arg[0]', [open])
  expect(line).toBe(
    '{"evt.arg[0]":"<f>/etc/\\"x\\"\\\\y","evt.failed":false,"evt.num":7,"evt.type":"openat","fd.types":["file"],"thread.tid":42}',
  )
})

test('integers of 64 bits have every digit', () => {
  expect(json('%evt.rawarg.ino', [open])).toEqual(['{"evt.rawarg.ino":18446744073709551615}'])
})

test('times of day are nanoseconds since the epoch', () => {
  for (const f of ['evt.time', 'evt.datetime', 'evt.outputtime', 'evt.rawtime', 'evt.time.iso8601'])
    expect(json(`%${f}`, [open])).toEqual([`{"${f}":1700000001000000010}`])
})

test.each([
  [0, 33_475_999, 33_476_009],
  [0, 0, 10],
  [-1, 999_999_000, -990],
  [1, 5, 1_000_000_015],
])('a time is a number whatever start of the capture a damaged file has: %i s and %i ns', (startSec, startNsec, ns) => {
  const ctx = context()
  const began = { ...ctx, info: { ...ctx.info, startSec, startNsec } }
  expect(json('%evt.outputtime %evt.rawtime', [{ ...open, time: 10 }], began)).toEqual([
    `{"evt.outputtime":${ns},"evt.rawtime":${ns}}`,
  ])
})

test('a result beyond 53 bits has the same digits in every format', () => {
  const call = { type: 'lseek', ret: 2 ** 60 }
  expect(json('%evt.rawres %evt.rawarg.res', [call])).toEqual([
    '{"evt.rawarg.res":1152921504606846976,"evt.rawres":1152921504606846976}',
  ])
  const out = new ByteWriter(16)
  const ctx = context()
  const template = compileTemplate('%evt.rawres', registry, ctx)
  walk([call], ctx, (e) => template.append(out, e))
  expect(out.toString()).toBe('1152921504606846976\n')
})

test('an absent value is null; without a star the line is omitted', () => {
  expect(json('*%evt.num %fd.name', [getpid])).toEqual(['{"evt.num":8,"fd.name":null}'])
  expect(json('%evt.num %fd.name', [getpid, open])).toEqual(['{"evt.num":7,"fd.name":"/etc/\\"x\\"\\\\y"}'])
})

test('the default line has the keys that scripts expect', () => {
  const [line] = json(defaultLine(false), [getpid])
  expect(Object.keys(JSON.parse(line as string) as object)).toEqual([
    'evt.cpu',
    'evt.dir',
    'evt.info',
    'evt.num',
    'evt.outputtime',
    'evt.type',
    'proc.name',
    'thread.tid',
  ])
})

test('a format without fields is an empty object', () => {
  expect(json('hello', [getpid])).toEqual(['{}'])
})

test.each(['dots', 'hex', 'hexAscii', 'ascii', 'base64'] as const)('buffers (%s) are valid JSON', (buffer) => {
  const read: RowSpec = {
    type: 'read',
    ret: 4,
    tid: 42,
    params: { data: Uint8Array.of(0, 10, 34, 255), fd: 9, size: 4 },
  }
  const [line] = json('%evt.buffer %evt.args', [read], context({ buffer }))
  const o = JSON.parse(line as string) as Record<string, string>
  expect(Object.keys(o)).toEqual(['evt.args', 'evt.buffer'])
  if (buffer === 'base64') expect(o['evt.buffer']).toBe('AAoi/w==')
})

test('whatever names contain, a line is one JSON object with these names', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.maxSafeInteger(),
      fc.uint8Array({ maxLength: 60 }),
      (name, ret, data) => {
        const ctx = context()
        walk([getpid], ctx, () => {})
        ctx.state.threads.get(42)!.comm = name
        const rows: RowSpec[] = [{ type: 'read', ret, tid: 42, time: 40, params: { data, fd: 3, size: 1 } }]
        const all = json('*%proc.name %evt.rawres %evt.info %evt.buffer', rows, ctx)
        expect(all).toHaveLength(1)
        expect((all[0] as string).match(/[\x00-\x1f\x7f-\x9f]/)).toBeNull()
        const o = JSON.parse(all[0] as string) as Record<string, unknown>
        expect(o['proc.name']).toBe(name === '' ? null : name)
        expect(o['evt.rawres']).toBe(ret)
      },
    ),
  )
})

test('bytes that are not UTF-8 become valid text', () => {
  const bad: RowSpec = { ...open, params: { ...open.params, name: Uint8Array.from([47, 0xff, 65]) } }
  const [line] = json('%fs.path.name', [bad])
  expect(JSON.parse(line as string)).toEqual({ 'fs.path.name': '/\ufffdA' })
})

test('arguments have the same text as in lines, also if names that need escaping are repeated', () => {
  const open = (ret: number, dirfd: number, name: string): RowSpec => ({
    type: 'openat',
    ret,
    params: { dirfd, name, flags: 0, mode: 0, dev: 0, ino: 0 },
  })
  const names = fc.constantFrom('/plain', '/a"b', '/c\\d', '/tab\t', 'x', 'y"z', '/long/enough/to/be/copied/in/words/"')
  const call = fc.tuple(fc.constantFrom(3, 4, -2), fc.constantFrom(3, 4), names)
  fc.assert(
    fc.property(fc.array(call), (calls) => {
      const rows = calls.map(([ret, dirfd, name]) => open(ret, dirfd, name))
      const keysOf = (compile: typeof compileJson) => {
        const ctx = context()
        const out = new ByteWriter(16)
        const template = compile('%evt.args', registry, ctx)
        walk(rows, ctx, (e) => void template.append(out, e))
        return out.toString().split('\n').slice(0, -1)
      }
      expect(keysOf(compileJson).map((l) => JSON.parse(l)['evt.args'])).toEqual(keysOf(compileTemplate))
    }),
  )
})
