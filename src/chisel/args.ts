// Parses the words after a chisel's name into its arguments; the remaining words belong to the filter.
import { registry } from '../fields/index.js'
import { checkFilter, FilterError } from '../filter/index.js'
import { findField } from '../table/compile.js'
import type { ArgDef, ArgDefs } from './define.js'
import type { ChiselFile } from './places.js'

/** A chisel cannot be run as requested. The message is a sentence for the user. */
export class ChiselError extends Error {}

export interface ParsedArguments {
  readonly args: Readonly<Record<string, string | number | undefined>>
  /** words of the filter */
  readonly rest: readonly string[]
}

/**
 * Takes the arguments of chisel `name`, which `call` finds after -c, from `words`: separate words, one word with all of them (separated by blanks, grouped
 * by quotes), or name=value. A word that is no valid value for an optional argument goes to the next one. Words that form a
 * filter end the optional arguments, except one of type filter. Throws ChiselError.
 */
export function takeArguments(
  { name, argument }: Pick<ChiselFile, 'name' | 'argument'>,
  defs: ArgDefs,
  words: readonly string[],
): ParsedArguments {
  const given: Record<string, string> = {}
  const rest = [...words]
  const skipped = new Set<string>()
  const missing = () => Object.entries(defs).find(([key]) => given[key] === undefined && !skipped.has(key))
  const missingAfter = (key: string) =>
    Object.keys(defs).some((k, i, all) => i > all.indexOf(key) && given[k] === undefined)
  const inOne = splitWord(defs, rest[0])
  if (inOne !== undefined) rest.splice(0, 1, ...inOne)
  const until = inOne === undefined ? 0 : rest.length - inOne.length
  for (let next = missing(); next !== undefined && rest.length > until; next = missing()) {
    const word = rest[0] as string
    const named = /^(\w+)=(.*)$/s.exec(word)
    if (named !== null && Object.hasOwn(defs, named[1] as string)) {
      given[named[1] as string] = named[2] as string
      rest.shift()
      continue
    }
    const [key, def] = next
    if (isForLater(def, word) && missingAfter(key)) {
      skipped.add(key)
      continue
    }
    const count = wordsFor(def, rest)
    if (count === 0) break
    given[key] = rest.splice(0, count).join(' ')
  }
  const args: Record<string, string | number | undefined> = {}
  for (const [key, def] of Object.entries(defs))
    args[key] = checked(name, key, def, given[key], `ksys -c ${usage(argument, defs)}`)
  return { args, rest }
}

/** The syntax of a chisel after -c: `fdbytes_by KEY [TOP]`. */
export function usage(argument: string, defs: ArgDefs): string {
  const words = Object.entries(defs).map(([key, d]) => (d.optional ? `[${key}]` : key))
  return [argument, ...words].join(' ')
}

/** Number of words that an argument takes. */
function wordsFor(def: ArgDef, words: readonly string[]): number {
  if (def.type === 'filter') {
    if (words.length > 1 && isFilter(words.join(' '))) return words.length
    return !def.optional || isFilter(words[0] as string) || words.length === 1 ? 1 : 0
  }
  return def.optional && isFilter(words.join(' ')) ? 0 : 1
}

/** Whether a word is no valid value for an optional argument. */
function isForLater(def: ArgDef, word: string): boolean {
  if (def.optional !== true) return false
  return def.choices === undefined ? def.type === 'int' && !WHOLE.test(word) : !def.choices.includes(word)
}

const WHOLE = /^-?\d{1,15}$/

/** Whether a text is a complete filter. */
export function isFilter(text: string): boolean {
  try {
    checkFilter(text, registry)
    return true
  } catch (e) {
    if (e instanceof FilterError) return false
    throw e
  }
}

/** The arguments in one word; undefined if it is a single argument. */
function splitWord(defs: ArgDefs, word: string | undefined): string[] | undefined {
  const all = Object.values(defs)
  if (word === undefined || all.length < 2 || !/\s/.test(word.trim())) return undefined
  const required = all.filter((d) => !d.optional).length
  const parts = [...word.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '')
  if (parts.length < required || parts.length > all.length) return undefined
  return required === 0 && isFilter(word) ? undefined : parts
}

/** The value of an argument. command: the syntax of the command, for errors. */
function checked(
  name: string,
  key: string,
  def: ArgDef,
  text: string | undefined,
  command: string,
): string | number | undefined {
  if (text === undefined) {
    if (!def.optional) throw new ChiselError(`chisel ${name} requires ${key} (${def.doc}): ${command}`)
    return def.default
  }
  if (def.choices !== undefined && !def.choices.includes(text))
    throw new ChiselError(`chisel ${name}: ${key} must be one of ${def.choices.join(', ')}, not '${text}'`)
  switch (def.type) {
    case 'int':
      if (!WHOLE.test(text))
        throw new ChiselError(`chisel ${name}: ${key} must be a whole number (${def.doc}), not '${text}': ${command}`)
      if (Number(text) < (def.least ?? Number.NEGATIVE_INFINITY))
        throw new ChiselError(`chisel ${name}: ${key} must be at least ${def.least} (${def.doc}), not ${text}`)
      return Number(text)
    case 'field':
      inArgument(name, key, () => findField(text))
      return text
    case 'filter':
      if (text !== '') inArgument(name, key, () => checkFilter(text, registry))
      return text === '' ? def.default : text
    default:
      return text
  }
}

/** Reports an error in a field or filter with the name of its argument. */
function inArgument(name: string, key: string, check: () => void): void {
  try {
    check()
  } catch (e) {
    if (e instanceof FilterError) throw new ChiselError(`chisel ${name}: ${key}:\n${e.format()}`)
    throw e
  }
}
