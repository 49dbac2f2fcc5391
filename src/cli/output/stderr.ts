// Standard error: the only place that writes to it.

let handlesErrors = false
/** the line below all others on a terminal; '' for none */
let status = ''

/** Writes text unchanged. Errors are ignored: if standard error is closed or full, the run continues without messages. */
export function say(text: string): void {
  if (!handlesErrors) {
    process.stderr.on('error', () => {})
    handlesErrors = true
  }
  process.stderr.write(status === '' ? text : `\r\x1b[K${text}${status}`)
}

/** Shows a line below all messages, which replaces the previous one; '' removes it. Without a terminal, nothing is shown. */
export function showStatus(line: string): void {
  if (!process.stderr.isTTY) return
  // a terminal of unknown size reports 0 columns
  const cut = line.slice(0, (process.stderr.columns || 80) - 1)
  if (status !== '') process.stderr.write('\r\x1b[K')
  status = cut
  process.stderr.write(cut)
}
