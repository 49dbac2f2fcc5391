// Output to a pipe with a slow reader: while the reader reads anything, an interrupted run continues to wait (signals.ts).
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MergedWriter } from '../../../src/merged/writer.js'
import { WrittenFile } from '../../../src/source/written-file.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { makeBatch } from '../../helpers/rows.js'
import { scapWriter, writeRows } from '../../helpers/scap-writer.js'
import { INFO, NOTHING, scratch } from '../../helpers/trace.js'

const path = scratch()
const STATS = { events: 0, lost: 0, late: 0 }
const START = { info: INFO, snapshot: NOTHING, defs: undefined }
/** 1.8 MB that do not compress */
const batch = makeBatch(
  Array.from({ length: 60 }, (_, i) => ({
    ...{ type: 'write', tid: 1, ret: 30_000, time: i, latency: 1 },
    params: { fd: 3, size: 30_000, data: randomBytes(30_000) },
  })),
)

interface Writing {
  readonly writer: { readonly awaited: number }
  /** Writes everything, and closes the writer. */
  readonly end: () => Promise<void>
}

const WRITERS: readonly (readonly [string, (fifo: string) => Promise<Writing>])[] = [
  [
    'a trace',
    async (fifo) => {
      const writer = await TraceWriter.open(fifo, { info: INFO, existing: NOTHING })
      const end = async () => {
        await writer.write(batch)
        await writer.close(STATS)
      }
      return { writer, end }
    },
  ],
  [
    'a .scap file',
    async (fifo) => {
      const writer = scapWriter(fifo)
      await writer.open(NOTHING)
      const end = async () => {
        await writeRows(writer, batch)
        await writer.close()
      }
      return { writer, end }
    },
  ],
  [
    'a file for other tools',
    async (fifo) => {
      const writer = await WrittenFile.open(fifo, false, {})
      const end = async () => {
        writer.write(randomBytes(2 << 20))
        await writer.close()
      }
      return { writer, end }
    },
  ],
  [
    'a trace of several hosts',
    async (fifo) => {
      const writer = await MergedWriter.open(fifo, [START, START], {})
      const end = async () => {
        for (const host of writer.hosts) {
          await host.write(batch)
          await host.close(STATS)
        }
        await writer.finish([0, 1])
      }
      return { writer, end }
    },
  ],
]

test.each(WRITERS)(
  '%s: the run waits again after each part that is read, until everything is written',
  async (name, open) => {
    const fifo = path(`${name}.fifo`)
    execFileSync('mkfifo', [fifo])
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
    const { writer, end } = await open(fifo)
    let ended = false
    const ending = end().finally(() => {
      ended = true
    })
    const waits = new Set<number>()
    while (!ended) {
      take(reader)
      waits.add(writer.awaited)
      await turn()
    }
    await ending
    closeSync(reader)
    expect(waits.size).toBeGreaterThan(5)
    expect(writer.awaited).toBe(0)
  },
)

const piece = Buffer.alloc(64 << 10)

/** Reads what is available, if anything is. */
function take(fd: number): void {
  try {
    readSync(fd, piece)
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EAGAIN') throw e
  }
}
