// Stable fields, which identify the actor and the object of an activity with the same value each time, so that exceptions can use them.
// Process ids, times and client ports are not stable.
import { registry } from '../../fields/index.js'
import { parseFormat } from '../../format/template/parse.js'
import type { CheckedRules } from '../engine/checked.js'
import type { Rule } from '../rule.js'

interface StableField {
  readonly name: string
  /** sufficient to identify an activity; other fields only narrow it down */
  readonly strong?: true
  /** also used if the rule uses or prints this field */
  readonly with?: string
}

/** In order of preference. */
const STABLE: readonly StableField[] = [
  { name: 'proc.name', strong: true },
  { name: 'fd.name', strong: true },
  { name: 'container.image.repository', strong: true },
  { name: 'proc.exepath', strong: true },
  { name: 'proc.pname' },
  { name: 'fd.directory', with: 'fd.name' },
  { name: 'fd.sport' },
  { name: 'fd.sip' },
  { name: 'k8s.ns.name' },
  { name: 'user.name' },
  { name: 'proc.cmdline', strong: true },
]

const STRONG: ReadonlySet<string> = new Set(STABLE.flatMap(({ name, strong }) => (strong ? [name] : [])))

/** Whether a field alone can identify the activity of an alert. */
export const isStrong = (name: string): boolean => STRONG.has(name)

/** The stable fields of a rule's output and condition, in order of preference; at least one is strong. */
export function stableFields(rule: Rule, { fieldsUsed }: Pick<CheckedRules, 'fieldsUsed'>): string[] {
  const { parts } = parseFormat(rule.output, registry)
  const printed = parts.flatMap((part) => (typeof part === 'string' ? [] : part.expression.fields))
  const used = new Set([...fieldsUsed, ...printed])
  const names = STABLE.filter((f) => used.has(f.name) || (f.with !== undefined && used.has(f.with))).map((f) => f.name)
  return names.some(isStrong) ? names : ['proc.name', ...names]
}
