// Files that one recorder has written from its memory, read together: nothing is lost or shown twice.
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROW } from '../../../src/model/batch.js'
import { batchNs } from '../../../src/model/time.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER, KIND } from '../../../src/trace/format.js'
import { Output } from '../../../src/trace/index.js'
import { MemoryTrace } from '../../../src/trace/memory-trace.js'
import { TraceDump } from '../../../src/trace/trace-dump.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, readAll, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()
const ROWS = 1000
const STATS = { events: 0, lost: 0, late: 0 }

/** A recorder that retains 20 s, reads the given number of seconds before each of its files, and its files. */
async function recorder(name: string, seconds: readonly number[], trigger?: number): Promise<string[]> {
  const folder = at(name)
  mkdirSync(folder)
  const memory = MemoryTrace.open(INFO, { bytes: 1 << 26, time: 20e9 }, () => STATS)
  memory.keyframe(NOTHING)
  const paths: string[] = []
  let k = 0
  for (const [i, until] of seconds.entries()) {
    for (; k < until; k++) {
      const rows = someRows(ROWS, k + 1).map((r, j) => ({ ...r, num: k * ROWS + j + 1, time: k * 1e9 + j * 1000 }))
      await memory.write(makeBatch(rows))
      if (memory.keyframeDue) memory.keyframe(NOTHING)
      await memory.flush()
    }
    const path = join(folder, `x-${i}.ksys`)
    const info = i === trigger ? { ...INFO, trigger: batchNs(1) } : INFO
    const dump = await TraceDump.start(memory, memory.hold(), await Output.open(path), { info, stats: () => STATS })
    await dump.finish()
    await dump.run()
    paths.push(path)
  }
  await memory.close()
  return paths
}

async function read(path: string) {
  const source = await openTrace(path)
  const rows = await readAll(source)
  const { damage, repeated } = source
  await source.close()
  const { events } = source.stats()
  const shown = rows.filter((r) => (r.flags & ROW.HIDDEN) === 0)
  return { nums: shown.map((r) => r.num as number), damage, repeated, events }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i + 1)

/** The offset of a file's block of events, counted from 0. */
function blockAt(bytes: Buffer, nth: number): number {
  for (let offset = FILE_HEADER, n = 0; ; ) {
    const header = blockHeader(bytes.subarray(offset))!
    if (header.kind === KIND.EVENTS && n++ === nth) return offset
    offset += header.total
  }
}

test.each([
  ['the same place', [5, 9, 12], undefined],
  ['different places', [30, 40, 44, 60], undefined],
  ['different places, one for a trigger', [30, 40, 44], 1],
] as const)('files that begin at %s', async (name, seconds, trigger) => {
  const paths = await recorder(name.replace(/\W/g, ''), seconds, trigger)
  const alone = await Promise.all(paths.map(read))
  const nums = [...new Set(alone.flatMap((a) => a.nums))].sort((a, b) => a - b)
  const together = await read(join(paths[0] as string, '..'))
  expect(together).toMatchObject({ nums, damage: [], repeated: true, events: nums.length })
  // overlapping, so that everything from the first one on is included
  expect(nums).toEqual(numbers((nums[0] as number) - 1, (seconds.at(-1) as number) * ROWS))
})

test('events that a file lost by damage or truncation are shown from the file that has them', async () => {
  const [first, second] = (await recorder('damaged', [10, 15, 20])) as [string, string, string]
  const bytes = readFileSync(first)
  const damaged = blockAt(bytes, 3)
  const { total } = blockHeader(bytes.subarray(damaged))!
  bytes.fill(0xff, damaged + BLOCK_HEADER, damaged + total)
  writeFileSync(first, bytes)
  truncateSync(second, blockAt(readFileSync(second), 12))
  const together = await read(join(first, '..'))
  expect(together.nums.sort((a, b) => a - b)).toEqual(numbers(0, 20 * ROWS))
})

test('two recorders that started at the same time are distinguished', async () => {
  const [a] = (await recorder('one', [3])) as [string]
  const [b] = (await recorder('two', [3])) as [string]
  writeFileSync(join(a, '..', 'y.ksys'), readFileSync(b))
  expect(await read(join(a, '..'))).toMatchObject({ repeated: false, events: 6 * ROWS })
})
