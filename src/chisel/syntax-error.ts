// The line of a syntax error in a module. Errors of import() do not have it, but Node.js prints it when it checks a file.
import { spawnSync } from 'node:child_process'
import { isSea } from 'node:sea'

/** ms after which the line is not searched further */
const LIMIT = 10_000

/** File and line of the syntax error with that message in a module; the file alone if the line cannot be found. */
export function placeOfSyntaxError(file: string, message: string): string {
  // the single executable cannot be run as Node.js
  if (isSea()) return file
  const { error, stderr } = spawnSync(process.execPath, [...process.execArgv, '--check', file], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: LIMIT,
  })
  if (error !== undefined) return file
  const [first = '', ...others] = stderr.split('\n')
  const line = /:(\d+)$/.exec(first)?.[1]
  return line !== undefined && others.includes(`SyntaxError: ${message}`) ? `${file}:${line}` : file
}
