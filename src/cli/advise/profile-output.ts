// A file for a profile. It gets its name once it is complete; a live run opens it before it drops its privileges.
import { closeSync, writeFileSync } from 'node:fs'
import { openAtomic } from '../../source/atomic-file.js'
import { type ToReplace, unwritable } from '../../source/files.js'
import { CliError, EXIT } from '../errors/exit.js'
import { PROFILE_MODE, type ProfileTarget } from './profile-target.js'

export class ProfileOutput implements ProfileTarget {
  readonly many = false
  private ended = false

  private constructor(
    private readonly given: string,
    private readonly file: ToReplace,
  ) {}

  /** Throws CliError (output) if it cannot be written. */
  static async open(path: string): Promise<ProfileOutput> {
    try {
      return new ProfileOutput(path, await openAtomic(path, {}, { mode: PROFILE_MODE }))
    } catch (e) {
      throw new CliError(EXIT.output, unwritable(path, e))
    }
  }

  path(): string {
    return this.given
  }

  /** Writes the whole text and ends the file. Throws CliError (output). */
  async write(_name: string, text: string): Promise<void> {
    const { fd, completion } = this.file
    this.ended = true
    try {
      writeFileSync(fd, text)
      await completion?.commit()
    } catch (e) {
      await completion?.discard().catch(() => undefined)
      throw new CliError(EXIT.output, unwritable(this.given, e))
    } finally {
      closeSync(fd)
    }
  }

  /** Removes the incomplete file; nothing happens after write(). */
  async close(): Promise<void> {
    if (this.ended) return
    await this.file.completion?.discard().catch(() => undefined)
    closeSync(this.file.fd)
  }
}
