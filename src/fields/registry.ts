// Finds fields by text: names, aliases, and arguments in brackets or after a dot.
import type { FieldDef, FieldType } from './field.js'

/** Fields that are listed together. */
export interface FieldClass {
  readonly name: string
  readonly doc: string
  readonly fields: Readonly<Record<string, FieldDef>>
}

/** A field with its argument. */
export interface FieldUse {
  /** as written, the key in JSON output */
  readonly text: string
  readonly name: string
  readonly arg: string | undefined
  readonly def: FieldDef
  /** type of the value with this argument */
  readonly type: FieldType
  /** several candidate values, as an array (def.multi without an argument) */
  readonly multi: boolean
}

/** An error in the text of a field, at offset `at`. */
export class FieldError extends Error {
  constructor(
    message: string,
    readonly at: number,
    /** the text is not the name of any field */
    readonly unknown = false,
  ) {
    super(message)
  }
}

const ALIASES: Readonly<Record<string, string>> = { 'proc.id': 'proc.pid', 'thread.id': 'thread.tid' }
const WORD = /[A-Za-z0-9_]+/y
const NAME = /[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_*]+)*/y

export class FieldRegistry {
  private readonly byName = new Map<string, FieldDef>()

  constructor(readonly classes: readonly FieldClass[]) {
    for (const c of classes) for (const [name, def] of Object.entries(c.fields)) this.byName.set(name, def)
  }

  /** All names, in listing order. */
  names(): string[] {
    return [...this.byName.keys()]
  }

  /** The declaration of a field, by name or alias. */
  get(name: string): FieldDef | undefined {
    return this.byName.get(ALIASES[name] ?? name)
  }

  /** Resolves `text`, a field name with its argument. Throws FieldError. */
  find(text: string): FieldUse {
    const { use, end } = this.match(text, 0)
    if (end < text.length) {
      if (text[end] === '[') throw new FieldError(`field ${use.name} takes no argument`, end)
      if (text[end] === '.') throw new FieldError(`unknown field "${text}"`, 0, true)
      throw new FieldError(`unexpected text after field ${use.text}`, end)
    }
    return use
  }

  /**
   * The longest field name in `text` at offset `from`, with its argument, and the end offset. `within`: more letters
   * may follow the name. Throws FieldError.
   */
  match(text: string, from: number, within = false): { use: FieldUse; end: number } {
    NAME.lastIndex = from
    const word = NAME.exec(text)?.[0] ?? ''
    let name = word
    while (name !== '' && this.get(name) === undefined)
      name = within ? name.slice(0, -1) : name.slice(0, Math.max(name.lastIndexOf('.'), 0))
    const removed = name === '' ? this.get(`${word.split('.')[0]}.*`)?.removed : undefined
    if (removed !== undefined) throw new FieldError(`ksys has no field ${word}: ${removed}`, from)
    if (name === '') throw new FieldError(word === '' ? 'expected a field name' : `unknown field "${word}"`, from, true)
    const def = this.get(name) as FieldDef
    if (def.removed !== undefined) throw new FieldError(`ksys has no field ${name}: ${def.removed}`, from)
    const { arg, end } = argument(text, from + name.length, def, within)
    if (arg === undefined && def.arg?.need === 'required')
      throw new FieldError(`field ${name} needs an argument: ${name}[...], ${def.arg.doc}`, end)
    const wrong = arg === undefined ? undefined : checkArgument(def, arg)
    if (wrong !== undefined) throw new FieldError(`field ${name}: ${wrong}`, from + name.length + 1)
    const type = def.type === 'dynamic' && arg !== undefined ? (def.dynamicType?.(arg) ?? 'string') : def.type
    const use: FieldUse = {
      text: text.slice(from, end),
      name: ALIASES[name] ?? name,
      arg,
      def,
      type,
      multi: def.multi !== undefined && arg === undefined,
    }
    return { use, end }
  }
}

function argument(text: string, at: number, def: FieldDef, within: boolean): { arg: string | undefined; end: number } {
  if (def.arg === undefined) return { arg: undefined, end: at }
  if (text[at] === '[') {
    const quote = text[at + 1]
    const close = quote === '"' || quote === "'" ? text.indexOf(`${quote}]`, at + 2) + 1 : text.indexOf(']', at)
    if (close <= 0) throw new FieldError('expected a closing ]', text.length)
    const quoted = close > text.indexOf(']', at) || quote === '"' || quote === "'"
    return { arg: quoted ? text.slice(at + 2, close - 1) : text.slice(at + 1, close), end: close + 1 }
  }
  if (text[at] === '.') {
    WORD.lastIndex = at + 1
    const word = argumentWord(WORD.exec(text)?.[0], def, within)
    if (word !== undefined && (def.arg.dot || def.arg.need === 'required' || /^\d+$/.test(word)))
      return { arg: word, end: at + 1 + word.length }
  }
  return { arg: undefined, end: at }
}

/** The longest prefix of a word that the field accepts as its argument; the whole word if it accepts none. */
function argumentWord(word: string | undefined, def: FieldDef, within: boolean): string | undefined {
  if (word === undefined || !within) return word
  for (let n = word.length; n > 0; n--) if (checkArgument(def, word.slice(0, n)) === undefined) return word.slice(0, n)
  return word
}

function checkArgument(def: FieldDef, arg: string): string | undefined {
  if (arg === '') return 'the argument is empty'
  if (def.arg?.kind === 'index' && !/^\d{1,19}$/.test(arg)) return `"${arg}" is not a number (${def.arg.doc})`
  return def.checkArg?.(arg)
}

/** The same field as the list of its words, for transformers that take a list; undefined if it has none. */
export function wordsOf(use: FieldUse): FieldUse | undefined {
  const { words } = use.def
  return words === undefined || use.arg !== undefined
    ? undefined
    : { ...use, def: { ...use.def, list: true, make: words } }
}

/**
 * Fields of the descriptor, fields that its kind determines, and fields of the transfer, whose bytes are the result of
 * the call.
 */
export function dependsOnTransferSide({ def, name, arg }: FieldUse): boolean {
  return def.perTransfer === true || OF_FD.test(name) || (name === 'evt.rawarg' && arg === 'res')
}

const OF_FD = /^fd\.(?!types)|^evt\.(category|is_syslog)$/
