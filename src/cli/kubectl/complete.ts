// Completion for `kubectl ksys`: kubectl (1.26 and newer) runs `kubectl_complete-ksys` with the arguments so far, of which the last one is to be
// completed. It prints candidates, one per line, and at the end a directive for the shell.
import { evtTypeNames } from '../../schema/events/index.js'
import { completionWords, fieldNames } from '../completion/print.js'
import { type Described, describedFor, namesFor, spellings } from '../completion/words.js'
import { EXIT } from '../errors/exit.js'
import { OPTIONS, type OptionDef, whereOf } from '../options/table.js'
import { UI } from '../options/ui.js'
import type { Output } from '../output/stdout.js'
import { Kubectl } from './kubectl.js'
import { globalsOf, KINDS, NAME, PLUGIN, sorted } from './options.js'

/** Directives of cobra, kubectl's library for commands; without one the shell offers file names. */
const NO_SPACE = 2
const NO_FILES = 4

interface Offer {
  /** a tab separates a candidate from its description */
  readonly candidates: readonly string[]
  readonly directive: number
}

const FILES: Offer = { candidates: [], directive: 0 }
const NOTHING: Offer = { candidates: [], directive: NO_FILES }

/** Prints what can complete the last argument; returns the exit code. Where there is an error, it offers nothing. */
export async function complete(argv: readonly string[], out: Output): Promise<number> {
  const { candidates, directive } = await offerFor(argv.slice(0, -1), argv.at(-1) ?? '').catch(() => NOTHING)
  await out.text([...candidates, `:${directive}`].map((text) => `${text}\n`).join(''))
  return EXIT.ok
}

/** What can complete `piece` after these arguments. */
async function offerFor(before: readonly string[], piece: string): Promise<Offer> {
  const options: readonly OptionDef[] = [...PLUGIN.options, ...(before.includes(UI.word) ? UI.options : MAIN)]
  const optionOf = (word: string | undefined) =>
    options.find((o) => o.value !== undefined && word !== undefined && spellings(o).includes(word))
  const open = optionOf(before.at(-1))
  if (open !== undefined) return valuesOf(open, piece, before.slice(0, -1))
  const [, word, value] = /^(--[a-z-]+)=(.*)$/s.exec(piece) ?? []
  const attached = optionOf(word)
  // the shell keeps what is before the value
  if (attached !== undefined) return valuesOf(attached, value as string, before)
  if (piece.startsWith('-')) return starting(piece, options.flatMap(described), NO_FILES)
  const { target, words } = sorted(before)
  if (target === undefined) return targets(piece, before)
  return filter(words.join(' '), piece, words.length === 0 ? [UI.word] : [])
}

/** Options of the main command that apply to a capture on a node. */
const MAIN: readonly OptionDef[] = OPTIONS.filter((o) => whereOf(o) !== 'never')

const described = (o: OptionDef): string[] => spellings(o).map((word) => line({ word, summary: o.doc }))

const line = ({ word, summary }: Described): string => (summary === undefined ? word : `${word}\t${summary}`)

function starting(piece: string, candidates: readonly string[], directive: number): Offer {
  return { candidates: candidates.filter((c) => c.startsWith(piece)), directive }
}

/** What lists the possible values of options, by their names. */
const NAMES: Readonly<Record<string, (before: readonly string[]) => Promise<string[]>>> = {
  namespace: namespaces,
  'ksys-namespace': namespaces,
  'only-namespace': namespaces,
  context: contexts,
}

async function valuesOf(option: OptionDef, piece: string, before: readonly string[]): Promise<Offer> {
  const listed = NAMES[option.long]
  if (listed !== undefined) return starting(piece, await listed(before), NO_FILES)
  if (option.complete === 'file') return FILES
  if (option.complete === 'format') {
    const head = piece.slice(0, piece.lastIndexOf('%') + 1) || '%'
    return starting(piece, prefixed(head, fieldNames()), NO_SPACE | NO_FILES)
  }
  const words = await completionWords()
  const listOf = describedFor(option)
  const names = listOf === undefined ? namesFor(option, words) : words[listOf].map(line)
  return names === undefined ? NOTHING : starting(piece, names, NO_FILES)
}

const prefixed = (head: string, words: readonly string[]): string[] => words.map((word) => head + word)

/** Nodes, and pods after `pod/`. */
async function targets(piece: string, before: readonly string[]): Promise<Offer> {
  const head = piece.slice(0, piece.indexOf('/') + 1)
  const kind = head === '' ? 'node' : KINDS[head.slice(0, -1)]
  if (kind === undefined) return NOTHING
  const { namespace } = sorted(before).given
  const where = kind === 'pod' && namespace !== undefined ? ['-n', namespace] : []
  const names = await objects([`${kind}s`, ...where], before)
  const offer = starting(piece, prefixed(head, names), NO_FILES)
  if (offer.candidates.length > 0 || !'pod/'.startsWith(piece)) {
    return piece === '' ? { ...offer, candidates: [...offer.candidates, 'pod/'] } : offer
  }
  return { candidates: ['pod/'], directive: NO_SPACE | NO_FILES }
}

function namespaces(before: readonly string[]): Promise<string[]> {
  return objects(['namespaces'], before)
}

/** The names of objects in the cluster that the arguments select. */
async function objects(words: readonly string[], before: readonly string[]): Promise<string[]> {
  const names = (await lines(['get', ...words], before)).map((name) => name.replace(/^[a-z]+\//, ''))
  return names.filter((name) => NAME.test(name))
}

/** Names of contexts, without those that a shell would not take as they are. */
const CONTEXT = /^\w[\w.:@/+-]*$/

/** The contexts of kubectl. Tools that create clusters choose their names: kubernetes-admin@kubernetes, arn:aws:eks:REGION:NUMBER:cluster/NAME. */
async function contexts(before: readonly string[]): Promise<string[]> {
  return (await lines(['config', 'get-contexts'], before)).filter((name) => CONTEXT.test(name))
}

/** The names that a call of kubectl prints, with the options that select the cluster; none if it fails. */
async function lines(words: readonly string[], before: readonly string[]): Promise<string[]> {
  const kubectl = new Kubectl(globalsOf(sorted(before).given))
  const { code, stdout } = await kubectl.run([...words, '-o', 'name', '--request-timeout=3s'])
  return code === 0 ? stdout.split('\n') : []
}

/** Fields, and the types of events after evt.type. given: the arguments of ksys so far; first: other words that may be here. */
function filter(given: string, piece: string, first: readonly string[]): Offer {
  const [fields, events] = [fieldNames(), evtTypeNames()]
  const [head = ''] = /^.*[\s(,]/s.exec(piece) ?? []
  const [type] = /^evt\.type(!=|=)/.exec(piece.slice(head.length)) ?? []
  if (type !== undefined) return starting(piece, prefixed(head + type, events), NO_FILES)
  if (/evt\.type\s*(=|!=|in\s*\([^)]*)\s*$/.test(`${given} ${head}`))
    return starting(piece, prefixed(head, events), NO_FILES)
  return starting(piece, [...first, ...prefixed(head, fields)], NO_SPACE | NO_FILES)
}
