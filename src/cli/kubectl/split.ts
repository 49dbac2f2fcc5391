// Splits the arguments of ksys into those for the node and those for this machine, according to the table of options
// (../options/table.ts).
import { prepareChisels } from '../chisels/prepare.js'
import { CliError, EXIT } from '../errors/exit.js'
import { splitArgv } from '../options/argv.js'
import { takeChisels } from '../options/chisel-arguments.js'
import { parseArgs } from '../options/parse.js'
import type { Settings } from '../options/settings.js'
import { SUBCOMMANDS } from '../options/subcommands.js'
import { UNNEEDED } from '../options/sysdig.js'
import { OPTIONS, type OptionDef, whereOf } from '../options/table.js'
import { UI } from '../options/ui.js'
import { parseWords } from '../options/words.js'
import { checkQuery } from '../query/query.js'
import type { Place } from './place.js'

export interface Split {
  /** arguments of the ksys on the node */
  readonly there: readonly string[]
  /** arguments of the ksys on this machine, which reads the trace; undefined: the ksys on the node prints */
  readonly here: readonly string[] | undefined
  /** the ksys on the node uses the terminal */
  readonly terminal: boolean
  /** messages that the ksys on this machine prints at its start */
  readonly printedHere: readonly string[]
}

type Pod = Place['pod']

/** Splits the arguments. Throws CliError (usage) for invalid ones, and those that do not apply to a capture on a node. */
export async function split(words: readonly string[], pod: Pod): Promise<Split> {
  const [first] = words
  if (first === UI.word) return ofUi(words.slice(1), pod)
  if (SUBCOMMANDS.some((c) => c.word === first))
    throw usage(`kubectl ksys only captures or runs the UI on a node: run ksys ${first} on this machine`)
  const s = parseArgs(words)
  const { plain, chisels } = wordsOf(words)
  const given = optionsOf([...OPTIONS, ...UNNEEDED], plain)
  const wheres = new Map<OptionDef, string>(OPTIONS.map((o) => [o, whereOf(o)]))
  const never = given.options.find(({ def }) => wheres.get(def) === 'never')
  if (never !== undefined)
    throw usage(`--${never.def.long} does not apply to a capture on a node: use it with ksys on this machine`)
  const at = (...places: readonly string[]) =>
    given.options.filter(({ def }) => places.includes(wheres.get(def) ?? 'here')).map(({ word }) => word)
  const whole = given.options.find(({ def }) => wheres.get(def) === 'whole')
  if (whole !== undefined) {
    if (s.write !== undefined || s.redaction?.rules.length)
      throw usage(`--${whole.def.long} runs on the node only: omit -w and --redact, which use files on this machine`)
    const there = [...at('here', 'there', 'both', 'whole'), ...scopeOf(s, pod), ...filterWords(s.filter, pod)]
    return { there, here: undefined, terminal: false, printedHere: [] }
  }
  const { needed, warnings } = await checked(s)
  const there = ['--until-eof', '--write=-', ...at('there', 'both'), ...addedOptions(s, needed), ...scopeOf(s, pod)]
  return {
    there: [...there, ...filterWords(needed.filter, pod)],
    here: ['--read=-', '--follow', ...at('here', 'both'), ...given.rest, ...chisels],
    terminal: false,
    printedHere: warnings,
  }
}

/** The UI runs on the node, with the terminal of this machine. */
function ofUi(words: readonly string[], pod: Pod): Split {
  const { options, rest } = optionsOf(UI.options, words)
  const file = options.find(({ def }) => ['read', 'rules'].includes(def.long) || def.long.startsWith('redact'))
  if (file !== undefined)
    throw usage(`--${file.def.long} names a file on this machine, but the UI runs on the node: omit it`)
  const only = options.find(({ def }) => def.long === ONLY)
  const scope = only === undefined && pod !== undefined ? [`--${ONLY}=${pod.namespace}`] : []
  return {
    there: [UI.word, ...options.map(({ word }) => word), ...scope, ...filterWords(rest.join(' '), pod)],
    here: undefined,
    terminal: true,
    printedHere: [],
  }
}

const ONLY = 'only-namespace'

/** The repaired arguments without those of chisels, and those of chisels. */
function wordsOf(words: readonly string[]): { plain: string[]; chisels: string[] } {
  const { words: plain, chisels } = takeChisels(splitArgv(words).words)
  return { plain, chisels: chisels.flatMap(({ name, words: own }) => ['-c', name, ...own]) }
}

/** The options in a list of arguments, each as one argument, and the remaining arguments. */
function optionsOf(
  table: readonly OptionDef[],
  words: readonly string[],
): { options: { def: OptionDef; word: string }[]; rest: string[] } {
  const options: { def: OptionDef; word: string }[] = []
  const each = (def: OptionDef, value: string | undefined) => {
    options.push({ def, word: `--${def.long}${def.value === undefined ? '' : `=${value ?? ''}`}` })
  }
  const { words: rest } = parseWords(table, words, { command: 'kubectl ksys', each })
  return { options, rest }
}

/** The settings including what the chisels need, and warnings about the filter. Throws CliError for an invalid filter or format, before a pod is created. */
async function checked(s: Settings): Promise<{ needed: Settings; warnings: readonly string[] }> {
  if (s.chisels.length === 0) return { needed: s, warnings: checkQuery(s).filter?.warnings ?? [] }
  const { settings, warnings } = await prepareChisels(s)
  return { needed: settings, warnings }
}

/** The options to add to the given settings so that everything is captured that chisels need. */
function addedOptions(given: Settings, needed: Settings): string[] {
  return [
    ...(needed.snaplen > given.snaplen ? [`--snaplen=${needed.snaplen}`] : []),
    ...(needed.enter && !given.enter ? ['--enter'] : []),
    ...(needed.switches && !given.switches ? ['--switches'] : []),
  ]
}

/** The option that restricts a capture of a pod to its namespace, so that no data of other namespaces leaves the node. */
function scopeOf(s: Settings, pod: Pod): string[] {
  const only = s.redaction?.namespace
  if (pod === undefined) return []
  if (only !== undefined && only !== pod.namespace)
    throw usage(`pod ${pod.name} is in the namespace ${pod.namespace}, but --${ONLY} names ${only}`)
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
