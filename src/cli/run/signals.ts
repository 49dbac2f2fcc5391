// SIGINT, SIGTERM and SIGHUP end a run in order: what was captured is still delivered and files are closed. A second
// one, or one and the same write or read that waits for two seconds, ends it at once: what the run still has to deliver may take
// longer, as it does where CPUs are busy or a reader is slow. So does the end of standard input, where that is asked for.

import { closeSync, openSync } from 'node:fs'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** ms between two looks at whom the run waits for, and how many looks may find the same wait */
const PAUSE = 500
const PATIENCE = 4

/**
 * Calls `stop` at the first signal. `waiting` tells whether the run may be waiting for others, by a number: another wait, and one in
 * which something has moved, have another. 0: it does not wait. SIGHUP goes to `hangUp` while the terminal, where there was one, is still there;
 * true: it was no reason to end. `quits` is called before the process ends at once. Returns how to undo it.
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
    // the default action, which no blocked write can hold up
    process.kill(process.pid, signal)
  }
  for (const s of SIGNALS) process.on(s, handler)
  return restore
}

/** Whether there is a terminal that signals come from; a closed one is none. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

/** Calls back once standard input has ended, which keeps nothing from ending. */
export function atEof(ended: () => void): void {
  const { stdin } = process
  for (const event of ['end', 'close', 'error'] as const) stdin.once(event, ended)
  stdin.resume()
  if ('unref' in stdin) stdin.unref()
}
