// The key `override` of an item, and the older `append: true`: what an item changes in an earlier definition.
import { type Keys, OPERATIONS, type Operation } from './keys.js'
import type { MapReader } from './map-reader.js'
import { ItemError, type Report } from './report.js'

interface Changes {
  /** the item has `append: true` */
  readonly appends: boolean
  readonly overrides: ReadonlyMap<string, Operation>
}

/** What an item changes; if it has neither key, it is a new definition. Throws ItemError. */
export function readChanges(item: MapReader, keys: Keys, report: Report): Changes {
  const appends = item.flag('append') === true
  if (appends)
    report.warn(
      'LOAD_DEPRECATED_ITEM',
      "append: true is deprecated; use override with the keys, such as 'condition: append'",
      {
        items: item.itemOf('append'),
      },
    )
  const overrides = readOverrides(item, keys)
  if (appends && overrides.size > 0)
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'append: true and override cannot be combined in one item', item)
  return { appends, overrides }
}

function readOverrides(item: MapReader, keys: Keys): Map<string, Operation> {
  const overrides = new Map<string, Operation>()
  const node = item.map.entries.get('override')?.value
  if (node === undefined) return overrides
  if (node.kind !== 'map') throw item.wrong('override', 'must be a map of keys to append or replace')
  for (const { key, keyAt, value } of node.entries.values()) {
    const at = {
      items: [...item.items, { type: 'overrides', name: key, file: node.file, at: keyAt }],
      length: key.length,
    }
    const wrong = (message: string) => new ItemError('LOAD_ERR_YAML_VALIDATE', message, at)
    const allowed = Object.hasOwn(keys, key) ? (keys[key] ?? []) : []
    if (allowed.length === 0) throw wrong(`'${key}' cannot be overridden`)
    const operation = OPERATIONS.find((o) => value.kind === 'scalar' && o === value.value)
    if (operation === undefined || !allowed.includes(operation))
      throw wrong(`the override of '${key}' must be ${allowed.join(' or ')}`)
    if (!item.has(key)) throw wrong(`override names '${key}', but the item has no '${key}'`)
    overrides.set(key, operation)
  }
  if (overrides.size > 0) refuseOthers(item, keys, overrides)
  return overrides
}

/** With override, every key that can be overridden must be listed in it. */
function refuseOthers(item: MapReader, keys: Keys, overrides: ReadonlyMap<string, Operation>): void {
  for (const { key, keyAt } of item.map.entries.values()) {
    if (overrides.has(key) || !Object.hasOwn(keys, key) || keys[key]?.length === 0) continue
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', `override does not list '${key}'`, {
      items: [...item.items, { type: 'key', name: key, file: item.map.file, at: keyAt }],
      length: key.length,
    })
  }
}
