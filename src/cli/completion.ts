// --completion: scripts for bash, zsh and fish, made from the tables of options and the lists of names.
import { bashScript } from './completion-bash.js'
import { fishScript } from './completion-fish.js'
import type { Mode, Words } from './completion-words.js'
import { zshScript } from './completion-zsh.js'
import { INFO_OPTIONS } from './info-options.js'
import { OPTIONS } from './options.js'
import { UI_OPTIONS } from './ui-options.js'

const MODES: readonly Mode[] = [
  { word: '', options: OPTIONS, rest: 'filter' },
  { word: 'info', options: INFO_OPTIONS, rest: 'file' },
  { word: 'ui', options: UI_OPTIONS, rest: 'filter' },
]

/** The script that makes the shell complete ksys's options, their values, field names and event types. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', words: Words): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](MODES, words)
}
