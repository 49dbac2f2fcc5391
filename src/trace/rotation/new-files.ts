// Creates the files of one -w in a folder. A file has .part at the end of its name until it is complete.
import { join } from 'node:path'
import { reason, systemCode } from '../../source/reason.js'
import { PART } from '../../source/rotation-files.js'
import { TraceError } from '../error.js'
import { Output } from '../output.js'
import type { OutputFolder } from './folder.js'
import type { FileNames } from './names.js'

/** limit of attempts if another process takes the chosen name */
const MAX_ATTEMPTS = 100

export class NewFiles {
  constructor(
    private readonly folder: OutputFolder,
    private readonly names: FileNames,
  ) {}

  /** Creates the next file; date: start of its contents. Throws TraceError. */
  async create(date: Date): Promise<{ name: string; output: Output }> {
    for (let tries = 1; ; tries++) {
      const name = this.names.next(await this.folder.names(), date)
      try {
        return { name, output: Output.forFd(this.path(name + PART), await this.folder.create(name + PART)) }
      } catch (e) {
        if (systemCode(e) === 'EEXIST' && tries < MAX_ATTEMPTS) continue
        if (systemCode(e) !== 'ENOENT') throw this.refused(name, e)
        // files are created only in the folder that was opened at the start, even if another one has its name now
        throw this.refused(name, new Error('its folder was removed after ksys started: restart ksys'))
      }
    }
  }

  /** Removes an incomplete file. */
  async discard(name: string): Promise<void> {
    await this.folder.remove(name + PART).catch(() => undefined)
  }

  /** Removes a file whose start could not be written, and returns the error for it. */
  async withdraw(name: string, error: unknown): Promise<TraceError> {
    await this.discard(name)
    return this.refused(name, (error as Error).cause ?? error)
  }

  /**
   * Gives a complete file its name, or the next one if another process has taken it meanwhile; date: see create(). Returns the
   * name. Throws TraceError.
   */
  async publish(name: string, date: Date): Promise<string> {
    for (let free = name, tries = 1; ; tries++) {
      try {
        await this.folder.rename(name + PART, free)
        return free
      } catch (e) {
        if (systemCode(e) !== 'EEXIST' || tries === MAX_ATTEMPTS) {
          const path = this.path(name)
          throw new TraceError('EWRITE', path, `${path}${PART} is complete but cannot be renamed: ${reason(e)}`, e)
        }
        free = this.names.next(await this.folder.names(), date)
      }
    }
  }

  /** The path of a name, as the user would write it. */
  path(name: string): string {
    return join(this.names.folder, name)
  }

  private refused(name: string, e: unknown): TraceError {
    const path = this.path(name + PART)
    return new TraceError('EWRITE', path, `${path} cannot be written: ${reason(e)}`, e)
  }
}
