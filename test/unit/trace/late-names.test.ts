// A trace in which a container gets its name after some of its events, between blocks and keyframes: read from a file, all of its events have the name.
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { ROW } from '../../../src/model/batch.js'
import { unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { ksys } from '../../helpers/ksys.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, scratch } from '../../helpers/trace.js'
import { shell, thread } from '../state/world.js'

const ID = 'a'.repeat(64)
const at = scratch()
const path = at('late.ksys')
const FORMAT = '*%evt.type %container.name %container.image'

const metadata = (name: string): RowSpec => ({
  type: 'container',
  tid: -1,
  pid: -1,
  flags: ROW.STATE,
  params: { json: containerJson({ ...unnamed(ID, 'docker'), name, image: 'late/web:1' }) },
})
const opens: RowSpec = { tid: 200, type: 'openat', ret: 3, flags: ROW.STATE, params: { name: '/x' } }
const reads: RowSpec = { tid: 200, type: 'getppid', ret: 1 }

beforeAll(async () => {
  const s = shell()
  const existing = { ...s, threads: [...s.threads, thread(200, { cgroups: [`cpu=/docker/${ID}`], fds: [] })] }
  const writer = await TraceWriter.open(path, { info: INFO, existing })
  let num = 0
  const blocks = [[opens, reads], [reads], [reads, metadata('web'), reads], [reads, metadata('shop-front')], [reads]]
  for (const [k, rows] of blocks.entries()) {
    const numbered = rows.map((r) => ({ ...r, num: ++num, time: num * 1000 }))
    await writer.write(makeBatch(numbered))
    await writer.flush()
    if (k === 1) writer.keyframe(existing)
  }
  await writer.close({ events: num, lost: 0, late: 0 })
})

const lines = (file: string, filter: string[], how: { env?: Record<string, string>; input?: Buffer } = {}) => {
  const run = ksys(['-r', file, '-p', FORMAT, ...filter], how)
  return run.stdout.trimEnd().split('\n')
}
const ALL = [
  ...['openat web', 'getppid web', 'getppid web', 'getppid web', 'container web', 'getppid web', 'getppid web'],
  ...['container shop-front', 'getppid shop-front'],
].map((line) => `${line} late/web:1`)

test('the name is known from the first event on, and a later name from its event on', () => {
  expect(lines(path, [])).toEqual(ALL)
  expect(lines(path, [], { env: { KSYS_READ: 'all' } })).toEqual(ALL)
})

test('also for filters, wherever reading starts', () => {
  expect(lines(path, ['container.name=web and evt.type!=container'])).toEqual(
    ALL.slice(0, 7).filter((l) => !/^con/.test(l)),
  )
  expect(lines(path, ['container.name=web and evt.num>=3 and evt.type=getppid'])).toEqual(
    ALL.slice(2, 7).filter((l) => !/^con/.test(l)),
  )
  expect(lines(path, ['container.image=late/web:1 and evt.type=openat'])).toEqual(ALL.slice(0, 1))
})

test('also without an index; from a pipe it is known once it was recorded', () => {
  const cut = at('cut.ksys')
  writeFileSync(cut, readFileSync(path).subarray(0, -60))
  expect(lines(cut, [])).toEqual(ALL)
  const piped = lines('-', [], { input: readFileSync(path) })
  expect(piped.slice(0, 4)).toEqual(['openat <NA> <NA>', ...new Array(3).fill('getppid <NA> <NA>')])
  expect(piped.slice(4)).toEqual(ALL.slice(4))
})
