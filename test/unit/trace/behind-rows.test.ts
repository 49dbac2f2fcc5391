// What follows the parameters of a row, as read in every format: the rest of long data, and results that exceed
// a JavaScript number.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { EVENTS } from '../../../src/schema/events/index.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { columnOf, readArrow } from '../../helpers/arrow.js'
import { csvObjects } from '../../helpers/csv.js'
import { duckdb, sqlText } from '../../helpers/duckdb.js'
import { ksys } from '../../helpers/ksys.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { scapEvents } from '../../helpers/scap-events.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'

const path = scratch()
/** libs has it as PPME_SYSCALL_LSEEK_X */
const LSEEK_X = 87
const sql = duckdb()

async function trace(name: string, rows: readonly RowSpec[]): Promise<string> {
  const writer = await TraceWriter.open(path(name), { info: INFO, existing: NOTHING, defs: EVENTS })
  await writer.write(makeBatch(rows))
  await writer.close({ events: rows.length, lost: 0, late: 0 })
  return path(name)
}

const lines = (args: readonly string[]) => {
  const ran = ksys([...args])
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  return ran.stdout.trimEnd().split('\n')
}

describe('results beyond 2^53', () => {
  const RESULTS = [
    5n,
    9007199254740991n,
    9007199254740992n,
    9007199254740993n,
    9223372036854775807n,
    -9007199254740993n,
  ]
  const digits = RESULTS.map(String)
  let file = ''
  beforeAll(async () => {
    const row = (ret: bigint): RowSpec => ({ type: 'lseek', ret, params: { fd: 3, offset: 0, whence: 0 } })
    file = await trace('results.ksys', RESULTS.map(row))
  })

  test('are printed with all digits, also as arguments', () => {
    expect(lines(['-r', file, '-p', '%evt.rawres %evt.arg.res %evt.rawarg.res'])).toEqual(
      digits.map((d) => `${d} ${d} ${d}`),
    )
    expect(lines(['-r', file, '-p', '%evt.args']).map((l) => l.split(' ')[0])).toEqual(digits.map((d) => `res=${d}`))
  })

  test('are numbers in JSON and CSV', () => {
    const json = lines(['-r', file, '-j', '-p', '%evt.rawres %evt.rawarg.res'])
    expect(json).toEqual(digits.map((d) => `{"evt.rawarg.res":${d},"evt.rawres":${d}}`))
    const csv = csvObjects(ksys(['-r', file, '--to', 'csv', '-p', '%evt.rawres %evt.arg.res']).stdout)
    expect(csv).toEqual(digits.map((d) => ({ 'evt.rawres': d, 'evt.arg.res': d })))
  })

  test('are 64-bit integers in columns of Parquet and Arrow', async () => {
    for (const name of ['r.parquet', 'r.arrows']) ksys(['-r', file, '-w', path(name)])
    const rows = await sql(`select evt_rawres, evt_args_json from ${sqlText(path('r.parquet'))}`)
    expect(rows.map((r) => BigInt(r.evt_rawres as bigint))).toEqual(RESULTS)
    expect(rows.map((r) => /"res":"?(-?\d+)/.exec(r.evt_args_json as string)?.[1])).toEqual(digits)
    const found = await sql(`select count(*) n from ${sqlText(path('r.parquet'))} where evt_rawres = 9007199254740993`)
    expect(Number(found[0]?.n)).toBe(1)
    expect(columnOf(readArrow(readFileSync(path('r.arrows'))).batches, 'evt_rawres')).toEqual(RESULTS)
  })

  test('are compared exactly by filters', () => {
    for (const field of ['evt.rawres', 'evt.rawarg.res']) {
      const pass = (filter: string) => lines(['-r', file, '-p', '%evt.rawres', `${field}${filter}`])
      expect(pass('=9007199254740993')).toEqual(['9007199254740993'])
      expect(pass('>9007199254740992')).toEqual(['9007199254740993', '9223372036854775807'])
      expect(pass(' in (9007199254740992, 9223372036854775807)')).toEqual(['9007199254740992', '9223372036854775807'])
    }
  })

  test('survive in a .scap file', () => {
    ksys(['-r', file, '-w', path('r.scap')])
    const own = scapEvents(path('r.scap')).filter((e) => e.code === LSEEK_X)
    expect(own.map((e) => e.params[0]?.readBigInt64LE())).toEqual(RESULTS)
    expect(lines(['-r', path('r.scap'), '-p', '%evt.rawres', 'evt.type=lseek'])).toEqual(digits)
  })
})

describe('data of a call that exceeds its row', () => {
  const text = (n: number) =>
    Array.from({ length: Math.ceil(n / 8) }, (_, i) => `${String(i).padStart(7, '0')}\n`)
      .join('')
      .slice(0, n)
  const SIZES = [59_999, 60_000, 60_001, 102_400, 1 << 20]
  let file = ''
  beforeAll(async () => {
    const row = (n: number): RowSpec => ({
      ...{ type: 'sendmsg', ret: n, stack: 7 },
      params: { fd: 3, size: n, data: text(n), tuple: new Uint8Array([0]) },
    })
    file = await trace('data.ksys', SIZES.map(row))
  })

  test('is read completely from a trace', () => {
    const found = lines(['-r', file, '-b', '-p', '%evt.arg.data'])
    expect(found.map((l) => Buffer.from(l, 'base64').toString())).toEqual(SIZES.map(text))
  })

  test('is searched completely by filters', () => {
    expect(lines(['-r', file, '-p', '%evt.rawres', 'evt.buffer contains 0012345'])).toEqual(['102400', '1048576'])
  })

  test('has correct offsets beyond 64 KB with -X', () => {
    const dump = lines(['-r', file, '-X', 'evt.rawres=102400'])
    expect(dump.filter((l) => /^\s*0x(fff0|10000):/.test(l)).map((l) => l.trim().split(':')[0])).toEqual([
      '0xfff0',
      '0x10000',
    ])
  })

  test('is cut in a .scap file to what its events can contain, and ksys reports how much it omitted', () => {
    const ran = ksys(['-r', file, '-w', path('data.scap')])
    const data = scapEvents(path('data.scap')).flatMap((e) => e.params.filter((p) => p.length > 50_000))
    expect(data.map((d) => text(d.length) === d.toString())).toEqual(SIZES.map(() => true))
    expect(data.map((d) => d.length)).toEqual([59_999, 60_000, 60_001, expect.any(Number), expect.any(Number)])
    for (const d of data.slice(3)) expect(d.length).toBeGreaterThan(64_000)
    // the tuples of both follow their data
    const left = 2 + SIZES.reduce((a, b) => a + b) - data.reduce((a, d) => a + d.length, 0)
    expect(ran.stderr).toContain(`${left} bytes of arguments were omitted`)
  })
})
