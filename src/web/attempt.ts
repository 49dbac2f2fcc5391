// How something is tried again: until it is aborted, after longer and longer times.

/** What somebody is given who tries to deliver something. */
export interface Attempt {
  readonly abort: AbortSignal
  /** Says why it is not done yet, as a clause. */
  readonly trouble: (reason: string) => void
}

/** Waits, for so many ms or until it is aborted. */
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

/** How long to wait before the next try (ms): longer each time, up to a limit. */
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
