// Output paths: everything in .build/dist is for download, except the folder `work`.
import { join } from 'node:path'
import { type Arch, NPM_ARCH } from './arch.js'
import { packageJson } from './join.js'
import { ROOT } from './root.js'

export const DIST = join(ROOT, '.build/dist')
export const WORK = join(DIST, 'work')

export const VERSION = packageJson(ROOT).version

/** The OCI image for a processor, as one file that podman, docker and skopeo can load. */
export const imagePath = (arch: Arch): string => join(DIST, `ksys-${VERSION}-linux-${NPM_ARCH[arch]}.oci.tar`)

/** The single executable for a processor. */
export const executablePath = (arch: Arch): string => join(DIST, `ksys-${VERSION}-linux-${NPM_ARCH[arch]}`)
