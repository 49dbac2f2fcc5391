// Reads the item `rule`: it defines a rule, changes one, or enables or disables one.
import type { Definitions, RuleDef } from './definitions.js'
import type { MapReader } from './map-reader.js'
import { readChanges } from './overrides.js'
import { nothingBefore } from './read-names.js'
import { type Item, ItemError, type Report } from './report.js'
import { change, priorityOf, RULE_KEYS, setAll } from './rule-properties.js'
import { WrittenText } from './written-text.js'

/** The event source that ksys has. */
export const SYSCALL = 'syscall'

/** an item without any of these keys only enables or disables a rule */
const DEFINING = ['condition', 'output', 'desc', 'priority']
/** keys to which `append: true` adds */
const APPENDED = ['condition', 'exceptions']

/** Defines or changes a rule. Throws ItemError. */
export function readRule(item: MapReader, definitions: Definitions, report: Report): void {
  const name = item.text('rule').value
  const { appends, overrides } = readChanges(item, RULE_KEYS, report)
  const before = definitions.rules.get(name)
  if (appends || overrides.size > 0) {
    if (before === undefined) throw nothingBefore('rule', name, item)
    const appended = appends ? APPENDED.filter((key) => item.has(key)).map((key) => [key, 'append'] as const) : []
    if (appends && appended.length === 0)
      throw new ItemError('LOAD_ERR_VALIDATE', `append: true requires ${APPENDED.join(' or ')} in the item`, item)
    const changed = { ...before }
    for (const [key, operation] of [...appended, ...overrides]) change(key, operation, changed, item, report)
    definitions.rules.set(name, changed)
  } else if (DEFINING.some((key) => item.has(key))) define(name, item, before, definitions, report)
  else switchRule(name, item, before, definitions, report)
}

function define(
  name: string,
  item: MapReader,
  before: RuleDef | undefined,
  definitions: Definitions,
  report: Report,
): void {
  const source = item.optionalText('source')?.value ?? SYSCALL
  if (before !== undefined && before.source !== source)
    throw new ItemError('LOAD_ERR_VALIDATE', `the earlier rule of this name has another source: ${before.source}`, item)
  const rule: RuleDef = {
    name,
    item: item.items.at(-1) as Item,
    source,
    condition: WrittenText.from(item.text('condition')),
    output: WrittenText.from(item.text('output')),
    desc: item.text('desc').value,
    priority: priorityOf(item),
    tags: new Set(),
    enabled: true,
    warnsOfTypes: true,
    skipsUnknown: false,
    capture: false,
    captureDuration: undefined,
    exceptions: [],
  }
  setAll(rule, item, report)
  if (source !== SYSCALL)
    report.warn('LOAD_UNKNOWN_SOURCE', `ksys has no events of source ${source}: the rule is ignored`, {
      items: item.itemOf('source'),
    })
  definitions.setRule(rule)
}

/** An item with only `enabled` enables or disables the rule of its name. */
function switchRule(
  name: string,
  item: MapReader,
  before: RuleDef | undefined,
  definitions: Definitions,
  report: Report,
): void {
  const enabled = item.flag('enabled')
  if (enabled === undefined)
    throw new ItemError('LOAD_ERR_YAML_VALIDATE', `a rule needs the keys ${DEFINING.join(', ')}`, item)
  report.warn('LOAD_DEPRECATED_ITEM', 'enabled alone is deprecated; use override with enabled: replace', {
    items: item.itemOf('enabled'),
  })
  if (before === undefined) throw nothingBefore('rule', name, item)
  definitions.rules.set(name, { ...before, enabled })
}
