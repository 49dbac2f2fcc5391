// Selects which of the loaded rules are active: by name, by tag and by priority.
import { didYouMean } from '../filter/suggest.js'
import { PRIORITIES, type Priority, type Rule } from './rule.js'

/** Rules that are enabled or disabled together. */
export interface Selection {
  readonly enable: boolean
  readonly by: 'rule' | 'tag'
  /** the full name of a rule or tag; in a rule's name * matches any text */
  readonly text: string
}

/** A selection from an argument: a rule's name, a pattern with *, or `tag=NAME`. */
export function selectionOf(word: string, enable: boolean): Selection {
  const tag = /^tag=(.*)$/s.exec(word)?.[1]
  return tag === undefined ? { enable, by: 'rule', text: word } : { enable, by: 'tag', text: tag }
}

/** The rules after applying these selections in order. */
export function select(rules: readonly Rule[], selections: readonly Selection[]): Rule[] {
  const tests = selections.map((s) => ({ enable: s.enable, test: matcher(s) }))
  return rules.map((rule) => {
    let { enabled } = rule
    for (const { enable, test } of tests) if (test(rule)) enabled = enable
    return enabled === rule.enabled ? rule : { ...rule, enabled }
  })
}

/** A message for each selection that matches no rule. */
export function unmatched(rules: readonly Rule[], selections: readonly Selection[]): string[] {
  return selections
    .filter((s) => !rules.some(matcher(s)))
    .map(({ by, text }) => {
      const names = by === 'tag' ? rules.flatMap((r) => r.tags) : rules.map((r) => r.name)
      return by === 'tag'
        ? `no rule has the tag '${text}'${didYouMean(text, new Set(names))}`
        : unknownRule(text, new Set(names))
    })
}

/** The message for a name that is none of these names of rules. */
export function unknownRule(name: string, names: Iterable<string>): string {
  return `no rule '${name}'${didYouMean(name, names)}`
}

/** The rules of at least this priority. */
export function atLeast(rules: readonly Rule[], priority: Priority): Rule[] {
  const least = PRIORITIES.indexOf(priority)
  return rules.filter((r) => PRIORITIES.indexOf(r.priority) <= least)
}

function matcher({ by, text }: Selection): (rule: Rule) => boolean {
  if (by === 'tag') return (rule) => rule.tags.includes(text)
  const parts = text.split('*')
  return parts.length === 1 ? (rule) => rule.name === text : (rule) => hasParts(rule.name, parts)
}

/** Whether a name consists of these parts with any text between them. */
function hasParts(name: string, parts: readonly string[]): boolean {
  const first = parts[0] as string
  const last = parts.at(-1) as string
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}
