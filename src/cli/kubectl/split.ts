// Which of the words of ksys go to the node and which stay: as the table of options says (../cli/options/table.ts).
import { prepareChisels } from '../chisels/prepare.js'
import { CliError, EXIT } from '../errors/exit.js'
import { splitArgv } from '../options/argv.js'
import { takeChisels } from '../options/chisel-arguments.js'
import { parseArgs, type Settings } from '../options/parse.js'
import { SUBCOMMANDS, UI } from '../options/subcommands.js'
import { UNNEEDED } from '../options/sysdig.js'
import { OPTIONS, type OptionDef, whereOf } from '../options/table.js'
import { parseWords } from '../options/words.js'
import { checkQuery } from '../query/query.js'
import type { Place } from './place.js'

export interface Split {
  /** words of the ksys on the node */
  readonly there: readonly string[]
  /** words of the one here, which reads what comes; undefined: the one there prints */
  readonly here: readonly string[] | undefined
  /** the one there has the terminal */
  readonly terminal: boolean
}

type Pod = Place['pod']

/** Splits the words. Throws CliError (usage) for what is wrong, or is not about a capture on a node. */
export async function split(words: readonly string[], pod: Pod): Promise<Split> {
  const [first] = words
  if (first === UI.word) return ofUi(words.slice(1), pod)
  if (SUBCOMMANDS.some((c) => c.word === first))
    throw usage(`kubectl ksys captures on a node, or shows the UI: ksys ${first} is for this machine`)
  const s = parseArgs(words)
  const { plain, chisels } = wordsOf(words)
  const given = optionsOf([...OPTIONS, ...UNNEEDED], plain)
  const wheres = new Map<OptionDef, string>(OPTIONS.map((o) => [o, whereOf(o)]))
  const no = given.options.find(({ def }) => wheres.get(def) === 'never')
  if (no !== undefined) throw usage(`--${no.def.long} is not about a capture on a node: use ksys itself for it`)
  const at = (...places: readonly string[]) =>
    given.options.filter(({ def }) => places.includes(wheres.get(def) ?? 'here')).map(({ word }) => word)
  const whole = given.options.find(({ def }) => wheres.get(def) === 'whole')
  if (whole !== undefined) {
    if (s.write !== undefined || s.redaction?.rules.length)
      throw usage(
        `--${whole.def.long} prints what is on the node: leave out -w and --redact, which are about files of here`,
      )
    const there = [...at('here', 'there', 'both', 'whole'), ...scopeOf(s, pod), ...filterWords(s.filter, pod)]
    return { there, here: undefined, terminal: false }
  }
  const asked = await checked(s)
  const there = ['--until-eof', '--write=-', ...at('there', 'both'), ...needs(s, asked), ...scopeOf(s, pod)]
  return {
    there: [...there, ...filterWords(asked.filter, pod)],
    here: ['--read=-', '--follow', ...at('here', 'both'), ...given.rest, ...chisels],
    terminal: false,
  }
}

/** The UI runs on the node, by a terminal of here. */
function ofUi(words: readonly string[], pod: Pod): Split {
  const { options, rest } = optionsOf(UI.options, words)
  const file = options.find(({ def }) => ['read', 'rules'].includes(def.long) || def.long.startsWith('redact'))
  if (file !== undefined)
    throw usage(`--${file.def.long} names a file of here, and the UI runs on the node: leave it out`)
  const only = options.find(({ def }) => def.long === ONLY)
  const scope = only === undefined && pod !== undefined ? [`--${ONLY}=${pod.namespace}`] : []
  return {
    there: [UI.word, ...options.map(({ word }) => word), ...scope, ...filterWords(rest.join(' '), pod)],
    here: undefined,
    terminal: true,
  }
}

const ONLY = 'only-namespace'

/** Repaired words without chisels, and the words of these. */
function wordsOf(words: readonly string[]): { plain: string[]; chisels: string[] } {
  const { words: plain, chisels } = takeChisels(splitArgv(words).words)
  return { plain, chisels: chisels.flatMap(({ name, words: own }) => ['-c', name, ...own]) }
}

/** The options among words, each as one word, and the others. */
function optionsOf(
  table: readonly OptionDef[],
  words: readonly string[],
): { options: { def: OptionDef; word: string }[]; rest: string[] } {
  const options: { def: OptionDef; word: string }[] = []
  const { words: rest } = parseWords(table, words, { command: 'kubectl ksys' }, (def, value) => {
    options.push({ def, word: `--${def.long}${def.value === undefined ? '' : `=${value ?? ''}`}` })
  })
  return { options, rest }
}

/** The settings that the chisels make of the given ones; filter and format are found right before anything is made. */
async function checked(s: Settings): Promise<Settings> {
  if (s.chisels.length > 0) return (await prepareChisels(s)).settings
  checkQuery(s)
  return s
}

/** Options for what chisels need to be captured. */
function needs(s: Settings, asked: Settings): string[] {
  return [
    ...(asked.snaplen > s.snaplen ? [`--snaplen=${asked.snaplen}`] : []),
    ...(asked.enter && !s.enter ? ['--enter'] : []),
    ...(asked.switches && !s.switches ? ['--switches'] : []),
  ]
}

/** Nothing of other namespaces leaves the node of a pod. */
function scopeOf(s: Settings, pod: Pod): string[] {
  const only = s.redaction?.namespace
  if (pod === undefined) return []
  if (only !== undefined && only !== pod.namespace)
    throw usage(`pod ${pod.name} is in the namespace ${pod.namespace}, and --${ONLY} names ${only}`)
  return only === undefined ? [`--${ONLY}=${pod.namespace}`] : []
}

function filterWords(filter: string, pod: Pod): string[] {
  const ofPod = pod === undefined ? [] : [`k8s.pod.name = "${pod.name}"`]
  const parts = filter === '' ? ofPod : ofPod.length === 0 ? [filter] : [...ofPod, `(${filter})`]
  return parts.length === 0 ? [] : [parts.join(' and ')]
}

function usage(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
