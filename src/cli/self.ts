// How this program is started once more, as ksys.
import { realpathSync } from 'node:fs'
import { isSea } from 'node:sea'
import { NODE_FLAGS } from '../inspector.js'

/** The file to run and the words that come first. */
export function self(): [file: string, words: string[]] {
  const script = process.argv[1]
  if (isSea() || script === undefined) return [process.execPath, []]
  const flags = process.execArgv.filter((word) => !NODE_FLAGS.includes(word))
  return [process.execPath, [...flags, ...NODE_FLAGS, realpathSync(script)]]
}
