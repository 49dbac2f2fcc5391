// The words of a program's command line, as a shell would take them; what only a shell can do is refused.
import { parse } from 'shell-quote'
import { OutputError } from './spec.js'

/** The words, of which there is at least one. Throws OutputError. */
export function commandWords(command: string): [string, ...string[]] {
  const parts = parse(command, (name) => ({ op: `$${name}` }))
  const words = parts.map((part) => {
    if (typeof part === 'string') return part
    const what = 'pattern' in part ? part.pattern : 'op' in part ? part.op : '#'
    throw new OutputError(
      `the program '${command}' is run without a shell, which ${what} would need: quote it, or run a script that does it`,
    )
  })
  const [program, ...args] = words
  if (program === undefined) throw new OutputError(`the program '${command}' has no words`)
  return [program, ...args]
}
