// Standard error: everything that ksys writes there goes through here.

let heard = false

/** Writes text as it is. Where nobody reads it, or the medium takes nothing more, the run goes on without its words. */
export function say(text: string): void {
  if (!heard) {
    process.stderr.on('error', () => {})
    heard = true
  }
  process.stderr.write(text)
}
