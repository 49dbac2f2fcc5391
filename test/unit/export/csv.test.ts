// CSV: a reader of RFC 4180 gets what lines of -p show, with nulls and numbers distinguished from texts.

import { expect, test } from 'vitest'
import { ChiselRows } from '../../../src/export/csv/chisel-rows.js'
import { CsvBuffer, csvText } from '../../../src/export/csv/csv-buffer.js'
import { compileCsv } from '../../../src/export/csv/template.js'
import { registry } from '../../../src/fields/index.js'
import { escapeText } from '../../../src/render/escape.js'
import { csvObjects, readCsv } from '../../helpers/csv.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context, walk } from '../fields/evaluate.js'

function csv(format: string, rows: readonly RowSpec[], ctx = context()): string {
  const template = compileCsv(format, registry, ctx)
  const out = new CsvBuffer(16)
  out.trusted(template.header)
  walk(rows, ctx, (e) => {
    template.append(out, e)
  })
  return out.toString()
}

const open = (name: string | Uint8Array, more: Partial<RowSpec> = {}): RowSpec => ({
  type: 'openat',
  ret: 3,
  tid: 42,
  num: 7,
  time: 20,
  params: { dirfd: -100, name, flags: 0, mode: 0, dev: 0, ino: 18446744073709551615n },
  ...more,
})

test('columns are the fields in their order, and lines end in CR LF', () => {
  expect(csv('*%evt.num: %evt.type, %evt.dir', [open('/etc/passwd')])).toBe(
    'evt.num,evt.type,evt.dir\r\n7,openat,<\r\n',
  )
})

test('an absent value is empty, an empty text has quotes', () => {
  const rows = [open(''), { type: 'getpid', ret: 42, tid: 42, num: 8, time: 30 } as const]
  expect(csv('*%evt.num %evt.arg.name %fd.num', rows)).toBe('evt.num,evt.arg.name,fd.num\r\n7,"",3\r\n8,,\r\n')
})

test('without a star, lines that lack a value are omitted, as in other output', () => {
  const rows = [open('/a'), { type: 'getpid', ret: 42, tid: 42, num: 8, time: 30 } as const]
  expect(readCsv(csv('%evt.num %fd.num', rows))).toEqual([
    ['evt.num', 'fd.num'],
    ['7', '3'],
  ])
})

test('numbers are plain decimals, and exact beyond 2^53', () => {
  const rows = [open('/a')]
  expect(csvObjects(csv('*%evt.rawarg.ino %evt.rawarg.flags %evt.failed', rows))).toEqual([
    { 'evt.rawarg.ino': '18446744073709551615', 'evt.rawarg.flags': '1', 'evt.failed': 'false' },
  ])
})

test('the raw time is ns since the epoch, times of day are ISO 8601 in UTC', () => {
  const [row] = csvObjects(csv('*%evt.rawtime %evt.time %evt.datetime %evt.outputtime', [open('/a')]))
  const iso = '2023-11-14T22:13:21.000000010Z'
  expect(row).toEqual({
    'evt.rawtime': '1700000001000000010',
    'evt.time': iso,
    'evt.datetime': iso,
    'evt.outputtime': iso,
  })
  const relative = context({ timeStyle: 'r' })
  expect(csvObjects(csv('*%evt.outputtime', [open('/a')], relative))).toEqual([{ 'evt.outputtime': '0.000000000' }])
})

test('a time outside of the range of dates is absent', () => {
  const ctx = context()
  const far = { ...ctx, info: { ...ctx.info, startSec: 1e15 } }
  expect(csv('*%evt.time %evt.num', [open('/a')], far)).toBe('evt.time,evt.num\r\n,7\r\n')
})

test('the header quotes names if necessary', () => {
  expect(csv('*%join(",", proc.args)', [open('/a')])).toMatch(
    /^"join\("",""?"", proc\.args\)"\r\n|^"join\("","", proc.args\)"\r\n/,
  )
})

test('every name is escaped in cells as in lines', () => {
  const names = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((b) => b.map((c) => (c === 0 ? 1 : c))),
    fc
      .array(fc.constantFrom('"', ',', '\r', '\n', ' ', 'é', '\u202e', 'a'), { maxLength: 12 })
      .map((p) => Buffer.from(p.join(''))),
  )
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), (all) => {
      const rows = all.map((name, i) => open(name, { num: i, time: i }))
      const text = csv('*%evt.num %evt.arg.name %evt.args', rows)
      const cells = csvObjects(text)
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\x00-\x1f\x7f]/)
      cells.forEach((cell, i) => {
        expect(cell['evt.num']).toBe(`${i}`)
        expect(cell['evt.args']).toContain(cell['evt.arg.name'])
      })
    }),
  )
})

test('any text is read back from its cell', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1, maxLength: 8 }), (texts) => {
      const out = new CsvBuffer(16)
      const shown = texts.map(escapeText)
      for (const [i, text] of shown.entries()) {
        if (i > 0) out.trusted(',')
        const place = new CsvBuffer(16)
        place.trusted(text)
        out.cell(place, 0, place.length)
      }
      out.trusted('\r\n')
      expect(readCsv(out.toString())).toEqual([shown])
      expect(readCsv(`${shown.map(csvText).join(',')}\r\n`)).toEqual([shown])
    }),
  )
})

test('a table of a chisel has its time and its columns, with one header for all of them', () => {
  const out = new CsvBuffer()
  const rows = new ChiselRows(out)
  const info = [
    { name: 'proc.name', desc: 'Process', is_key: true },
    { name: 'evt.latency', desc: 'Max', is_key: false },
    { name: 'evt.latency', desc: 'Sum', is_key: false },
  ]
  rows.add({ ts: '17', data: [['a,b', 1, null]], info })
  rows.add({ ts: '18', data: [['', 2.5, 3n]], info })
  expect(out.toString()).toBe('ts,proc.name,Max,Sum\r\n17,"a,b",1,\r\n18,"",2.5,3\r\n')
})

test('other values of a chisel have the columns of the first, and additional keys as JSON', () => {
  const out = new CsvBuffer()
  const rows = new ChiselRows(out)
  rows.add({ pid: 1, args: ['a', 'b'], none: null })
  rows.add({ pid: 2, code: 0, big: 2n ** 60n })
  rows.add({ ts: '1', data: [{ pid: 3 }] })
  expect(csvObjects(out.toString())).toEqual([
    { pid: '1', args: '["a","b"]', none: null, others: null },
    { pid: '2', args: null, none: null, others: '{"code":0,"big":1152921504606846976}' },
    { pid: '3', args: null, none: null, others: '{"ts":"1"}' },
  ])
})
