// Live captures in sequence: the next one is attached before the current one ends, so that no event between them is missed.
import type { CaptureSource } from '../../source/source.js'
import type { Query } from '../query/query.js'
import type { Live } from './live.js'

/** A live capture, its query, and the seconds until it ends (undefined: no limit). */
export interface Capturing {
  readonly live: Live
  readonly query: Query
  readonly seconds: number | undefined
}

export class SuccessiveCaptures {
  private next: Pick<Capturing, 'live' | 'query'> | undefined

  /** start: attaches a capture for a query. Throws LiveError. */
  constructor(private readonly start: (query: Query) => Live) {}

  /** Attaches the next capture, and ends that of `source`, once for each. Throws LiveError: the current one then continues. */
  follow(query: Query, source: CaptureSource): void {
    const live = this.start(query)
    this.next = { live, query }
    source.stop()
  }

  /**
   * Captures until no other capture follows, or `ended` returns true; returns the exit code.
   * @param over processes one capture, and closes it
   */
  async run(
    query: Query,
    seconds: number | undefined,
    over: (c: Capturing) => Promise<void>,
    ended: () => boolean,
  ): Promise<number> {
    let current: Capturing = { live: this.start(query), query, seconds }
    for (;;) {
      const from = performance.now()
      try {
        await over(current)
      } catch (e) {
        await this.next?.live.source.close()
        throw e
      }
      const { next } = this
      if (next === undefined) return current.live.exitCode()
      this.next = undefined
      const left = current.seconds === undefined ? undefined : current.seconds - (performance.now() - from) / 1e3
      current = { ...next, seconds: left }
      if (!ended() && (left === undefined || left > 0)) continue
      await current.live.source.close()
      return current.live.exitCode()
    }
  }
}
