// SIGUSR1 asks a recorder for a file, from the moment it is started to its last: without a listener Node would open a debugger
// before, and the system end the process behind.

export class DumpSignal {
  /** it came before anybody could do something about it */
  private early = false
  private ask: (() => void) | undefined

  constructor() {
    process.on('SIGUSR1', () => {
      if (this.ask === undefined) this.early = true
      else this.ask()
    })
  }

  /** What is to be done from now on; at once where it came already. */
  to(ask: () => void): void {
    this.ask = ask
    if (this.early) ask()
    this.early = false
  }
}
