// Reading that prints nothing before its end: a signal ends it in order, with a message about what is missing.
import { constants } from 'node:os'
import type { Waiting } from '../../source/files.js'
import { CliError } from '../errors/exit.js'
import { printMessage } from './report.js'
import { onSignals } from './signals.js'

/** What the reader calls during reading. */
export interface Interrupts {
  /** How to wait for the writer of a FIFO. */
  waiting(path: string): Waiting
  /** Call often. Throws CliError (128 + N) after a signal. */
  check(): void
}

/** Reads; after a signal rejects with CliError (128 + N), whose message contains `missing`. */
export async function interruptible<T>(missing: string, read: (i: Interrupts) => Promise<T>): Promise<T> {
  let signal: NodeJS.Signals | undefined
  const restore = onSignals(
    (s) => {
      signal = s
    },
    // any input may block
    () => 1,
  )
  const check = () => {
    if (signal !== undefined) throw new CliError(128 + constants.signals[signal], `ended by ${signal}: ${missing}`)
  }
  const waiting = (path: string): Waiting => ({
    stopped: () => signal !== undefined,
    long: () => printMessage(`ksys: waiting for a writer of ${path}`),
  })
  try {
    return await read({ waiting, check })
  } catch (e) {
    // an error after a signal is not the input's
    check()
    throw e
  } finally {
    restore()
  }
}
