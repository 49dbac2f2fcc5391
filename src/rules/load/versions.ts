// Checks the versions of the engine and of plugins that rules files require.
import type { YamlNode } from '../yaml/node.js'
import { ALTERNATIVE_KEYS, PLUGIN_KEYS } from './keys.js'
import { MapReader } from './map-reader.js'
import { type Item, ItemError, type Report } from './report.js'

type Version = readonly [major: number, minor: number, patch: number]

/** The version of Falco's engine that ksys is compatible with. */
const ENGINE_VERSION: Version = [0, 63, 0]

/** Plugins whose function is built into ksys, with the major version of each. */
const BUILT_IN: ReadonlyMap<string, number> = new Map([['container', 0]])

const SEMVER = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/

function semver(text: string): Version | undefined {
  const m = SEMVER.exec(text)
  return m === null ? undefined : [Number(m[1]), Number(m[2]), Number(m[3])]
}

/** Checks the item `required_engine_version`. Throws ItemError. */
export function checkEngineVersion(item: MapReader): void {
  const node = item.text('required_engine_version')
  const at = { items: item.itemOf('required_engine_version'), length: node.end - node.at }
  const wanted: Version | undefined = /^\d{1,15}$/.test(node.value) ? [0, Number(node.value), 0] : semver(node.value)
  if (wanted === undefined)
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', `'${node.value}' is not a version; use one such as 0.57.0`, at)
  const [major, minor, patch] = ENGINE_VERSION
  const fits = wanted[0] === major && (wanted[1] < minor || (wanted[1] === minor && wanted[2] <= patch))
  if (!fits)
    throw new ItemError(
      'LOAD_ERR_VALIDATE',
      `these rules require version ${wanted.join('.')} of the engine; this engine supports ${ENGINE_VERSION.join('.')} and older`,
      at,
    )
}

interface Requirement {
  readonly name: string
  readonly version: string
}

/** Checks an entry of `required_plugin_versions`: one of its alternatives must be available. Throws ItemError. */
export function checkPlugin(node: YamlNode, outer: readonly Item[], report: Report): void {
  const { items, reader } = entryOf(node, outer, report)
  reader.checkKeys(PLUGIN_KEYS)
  const wanted = [requirement(reader)]
  if (reader.has('alternatives'))
    for (const alternative of reader.list('alternatives').items) {
      const entry = entryOf(alternative, items, report)
      entry.reader.checkKeys(ALTERNATIVE_KEYS)
      wanted.push(requirement(entry.reader))
    }
  const twice = wanted.find(({ name }, i) => wanted.findIndex((w) => w.name === name) < i)
  if (twice !== undefined)
    throw new ItemError('LOAD_ERR_VALIDATE', `'${twice.name}' is listed twice in one requirement`, { items })
  if (wanted.some(isBuiltIn)) return
  const names = wanted.map(({ name, version }) => `${name} ${version}`).join(' or ')
  throw new ItemError(
    'LOAD_ERR_VALIDATE',
    `these rules require the plugin ${names}; ksys only has system call events`,
    {
      items,
    },
  )
}

function entryOf(node: YamlNode, outer: readonly Item[], report: Report): { items: Item[]; reader: MapReader } {
  const nameless = [...outer, { type: 'required plugin versions entry', name: '', file: node.file, at: node.at }]
  if (node.kind !== 'map')
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'a plugin must be a map with name and version', { items: nameless })
  const name = new MapReader(node, nameless, report).text('name').value
  const items = [...outer, { type: 'required plugin versions entry', name, file: node.file, at: node.at }]
  return { items, reader: new MapReader(node, items, report) }
}

function requirement(reader: MapReader): Requirement {
  const [name, version] = [reader.text('name').value, reader.text('version').value]
  if (semver(version) !== undefined) return { name, version }
  throw new ItemError('LOAD_ERR_VALIDATE', `'${version}' is not a version of ${name}; use one such as 0.4.0`, {
    items: reader.itemOf('version'),
  })
}

function isBuiltIn({ name, version }: Requirement): boolean {
  return BUILT_IN.get(name) === semver(version)?.[0]
}
