// Where what is shipped is made: everything in .build/dist is for downloads, but for `work`, from where nothing is shipped.
import { join } from 'node:path'
import { type Arch, NPM_ARCH } from './arch.js'
import { packageJson } from './join.js'
import { ROOT } from './root.js'

export const DIST = join(ROOT, '.build/dist')
export const WORK = join(DIST, 'work')

export const VERSION = packageJson(ROOT).version

/** The single executable for a processor. */
export const executablePath = (arch: Arch): string => join(DIST, `ksys-${VERSION}-linux-${NPM_ARCH[arch]}`)
