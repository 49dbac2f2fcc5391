// One run over a capture, a file or live: its source, the state of each of its hosts, what fields are read with, and the loop. Clients open the
// source with its stages (open.ts, machine.ts) and bring the sinks.
import { type FieldContext, PLAIN } from '../fields/field.js'
import type { Snapshot } from '../model/snapshot.js'
import { NamespaceWatch } from '../redact/namespace-watch.js'
import type { CaptureInfo, CaptureSource, CaptureStats } from '../source/source.js'
import type { State } from '../state/state.js'
import { statesOf } from '../state/state.js'
import { contextOf, type RunStyle } from './context.js'
import { Loop, type LoopOptions } from './loop.js'

export type RunOptions = Omit<LoopOptions, 'source' | 'states' | 'first'> & {
  /** shows how far the run is; ended before anything else is printed about it */
  readonly progress?: { tick(): void; end(finished: boolean): void }
}

export interface RunStart {
  /** of a run over a part of a capture: batch time (ns) of the capture's first event */
  readonly first?: { time: number | undefined } | undefined
  /** takes sentences about the namespace that alone may be shown; undefined: the client reports on it */
  readonly tell?: ((sentence: string) => void) | undefined
}

export class CaptureRun {
  readonly states: readonly State[]
  readonly ctx: FieldContext
  /** batch time (ns) of the first event, shown or not; undefined before it has come */
  readonly first: { time: number | undefined }
  /** what exists at the start, once begin() was fulfilled */
  snapshot!: Snapshot
  /** undefined before run() */
  loop: Loop | undefined
  /** stop() was called */
  isStopped = false
  private ended = false
  private readonly namespace: NamespaceWatch | undefined

  constructor(
    readonly source: CaptureSource,
    readonly style: RunStyle = { format: PLAIN },
    { first = { time: undefined }, tell }: RunStart = {},
  ) {
    this.first = first
    this.states = statesOf(source)
    this.ctx = contextOf(style, source.info, this.states, first)
    this.namespace = tell && NamespaceWatch.of(source, tell)
  }

  get info(): CaptureInfo {
    return this.source.info
  }

  get isLive(): boolean {
    return this.info.kind === 'live'
  }

  /** Learns what exists at the start. Sinks that need it are opened afterwards. */
  async begin(): Promise<void> {
    this.snapshot = await this.source.snapshot()
  }

  /** Of the run so far. */
  stats(): CaptureStats {
    return (this.loop ?? this.source).stats()
  }

  /** Runs to the end of the source, a limit or stop(), and ends the sinks. Throws what sources and sinks throw. */
  async run({ progress, onBatch, ...options }: RunOptions): Promise<Loop> {
    const { source, states, first, namespace } = this
    const loop = new Loop({
      ...options,
      source,
      states,
      first,
      onBatch: () => {
        progress?.tick()
        namespace?.tick()
        onBatch?.()
      },
    })
    this.loop = loop
    if (this.isStopped) loop.stop()
    try {
      await loop.run(this.snapshot)
    } catch (e) {
      progress?.end(false)
      throw e
    }
    progress?.end(true)
    this.end()
    return loop
  }

  /** Reports what is known at the end; run() does. */
  end(): void {
    if (!this.ended) this.namespace?.end()
    this.ended = true
  }

  /** Ends the run before the next batch, or before it begins. */
  stop(): void {
    this.isStopped = true
    this.loop?.stop()
  }

  async close(): Promise<void> {
    this.source.stop()
    await this.source.close()
  }
}
