// When something that failed for a container is tried again: at once for the first seconds, then after pauses that grow.

/** ms for which each failure is followed by a try at the next occasion; after that the pauses are as long as the time that has passed. */
const EAGER = 10_000
/** Containers that are remembered. */
const MOST = 4_096

export class Retries {
  /** performance.now() of the first failure, by container */
  private readonly first = new Map<string, number>()

  /** Notes a failure and calls `allow` once another try makes sense, perhaps at once. */
  failed(container: string, allow: () => void): void {
    const now = performance.now()
    const first = this.first.get(container) ?? now
    if (this.first.size >= MOST) this.first.clear()
    this.first.set(container, first)
    const passed = now - first
    if (passed < EAGER) allow()
    else setTimeout(allow, passed).unref()
  }

  succeeded(container: string): void {
    this.first.delete(container)
  }
}
