// Runs a program for each finished file, one at a time, and again later for a file for which it has failed.
import { constants } from 'node:os'
import { reason } from '../../source/reason.js'
import type { OutputFolder } from './folder.js'

/** ms of waiting at the end before a message is printed */
const NOTICE_DELAY = 1000
/** ms before the program is run again for a file: the first time, and the most, as the time doubles */
const FIRST_PAUSE = 10_000
const LONGEST_PAUSE = 600_000

/** A finished file for which the program has not succeeded yet. */
interface Due {
  readonly name: string
  /** the command line, for messages */
  readonly what: string
  /** how often the program has failed for it */
  failures: number
  /** until the next attempt; undefined: it is running or waits for others to end */
  timer?: NodeJS.Timeout
}

export class OnClose {
  private tail: Promise<void> = Promise.resolve()
  /** by name of the file, oldest first */
  private readonly due = new Map<string, Due>()
  private ending = false

  /** command: the program that the folder was opened with, and its arguments. */
  constructor(
    private readonly folder: OutputFolder,
    private readonly command: readonly string[],
    private readonly complain: (sentence: string) => void,
  ) {}

  /** Runs the program for a file of the folder, after those of earlier files have ended. path: its argument. */
  take(name: string, path: string): void {
    const due: Due = { name, what: `${this.command.join(' ')} ${path}`, failures: 0 }
    this.due.set(name, due)
    this.queue(due, path)
  }

  /** Whether the program has not succeeded yet for this file. */
  awaits(name: string): boolean {
    return this.due.has(name)
  }

  /**
   * Fulfilled when the program has ended for all files. Prints what is awaited if that takes long, and for which files the program has
   * failed.
   */
  async done(): Promise<void> {
    this.ending = true
    const failed = [...this.due.values()].filter(({ timer }) => timer !== undefined)
    for (const { timer } of failed) clearTimeout(timer)
    const notice = setTimeout(() => this.notice(), NOTICE_DELAY)
    await this.tail
    clearTimeout(notice)
    const names = [...this.due.keys()]
    if (names.length > 0)
      this.complain(
        `${this.command.join(' ')} has not succeeded for ${names.length === 1 ? names[0] : `${names.length} files, the first one is ${names[0]}`}`,
      )
  }

  private notice(): void {
    const [first, ...more] = [...this.due.values()].filter(({ timer }) => timer === undefined)
    if (first === undefined) return
    const others = more.length === 0 ? '' : `, and then for ${more.length} more ${more.length === 1 ? 'file' : 'files'}`
    this.complain(`waiting for ${first.what} to end${others}; a second Ctrl-C or SIGTERM ends ksys without waiting`)
  }

  private queue(due: Due, path: string): void {
    this.tail = this.tail.then(() => this.run(due, path))
  }

  private async run(due: Due, path: string): Promise<void> {
    const failure = await this.attempt(due, path)
    if (failure === undefined) {
      this.due.delete(due.name)
      if (due.failures > 0)
        this.complain(`${due.what} has succeeded, after ${due.failures} ${due.failures === 1 ? 'failure' : 'failures'}`)
      return
    }
    const pause = Math.min(FIRST_PAUSE * 2 ** due.failures++, LONGEST_PAUSE)
    // a service that is away for hours would otherwise fill the log
    if (due.failures === 1) this.complain(failure)
    due.timer = setTimeout(() => {
      delete due.timer
      this.queue(due, path)
    }, pause).unref()
    if (this.ending) clearTimeout(due.timer)
  }

  /** Runs the program. Returns a sentence about its failure; undefined: it succeeded, or there is no such file any more. */
  private async attempt({ name, what }: Due, path: string): Promise<string | undefined> {
    try {
      if ((await this.folder.find(name)) === undefined) {
        this.complain(`${what} was not run: the file was removed first`)
        return undefined
      }
      const status = await this.folder.run(path)
      const signal = status & 0x7f
      const known = Object.entries(constants.signals).find(([, n]) => n === signal)?.[0]
      if (signal !== 0) return `${what} was ended by ${known ?? `signal ${signal}`}`
      return status === 0 ? undefined : `${what} ended with exit code ${(status >> 8) & 0xff}`
    } catch (e) {
      return `${what} cannot be run: ${reason(e)}`
    }
  }
}
