// A run over a capture, from a file or live: its source, the state of each host, the context for fields, and the loop.
// Clients open the source with its stages (open.ts, machine.ts) and provide the sinks.

import { type FieldContext, PLAIN } from '../fields/field.js'
import type { Snapshot } from '../model/snapshot.js'
import type { BatchNs } from '../model/time.js'
import { NamespaceWatch } from '../redact/namespace-watch.js'
import type { CaptureInfo, CaptureSource, CaptureStats } from '../source/source.js'
import type { State } from '../state/state.js'
import { statesOf } from '../state/state.js'
import { contextOf, type RunStyle } from './context.js'
import { Loop, type LoopOptions } from './loop.js'

export type RunOptions = Omit<LoopOptions, 'source' | 'states' | 'first'> & {
  /** shows the progress of the run; ended before anything else is printed about the run */
  readonly progress?: { tick(): void; end(finished: boolean): void }
}

interface RunStart {
  /** for a run over a range of a capture: batch time (ns) of the capture's first event */
  readonly first?: { time: BatchNs | undefined } | undefined
  /** called with notes about the visible namespace; undefined: the client reports on it */
  readonly report?: ((sentence: string) => void) | undefined
}

export class CaptureRun {
  readonly states: readonly State[]
  readonly ctx: FieldContext
  /** batch time (ns) of the first event, visible or not; undefined before it was read */
  readonly first: { time: BatchNs | undefined }
  /** the state at the start, once begin() was fulfilled */
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
    { first = { time: undefined }, report }: RunStart = {},
  ) {
    this.first = first
    this.states = statesOf(source)
    this.ctx = contextOf(style, source.info, this.states, first)
    this.namespace = report && NamespaceWatch.forSource(source, report)
  }

  get info(): CaptureInfo {
    return this.source.info
  }

  get isLive(): boolean {
    return this.info.kind === 'live'
  }

  /** Called after each batch with the capture time (ns) up to which everything was read. */
  afterBatch: ((reached: number) => void) | undefined

  /** Reads the state at the start. Open sinks that need it afterwards. */
  async begin(): Promise<void> {
    this.snapshot = await this.source.snapshot()
  }

  /** Statistics of the run so far. */
  stats(): CaptureStats {
    return (this.loop ?? this.source).stats()
  }

  /**
   * Runs until the source ends, a limit is reached, or stop() is called, then ends the sinks. Throws errors of sources
   * and sinks.
   */
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
        this.afterBatch?.(loop.reached)
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

  /** Reports what is only known at the end. Called by run(). */
  end(): void {
    if (!this.ended) this.namespace?.end()
    this.ended = true
  }

  /** Ends the run before the next batch, or before it starts. */
  stop(): void {
    this.isStopped = true
    this.loop?.stop()
  }

  async close(): Promise<void> {
    this.source.stop()
    await this.source.close()
  }
}
