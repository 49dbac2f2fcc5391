// Finds and loads the native addon.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let loaded: unknown

/** Loads the addon at the first call. Throws if it is not built. KSYS_ADDON is the path of another build to use. */
export function loadAddon(): unknown {
  loaded ??= createRequire(import.meta.url)(process.env.KSYS_ADDON ?? addonFile())
  return loaded
}

/** The build of this checkout, or the prebuilt file that the package contains for this processor. */
function addonFile(): string {
  const own = join(buildFolder(), 'ksys.node')
  return existsSync(own) ? own : join(buildFolder(), `linux-${process.arch}`, 'ksys.node')
}

function buildFolder(): string {
  return join(packageRoot(), '.build/native')
}

function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(dir, 'package.json')) && dir !== dirname(dir)) dir = dirname(dir)
  return dir
}

/** A file that the set-up (src/setup/prepare.sh) leaves in the folder of the build if that failed. */
const STARTED = '.started'

const BUILD = 'build it here with npm start, or install the package that is made for this system'

/** Error messages of the loaders of glibc and musl, their meaning, and the remedy if it is not to build or install. */
const REASONS: readonly (readonly [pattern: RegExp, means: (match: RegExpExecArray) => string, remedy?: string])[] = [
  [/version [`'](GLIBC(?:XX)?_[\w.]+)' not found/, (m) => `which needs a newer C library than this system's (${m[1]})`],
  [
    /failed to map segment/,
    () => 'which cannot be mapped: its file system is mounted noexec, or memory is limited (ulimit -v)',
    'install ksys elsewhere, or raise the limit',
  ],
  [/\.node: cannot open shared object file: Permission denied/, () => 'which this user is not permitted to read'],
  [
    /(?:shared library |: |^)(\S+?)(?:: cannot open shared object file|: No such file or directory \(needed by)/,
    (m) => `which needs the library ${m[1]}, and that is missing`,
  ],
  [
    /wrong ELF class|invalid ELF header|file too short|ELF load command|Exec format/,
    () => 'which is damaged or built for another processor',
  ],
]

/** Why the addon does not load, as the end of a sentence whose last word is the addon. folder: where it is built. */
export function whyNotLoaded(e: unknown, folder = buildFolder()): string {
  const { code, message } = e as NodeJS.ErrnoException
  if (code === 'MODULE_NOT_FOUND')
    return `which is missing: ${existsSync(join(folder, STARTED)) ? 'npm start could not build it, and printed the reason' : BUILD}`
  for (const [pattern, means, remedy = BUILD] of REASONS) {
    const match = pattern.exec(message)
    if (match !== null) return `${means(match)}: ${remedy}`
  }
  return `which cannot be loaded here: ${BUILD}`
}
