// Where the native addon is, and its loading.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let loaded: unknown

/** The addon; loaded at the first call. Throws when it is not built. KSYS_ADDON names another build of it. */
export function loadAddon(): unknown {
  loaded ??= createRequire(import.meta.url)(process.env.KSYS_ADDON ?? addonFile())
  return loaded
}

/** What a checkout has built for itself, or what a package brings for this processor. */
function addonFile(): string {
  const folder = join(packageRoot(), '.build/native')
  const own = join(folder, 'ksys.node')
  return existsSync(own) ? own : join(folder, `linux-${process.arch}`, 'ksys.node')
}

function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(dir, 'package.json')) && dir !== dirname(dir)) dir = dirname(dir)
  return dir
}
