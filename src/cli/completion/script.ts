// --completion: scripts for bash, zsh and fish, made from the tables of options and the lists of names.

import { INFO_OPTIONS } from '../options/info.js'
import { REDACT_OPTIONS } from '../options/redact.js'
import { OPTIONS } from '../options/table.js'
import { UI_OPTIONS } from '../options/ui.js'
import { bashScript } from './bash.js'
import { fishScript } from './fish.js'
import type { Mode, Words } from './words.js'
import { zshScript } from './zsh.js'

const MODES: readonly Mode[] = [
  { word: '', options: OPTIONS, rest: 'filter' },
  { word: 'info', options: INFO_OPTIONS, rest: 'file' },
  { word: 'redact', options: REDACT_OPTIONS, rest: 'file' },
  { word: 'ui', options: UI_OPTIONS, rest: 'filter' },
]

export type Shell = 'bash' | 'zsh' | 'fish'

/** The script that makes the shell complete ksys's options, their values, field names and event types. */
export function completionScript(shell: Shell, words: Words): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](MODES, words)
}
