// Where a user's settings are stored.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** The folder of ksys's settings; undefined for a user with neither a HOME nor an account. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const config = env.XDG_CONFIG_HOME
  if (config !== undefined && isAbsolute(config)) return join(config, 'ksys')
  try {
    return join(homedir(), '.config/ksys')
  } catch {
    return undefined
  }
}
