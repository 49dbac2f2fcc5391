// Writing .scap files: what passes becomes events of other tools, a file in two goes where it can be read twice.
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun, RunOptions } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import type { ScapWriter } from '../../scap/write/writer.js'
import { CODE } from '../../schema/codes.js'
import type { State } from '../../state/state.js'

/** Writes events to a .scap file. */
export class ScapSink implements Sink {
  constructor(
    private readonly writer: ScapWriter,
    private readonly state: State,
  ) {}

  /** Threads begin with a row of ksys's own. */
  hidden(e: Event): void {
    if (e.type !== CODE.ks_fork) return
    const made = this.state.threads.get(e.numberOf('tid') ?? -1)
    if (made !== undefined) this.writer.birth(e, made)
  }

  batch(batch: EventBatch, keep: Uint8Array): Promise<void> | undefined {
    return this.writer.write(batch, keep)
  }

  flush(): void {
    this.writer.flush()
  }

  get awaited(): number {
    return this.writer.awaited
  }

  end(): Promise<void> {
    return this.writer.close()
  }
}

/**
 * Lets a writer look through all rows that it will be given. A row is a call that has ended: its beginning, an event of its own, may
 * stand far before it.
 */
export class Scout {
  private stopped = false

  constructor(
    private readonly writer: ScapWriter,
    private readonly run: CaptureRun,
  ) {}

  stop(): void {
    this.stopped = true
    this.run.stop()
  }

  /** Looks through every row. */
  async all(): Promise<void> {
    while (!this.stopped) {
      const batch = await this.run.source.next()
      if (batch === undefined) return
      this.writer.scout(batch, undefined)
    }
  }

  /** Looks through the rows that pass. */
  async passing(options: Omit<RunOptions, 'sinks'>): Promise<void> {
    const { run, writer } = this
    await run.begin()
    await run.run({ ...options, sinks: [{ batch: (batch, keep) => writer.scout(batch, keep) }] })
  }
}
