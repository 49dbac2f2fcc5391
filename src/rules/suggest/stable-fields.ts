// Fields that tell who does something, and to what, in the same way each time: by them alerts can be silenced for good. Numbers of
// processes, times and ports of clients are none.
import { registry } from '../../fields/index.js'
import { parseFormat } from '../../format/template/parse.js'
import type { CheckedRules } from '../engine/checked.js'
import type { Rule } from '../rule.js'

interface StableField {
  readonly name: string
  /** it says by itself what an alert is about; others only narrow it down */
  readonly strong?: true
  /** it is looked at where this one is asked for or told */
  readonly with?: string
}

/** In the order in which they are preferred. */
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

/** Whether a field is enough to say what an alert is about. */
export const isStrong = (name: string): boolean => STRONG.has(name)

/** The stable fields of the output and the condition of a rule, the preferred ones first; there is a strong one among them. */
export function stableFields(rule: Rule, { fieldsUsed }: Pick<CheckedRules, 'fieldsUsed'>): string[] {
  const { parts } = parseFormat(rule.output, registry)
  const printed = parts.flatMap((part) => (typeof part === 'string' ? [] : part.expression.fields))
  const used = new Set([...fieldsUsed, ...printed])
  const names = STABLE.filter((f) => used.has(f.name) || (f.with !== undefined && used.has(f.with))).map((f) => f.name)
  return names.some(isStrong) ? names : ['proc.name', ...names]
}
