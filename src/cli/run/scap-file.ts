// The .scap file that a run writes: each input overwrites it. An input that can be read twice is scanned first.
import { CaptureRun } from '../../run/capture-run.js'
import { omissionNotes, ScapSink, Scout, scapWriterFor } from '../../run/write/scap-sink.js'
import { isScapName } from '../../scap/kind.js'
import type { ScapWriter } from '../../scap/write/writer.js'
import type { Waiting } from '../../source/files.js'
import { canReadTwice } from '../../source/rotation-files.js'
import type { CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import type { Settings } from '../options/settings.js'
import { loopOptions, type Query, styleOf } from '../query/query.js'
import { printMessage } from './report.js'

export class ScapFile {
  /** for the input being read */
  private writer: ScapWriter | undefined

  private constructor(
    private readonly path: string,
    private readonly s: Settings,
    private readonly q: Query,
  ) {}

  /** The .scap file that -w names; undefined: -w is absent or another format. */
  static of(s: Settings, q: Query): ScapFile | undefined {
    return s.write !== undefined && isScapName(s.write) ? new ScapFile(s.write, s, q) : undefined
  }

  /**
   * Whether enter events are separate rows. A .scap file contains both directions; those of another .scap file are copied as they are,
   * unless a filter could pass only one of them.
   */
  get bothDirections(): boolean {
    return this.s.enter || this.q.filter === undefined
  }

  /**
   * Scans an input that can be read twice; limit: maximum number of events. `started` is called with a function that stops the scan. The
   * sources that `open` returns are closed.
   */
  async scout(
    path: string,
    open: () => Promise<CaptureSource>,
    limit: number | undefined,
    started: (stop: () => void) => void,
  ): Promise<void> {
    this.writer = undefined
    if (!canReadTwice(path)) return
    const { s, q } = this
    const source = await open()
    this.writer = await this.writerFor(source)
    // the order is already right if calls are two rows
    if (this.writer.keepsOrder) return source.close()
    const run = new CaptureRun(source, styleOf(s))
    const scout = new Scout(this.writer, run)
    started(() => run.stop())
    try {
      if (q.filter === undefined && s.seconds === undefined && limit === undefined) await scout.all()
      else await scout.passing({ ...loopOptions(s, q, run.ctx), limit })
    } finally {
      await run.close()
    }
  }

  /** Starts the file with the state at the start of the capture. Rejects with WriteError. */
  async sink({ source, states, snapshot }: CaptureRun, waiting: Waiting): Promise<ScapSink> {
    this.writer ??= await this.writerFor(source)
    await this.writer.open(snapshot, waiting, this.s.belonging)
    return new ScapSink(this.writer, states[0] as State)
  }

  /** Reports events that the format cannot represent. */
  reportOmitted(): void {
    if (this.writer === undefined) return
    for (const sentence of omissionNotes(this.path, this.writer)) printMessage(`ksys: ${sentence}`)
  }

  private writerFor(source: CaptureSource): Promise<ScapWriter> {
    const { compress, scapSchema } = this.s
    const { bothDirections } = this
    return scapWriterFor(this.path, source, { bothDirections, packed: compress, schema: scapSchema })
  }
}
