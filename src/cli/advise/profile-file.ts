// The profile that an argument names.
import { isCallName } from '../../advise/calls/names.js'
import { DOCKER_DEFAULT } from '../../advise/profile/docker-default.js'
import type { Profile } from '../../advise/profile/profile.js'
import { ProfileError } from '../../advise/profile/profile-error.js'
import { MAX_BYTES, readProfile } from '../../advise/profile/read.js'
import { escapeText } from '../../render/escape.js'
import { CliError, EXIT } from '../errors/exit.js'
import { smallFile } from '../options/small-file.js'
import { printMessage } from '../run/report.js'

/** the argument that names Docker's default profile */
const DOCKER = 'docker'
/** number of unknown names that a message lists */
const SHOWN = 5

export interface NamedProfile {
  readonly name: string
  readonly profile: Profile
}

/** Reads the profile. Throws CliError (usage) if it cannot be read, or is none. */
export function profileNamed(file: string, quiet: boolean): NamedProfile {
  if (file === DOCKER) return { name: "Docker's default profile", profile: DOCKER_DEFAULT }
  try {
    const profile = readProfile(smallFile(file, 'the profile', { most: MAX_BYTES }).toString())
    if (!quiet) reportUnknown(file, profile)
    return { name: file, profile }
  } catch (e) {
    if (e instanceof ProfileError) throw new CliError(EXIT.usage, `${file} is not usable as a profile: ${e.message}`)
    throw e
  }
}

/** Reports names that are no calls, which runtimes ignore. */
function reportUnknown(file: string, { rules }: Profile): void {
  const unknown = [...new Set(rules.flatMap(({ names }) => names))].filter((name) => !isCallName(name))
  if (unknown.length === 0) return
  const shown = unknown.slice(0, SHOWN).map((name) => escapeText(name.slice(0, 40)))
  const more = unknown.length > SHOWN ? ` and ${unknown.length - SHOWN} more` : ''
  printMessage(
    `ksys: ${file} has names that are no calls of these processors, and are ignored: ${shown.join(', ')}${more}`,
  )
}
