// --completion: scripts for bash, zsh and fish, derived from the tables of options and the lists of names.

import { SUBCOMMANDS } from '../options/subcommands.js'
import { OPTIONS } from '../options/table.js'
import { bashScript } from './bash.js'
import { fishScript } from './fish.js'
import type { Mode, Words } from './words.js'
import { zshScript } from './zsh.js'

const MODES: readonly Mode[] = [{ word: '', options: OPTIONS, rest: 'command' }, ...SUBCOMMANDS]

export type Shell = 'bash' | 'zsh' | 'fish'

/** The script that lets the shell complete the options of ksys, their values, field names and event types. */
export function completionScript(shell: Shell, words: Words): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](MODES, words)
}
