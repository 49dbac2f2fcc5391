// Reads the items `list` and `macro`.
import type { Definitions } from './definitions.js'
import { LIST_KEYS, MACRO_KEYS } from './keys.js'
import type { MapReader } from './map-reader.js'
import { readChanges } from './overrides.js'
import { type Item, ItemError, type Report } from './report.js'
import { WrittenText } from './written-text.js'

const MACRO_NAME = /^[A-Za-z][A-Za-z0-9_]*$/
const LIST_NAME = /^[^()"'\s=,]+$/

/** Defines a list, or adds to one. Throws ItemError. */
export function readList(item: MapReader, definitions: Definitions, report: Report): void {
  const name = item.text('list').value
  const self = item.items.at(-1) as Item
  if (!LIST_NAME.test(name))
    report.warn(
      'LOAD_INVALID_LIST_NAME',
      `no condition can use '${name}': list names cannot contain blanks, quotes or ( ) = ,`,
      {
        items: item.itemOf('list'),
      },
    )
  const items = item.texts('items')
  const { appends, overrides } = readChanges(item, LIST_KEYS, report)
  if (!appends && overrides.get('items') !== 'append') {
    definitions.setList({ name, items, item: self })
    return
  }
  const before = definitions.lists.get(name)
  if (before === undefined) throw nothingBefore('list', name, item)
  definitions.lists.set(name, { ...before, items: [...before.items, ...items] })
}

/** Defines a macro, or adds to one. Throws ItemError. */
export function readMacro(item: MapReader, definitions: Definitions, report: Report): void {
  const name = item.text('macro').value
  const self = item.items.at(-1) as Item
  if (!MACRO_NAME.test(name))
    report.warn(
      'LOAD_INVALID_MACRO_NAME',
      `no condition can use '${name}': macro names consist of letters, digits and _`,
      {
        items: item.itemOf('macro'),
      },
    )
  definitions.brokenMacros.add(name)
  const condition = item.text('condition')
  const { appends, overrides } = readChanges(item, MACRO_KEYS, report)
  const before = definitions.macros.get(name)
  if (!appends && overrides.get('condition') !== 'append')
    definitions.setMacro({ name, condition: WrittenText.from(condition), item: self })
  else if (before === undefined) throw nothingBefore('macro', name, item)
  else definitions.changeMacro({ ...before, condition: before.condition.append(condition) }, before)
  definitions.brokenMacros.delete(name)
}

/** The error for an item that changes something undefined. */
export function nothingBefore(type: string, name: string, item: MapReader): ItemError {
  return new ItemError('LOAD_ERR_VALIDATE', `there is no earlier ${type} '${name}' to change`, item)
}
