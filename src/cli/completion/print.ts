// --completion: prints a script for bash, zsh or fish, derived from the tables of options and the lists of names.
import { loadAll } from '../../chisel/load.js'
import { allChisels } from '../../chisel/places.js'
import { registry } from '../../fields/index.js'
import { evtTypeNames } from '../../schema/events/index.js'
import { loadViews } from '../../views/index.js'
import { EXIT } from '../errors/exit.js'
import { topics } from '../help/topics.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import { OPTIONS } from '../options/table.js'
import type { Output } from '../output/stdout.js'
import { visibleLine } from '../output/visible.js'
import { bashScript } from './bash.js'
import { fishScript } from './fish.js'
import { commandsOf, type Described, helpWords, type Mode, type Words } from './words.js'
import { zshScript } from './zsh.js'

type Shell = 'bash' | 'zsh' | 'fish'

/** The script that lets the shell complete the options of ksys, their values, field names and event types. */
export function completionScript(shell: Shell, words: Words): string {
  const modes: readonly Mode[] = [
    { word: '', options: OPTIONS, second: [], rest: 'command' },
    ...SUBCOMMANDS.map((c) => ({ ...c, second: commandsOf(c) })),
    { word: 'help', options: [], second: helpWords(words), rest: 'none' },
  ]
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](modes, words)
}

/** The names of fields, without those with a *, which represent many fields. */
export const fieldNames = (): string[] => registry.names().filter((name) => !name.includes('*'))

/** The words that completion offers on this machine. */
export async function completionWords(): Promise<Words> {
  const views = await loadViews()
  return {
    fields: fieldNames(),
    events: evtTypeNames(),
    chisels: await chisels(),
    views: views.map((v) => ({ word: v.id, summary: v.description })),
    topics: topics(),
  }
}

/** Prints the script; returns the exit code. */
export async function printCompletion(shell: Shell, out: Output): Promise<number> {
  await out.text(completionScript(shell, await completionWords()))
  return EXIT.ok
}

/** All chisels with their descriptions, which those that cannot be loaded do not have. */
async function chisels(): Promise<Described[]> {
  const loaded = new Map((await loadAll()).chisels.map((c) => [c.name, c.def.description]))
  // the shell evaluates the script: file names are included only if they need no quoting
  const names = allChisels().flatMap((c) => (/^[\w.-]+$/.test(c.name) ? [c.name] : []))
  return names.map((word) => {
    const summary = loaded.get(word)
    return summary === undefined ? { word } : { word, summary: visibleLine(summary.trim().replace(/\s+/g, ' ')) }
  })
}
