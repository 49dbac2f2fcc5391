// Reading of which nothing is printed before its end: a signal ends it in order, with a sentence about what is missing.
import { constants } from 'node:os'
import type { Waiting } from '../../source/files.js'
import { CliError } from '../errors/exit.js'
import { tell } from './report.js'
import { onSignals } from './signals.js'

/** What reading asks while it goes on. */
export interface Interrupts {
  /** How long the writer of a FIFO is waited for. */
  waiting(path: string): Waiting
  /** To be called often. Throws CliError (128 + N) once a signal came. */
  check(): void
}

/** Reads; where a signal comes before the end, rejects with a CliError (128 + N) that says `missing`. */
export async function interruptible<T>(missing: string, read: (i: Interrupts) => Promise<T>): Promise<T> {
  let signal: NodeJS.Signals | undefined
  const restore = onSignals(
    (s) => {
      signal = s
    },
    // an input may bring nothing more
    () => 1,
  )
  const check = () => {
    if (signal !== undefined) throw new CliError(128 + constants.signals[signal], `ended by ${signal}: ${missing}`)
  }
  const waiting = (path: string): Waiting => ({
    stopped: () => signal !== undefined,
    long: () => tell(`ksys: waiting for somebody to write to ${path}`),
  })
  try {
    return await read({ waiting, check })
  } catch (e) {
    // what was given up is no fault of the input
    check()
    throw e
  } finally {
    restore()
  }
}
