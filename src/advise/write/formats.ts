// How each format of profiles is written.
import type { Profile } from '../profile/profile.js'
import type { Line } from './assemble.js'
import type { ProfileFormat } from './instructions.js'
import { ociProfile } from './oci.js'
import { spoProfile } from './spo.js'
import { systemdDropIn } from './systemd.js'

interface Writer {
  /** of file names, with the dot */
  readonly extension: string
  /** between profiles that are printed one after another */
  readonly separator: string
  /** The text of the file. name: the workload's, in the form of object names. */
  write(profile: Profile, name: string, lines: readonly Line[]): string
}

export const WRITERS: Readonly<Record<ProfileFormat, Writer>> = {
  oci: { extension: '.json', separator: '', write: ociProfile },
  spo: { extension: '.yaml', separator: '---\n', write: spoProfile },
  systemd: { extension: '.conf', separator: '\n', write: (profile, _name, lines) => systemdDropIn(profile, lines) },
}
