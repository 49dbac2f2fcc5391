// The key `override` of an item, and its elder `append: true`: what of an earlier definition is changed.
import { type Keys, OPERATIONS, type Operation } from './keys.js'
import type { MapReader } from './map-reader.js'
import { ItemError, type Report } from './report.js'

export interface Changes {
  /** `append: true` stands there */
  readonly appends: boolean
  readonly overrides: ReadonlyMap<string, Operation>
}

/** What an item changes; nothing of both: it defines. Throws ItemError. */
export function readChanges(item: MapReader, keys: Keys, report: Report): Changes {
  const appends = item.flag('append') === true
  if (appends)
    report.warn(
      'LOAD_DEPRECATED_ITEM',
      "append: true is old; write override with the keys, such as 'condition: append'",
      {
        items: item.itemOf('append'),
      },
    )
  const overrides = readOverrides(item, keys)
  if (appends && overrides.size > 0)
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', 'append: true and override cannot stand in one item', item)
  return { appends, overrides }
}

function readOverrides(item: MapReader, keys: Keys): Map<string, Operation> {
  const overrides = new Map<string, Operation>()
  const node = item.map.entries.get('override')?.value
  if (node === undefined) return overrides
  if (node.kind !== 'map') throw item.wrong('override', 'is a map of keys to append or replace')
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
      throw wrong(`'${key}' can be overridden by ${allowed.join(' or ')} only`)
    if (!item.has(key)) throw wrong(`'${key}' is to be overridden, and the item has no '${key}'`)
    overrides.set(key, operation)
  }
  if (overrides.size > 0) refuseOthers(item, keys, overrides)
  return overrides
}

/** Whoever overrides says so of every key that could be overridden. */
function refuseOthers(item: MapReader, keys: Keys, overrides: ReadonlyMap<string, Operation>): void {
  for (const { key, keyAt } of item.map.entries.values()) {
    if (overrides.has(key) || !Object.hasOwn(keys, key) || keys[key]?.length === 0) continue
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', `override does not say what becomes of '${key}'`, {
      items: [...item.items, { type: 'key', name: key, file: item.map.file, at: keyAt }],
      length: key.length,
    })
  }
}
