// Gives the events of a run to the file of a format for other tools.
import type { Export } from '../../export/format.js'
import { type CheckedFilter, compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../capture-run.js'
import type { Sink } from '../sink.js'

/** Bytes that go out in one piece. */
export const CHUNK = 256 * 1024
/** ms after which a reader has what has gathered */
const SECOND = 1000

/** Where what has gathered goes. */
export interface ExportOutput {
  readonly awaited: number
  flush(): Promise<void>
}

export interface ExportSinkOptions {
  /** calls in flight at the end are in the file where they pass it */
  readonly filter: CheckedFilter | undefined
  /** bytes that gather before they are written */
  readonly room: number
  /** somebody may read it while it is written */
  readonly isAwaited: boolean
}

export class ExportSink implements Sink {
  private ended = false
  /** performance.now() when what had gathered was written last */
  private released = performance.now()

  constructor(
    private readonly output: ExportOutput,
    private readonly made: Export,
    private readonly run: CaptureRun,
    private readonly options: ExportSinkOptions,
  ) {}

  begin(): void {
    const { made } = this
    const { ctx } = this.run
    const { filter } = this.options
    made.begin(ctx)
    if (made.inFlight === undefined) return
    const passes = filter === undefined ? () => true : compileChecked(filter, ctx).test
    for (const state of ctx.states)
      state.onInFlight = (call) => {
        if (passes(call)) made.inFlight?.(call)
      }
  }

  show(e: Event): void {
    this.made.show(e)
  }

  get full(): boolean {
    return this.made.out.length >= this.options.room
  }

  flush(): Promise<void> {
    const now = performance.now()
    if (this.options.isAwaited && now - this.released >= SECOND) {
      this.made.release?.()
      this.released = now
    }
    return this.output.flush()
  }

  get awaited(): number {
    return this.output.awaited
  }

  /** A run that fails may end it once more. */
  async end(): Promise<void> {
    if (!this.ended) this.made.end()
    this.ended = true
    await this.output.flush()
  }
}
