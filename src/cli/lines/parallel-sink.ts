// Prints the lines of a file with the help of another thread, which reads the file too: most of the time goes into formatting.
import { Worker } from 'node:worker_threads'
import { ByteWriter } from '../../format/bytes/byte-writer.js'
import type { Absence } from '../../format/template/absences.js'
import type { Template } from '../../format/template/template.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/parse.js'
import type { Output } from '../output/stdout.js'
import { tell } from '../run/report.js'
import { OrderedWriter } from './ordered-writer.js'
import { PIECE, PortionSink } from './portion-sink.js'
import { PORTION, SharedSlots } from './shared-slots.js'

/** Bytes that may wait here for lines that come before them. */
const MOST_WAITING = 4 << 20

/** What the worker is started with. */
export interface WorkerStart {
  readonly settings: Settings
  readonly path: string
  readonly memory: SharedArrayBuffer
}

/** The worker's next piece, of a portion, up to its line `lines` (0: not known), or at the end of its file what it left out. */
export type Handed =
  | { readonly portion: number; readonly lines: number; readonly piece: number; readonly length: number }
  | { readonly absences: readonly Absence[] }

export class ParallelLineSink extends PortionSink {
  private readonly order: OrderedWriter
  private worker: Worker | undefined
  /** what the worker left out, at the end of its file */
  private helped: readonly Absence[] = []
  /** the worker has not come to the file's end */
  private helping = false
  private failure: Error | undefined
  private arrived = () => {}
  /** writers that nothing waits in, and bytes in the others */
  private readonly spare: ByteWriter[] = []
  private waiting = 0
  private due = false
  /** the worker's file ended before ours */
  private cut = false

  constructor(
    template: Template,
    private readonly settings: Settings,
    private readonly path: string,
    out: Output,
    /** whether it is time to start the worker, after so many lines; asked now and then */
    private readonly worth: (lines: number) => boolean,
  ) {
    super(template, new SharedSlots())
    this.order = new OrderedWriter(out)
  }

  get full(): boolean {
    return this.due || this.bytes.length >= PIECE
  }

  protected override passed(): void {
    this.due = true
    if (this.worker === undefined && this.worth((this.portion + 1) * PORTION)) this.start()
  }

  protected override hand(): void {
    const writer = this.bytes
    if (this.cut) {
      writer.clear()
      return
    }
    const bytes = writer.view()
    this.waiting += bytes.length
    const release = () => {
      this.waiting -= bytes.length
      writer.clear()
      this.spare.push(writer)
    }
    this.order.put(this.portion, this.lines, { bytes, release })
    this.bytes = this.spare.pop() ?? new ByteWriter(PIECE + 65536)
  }

  async flush(): Promise<void> {
    this.due = false
    if (this.mine && this.bytes.length > 0) this.hand()
    // messages are delivered between two turns of the event loop
    if (this.helping) await new Promise(setImmediate)
    await this.order.write(this.portion, this.lines)
    while (this.waiting > MOST_WAITING && !this.cut) {
      await this.arrival()
      await this.order.write(this.portion, this.lines)
    }
  }

  async end(): Promise<void> {
    if (this.mine) this.hand()
    while (!(await this.order.write(this.portion, this.lines)) && !this.cut) await this.arrival()
    await this.order.settle()
  }

  /** Waits until the worker has told what it left out. */
  async absences(): Promise<readonly Absence[]> {
    if (this.template.absences.length === 0) return []
    while (this.helping && this.failure === undefined && !this.cut) await this.arrival()
    return [...this.template.absences, ...this.helped]
  }

  /** Ends the worker. */
  async close(): Promise<void> {
    await this.worker?.terminate()
  }

  private start(): void {
    const workerData: WorkerStart = { settings: this.settings, path: this.path, memory: this.share.memory }
    this.worker = new Worker(new URL('./line-worker.js', import.meta.url), { workerData })
    this.helping = true
    this.worker.on('message', (handed: Handed) => {
      if ('absences' in handed) {
        this.helping = false
        this.helped = handed.absences
      } else {
        const bytes = this.share.slot(handed.piece, handed.length)
        this.order.put(handed.portion, handed.lines, { bytes, release: () => this.share.written() })
      }
      this.arrived()
    })
    this.worker.on('error', (e) => {
      this.failure = e
      this.arrived()
    })
  }

  /** Waits until the worker has handed over more. */
  private async arrival(): Promise<void> {
    if (this.failure !== undefined)
      throw new CliError(EXIT.input, `${this.path} cannot be read to its end: ${this.failure.message}`)
    if (this.helping)
      await new Promise<void>((arrived) => {
        this.arrived = arrived
      })
    else {
      this.cut = true
      tell(`ksys: ${this.path} has grown while it was read: its last events are not printed`)
    }
  }
}
