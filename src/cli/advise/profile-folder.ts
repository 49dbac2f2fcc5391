// A folder for profiles. A live run opens it before it drops its privileges: a process with the rights of the folder's owner writes there.
import { join } from 'node:path'
import { unwritable } from '../../source/files.js'
import { makeFolders } from '../../source/output-folders.js'
import { TraceError } from '../../trace/error.js'
import { OutputFolder } from '../../trace/rotation/folder.js'
import { CliError, EXIT } from '../errors/exit.js'
import { PROFILE_MODE, type ProfileTarget } from './profile-target.js'

/** of a folder for profiles, which contain no data of the recorded programs */
const FOLDER_MODE = 0o755

export class ProfileFolder implements ProfileTarget {
  readonly many = true

  private constructor(
    private readonly given: string,
    private readonly folder: OutputFolder,
  ) {}

  /** Creates the folder if it is missing; links of other users are not followed. Rejects with CliError (output). */
  static async open(path: string): Promise<ProfileFolder> {
    try {
      await makeFolders(path, FOLDER_MODE)
      return new ProfileFolder(path, await OutputFolder.open(path, { mode: PROFILE_MODE }))
    } catch (e) {
      throw new CliError(EXIT.output, e instanceof TraceError ? e.message : unwritable(path, e))
    }
  }

  path(name: string): string {
    return join(this.given, name)
  }

  async write(name: string, text: string): Promise<void> {
    try {
      await this.folder.replace(name, text)
    } catch (e) {
      throw new CliError(EXIT.output, unwritable(this.path(name), e))
    }
  }

  close(): Promise<void> {
    return this.folder.close()
  }
}
