// Arrow streams, as Apache's own reader reads them: each cell is the value of the field for the event.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { arrowExport } from '../../../src/export/arrow/arrow.js'
import { Int64s } from '../../../src/export/arrow/int64.js'
import { NAMED_COLUMNS } from '../../../src/export/columns/columns.js'
import { COLUMNS } from '../../../src/export/columns/schema.js'
import { escapeText } from '../../../src/render/escape.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { bundled, unpacked } from '../../golden/captures.js'
import { columnOf, readArrow } from '../../helpers/arrow.js'
import { csvObjects } from '../../helpers/csv.js'
import { exportTo } from '../../helpers/exported.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import fc from '../../helpers/properties.js'
import type { RowSpec } from '../../helpers/rows.js'
import { expectSame } from '../../helpers/same.js'
import { scratch } from '../../helpers/trace.js'
import { context, info, walk } from '../fields/evaluate.js'
import { shell as shellState } from '../state/world.js'

const path = scratch()
const golden = unpacked()
const captures = `${root}captures/`
const FILES = [
  ...readdirSync(captures).flatMap((f) => (f.endsWith('.ksys') ? [`${captures}${f}`] : [])),
  ...bundled.map((name) => `${golden}/${name}.scap`),
]
const PLAIN = NAMED_COLUMNS.filter((c) => c.per !== 'arguments')

describe.each(FILES.map((file) => [file.slice(file.lastIndexOf('/') + 1), file]))('%s', (_, file) => {
  test('each row has the values of the fields, and the arguments as JSON and as a map', async () => {
    const files = { csv: path('cells.csv'), arrow: path('cells.arrows') }
    await exportTo(await openTrace(file), files, `*${PLAIN.map((c) => `%${c.field}`).join(' ')}`)
    const expected = csvObjects(readFileSync(files.csv, 'utf8'))
    const { batches } = readArrow(readFileSync(files.arrow))
    for (const { name, field } of PLAIN) {
      const found = columnOf(batches, name).map((v) => (v === null ? null : String(v)))
      const cells = expected.map((row) => row[field] ?? null)
      expectSame(found, cells, name)
    }
    const maps = columnOf(batches, 'evt_args') as [string, string][][]
    const json = columnOf(batches, 'evt_args_json') as string[]
    for (const [i, text] of json.entries())
      expectSame(
        Object.entries(JSON.parse(text)).map(([key, value]) => [key, String(value)]),
        maps[i],
      )
    expect(maps.some((entries) => entries.length > 1)).toBe(true)
  })
})

const open = (name: string): RowSpec => ({
  type: 'openat',
  ret: 3,
  tid: 100,
  params: { fd: 3, dirfd: -100, name, flags: 0, mode: 0 },
})

/** The bytes of a stream of hand-made events of a shell; `parts`: the number of events in each batch. */
function arrow(rows: readonly RowSpec[], parts = rows.length): Buffer {
  const ctx = context()
  ctx.state.load(shellState())
  const made = arrowExport({ line: '', program: 'ksys 1.2.3' })
  made.start(ctx)
  let n = 0
  walk(rows, ctx, (e) => {
    made.show(e)
    if (++n % parts === 0) made.release?.()
  })
  made.end()
  made.finish?.()
  return Buffer.from(made.out.view())
}

