// How this program is started once more, as ksys.
import { realpathSync } from 'node:fs'
import { isSea } from 'node:sea'

/** The file to run and the words that come first. */
export function self(): [file: string, words: string[]] {
  const script = process.argv[1]
  if (isSea() || script === undefined) return [process.execPath, []]
  return [process.execPath, [...process.execArgv, realpathSync(script)]]
}
