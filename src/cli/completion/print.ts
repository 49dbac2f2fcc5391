// --completion: prints a script for bash, zsh or fish, derived from the tables of options and the lists of names.
import { allChisels } from '../../chisel/places.js'
import { registry } from '../../fields/index.js'
import { evtTypeNames } from '../../schema/events/index.js'
import { loadViews } from '../../views/index.js'
import { EXIT } from '../errors/exit.js'
import { topics } from '../help/topics.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import { OPTIONS } from '../options/table.js'
import type { Output } from '../output/stdout.js'
import { bashScript } from './bash.js'
import { fishScript } from './fish.js'
import type { Mode, Words } from './words.js'
import { zshScript } from './zsh.js'

const MODES: readonly Mode[] = [
  { word: '', options: OPTIONS, rest: 'command' },
  ...SUBCOMMANDS,
  { word: 'help', options: [], rest: 'topic' },
]

type Shell = 'bash' | 'zsh' | 'fish'

/** The script that lets the shell complete the options of ksys, their values, field names and event types. */
export function completionScript(shell: Shell, words: Words): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](MODES, words)
}

/** Prints the script; returns the exit code. */
export async function printCompletion(shell: Shell, out: Output): Promise<number> {
  const views = await loadViews()
  await out.text(
    completionScript(shell, {
      // a name with a * represents many fields
      fields: registry.names().filter((name) => !name.includes('*')),
      events: evtTypeNames(),
      // the shell evaluates the script: file names are included only if they need no quoting
      chisels: allChisels().flatMap((c) => (/^[\w.-]+$/.test(c.name) ? [c.name] : [])),
      views: views.map((v) => v.id),
      topics: topics(),
    }),
  )
  return EXIT.ok
}
