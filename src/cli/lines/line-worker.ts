// The thread that helps to print a file: reads it as the command does, and formats the portions that it comes to first.
import { parentPort, workerData } from 'node:worker_threads'
import type { Absence } from '../../format/template/absences.js'
import { CaptureRun } from '../../run/capture-run.js'
import { openCapture } from '../../run/open.js'
import { lineTemplate } from '../output/format.js'
import { checkQuery, loopOptions, styleOf } from '../query/query.js'
import { requestOf } from '../query/read-request.js'
import type { Handed, WorkerStart } from './parallel-sink.js'
import { PIECE, PortionSink } from './portion-sink.js'
import { SharedSlots, SLOT } from './shared-slots.js'

const { settings: s, path, memory } = workerData as WorkerStart

class WorkerLineSink extends PortionSink {
  private pieces = 0

  get full(): boolean {
    return this.bytes.length >= PIECE
  }

  protected override hand(): void {
    const all = this.bytes.view()
    let from = 0
    do {
      const part = all.subarray(from, from + SLOT)
      from += part.length
      this.share.waitForSlot(this.pieces)
      this.share.slot(this.pieces).set(part)
      const lines = from < all.length ? 0 : this.lines
      const handed: Handed = { portion: this.portion, lines, piece: this.pieces++, length: part.length }
      parentPort?.postMessage(handed)
    } while (from < all.length)
    this.bytes.clear()
  }

  flush(): void {
    if (this.mine && this.bytes.length > 0) this.hand()
  }

  end(): void {
    if (this.mine) this.hand()
  }
}

/** Who cannot open the file does not help: the command has it open, or says why not. */
async function help(): Promise<void> {
  const q = checkQuery(s)
  const source = await openCapture(path, requestOf(s, q), s.redaction).catch(() => undefined)
  if (source === undefined) return
  const run = new CaptureRun(source, styleOf(s))
  const template = await lineTemplate(s, q, run.ctx)
  const sinks = [new WorkerLineSink(template, new SharedSlots(memory))]
  await run.begin()
  await run.run({ sinks, ...loopOptions(s, q, run.ctx) })
  await run.close()
  absences = template.absences
}

let absences: readonly Absence[] = []
await help()
const end: Handed = { absences }
parentPort?.postMessage(end)
