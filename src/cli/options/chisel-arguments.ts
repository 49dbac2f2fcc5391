// Extracts chisels from the command line: the arguments between a chisel's name and the next option belong to the chisel.

import { CliError, EXIT } from '../errors/exit.js'
import { valued } from './argv.js'

export interface ChiselCall {
  readonly name: string
  /** the chisel's arguments, then the filter */
  readonly words: readonly string[]
}

const NAME = /^(?:-c|--chisel)(?:=?(.+))?$/s

/** Separates chisels from other arguments; `-cl` becomes --list-chisels. Throws CliError (usage) if a name is missing. */
export function takeChisels(words: readonly string[]): { words: string[]; chisels: ChiselCall[] } {
  const withValue = valued()
  const rest: string[] = []
  const chisels: ChiselCall[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    const m = NAME.exec(word)
    if (word === '-cl') rest.push('--list-chisels')
    else if (m === null) {
      rest.push(word)
      if (withValue.has(word) && i + 1 < words.length) rest.push(words[++i] as string)
    } else {
      const name = m[1] ?? words[++i]
      if (name === undefined || name.startsWith('-'))
        throw new CliError(EXIT.usage, 'missing name of a chisel after -c; ksys -cl lists the chisels')
      const own: string[] = []
      while (i + 1 < words.length && isArgument(words[i + 1] as string)) own.push(words[++i] as string)
      chisels.push({ name, words: own })
    }
  }
  return { words: rest, chisels }
}

/** Whether a word is no option. No option is a digit, so a negative number is an argument. */
function isArgument(word: string): boolean {
  return !word.startsWith('-') || /^-\d+$/.test(word)
}
