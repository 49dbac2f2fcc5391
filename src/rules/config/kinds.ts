// What values of a configuration may be: how each kind is read, and what counts where nothing is written.
import { didYouMean } from '../../filter/suggest.js'
import { isNull, truth, type YamlEntry, type YamlMap, type YamlNode } from '../yaml/node.js'

/** A mistake in a configuration file, at its place. */
export class ConfigError extends Error {
  constructor(
    readonly node: Pick<YamlNode, 'file' | 'at'>,
    message: string,
  ) {
    super(message)
  }

  /** Place and message, and the line with a caret. */
  format(): string {
    const { file, at } = this.node
    const { line, column } = file.placeAt(at)
    const snippet = file.text === '' ? '' : `\n${file.snippet(at).replace(/^/gm, '  ')}`
    return `${file.name}${file.text === '' ? '' : `:${line}:${column}`}: ${this.message}${snippet}`
  }
}

/** Something in a configuration that is not used. */
export interface Note {
  /** the key, with dots, or the file */
  readonly about: string
  readonly sentence: string
}

/** Where a value stands, and who hears what is not used of it. */
export interface Reading {
  /** keys with dots: `http_output.url` */
  readonly path: string
  readonly note: (note: Note) => void
}

export interface Kind<T> {
  /** what counts where the key is missing or empty */
  readonly initial: T
  /** Throws ConfigError. */
  readonly read: (node: YamlNode, at: Reading) => T
  /** nothing is read of it */
  readonly without?: true
}

export type Keys = Readonly<Record<string, Kind<unknown>>>

/** What a table of keys is read as; keys without a counterpart are not in it. */
export type Values<K extends Keys> = {
  readonly [N in keyof K as K[N] extends Without ? never : N]: K[N] extends Kind<infer T> ? T : never
}
/** Of a key that ksys has no counterpart for. */
export interface Without extends Kind<undefined> {
  readonly without: true
}

/** A key that ksys has no counterpart for; reason: what is there instead, or why nothing is. */
export function without(reason: string): Without {
  return {
    initial: undefined,
    without: true,
    read: (_, { path, note }) => void note({ about: path, sentence: `${path} is not used: ${reason}` }),
  }
}

function scalar(node: YamlNode, { path }: Reading, expected: string): string {
  if (node.kind === 'scalar') return node.value
  throw new ConfigError(node, `${path} is ${expected}`)
}

/** One scalar, as what `parse` makes of it; undefined is told as a mistake. */
function parsedText<T>(initial: T, expected: string, parse: (text: string, node: YamlNode) => T | undefined): Kind<T> {
  return {
    initial,
    read: (node, at) => {
      const text = scalar(node, at, expected)
      const value = parse(text, node)
      if (value === undefined) throw new ConfigError(node, `${at.path} is ${expected}, not '${text}'`)
      return value
    },
  }
}

export const flag = (initial: boolean): Kind<boolean> => parsedText(initial, 'true or false', (_, node) => truth(node))

export const text = (initial: string): Kind<string> => parsedText(initial, 'a text', (value) => value)

/** A whole number from `least` to `most`. */
export const integer = (initial: number, least = 0, most = 0xffffffff): Kind<number> =>
  parsedText(initial, `a whole number from ${least} to ${most}`, (value) => {
    const n = Number(value)
    return /^\d+$/.test(value) && n >= least && n <= most ? n : undefined
  })

/** One of these words, in small letters or capitals. */
export const oneOf = <const T extends string>(initial: T, ...words: readonly T[]): Kind<T> =>
  parsedText<T>(initial, `one of ${words.join(', ')}`, (value) => words.find((w) => w === value.toLowerCase()))

/** What a function makes of a text; undefined is a mistake. */
export const made = <T>(initial: T, expected: string, make: (value: string) => T | undefined): Kind<T> =>
  parsedText(initial, expected, make)

/** A list of values; one alone is a list, too. */
export function list<T>(itemKind: Kind<T>): Kind<readonly T[]> {
  return {
    initial: [],
    read: (node, at) => {
      const items = node.kind === 'seq' ? node.items : [node]
      return items.map((item, i) => itemKind.read(item, { ...at, path: `${at.path}[${i}]` }))
    },
  }
}

/** A map of the keys of a table. */
export function map<K extends Keys>(keys: K): Kind<Values<K>> {
  return {
    initial: valuesOf(keys, new Map(), { path: '', note: () => {} }),
    read: (node, at) => valuesOf(keys, entriesOf(node, at), at),
  }
}

function entriesOf(node: YamlNode, { path, note }: Reading): YamlMap['entries'] {
  if (node.kind !== 'map') throw new ConfigError(node, `${path} is a map of keys`)
  for (const { key } of node.repeated) {
    const about = within(path, key)
    note({ about, sentence: `${about} stands there before; only the first counts` })
  }
  return node.entries
}

/** Reads the entries of a map by a table; unknown keys are noted. */
export function valuesOf<K extends Keys>(
  keys: K,
  entries: ReadonlyMap<string, YamlEntry>,
  { path, note }: Reading,
): Values<K> {
  for (const key of entries.keys()) {
    if (Object.hasOwn(keys, key)) continue
    const about = within(path, key)
    note({ about, sentence: `${about} is no key that is known here${didYouMean(key, Object.keys(keys))}` })
  }
  const values = Object.entries(keys).flatMap(([key, kind]) => {
    const node = entries.get(key)?.value
    const value = node === undefined || isNull(node) ? kind.initial : kind.read(node, { path: within(path, key), note })
    return kind.without ? [] : [[key, value]]
  })
  return Object.fromEntries(values) as Values<K>
}

function within(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
