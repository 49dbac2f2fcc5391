// A misleading index is ignored: everything is read.
import { openSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { codec } from '../../../src/trace/codec.js'
import { BLOCK_HEADER, blockHeader, FILE_HEADER, KIND, trailer } from '../../../src/trace/format.js'
import { TraceWriter } from '../../../src/trace/index.js'
import type { IndexEntry } from '../../../src/trace/index-block.js'
import { Input } from '../../../src/trace/input.js'
import { pack } from '../../../src/trace/pack.js'
import { indexOf } from '../../../src/trace/read-range.js'
import { makeBatch } from '../../helpers/rows.js'
import { INFO, NOTHING, payloadOf, scratch, someRows } from '../../helpers/trace.js'

const at = scratch()

/** A trace of three blocks of events with a given index. */
async function withIndex(name: string, change: (entries: IndexEntry[]) => IndexEntry[]): Promise<string> {
  const plain = at(`${name}.plain`)
  const writer = await TraceWriter.open(plain, { info: INFO, existing: NOTHING })
  for (let i = 0; i < 3; i++) {
    await writer.write(makeBatch(someRows(10, i + 1)))
    await writer.flush()
  }
  await writer.close({ events: 30, lost: 0, late: 0 })
  const bytes = readFileSync(plain)
  const entries: IndexEntry[] = []
  let end = FILE_HEADER
  for (;;) {
    const header = blockHeader(bytes.subarray(end))!
    if (header.kind === KIND.INDEX) break
    const head = bytes.subarray(end, end + BLOCK_HEADER + header.summaryBytes)
    if (header.kind === KIND.EVENTS) entries.push({ offset: end, head })
    end += header.total
  }
  const path = at(name)
  const file = new (codec().TraceFile)(openSync(path, 'w'), true, 1)
  await file.raw(bytes.subarray(0, end))
  const blocks = change(entries).map((e) => [e.offset, e.head])
  await file.payload(KIND.INDEX, 0, payloadOf(pack({ previous: -1, blocks })), 0, 0)
  const { offset } = await file.payload(KIND.END, 5, payloadOf(pack({ stats: {}, index: end })), 0, 0)
  await file.raw(trailer(offset))
  return path
}

test.each<[string, boolean, (entries: IndexEntry[]) => IndexEntry[]]>([
  ['as it was written', true, (e) => e],
  ['backwards', false, (e) => e.reverse()],
  ['in circles', false, (e) => [...e, e[0]!]],
  ['out of the file', false, (e) => [...e, { ...e[0]!, offset: 1e9 }]],
  ['into what it is the index of', false, (e) => [{ ...e[0]!, offset: 0 }, ...e]],
])('%s', async (name, known, change) => {
  const input = await Input.open(await withIndex(name, change), 4096)
  expect((await indexOf(input))?.entries.length).toBe(known ? 3 : undefined)
  await input.close()
})
