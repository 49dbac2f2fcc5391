// --scap-schema: each event of a .scap file has as many parameters as the selected version of libs declares, and libs reads what follows.
import { beforeAll, describe, expect, test } from 'vitest'
import { parseArgs } from '../../src/cli/options/parse.js'
import { SCAP_SCHEMAS } from '../../src/scap/write/schemas.js'
import { ksys } from '../helpers/ksys.js'
import type { RowSpec } from '../helpers/rows.js'
import { scapEvents } from '../helpers/scap-events.js'
import { scapWriter, writeRows } from '../helpers/scap-writer.js'
import { NOTHING, scratch } from '../helpers/trace.js'
import { buildLibs, libsPrints, notHere } from './libs-judge.js'

const path = scratch()
const [FCNTL_E, FCNTL_X, SOCKET_X, EXECVEAT_E, EXECVEAT_X] = [150, 151, 19, 330, 331]
const [CLOSE_RANGE_X, KEYCTL_X, GENERIC_X] = [451, 453, 1]

/** Calls that differ between versions of libs; the last one shows that a reader has continued. */
const ROWS: readonly RowSpec[] = (
  [
    { type: 'fcntl', ret: 0, params: { fd: 3, cmd: 2, arg: 1 } },
    { type: 'socket', ret: 4, params: { domain: 2, type: 1, proto: 0 } },
    { type: 'close_range', ret: 0, params: { first: 100, last: 200, flags: 0 } },
    { type: 'keyctl', ret: 1, params: {} },
    { type: 'execveat', ret: 0, params: { exe: 'true', comm: 'true', filename: '/bin/true', tid: 1, pid: 1, ptid: 1 } },
    { type: 'getppid', ret: 1 },
  ] satisfies RowSpec[]
).map((row, i) => ({ ...row, tid: 1, time: 10 + 10 * i, latency: 5 }))

async function written(version: string): Promise<string> {
  const file = path(`${version}.scap`)
  const writer = scapWriter(file, { schema: SCAP_SCHEMAS.find((s) => s.name === version) })
  await writer.open(NOTHING)
  await writeRows(writer, ROWS)
  await writer.close()
  return file
}

/** Codes with their numbers of parameters. */
async function countsOf(version: string): Promise<Record<number, number>> {
  return Object.fromEntries(scapEvents(await written(version)).map((e) => [e.code, e.params.length]))
}

test('without a version, events have the parameters of libs 0.22, which newer ones convert', async () => {
  const counts = await countsOf(SCAP_SCHEMAS[0].name)
  expect(counts).toMatchObject({ [FCNTL_E]: 2, [FCNTL_X]: 3, [SOCKET_X]: 4, [EXECVEAT_E]: 3, [EXECVEAT_X]: 30 })
  expect(counts[CLOSE_RANGE_X]).toBeUndefined()
  expect(counts[GENERIC_X]).toBe(2)
  const { code, stderr } = ksys(['-r', path('0.22.scap'), '-p', '*%evt.type'])
  expect([code, stderr]).toEqual([0, ''])
})

test('with libs 0.25, events have all of its parameters, and its new events', async () => {
  const counts = await countsOf('0.25')
  expect(counts).toMatchObject({ [FCNTL_X]: 4, [SOCKET_X]: 5, [EXECVEAT_E]: 3, [EXECVEAT_X]: 30 })
  expect(counts).toMatchObject({ [CLOSE_RANGE_X]: 4, [KEYCTL_X]: 6 })
  // libs has no declaration for their starts
  expect(counts[CLOSE_RANGE_X - 1]).toBeUndefined()
})

test('the option is for .scap files only', () => {
  const chosen = ['-r', 'x.ksys', '--scap-schema', '0.25']
  expect(parseArgs([...chosen, '-w', 'x.scap.gz']).scapSchema).toBe(SCAP_SCHEMAS[1])
  for (const args of [[], ['-w', 'x.ksys'], ['-w', 'x.csv'], ['-w', 'x.scap', '--to', 'csv']])
    expect(() => parseArgs([...chosen, ...args])).toThrow('--scap-schema requires -w NAME.scap')
  expect(() => parseArgs(['-w', 'x.scap', '--scap-schema', '0.1'])).toThrow(/0\.22.*0\.25/)
  expect(ksys(['cut', 'x.ksys', '-w', 'y.ksys', '--scap-schema', '0.25', '-n', '1'])).toMatchObject({ code: 2 })
})

describe.skipIf(notHere !== undefined)(`libs itself${notHere === undefined ? '' : ` is not asked: ${notHere}`}`, () => {
  let program = ''
  beforeAll(() => {
    program = buildLibs()
  }, 120_000)

  test('reads a file of the default version to its end', async () => {
    const file = await written(SCAP_SCHEMAS[0].name)
    const lines = [...(await libsPrints(program, file, '*%evt.num %evt.dir %evt.type')).values()]
    const ended = lines.flatMap((line) => / < (\w+)$/.exec(line.trim())?.[1] ?? [])
    expect(ended).toEqual(expect.arrayContaining(['fcntl', 'socket', 'execveat', 'getppid']))
  })
})
