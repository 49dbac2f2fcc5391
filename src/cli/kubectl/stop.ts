// Handles SIGINT, SIGTERM and SIGHUP while a pod of ksys exists: they do not end this process before the pod is removed.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export class Stop {
  /** number of signals received */
  signals = 0
  /** Called for each signal with the number received so far. */
  onSignal: (signals: number) => void = () => {}
  private readonly handler = () => {
    this.signals++
    this.onSignal(this.signals)
  }

  constructor() {
    for (const s of SIGNALS) process.on(s, this.handler)
  }

  release(): void {
    for (const s of SIGNALS) process.removeListener(s, this.handler)
  }
}
