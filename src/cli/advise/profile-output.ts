// A file for a profile. It gets its name once it is complete; a live run opens it before it drops its privileges.
import { closeSync, writeFileSync } from 'node:fs'
import { openAtomic } from '../../source/atomic-file.js'
import { type ToReplace, unwritable } from '../../source/files.js'
import { CliError, EXIT } from '../errors/exit.js'

export class ProfileOutput {
  private ended = false

  private constructor(
    readonly path: string,
    private readonly file: ToReplace,
  ) {}

  /** Throws CliError (output) if it cannot be written. */
  static async open(path: string): Promise<ProfileOutput> {
    try {
      return new ProfileOutput(path, await openAtomic(path, {}, { mode: 0o644 }))
    } catch (e) {
      throw new CliError(EXIT.output, unwritable(path, e))
    }
  }

  /** Writes the whole text and ends the file. Throws CliError (output). */
  async write(text: string): Promise<void> {
    const { fd, completion } = this.file
    this.ended = true
    try {
      writeFileSync(fd, text)
      await completion?.commit()
    } catch (e) {
      await completion?.discard().catch(() => undefined)
      throw new CliError(EXIT.output, unwritable(this.path, e))
    } finally {
      closeSync(fd)
    }
  }

  /** Removes the incomplete file; nothing happens after write(). */
  async discard(): Promise<void> {
    if (this.ended) return
    await this.file.completion?.discard().catch(() => undefined)
    closeSync(this.file.fd)
  }
}
