// Prepares the command line arguments for the parser: pasted dashes, abbreviated long options, and `-- CMD ARGS`.

import { UNNEEDED, withoutProbe } from './sysdig.js'
import { OPTIONS, type OptionDef } from './table.js'

export interface SplitArgv {
  /** arguments before `--`, with dashes repaired and long options spelled out */
  words: string[]
  /** the command to run and its arguments, untouched; undefined without `--` */
  command: string[] | undefined
}

// A format that begins with a dash has a field or a blank.
const LOOKS_LIKE_OPTION = /^(?:--|--?[A-Za-z][^\s%]*)$/

// What word processors and web pages replace a dash with: hyphens, en dash, em dash, minus sign.
const DASH = /^[\u2010-\u2015\u2212]+/

/** Splits at the first `--` and repairs the arguments before it. */
export function splitArgv(argv: readonly string[]): SplitArgv {
  const repaired = argv.map(repairDash)
  const takesValue = valued()
  const words: string[] = []
  let at = 0
  while (at < repaired.length && repaired[at] !== '--') {
    const word = spellOut(withoutProbe(repaired[at++] as string))
    const whole = withOwnValue(word, repaired[at])
    words.push(whole ?? word)
    if (whole === undefined && takesValue.has(word) && at < repaired.length) words.push(repaired[at++] as string)
  }
  return { words, command: at < argv.length ? argv.slice(at + 1) : undefined }
}

/** An option that is given without a value, with the one that it has in this case; undefined: it has none. next: the word after it. */
function withOwnValue(word: string, next: string | undefined): string | undefined {
  if (next !== undefined && !LOOKS_LIKE_OPTION.test(next)) return undefined
  const def = OPTIONS.find(({ alone, long, short }) => alone !== undefined && [`--${long}`, `-${short}`].includes(word))
  return def && `--${def.long}=${def.alone}`
}

/** All spellings of the options whose value may be the next argument. */
export function valued(options: readonly OptionDef[] = [...OPTIONS, ...UNNEEDED]): Set<string> {
  return new Set(
    options.flatMap((o) =>
      o.value === undefined ? [] : [`--${o.long}`, ...(o.short === undefined ? [] : [`-${o.short}`])],
    ),
  )
}

/** `–l` means `-l`, `—list` and `–list` mean `--list`; other arguments are unchanged. */
export function repairDash(word: string): string {
  const dashes = DASH.exec(word)?.[0]
  if (dashes === undefined) return word
  const rest = word.slice(dashes.length)
  if (rest === '') return '--'
  const name = rest.replace(/=.*/s, '')
  const long = rest.length > 1 && OPTIONS.some((o) => o.long === name || o.aliases?.includes(name))
  return long || dashes.length > 1 || dashes === '\u2014' ? `--${rest}` : `-${rest}`
}

/** Replaces an alias or an unambiguous prefix of a long option by the option's name. */
function spellOut(word: string): string {
  const m = /^--([a-z][a-z-]*)(=.*)?$/s.exec(word)
  if (m === null) return word
  const given = m[1] as string
  const value = m[2] ?? ''
  const exact = [...OPTIONS, ...UNNEEDED].find((o) => namesOf(o).includes(given))
  if (exact) return `--${exact.long}${value}`
  const starting = (options: readonly OptionDef[]) => options.filter((o) => namesOf(o).some((n) => n.startsWith(given)))
  const own = starting(OPTIONS)
  const starts = own.length === 0 ? starting(UNNEEDED) : own
  return starts.length === 1 ? `--${(starts[0] as OptionDef).long}${value}` : word
}

/** The words with the names of options in place of their aliases. The values of options are unchanged. */
export function withoutAliases(options: readonly OptionDef[], words: readonly string[]): string[] {
  const takesValue = valued(options)
  const renamed: string[] = []
  for (let i = 0; i < words.length; i++) {
    const [given = '', ...value] = (words[i] as string).split('=')
    const def = options.find(({ aliases }) => aliases?.some((alias) => `--${alias}` === given))
    const word = def === undefined ? (words[i] as string) : [`--${def.long}`, ...value].join('=')
    renamed.push(word)
    if (takesValue.has(word) && i + 1 < words.length) renamed.push(words[++i] as string)
  }
  return renamed
}

function namesOf({ long, aliases = [] }: OptionDef): readonly string[] {
  return [long, ...aliases]
}
