// Reads a rules file into definitions: determines the kind of each item.
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

/** Adds the definitions of a file; errors are reported, and valid items are still added. */
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
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'rules must be a list of items, each starting with a dash', {
      items: [content],
    })
  for (const node of document.items) if (!isNull(node)) collectErrors(report, () => readItem(node, definitions, report))
}

interface Head {
  /** its name in messages */
  readonly type: string
  readonly keys: Keys
  readonly read: (item: MapReader, definitions: Definitions, report: Report) => void
}

/** The kinds of items: the first of these keys that an item has determines its kind. */
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
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'an item must be a map, such as "rule: NAME" with its other keys', {
      items: [unknown],
    })
  const found = [...HEADS].find(([key]) => node.entries.has(key))
  if (found === undefined) {
    const known = [...HEADS.keys()].join(', ')
    report.warn('LOAD_UNKNOWN_ITEM', `this item is ignored: it has none of the keys ${known}`, { items: [unknown] })
    return
  }
  const [key, { type, keys, read }] = found
  const named = node.entries.get(key)?.value
  const name = named?.kind === 'scalar' && key === type && keys !== ENGINE_KEYS ? named.value : ''
  const item = new MapReader(node, [{ type, name, file, at }], report)
  item.checkKeys(keys)
  read(item, definitions, report)
}
