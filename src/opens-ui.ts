// Which command lines open the terminal UI: main.ts loads other files for it.
import { isatty } from 'node:tty'

/** Whether the words of a command line open the UI: the command `ui`, or none on a terminal. */
export function opensUi(words: readonly string[]): boolean {
  return words.length === 0 ? isatty(0) && isatty(1) : words[0] === 'ui'
}
