// Live captures one after the other: the next one is attached before the present one ends, so that nothing is missed between them.
import type { CaptureSource } from '../../source/source.js'
import type { Query } from '../query/query.js'
import type { Live } from './live.js'

/** A live capture, what it is asked, and for how many more seconds it goes on (undefined: no end was asked for). */
export interface Capturing {
  readonly live: Live
  readonly query: Query
  readonly seconds: number | undefined
}

export class SuccessiveCaptures {
  private next: Pick<Capturing, 'live' | 'query'> | undefined

  /** begin: attaches a capture of what a query asks for. Throws LiveError. */
  constructor(private readonly begin: (query: Query) => Live) {}

  /** Attaches another one, and ends that of `source`. Throws LiveError: the present one goes on then. */
  follow(query: Query, source: CaptureSource): void {
    const live = this.begin(query)
    void this.next?.live.source.close()
    this.next = { live, query }
    source.stop()
  }

  /**
   * Captures until no other one follows, or `ended`; returns the exit code.
   * @param over takes what one captures, and closes it
   */
  async run(
    query: Query,
    seconds: number | undefined,
    over: (c: Capturing) => Promise<void>,
    ended: () => boolean,
  ): Promise<number> {
    let now: Capturing = { live: this.begin(query), query, seconds }
    for (;;) {
      const from = performance.now()
      try {
        await over(now)
      } catch (e) {
        await this.next?.live.source.close()
        throw e
      }
      const { next } = this
      if (next === undefined) return now.live.exitCode()
      this.next = undefined
      const left = now.seconds === undefined ? undefined : now.seconds - (performance.now() - from) / 1e3
      now = { ...next, seconds: left }
      if (!ended() && (left === undefined || left > 0)) continue
      await now.live.source.close()
      return now.live.exitCode()
    }
  }
}
