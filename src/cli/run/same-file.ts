// A trace is not written over the file that it is read from.
import { statSync } from 'node:fs'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/parse.js'

/** Writing over the file that is read would destroy it. Throws CliError. */
export function refuseSameFile(s: Pick<Settings, 'read' | 'write'>): void {
  if (s.write === undefined || s.write === '-') return
  const identity = (path: string) => {
    try {
      const st = statSync(path)
      return st.isFile() ? `${st.dev}:${st.ino}` : undefined
    } catch {
      return undefined
    }
  }
  const target = identity(s.write)
  if (target !== undefined && s.read.some((r) => identity(r) === target))
    throw new CliError(EXIT.usage, `-w ${s.write} would overwrite the file that is read`)
}
