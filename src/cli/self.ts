// The command line that starts this program in another process.
import { realpathSync } from 'node:fs'
import { isSea } from 'node:sea'
import { NODE_FLAGS } from '../inspector.js'

/** The file to run and its first arguments. */
export function self(): [file: string, firstArguments: string[]] {
  const script = process.argv[1]
  if (isSea() || script === undefined) return [process.execPath, []]
  const flags = process.execArgv.filter((flag) => !NODE_FLAGS.includes(flag))
  return [process.execPath, [...flags, ...NODE_FLAGS, realpathSync(script)]]
}
