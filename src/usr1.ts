// Handles SIGUSR1 from the first line of ksys to its end. Without a handler Node would open its inspector. Commands that do not use the
// signal ignore it.

export class Usr1 {
  private handler: (() => void) | undefined

  /** early: the signal arrived before a handler was set */
  constructor(private early = false) {
    process.on('SIGUSR1', () => {
      if (this.handler === undefined) this.early = true
      else this.handler()
    })
  }

  /** Sets the handler; calls it at once if the signal arrived before. */
  handle(handler: () => void): void {
    this.handler = handler
    if (this.early) handler()
    this.early = false
  }
}
