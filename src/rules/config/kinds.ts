// Kinds of configuration values: how each is read, and its default.
import { didYouMean } from '../../filter/suggest.js'
import { isNull, truth, type YamlEntry, type YamlMap, type YamlNode } from '../yaml/node.js'

/** An error in a configuration file, with its place. */
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

/** A note about something in a configuration that is not used. */
export interface Note {
  /** the dotted key, or the file */
  readonly about: string
  readonly sentence: string
}

/** The location of a value, and the sink for notes about unused keys. */
interface Reading {
  /** dotted key: `http_output.url` */
  readonly path: string
  readonly note: (note: Note) => void
}

export interface Kind<T> {
  /** default for a missing or empty key */
  readonly initial: T
  /** Throws ConfigError. */
  readonly read: (node: YamlNode, at: Reading) => T
  /** it is not read */
  readonly without?: true
}

type Keys = Readonly<Record<string, Kind<unknown>>>

/** The values of a table of keys, without the keys that ksys does not use. */
export type Values<K extends Keys> = {
  readonly [N in keyof K as K[N] extends Without ? never : N]: K[N] extends Kind<infer T> ? T : never
}
/** The kind of a key that ksys does not use. */
export interface Without extends Kind<undefined> {
  readonly without: true
}

/** A key that ksys does not use. reason: why, or what to use instead. */
export function without(reason: string): Without {
  return {
    initial: undefined,
    without: true,
    read: (_, { path, note }) => void note({ about: path, sentence: `${path} is not used: ${reason}` }),
  }
}

function scalar(node: YamlNode, { path }: Reading, expected: string): string {
  if (node.kind === 'scalar') return node.value
  throw new ConfigError(node, `${path} must be ${expected}`)
}

/** One scalar, converted by `parse`; undefined is reported as an error. */
export function parsedText<T>(
  initial: T,
  expected: string,
  parse: (text: string, node: YamlNode) => T | undefined,
): Kind<T> {
  return {
    initial,
    read: (node, at) => {
      const text = scalar(node, at, expected)
      const value = parse(text, node)
      if (value === undefined) throw new ConfigError(node, `${at.path} must be ${expected}, not '${text}'`)
      return value
    },
  }
}

export const flag = (initial: boolean): Kind<boolean> => parsedText(initial, 'true or false', (_, node) => truth(node))

export const text = (initial: string): Kind<string> => parsedText(initial, 'a string', (value) => value)

/** An integer from `least` to `most`. */
export const integer = (initial: number, least = 0, most = 0xffffffff): Kind<number> =>
  parsedText(initial, `a whole number from ${least} to ${most}`, (value) => {
    const n = Number(value)
    return /^\d+$/.test(value) && n >= least && n <= most ? n : undefined
  })

/** One of these words, in upper or lower case. */
export const oneOf = <const T extends string>(initial: T, ...words: readonly T[]): Kind<T> =>
  parsedText<T>(initial, `one of ${words.join(', ')}`, (value) => words.find((w) => w === value.toLowerCase()))

/** A list of values; a single value is a list of one. */
export function list<T>(itemKind: Kind<T>): Kind<readonly T[]> {
  return {
    initial: [],
    read: (node, at) => {
      const items = node.kind === 'seq' ? node.items : [node]
      return items.map((item, i) => itemKind.read(item, { ...at, path: `${at.path}[${i}]` }))
    },
  }
}

/** A map with the keys of a table. */
export function map<K extends Keys>(keys: K): Kind<Values<K>> {
  return {
    initial: valuesOf(keys, new Map(), { path: '', note: () => {} }),
    read: (node, at) => valuesOf(keys, entriesOf(node, at), at),
  }
}

function entriesOf(node: YamlNode, { path, note }: Reading): YamlMap['entries'] {
  if (node.kind !== 'map') throw new ConfigError(node, `${path} must be a map of keys`)
  for (const { key } of node.repeated) {
    const about = within(path, key)
    note({ about, sentence: `${about} is repeated; only its first value is used` })
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
    note({ about, sentence: `${about} is not a known key${didYouMean(key, Object.keys(keys))}` })
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
