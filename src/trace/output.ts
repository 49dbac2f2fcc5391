// The destination of a trace: a private file or a pipe.
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
    /** the descriptor is closed by its owner */
    private readonly borrowed = false,
  ) {}

  /**
   * Opens a path for writing ('-': standard output). A new file is readable by its owner only unless `belonging` specifies
   * otherwise; an existing one gets the same mode and is emptied. A file of another user in a folder like /tmp is refused.
   * Opening a FIFO waits for its reader. opener: opens the path.
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

  /** A new file that is already open; borrowed: close() leaves it open. */
  static forFd(path: string, fd: number, borrowed = false): Output {
    return new Output(path, fd, true, borrowed)
  }

  /** Why a block could not be written; undefined if it was. */
  failure({ errno, what, offset }: Appended): TraceError | undefined {
    if (errno === 0 && what === '') return undefined
    const cause = Object.assign(new Error(what), errno === 0 ? {} : { code: getSystemErrorName(-errno) })
    const readable = this.regular && offset > 0 ? `; the first ${offset} bytes are readable` : ''
    const why = `${this.path} cannot be written any further: ${reason(cause)}${readable}`
    return new TraceError('EWRITE', this.path, why, cause)
  }

  async close(): Promise<void> {
    if (this.fd !== STDOUT && !this.borrowed) await promisify(close)(this.fd)
  }
}
