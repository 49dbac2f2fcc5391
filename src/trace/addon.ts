// Finds and loads the native addon.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The addon's exports; throws when it is not built or cannot be loaded here. KSYS_ADDON names another build of it. */
export function addon(): unknown {
  const require = createRequire(import.meta.url)
  return require(process.env.KSYS_ADDON ?? join(packageRoot(), '.build', 'native', 'ksys.node'))
}

function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(dir, 'package.json')) && dir !== dirname(dir)) dir = dirname(dir)
  return dir
}
