// Runs a program for each finished file, one at a time.
import { constants } from 'node:os'
import { reason } from '../../source/reason.js'
import type { OutputFolder } from './folder.js'

/** ms of waiting at the end before a message is printed */
const NOTICE_DELAY = 1000

export class OnClose {
  private tail: Promise<void> = Promise.resolve()
  /** commands that are running or waiting, oldest first */
  private readonly due: string[] = []

  /** command: the program that the folder was opened with, and its arguments. */
  constructor(
    private readonly folder: OutputFolder,
    private readonly command: readonly string[],
    private readonly complain: (sentence: string) => void,
  ) {}

  /** Runs the program for a file of the folder, after those of earlier files have ended. path: its argument. */
  take(name: string, path: string): void {
    const what = `${this.command.join(' ')} ${path}`
    this.due.push(what)
    this.tail = this.tail.then(() => this.run(name, path, what)).finally(() => this.due.shift())
  }

  /** Fulfilled when the program has ended for all files. Prints what is awaited if that takes long. */
  async done(): Promise<void> {
    const timer = setTimeout(() => {
      const [what, ...more] = this.due
      const others =
        more.length === 0 ? '' : `, and then for ${more.length} more ${more.length === 1 ? 'file' : 'files'}`
      this.complain(`waiting for ${what} to end${others}; a second Ctrl-C or SIGTERM ends ksys without waiting`)
    }, NOTICE_DELAY)
    await this.tail
    clearTimeout(timer)
  }

  private async run(name: string, path: string, what: string): Promise<void> {
    try {
      if ((await this.folder.find(name)) === undefined) {
        this.complain(`${what} was not run: the file was removed first`)
        return
      }
      const status = await this.folder.run(path)
      const signal = status & 0x7f
      const known = Object.entries(constants.signals).find(([, n]) => n === signal)?.[0]
      if (signal !== 0) this.complain(`${what} was ended by ${known ?? `signal ${signal}`}`)
      else if (status !== 0) this.complain(`${what} ended with exit code ${(status >> 8) & 0xff}`)
    } catch (e) {
      this.complain(`${what} cannot be run: ${reason(e)}`)
    }
  }
}
