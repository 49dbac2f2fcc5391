// SIGUSR1, from the first line of ksys to its end. Without a listener Node would open its inspector. Modes without a use for the
// signal ignore it.

export class Usr1 {
  private answer: (() => void) | undefined

  /** early: it came before anything was there that answers it */
  constructor(private early = false) {
    process.on('SIGUSR1', () => {
      if (this.answer === undefined) this.early = true
      else this.answer()
    })
  }

  /** What is to be done from now on; at once where it came already. */
  to(answer: () => void): void {
    this.answer = answer
    if (this.early) answer()
    this.early = false
  }
}
