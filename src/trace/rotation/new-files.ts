// The files that one -w makes in a folder, one after the other: a file has its name once it is whole, and .part behind it before.
import { join } from 'node:path'
import { reason, systemCode } from '../../source/reason.js'
import { PART } from '../../source/rotation-files.js'
import { TraceError } from '../error.js'
import { Output } from '../output.js'
import type { OutputFolder } from './folder.js'
import type { FileNames } from './names.js'

/** names that are tried where somebody else takes them */
const TRIES = 100

export class NewFiles {
  constructor(
    private readonly folder: OutputFolder,
    private readonly names: FileNames,
  ) {}

  /** Makes the next file; date: when what is in it begins. Throws TraceError. */
  async create(date: Date): Promise<{ name: string; output: Output }> {
    for (let tries = 1; ; tries++) {
      const name = this.names.next(await this.folder.names(), date)
      try {
        return { name, output: Output.of(this.path(name + PART), await this.folder.create(name + PART)) }
      } catch (e) {
        if (systemCode(e) === 'EEXIST' && tries < TRIES) continue
        if (systemCode(e) !== 'ENOENT') throw this.refused(name, e)
        // the folder is the one that was opened at the start, whatever has its name now
        throw this.refused(name, new Error('its folder was removed since ksys began, which has to be started again'))
      }
    }
  }

  /** Takes away a file that did not become whole. */
  async discard(name: string): Promise<void> {
    await this.folder.remove(name + PART).catch(() => undefined)
  }

  /** Takes away a file that could not be begun, and gives the error that says so. */
  async withdraw(name: string, error: unknown): Promise<TraceError> {
    await this.discard(name)
    return this.refused(name, (error as Error).cause ?? error)
  }

  /**
   * Gives a whole file its name, or the next one where somebody else has taken it meanwhile; date: see create(). Returns the name.
   * Throws TraceError.
   */
  async publish(name: string, date: Date): Promise<string> {
    for (let free = name, tries = 1; ; tries++) {
      try {
        await this.folder.rename(name + PART, free)
        return free
      } catch (e) {
        if (systemCode(e) !== 'EEXIST' || tries === TRIES) {
          const path = this.path(name)
          throw new TraceError('EWRITE', path, `${path}${PART} is whole and cannot be given its name: ${reason(e)}`, e)
        }
        free = this.names.next(await this.folder.names(), date)
      }
    }
  }

  /** The path of a name, as a person would write it. */
  path(name: string): string {
    return join(this.names.folder, name)
  }

  private refused(name: string, e: unknown): TraceError {
    const path = this.path(name + PART)
    return new TraceError('EWRITE', path, `${path} cannot be written: ${reason(e)}`, e)
  }
}
