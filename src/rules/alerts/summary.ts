// Counts the alerts of a run by priority and by rule, for the summary at the end and for metrics.
import { escapeText } from '../../render/escape.js'
import { type Alert, PRIORITIES, type Priority } from '../rule.js'

/** Alerts of one rule. */
interface RuleCount {
  readonly name: string
  readonly priority: Priority
  readonly source: string
  readonly count: number
}

export class AlertCounts {
  /** all alerts, including those that grouping merged or an output dropped */
  total = 0
  private readonly byName = new Map<string, RuleCount>()

  /** names: those of all rules, in the order of the summary; others follow. */
  constructor(private readonly names: readonly string[] = []) {}

  count({ rule: { name, priority, source } }: Alert): void {
    this.total++
    const before = this.byName.get(name)
    this.byName.set(name, { name, priority, source, count: (before?.count ?? 0) + 1 })
  }

  /** Rules with alerts. */
  rules(): RuleCount[] {
    const place = new Map(this.names.map((name, i) => [name, i]))
    const last = this.names.length
    return [...this.byName.values()].sort((a, b) => (place.get(a.name) ?? last) - (place.get(b.name) ?? last))
  }

  /** Falco's summary at the end of a run: lines, each with its end. */
  summary(): string {
    const rules = this.rules()
    const total = (priority: Priority) =>
      rules.reduce((n, rule) => n + (rule.priority === priority ? rule.count : 0), 0)
    const severities = PRIORITIES.map((p) => [short(p), total(p)] as const).filter(([, n]) => n > 0)
    const lines = [
      `Events detected: ${this.total}`,
      'Rule counts by severity:',
      ...severities.map(([name, n]) => `   ${name}: ${n}`),
      'Triggered rules by rule name:',
      ...rules.map(({ name, count }) => `   ${escapeText(name)}: ${count}`),
    ]
    return `${lines.join('\n')}\n`
  }
}

function short(priority: Priority): string {
  return priority === 'Informational' ? 'INFO' : priority.toUpperCase()
}
