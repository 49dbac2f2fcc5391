// Standard error: everything that ksys writes there goes through here.

let heard = false
/** the line that stands below all others on a terminal, '' for none */
let status = ''

/** Writes text as it is. Where nobody reads it, or the medium takes nothing more, the run goes on without its words. */
export function say(text: string): void {
  if (!heard) {
    process.stderr.on('error', () => {})
    heard = true
  }
  process.stderr.write(status === '' ? text : `\r\x1b[K${text}${status}`)
}

/** Shows a line below all that is said, in place of the one before; '' removes it. Where no terminal is, nothing is shown. */
export function showStatus(line: string): void {
  if (!process.stderr.isTTY) return
  // terminals that were told no size say 0
  const cut = line.slice(0, (process.stderr.columns || 80) - 1)
  if (status !== '') process.stderr.write('\r\x1b[K')
  status = cut
  process.stderr.write(cut)
}
