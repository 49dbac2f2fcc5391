// Retries with growing pauses, until they are aborted.

/** Passed to code that tries to deliver something. */
export interface Attempt {
  readonly abort: AbortSignal
  /** Reports why it has not succeeded yet, as a clause. */
  readonly trouble: (reason: string) => void
}

/** Waits that many ms, or until aborted. */
export function pause(ms: number, abort: AbortSignal): Promise<void> {
  if (abort.aborted) return Promise.resolve()
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer)
      abort.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    abort.addEventListener('abort', end)
  })
}

/** Pauses between attempts (ms): doubled each time, up to a limit. */
export class Backoff {
  private next: number

  constructor(
    private readonly least: number,
    private readonly most: number,
  ) {
    this.next = least
  }

  take(): number {
    const { next } = this
    this.next = Math.min(next * 2, this.most)
    return next
  }

  reset(): void {
    this.next = this.least
  }
}
