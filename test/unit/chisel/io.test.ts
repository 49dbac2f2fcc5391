// Input and output is counted the same way everywhere: by chisels, fields, metrics, comparisons and exports.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { overRows } from '../../helpers/chisel.js'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'
import { file, shell } from '../state/world.js'

const dir = scratchDir('io')
const recorded = (name: string) => join(root, `captures/${name}.ksys`)
const foreign = (name: string) => {
  const to = join(dir, `${name}.scap`)
  writeFileSync(to, gunzipSync(readFileSync(join(root, `test/golden/captures/${name}.scap.gz`))))
  return to
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const chisel = (capture: string, ...words: string[]): string[] =>
  ksys(['-r', capture, '-j', '-c', ...words])
    .stdout.split('\n')
    .filter((line) => line !== '')
/** The bytes of a table, all rows together. */
const ofTable = (capture: string, name: string, ...words: string[]): number =>
  sum(chisel(capture, name, ...words).flatMap((l) => (JSON.parse(l).data as (string | number)[][]).map(bytesOf)))
/** A row has one number that is not a process id: its last. */
const bytesOf = (row: readonly (string | number)[]): number => row.at(-1) as number
/** The bytes of `iobytes` or of one of its variants, over all seconds. */
const bySecond = (capture: string, name: string) => {
  const lines = chisel(capture, name).map((l) => JSON.parse(l) as { in: number; out: number; total: number })
  return { in: sum(lines.map((l) => l.in)), out: sum(lines.map((l) => l.out)), total: sum(lines.map((l) => l.total)) }
}
/** The sum of a field over the events that pass. */
const ofField = (capture: string, field: string, filter: string): number =>
  sum(
    ksys(['-r', capture, '-p', `%${field}`, filter])
      .stdout.split('\n')
      .map(Number),
  )

const FILTERS = { file: 'fd.type=file', net: 'fd.type in (ipv4, ipv6)' } as const
/** A filter for the processes in the table of this kind. A process that changed its name has a row for each name. */
const rowsOf = (capture: string, kind: string): string =>
  chisel(capture, `topprocs_${kind}`)
    .flatMap((l) => JSON.parse(l).data as [string, number, number][])
    .map(([name, pid]) => `proc.name="${name}" and proc.pid=${pid}`)
    .concat('proc.pid=0')
    .join(' or ')

describe.each([
  recorded('build'),
  recorded('shell'),
  recorded('web'),
  foreign('mix'),
  foreign('newest'),
  foreign('sample'),
])('%s', (capture) => {
  test('seconds, descriptors, calls and fields have the same bytes', () => {
    const all = bySecond(capture, 'iobytes')
    expect(all.total).toBeGreaterThan(0)
    expect(all.in + all.out).toBe(all.total)
    expect(ofTable(capture, 'fdbytes_by', 'evt.category')).toBe(all.total)
    expect(
      ofTable(capture, 'table_generator', 'evt.type', 'Call', 'evt.buflen', 'Bytes', 'evt.is_io=true', '1000', 'none'),
    ).toBe(all.total)
    expect(ofField(capture, 'evt.buflen.in', 'evt.is_io_read=true')).toBe(all.in)
    expect(ofField(capture, 'evt.buflen.out', 'evt.is_io_write=true')).toBe(all.out)
  })

  test('files and networks are the same in chisels by second and by process, and in the fields', () => {
    for (const kind of ['file', 'net'] as const) {
      const { total } = bySecond(capture, `iobytes_${kind}`)
      expect(ofTable(capture, 'fdbytes_by', 'evt.type', FILTERS[kind]), kind).toBe(total)
      const bytes = ofTable(capture, `topprocs_${kind}`)
      // the table has the first ten processes
      const others = ofTable(capture, 'fdbytes_by', 'proc.pid', `${FILTERS[kind]} and not (${rowsOf(capture, kind)})`)
      expect(bytes + others, kind).toBe(total)
      // a call on two descriptors is one line, which shows one side
      const [read, written] = [
        ofField(capture, `evt.buflen.${kind}.in`, 'evt.is_io_read=true'),
        ofField(capture, `evt.buflen.${kind}.out`, 'evt.is_io_write=true'),
      ]
      expect(read + written, kind).toBe(total)
    }
  })

  test('metrics have the same bytes in each direction', () => {
    const all = bySecond(capture, 'iobytes')
    const { stdout } = ksys(['metrics', '-r', capture, '--by', 'call'])
    const direction = (name: string) =>
      sum(
        [...stdout.matchAll(RegExp(`^ksys_syscall_bytes_total\\{.*direction="${name}".*\\} (\\d+)$`, 'gm'))].map((m) =>
          Number(m[1]),
        ),
      )
    expect({ in: direction('read'), out: direction('write') }).toEqual({ in: all.in, out: all.out })
  })
})

test('failed calls move no bytes, whatever their result, and a read with MSG_PEEK counts like any other', async () => {
  const snapshot = shell([file(3, '/a')])
  const rows = [
    { type: 'read', ret: 100, params: { fd: 3 } },
    { type: 'read', ret: -11, params: { fd: 3 } },
    { type: 'recvfrom', ret: 7, params: { fd: 3, flags: 2 } },
  ]
  for (const name of ['topfiles_bytes', 'topprocs_file']) {
    const { lines } = await overRows(name, rows, { snapshot, words: [] })
    expect(lines.at(-1)).toMatch(/^107B /)
  }
  expect((await overRows('iobytes', rows, { snapshot, words: [] })).lines.at(-1)).toMatch(/in:107 out:0 tot:107$/)
})

test('sysdig prints the bytes of mix.scap up to the last full second; the others are in its other tables', () => {
  const mix = foreign('mix')
  const theirs = (name: string) =>
    gunzipSync(readFileSync(join(root, `test/golden/expected/mix/${name}.txt.gz`))).toString()
  expect(theirs('chisel_iobytes')).toBe(
    `${ksys(['-r', mix, '-c', 'iobytes', 'evt.rawtime < "2026-11-24 23:41:00"']).stdout}`,
  )
  expect(theirs('chisel_fdbytes_by_fd.type').split('\n').at(2)?.trim()).toBe(
    ksys(['-r', mix, '-c', 'fdbytes_by', 'fd.type']).stdout.split('\n').at(2)?.trim(),
  )
})
