// Handles SIGINT, SIGTERM and SIGHUP while a pod of ksys exists: none ends this process before the pod is removed.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export class Stop {
  /** how often somebody has asked for the end */
  asked = 0
  /** What the first and each further signal does; nothing while nothing runs. */
  onSignal: (asked: number) => void = () => {}
  private readonly handler = () => {
    this.asked++
    this.onSignal(this.asked)
  }

  constructor() {
    for (const s of SIGNALS) process.on(s, this.handler)
  }

  release(): void {
    for (const s of SIGNALS) process.removeListener(s, this.handler)
  }
}
