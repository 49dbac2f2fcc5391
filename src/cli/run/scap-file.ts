// The file for other tools that a run writes: each input is written anew, and looked through before where it can be read twice.
import { CaptureRun } from '../../run/capture-run.js'
import { leftOutOf, ScapSink, Scout, scapWriterFor } from '../../run/write/scap-sink.js'
import { isScapName } from '../../scap/kind.js'
import type { ScapWriter } from '../../scap/write/writer.js'
import type { Waiting } from '../../source/files.js'
import { canReadTwice } from '../../source/rotation-files.js'
import type { CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import type { Settings } from '../options/parse.js'
import { loopOptions, type Query, styleOf } from '../query/query.js'
import { tell } from './report.js'

export class ScapFile {
  /** of the input that is being read */
  private writer: ScapWriter | undefined

  private constructor(
    private readonly path: string,
    private readonly s: Settings,
    private readonly q: Query,
  ) {}

  /** The one that -w names; undefined: it names none, or a trace. */
  static of(s: Settings, q: Query): ScapFile | undefined {
    return s.write !== undefined && isScapName(s.write) ? new ScapFile(s.write, s, q) : undefined
  }

  /**
   * Whether beginnings of calls are rows of their own. The file has both directions: of another one it takes them as they are,
   * but where a filter could pass only one of them.
   */
  get bothDirections(): boolean {
    return this.s.enter || this.q.filter === undefined
  }

  /**
   * Looks through an input that can be read twice; limit: of events. `begun` is given what ends it early. The sources that
   * `open` makes are closed.
   */
  async scout(
    path: string,
    open: () => Promise<CaptureSource>,
    limit: number | undefined,
    begun: (stop: () => void) => void,
  ): Promise<void> {
    this.writer = undefined
    if (!canReadTwice(path)) return
    const { s, q } = this
    const source = await open()
    this.writer = await this.writerFor(source)
    // calls that are two rows already keep their order
    if (this.writer.keepsOrder) return source.close()
    const run = new CaptureRun(source, styleOf(s))
    const scout = new Scout(this.writer, run)
    begun(() => run.stop())
    try {
      if (q.filter === undefined && s.seconds === undefined && limit === undefined) await scout.all()
      else await scout.passing({ ...loopOptions(s, q, run.ctx), limit })
    } finally {
      await run.close()
    }
  }

  /** Begins the file with what existed when the capture began. Rejects with WriteError. */
  async sink({ source, states, snapshot }: CaptureRun, waiting: Waiting): Promise<ScapSink> {
    this.writer ??= await this.writerFor(source)
    await this.writer.open(snapshot, waiting, this.s.belonging)
    return new ScapSink(this.writer, states[0] as State)
  }

  /** Tells what of the capture the file has no place for. */
  tellLeftOut(): void {
    if (this.writer === undefined) return
    for (const sentence of leftOutOf(this.path, this.writer)) tell(`ksys: ${sentence}`)
  }

  private writerFor(source: CaptureSource): Promise<ScapWriter> {
    const { compress, scapSchema } = this.s
    const { bothDirections } = this
    return scapWriterFor(this.path, source, { bothDirections, packed: compress, schema: scapSchema })
  }
}
