// The words of a program's command line, as a shell would take them; what only a shell can do is refused.
import { parse } from 'shell-quote'
import { OutputError } from './spec.js'

/** What quotes and backslashes stand for, whole. */
const QUOTED = /\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs

/** The words, of which there is at least one. Throws OutputError. */
export function commandWords(command: string): [string, ...string[]] {
  const open = /['"`]/.exec(command.replace(QUOTED, ''))?.[0]
  if (open === '`') throw needsShell(command, open)
  if (open !== undefined) throw new OutputError(`the program '${command}' has a ${open} that is never closed`)
  const parts = parse(command, (name) => ({ op: `$${name}` }))
  const words = parts.map((part) => {
    if (typeof part === 'string') return part
    throw needsShell(command, 'pattern' in part ? part.pattern : 'op' in part ? part.op : '#')
  })
  const [program, ...args] = words
  if (program === undefined || program.trim() === '') throw new OutputError(`'${command}' names no program`)
  return [program, ...args]
}

function needsShell(command: string, what: string): OutputError {
  return new OutputError(
    `the program '${command}' is run without a shell, which ${what} would need: quote it, or run a script that does it`,
  )
}
