// The version, from package.json in the package's root folder: beside src, or two levels further up for compiled modules.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The package's root folder. */
export const ROOT = root()

export const VERSION: string = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')).version

function root(): string {
  for (const up of ['../../', '../../../../']) {
    const dir = fileURLToPath(new URL(up, import.meta.url))
    if (existsSync(`${dir}package.json`)) return dir
  }
  throw new Error('package.json of ksys was not found beside the program')
}