test('the schema has all columns, with types that follow from the fields, and names its writer', () => {
  const { schema } = readArrow(arrow([open('/x')]))
  expect(schema.fields.map((f) => f.name)).toEqual(COLUMNS.map((c) => c.name))
  const types = Object.fromEntries(schema.fields.map((f) => [f.name, String(f.type)]))
  expect(types).toMatchObject({
    evt_num: 'Int64',
    evt_time: 'Timestamp<NANOSECOND, UTC>',
    evt_cpu: 'Int32',
    evt_type: 'Dictionary<Int32, Utf8>',
    evt_failed: 'Bool',
    fd_sport: 'Int32',
    evt_args: expect.stringMatching(/^Map<\{key:.*value:/),
  })
  expect(schema.metadata.get('created_by')).toBe('ksys 1.2.3')
})

test('dictionaries have no duplicates: neither names that are equal when escaped nor arguments that calls of two types share', () => {
  const failed = (type: string): RowSpec => ({ type, ret: -2, tid: 100, params: { path: '/x' } })
  const { batches } = readArrow(arrow([open('/a\n'), open('/a\\n'), failed('rmdir'), failed('chdir')]))
  expect(columnOf(batches, 'fd_name').slice(0, 2)).toEqual(['/a\\n', '/a\\n'])
  const json = columnOf(batches, 'evt_args_json')
  expect(json[2]).toBe(json[3])
})

test('each batch has its own dictionaries, and a capture without events is a schema', () => {
  const names = Array.from({ length: 25 }, (_, i) => `/tmp/${i % 7}`)
  const { batches } = readArrow(arrow(names.map(open), 10))
  expect(batches.map((b) => b.numRows)).toEqual([10, 10, 5])
  expect(columnOf(batches, 'fd_name')).toEqual(names)
  const empty = readArrow(arrow([]))
  expect(empty.batches.reduce((n, b) => n + b.numRows, 0)).toBe(0)
  expect(empty.schema.fields).toHaveLength(COLUMNS.length)
})

test('every name is escaped in cells as in lines', () => {
  const names = ["/it's", '/nul\0', '/esc\x1b[2J', '/line\nbreak', '/bad\udcff', '/é😀', '']
  const { batches } = readArrow(arrow(names.map(open)))
  const maps = columnOf(batches, 'evt_args') as [string, string][][]
  expect(maps.map((entries) => Object.fromEntries(entries).name?.split('(')[0])).toEqual(names.map(escapeText))
})

test('times have nanoseconds, also before the start of the capture', () => {
  const times = [0, 5, 86_400e9, -3, 2 ** 40 + 1]
  const { batches } = readArrow(
    arrow(times.map((time): RowSpec => ({ type: 'getppid', ret: 1, tid: 100, time, params: {} }))),
  )
  const start = BigInt(info.startSec) * 1_000_000_000n + BigInt(info.startNsec)
  expect(columnOf(batches, 'evt_time')).toEqual(times.map((t) => start + BigInt(t)))
})

test('64-bit integers are written unchanged, from any base', () => {
  const safe = fc.maxSafeInteger()
  const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  fc.assert(
    fc.property(
      fc.array(fc.oneof(safe, big)),
      fc.array(safe),
      fc.bigInt({ min: -(2n ** 61n), max: 2n ** 61n }),
      (any, counted, base) => {
        const a = new Int64s(any.length)
        for (const [i, v] of any.entries()) a.setAny(i, v)
        expect([...a.array]).toEqual(any.map(BigInt))
        const b = new Int64s(counted.length, base)
        for (const [i, v] of counted.entries()) b.set(i, v)
        expect([...b.array]).toEqual(counted.map((v) => base + BigInt(v)))
      },
    ),
  )
})

describe('the command with Arrow', () => {
  const web = `${captures}web.ksys`

  test('selects it by a file name or by --to, and writes the same to a pipe as to a file', () => {
    expect(ksys(['-r', web, '-w', path('web.arrows')])).toEqual({ code: 0, stdout: '', stderr: '' })
    const bytes = readFileSync(path('web.arrows'))
    const piped = spawnSync(process.execPath, [main, '-r', web, '--to', 'arrow'], { maxBuffer: 1 << 28 })
    expect(piped.status).toBe(0)
    expect(piped.stdout.equals(bytes)).toBe(true)
    const { batches } = readArrow(bytes)
    expect(batches.reduce((n, b) => n + b.numRows, 0)).toBe(ksys(['-r', web]).stdout.trimEnd().split('\n').length)
  })

  test('gives reasons for options that it rejects', () => {
    const { code, stderr } = ksys(['-r', web, '-w', path('x.arrows'), '-p', '%evt.num'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/-p.*its columns are fixed/)
  })
})
