// SIGINT, SIGTERM and SIGHUP end a run in order: what was captured is still delivered and files are closed. A second
// one, or an output or input that waits for two seconds, ends it at once.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** ms that an ordered end may take when others are waited for */
const PATIENCE = 2000

/** Calls `stop` at the first signal. `blocked` tells whether the run may be waiting for others. Returns how to undo it. */
export function onSignals(stop: (signal: NodeJS.Signals) => void, blocked: () => boolean): () => void {
  let stopping = false
  const restore = () => {
    for (const s of SIGNALS) process.removeListener(s, handler)
  }
  const handler = (signal: NodeJS.Signals) => {
    if (stopping) quit(signal)
    stopping = true
    setInterval(() => blocked() && quit(signal), PATIENCE).unref()
    stop(signal)
  }
  const quit = (signal: NodeJS.Signals) => {
    restore()
    // the default action, which no blocked write can hold up
    process.kill(process.pid, signal)
  }
  for (const s of SIGNALS) process.on(s, handler)
  return restore
}
