// Where a trace is written: a private file or a pipe.
import { close } from 'node:fs'
import { getSystemErrorName, promisify } from 'node:util'
import type { Belonging } from '../source/belonging.js'
import { type Opener, openToReplace, unwritable, type Waiting } from '../source/files.js'
import { reason } from '../source/reason.js'
import type { Appended } from './codec.js'
import { TraceError } from './error.js'

const STDOUT = 1

export class Output {
  private constructor(
    readonly path: string,
    readonly fd: number,
    /** it is a file, not a pipe or a device */
    readonly regular: boolean,
    /** whoever made it goes on with it */
    private readonly lent = false,
  ) {}

  /**
   * Opens a path for writing ('-': standard output). A new file is readable by its owner only unless `belonging` says otherwise,
   * an existing one becomes so and is emptied. What others may have laid out in a folder like /tmp is refused, and the reader of
   * a FIFO is waited for. opener: opens the path, where that is not as ever.
   * Throws TraceError.
   */
  static async open(
    path: string,
    waiting: Waiting = {},
    belonging?: Belonging,
    opener: Opener = openToReplace,
  ): Promise<Output> {
    if (path === '-') return new Output('standard output', STDOUT, false)
    try {
      const { fd, regular } = await opener(path, waiting, belonging)
      return new Output(path, fd, regular)
    } catch (e) {
      throw new TraceError('EWRITE', path, unwritable(path, e), e)
    }
  }

  /** A new file that is open already; lent: close() leaves it open. */
  static of(path: string, fd: number, lent = false): Output {
    return new Output(path, fd, true, lent)
  }

  /** Why a block could not be written; undefined when it was. */
  failure({ errno, what, offset }: Appended): TraceError | undefined {
    if (errno === 0 && what === '') return undefined
    const cause = Object.assign(new Error(what), errno === 0 ? {} : { code: getSystemErrorName(-errno) })
    const kept = this.regular && offset > 0 ? `; the ${offset} bytes before are kept and can be read` : ''
    const why = `${this.path} cannot be written any further: ${reason(cause)}${kept}`
    return new TraceError('EWRITE', this.path, why, cause)
  }

  async close(): Promise<void> {
    if (this.fd !== STDOUT && !this.lent) await promisify(close)(this.fd)
  }
}
