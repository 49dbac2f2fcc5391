// Where what is shipped is made: everything in .build/dist is for downloads, but for `work`, from where nothing is shipped.
import { join } from 'node:path'
import { type Arch, NPM_ARCH } from './arch.js'
import { packageJson } from './join.js'
import { ROOT } from './root.js'

export const DIST = join(ROOT, '.build/dist')
export const WORK = join(DIST, 'work')

export const VERSION = packageJson(ROOT).version

/** The OCI image for a processor, as one file: podman, docker and skopeo load it. */
export const imagePath = (arch: Arch): string => join(DIST, `ksys-${VERSION}-linux-${NPM_ARCH[arch]}.oci.tar`)

/** The single executable for a processor. */
export const executablePath = (arch: Arch): string => join(DIST, `ksys-${VERSION}-linux-${NPM_ARCH[arch]}`)
