// Writing .scap files: what passes becomes events of other tools, a file in two goes where it can be read twice.
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { Loop, type LoopOptions } from '../../run/loop.js'
import type { Sink } from '../../run/sink.js'
import type { ScapWriter } from '../../scap/write/writer.js'
import { CODE } from '../../schema/codes.js'
import type { CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { statesOf } from '../../state/states.js'

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

/** What of a source is written; everything when undefined. */
type Part = (
  states: readonly State[],
  first: { time: number | undefined },
) => Omit<LoopOptions, 'source' | 'states' | 'sinks' | 'first'>

/**
 * Lets a writer look through all rows that it will be given, and closes the source. A row is a call that has ended: its
 * beginning, an event of its own, may stand far before it.
 */
export class Scout {
  private stopped = false
  private loop: Loop | undefined

  constructor(
    private readonly writer: ScapWriter,
    private readonly source: CaptureSource,
  ) {}

  stop(): void {
    this.stopped = true
    this.loop?.stop()
  }

  async run(part: Part | undefined): Promise<void> {
    const { source } = this
    try {
      await (part === undefined ? this.all() : this.some(part))
    } finally {
      source.stop()
      await source.close()
    }
  }

  private async all(): Promise<void> {
    while (!this.stopped) {
      const batch = await this.source.next()
      if (batch === undefined) return
      this.writer.scout(batch, undefined)
    }
  }

  private async some(part: Part): Promise<void> {
    const { source, writer } = this
    const states = statesOf(source)
    const first: { time: number | undefined } = { time: undefined }
    const sinks: Sink[] = [{ batch: (batch, keep) => writer.scout(batch, keep) }]
    this.loop = new Loop({ ...part(states, first), source, states, sinks, first })
    if (!this.stopped) await this.loop.run(await source.snapshot())
  }
}
