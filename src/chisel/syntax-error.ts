// The line of a syntax error in a module. Errors of import() do not have it, but Node.js prints it when it checks a file.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isSea } from 'node:sea'

/** ms after which the line is not searched further */
const LIMIT = 10_000
const CHECK = ['--check', '--input-type=module']

/**
 * File and line of the syntax error with that message in a module; the file alone if the line cannot be found, and a module that it
 * imports if it has no error itself.
 */
export function placeOfSyntaxError(file: string, message: string): string {
  // the single executable cannot be run as Node.js
  if (isSea()) return file
  // from standard input: Node.js checks a file as a module only if its name or a package.json says that it is one
  const { error, status, stderr } = spawnSync(process.execPath, [...process.execArgv, ...CHECK, '-'], {
    encoding: 'utf8',
    input: readFileSync(file),
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: LIMIT,
  })
  if (error !== undefined) return file
  if (status === 0) return `a module that ${file} imports`
  const [first = '', ...others] = stderr.split('\n')
  const line = /:(\d+)$/.exec(first)?.[1]
  return line !== undefined && others.includes(`SyntaxError: ${message}`) ? `${file}:${line}` : file
}
