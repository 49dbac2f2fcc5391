// Loads falco.yaml and the files that it includes as one configuration. In values, ${NAME} is replaced by the environment variable
// (empty if unset); $${NAME} is the text ${NAME}.
import { filesIn, readTextFile } from '../load/files.js'
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parse.js'
import { TextFile } from '../yaml/text-file.js'
import { CONFIG_KEYS, hasValue, type RulesConfig } from './keys.js'
import { ConfigError, type Note, oneOf, valuesOf } from './kinds.js'

export interface LoadedConfig {
  readonly config: RulesConfig
  /** the files it was read from */
  readonly files: readonly string[]
  /** about keys and files that are not used */
  readonly notes: readonly Note[]
}

interface ConfigOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  /** reject files that users other than this one and root can change */
  readonly trustedOnly?: boolean
}

const INCLUDES = 'config_files'
/** `${NAME}`, and `$${NAME}`, which is an escaped one */
const VARIABLE = /(\$?)\$\{([^}]*)\}/g

type Entries = Map<string, YamlEntry>

/** How an included file's keys are merged with the existing ones: only top-level keys are merged. */
const STRATEGIES: Readonly<Record<'append' | 'override' | 'add-only', (into: Entries, entry: YamlEntry) => void>> = {
  append: (into, entry) => {
    const before = into.get(entry.key)?.value
    const both = before?.kind === 'seq' && entry.value.kind === 'seq'
    const value = both ? { ...before, items: [...before.items, ...entry.value.items] } : entry.value
    into.set(entry.key, { ...entry, value })
  },
  override: (into, entry) => {
    into.set(entry.key, entry)
  },
  'add-only': (into, entry) => {
    if (!into.has(entry.key)) into.set(entry.key, entry)
  },
}

const strategy = oneOf('append', 'append', 'override', 'add-only')

/** Reads a configuration. Throws ConfigError. */
export function loadConfig(path: string, options: ConfigOptions = {}): LoadedConfig {
  const files = [path]
  const notes: Note[] = []
  const main = readMap(path, options)
  const entries: Entries = new Map(main.entries)
  entries.delete(INCLUDES)
  for (const include of includesOf(main)) {
    for (const file of filesIn(include.path)) {
      if ('unreadable' in file) {
        notes.push({ about: file.name, sentence: `${file.name} is not included: ${file.unreadable}` })
        continue
      }
      files.push(file.name)
      const map = readMap(file.name, options)
      const nested = map.entries.get(INCLUDES)
      if (nested !== undefined) throw new ConfigError(nested.value, `${INCLUDES} is only allowed in the main file`)
      for (const entry of map.entries.values()) STRATEGIES[include.strategy](entries, entry)
    }
  }
  const config = valuesOf(CONFIG_KEYS, entries, { path: '', note: (note) => notes.push(note) })
  return { config, files, notes: [...new Map(notes.map((note) => [note.sentence, note])).values()] }
}

/** The configuration without a file. */
export function defaultConfig(): RulesConfig {
  return valuesOf(CONFIG_KEYS, new Map(), { path: '', note: () => {} })
}

interface Include {
  readonly path: string
  readonly strategy: keyof typeof STRATEGIES
}

function includesOf(main: YamlMap): Include[] {
  const node = main.entries.get(INCLUDES)?.value
  if (!hasValue(node)) return []
  return (node.kind === 'seq' ? node.items : [node]).map((one): Include => {
    if (one.kind === 'scalar') return { path: one.value, strategy: 'append' }
    const path = one.kind === 'map' ? one.entries.get('path')?.value : undefined
    if (one.kind !== 'map' || path?.kind !== 'scalar')
      throw new ConfigError(one, `${INCLUDES} must contain paths, or maps such as {path: FILE, strategy: override}`)
    const how = one.entries.get('strategy')?.value
    const at = { path: `${INCLUDES}.strategy`, note: () => {} }
    return { path: path.value, strategy: hasValue(how) ? strategy.read(how, at) : 'append' }
  })
}

/** The top-level map of a file, with variables replaced. */
function readMap(name: string, { env = process.env, trustedOnly }: ConfigOptions): YamlMap {
  const read = readTextFile(name, trustedOnly)
  if ('unreadable' in read) throw new ConfigError({ file: new TextFile(name, ''), at: 0 }, read.unreadable)
  const file = new TextFile(name, read.text)
  const { documents, errors } = parseYaml(file)
  const [error] = errors
  if (error !== undefined) throw new ConfigError({ file, at: error.at }, `invalid YAML: ${error.message}`)
  const content: YamlNode | undefined = documents.find(hasValue)
  if (content === undefined) return { kind: 'map', file, at: 0, size: 1, entries: new Map(), repeated: [] }
  if (content.kind !== 'map')
    throw new ConfigError(content, 'a configuration must be a map of keys, such as priority: warning')
  return withEnvironment(content, env) as YamlMap
}

/** The same tree with variables in its scalars replaced. */
function withEnvironment(node: YamlNode, env: Readonly<Record<string, string | undefined>>): YamlNode {
  const known = new Map<YamlNode, YamlNode>()
  const replaced = (n: YamlNode): YamlNode => {
    const before = known.get(n)
    if (before !== undefined) return before
    const result = changed(n)
    known.set(n, result)
    return result
  }
  const changed = (n: YamlNode): YamlNode => {
    if (n.kind === 'seq') return { ...n, items: n.items.map(replaced) }
    if (n.kind === 'map') {
      const entries = new Map<string, YamlEntry>()
      for (const [key, e] of n.entries) entries.set(key, { ...e, value: replaced(e.value) })
      return { ...n, entries }
    }
    const value = n.value.replace(VARIABLE, (_, escaped: string, name: string) =>
      escaped === '' ? (env[name] ?? '') : `\${${name}}`,
    )
    return { ...n, value }
  }
  return replaced(node)
}
