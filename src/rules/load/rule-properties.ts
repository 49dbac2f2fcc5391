// The keys of rules: how each is read, and how `override` changes it. To add a key, add an entry to PROPERTIES.
import { PRIORITIES, type Priority, parsePriority } from '../rule.js'
import type { RuleDef } from './definitions.js'
import { appendExceptions, readExceptions } from './exceptions.js'
import type { Keys, Operation } from './keys.js'
import type { MapReader } from './map-reader.js'
import type { Report } from './report.js'
import { WrittenText } from './written-text.js'

type Change = (rule: RuleDef, item: MapReader, report: Report) => void

interface Property {
  /** sets the property. Throws ItemError */
  readonly replace: Change
  /** appends to the property. Throws ItemError */
  readonly append?: Change
}

const PROPERTIES: Readonly<Record<string, Property>> = {
  condition: {
    replace: (rule, item) => {
      rule.condition = WrittenText.from(item.text('condition'))
    },
    append: (rule, item) => {
      rule.condition = rule.condition.append(item.text('condition'))
    },
  },
  output: {
    replace: (rule, item) => {
      rule.output = WrittenText.from(item.text('output'))
    },
    append: (rule, item) => {
      rule.output = rule.output.append(item.text('output'))
    },
  },
  desc: {
    replace: (rule, item) => {
      rule.desc = item.text('desc').value
    },
    append: (rule, item) => {
      rule.desc = `${rule.desc} ${item.text('desc').value}`
    },
  },
  tags: {
    replace: (rule, item) => {
      rule.tags = new Set(tagsOf(item))
    },
    append: (rule, item) => {
      rule.tags = new Set([...rule.tags, ...tagsOf(item)])
    },
  },
  exceptions: {
    replace: (rule, item, report) => {
      rule.exceptions = readExceptions(item, report)
    },
    append: (rule, item, report) => {
      rule.exceptions = appendExceptions(rule.exceptions, item, report)
    },
  },
  priority: {
    replace: (rule, item) => {
      rule.priority = priorityOf(item)
    },
  },
  enabled: {
    replace: (rule, item) => {
      rule.enabled = item.flag('enabled') ?? rule.enabled
    },
  },
  warn_evttypes: {
    replace: (rule, item) => {
      rule.warnsOfTypes = item.flag('warn_evttypes') ?? rule.warnsOfTypes
    },
  },
  'skip-if-unknown-filter': {
    replace: (rule, item) => {
      rule.skipsUnknown = item.flag('skip-if-unknown-filter') ?? rule.skipsUnknown
    },
  },
  capture: {
    replace: (rule, item) => {
      rule.capture = item.flag('capture') ?? rule.capture
    },
  },
  capture_duration: {
    replace: (rule, item) => {
      rule.captureDuration = item.number('capture_duration')
    },
  },
}

export const RULE_KEYS: Keys = {
  rule: [],
  source: [],
  append: [],
  override: [],
  ...Object.fromEntries(Object.entries(PROPERTIES).map(([key, property]) => [key, operationsOf(property)])),
}

function operationsOf({ append }: Property): readonly Operation[] {
  return append === undefined ? ['replace'] : ['append', 'replace']
}

/** Changes a property of a rule if the operation is allowed. Throws ItemError. */
export function change(key: string, operation: Operation, rule: RuleDef, item: MapReader, report: Report): void {
  PROPERTIES[key]?.[operation]?.(rule, item, report)
}

/** Sets all properties of a new rule that the item has. Throws ItemError. */
export function setAll(rule: RuleDef, item: MapReader, report: Report): void {
  for (const [key, { replace }] of Object.entries(PROPERTIES)) if (item.has(key)) replace(rule, item, report)
}

/** The required priority of a rule. Throws ItemError. */
export function priorityOf(item: MapReader): Priority {
  const { value } = item.text('priority')
  const priority = parsePriority(value)
  if (priority === undefined) throw item.wrong('priority', `must be one of ${PRIORITIES.join(', ')}, not '${value}'`)
  return priority
}

function tagsOf(item: MapReader): string[] {
  return item.texts('tags').map((t) => t.value)
}
