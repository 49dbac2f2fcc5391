// Opens what -w names for profiles.
import { ProfileFolder } from './profile-folder.js'
import { ProfileOutput } from './profile-output.js'
import { isFolder, type ProfileTarget } from './profile-target.js'

/** A missing folder is created. Rejects with CliError (output). */
export function openTarget(path: string): Promise<ProfileTarget> {
  return isFolder(path) ? ProfileFolder.open(path) : ProfileOutput.open(path)
}
