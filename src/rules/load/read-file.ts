// A rules file to definitions: which item each entry of it is.
import { isNull, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parse.js'
import { TextFile } from '../yaml/text-file.js'
import type { Definitions } from './definitions.js'
import { ENGINE_KEYS, type Keys, LIST_KEYS, MACRO_KEYS, PLUGINS_KEYS } from './keys.js'
import { MapReader } from './map-reader.js'
import { readList, readMacro } from './read-names.js'
import { readRule } from './read-rule.js'
import { collectErrors, type Item, ItemError, type Report } from './report.js'
import { RULE_KEYS } from './rule-properties.js'
import { checkEngineVersion, checkPlugin } from './versions.js'

/** Takes over what a file defines; what is wrong in it is told, and the rest taken. */
export function readFile(name: string, text: string, definitions: Definitions, report: Report): void {
  const file = new TextFile(name, text)
  const { documents, errors } = parseYaml(file)
  for (const { message, at } of errors)
    report.error('LOAD_ERR_YAML_PARSE', message, { items: [{ type: 'rules content', name: '', file, at }] })
  for (const document of documents) collectErrors(report, () => readDocument(document, definitions, report))
}

function readDocument(document: YamlNode, definitions: Definitions, report: Report): void {
  if (isNull(document)) return
  const content: Item = { type: 'rules content', name: '', file: document.file, at: document.at }
  if (document.kind !== 'seq')
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'rules are a list of items: each begins with a dash', {
      items: [content],
    })
  for (const node of document.items) if (!isNull(node)) collectErrors(report, () => readItem(node, definitions, report))
}

interface Head {
  /** what it is called in messages */
  readonly type: string
  readonly keys: Keys
  readonly read: (item: MapReader, definitions: Definitions, report: Report) => void
}

/** What an item is, by the first of these keys that it has. */
const HEADS: ReadonlyMap<string, Head> = new Map<string, Head>([
  [
    'required_engine_version',
    { type: 'required_engine_version', keys: ENGINE_KEYS, read: (item) => checkEngineVersion(item) },
  ],
  [
    'required_plugin_versions',
    {
      type: 'required plugin versions',
      keys: PLUGINS_KEYS,
      read: (item, _, report) => {
        for (const plugin of item.list('required_plugin_versions').items)
          collectErrors(report, () => checkPlugin(plugin, item.items, report))
      },
    },
  ],
  ['list', { type: 'list', keys: LIST_KEYS, read: readList }],
  ['macro', { type: 'macro', keys: MACRO_KEYS, read: readMacro }],
  ['rule', { type: 'rule', keys: RULE_KEYS, read: readRule }],
])

function readItem(node: YamlNode, definitions: Definitions, report: Report): void {
  const { file, at } = node
  const unknown: Item = { type: 'rules content item', name: '', file, at }
  if (node.kind !== 'map')
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'an item is a map, such as "rule: NAME" with its other keys', {
      items: [unknown],
    })
  const found = [...HEADS].find(([key]) => node.entries.has(key))
  if (found === undefined) {
    const known = [...HEADS.keys()].join(', ')
    report.warn('LOAD_UNKNOWN_ITEM', `it is ignored: it has none of the keys ${known}`, { items: [unknown] })
    return
  }
  const [key, { type, keys, read }] = found
  const named = node.entries.get(key)?.value
  const name = named?.kind === 'scalar' && key === type && keys !== ENGINE_KEYS ? named.value : ''
  const item = new MapReader(node, [{ type, name, file, at }], report)
  item.checkKeys(keys)
  read(item, definitions, report)
}
