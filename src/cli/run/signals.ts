// SIGINT, SIGTERM and SIGHUP end a run in order: captured events are still delivered and files are closed. This may take long, with busy
// CPUs or a slow reader. A second signal, or a single write or read that blocks for two seconds, ends the run immediately. With
// --until-eof the end of standard input ends a run, too.

import { closeSync, openSync } from 'node:fs'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** ms between checks of what the run waits for, and how many checks may find the same wait */
const PAUSE = 500
const PATIENCE = 4

/**
 * Calls `stop` at the first signal. `waiting` returns a number that identifies what the run waits for; it changes when the wait makes
 * progress. 0: the run is not waiting. SIGHUP calls `hangUp` unless the terminal was closed; if that returns true, the run continues.
 * `quits` is called before the process ends immediately. Returns a function that removes the handlers.
 */
export function onSignals(
  stop: (signal: NodeJS.Signals) => void,
  waiting: () => number,
  hangUp: () => boolean = () => false,
  quits: () => void = () => undefined,
): () => void {
  const terminal = hasTerminal()
  let stopping = false
  let looking: NodeJS.Timeout | undefined
  const restore = () => {
    clearInterval(looking)
    for (const s of SIGNALS) process.removeListener(s, handler)
  }
  const handler = (signal: NodeJS.Signals) => {
    if (signal === 'SIGHUP' && !stopping && terminal === hasTerminal() && hangUp()) return
    if (stopping) quit(signal)
    stopping = true
    let last = 0
    let looks = 0
    looking = setInterval(() => {
      const now = waiting()
      looks = now === last ? looks + 1 : 0
      last = now
      if (now > 0 && looks >= PATIENCE) quit(signal)
    }, PAUSE)
    looking.unref()
    stop(signal)
  }
  const quit = (signal: NodeJS.Signals) => {
    restore()
    quits()
    // the default action: a blocked write cannot delay it
    process.kill(process.pid, signal)
  }
  for (const s of SIGNALS) process.on(s, handler)
  return restore
}

/** Whether the process has a controlling terminal that is still open. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

/** Calls `ended` once standard input has closed; does not keep the process alive. */
export function atEof(ended: () => void): void {
  const { stdin } = process
  for (const event of ['end', 'close', 'error'] as const) stdin.once(event, ended)
  stdin.resume()
  if ('unref' in stdin) stdin.unref()
}
