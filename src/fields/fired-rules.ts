// What the fields of rules (rule.*) ask: which rules an event fires. Who has rules makes it (../rules/fired.ts).
import type { Event } from '../model/event.js'

/** A rule, as far as fields tell of it. */
export interface FiredRule {
  readonly name: string
  /** where its events come from: syscall */
  readonly source: string
  /** Emergency, Alert, Critical ... */
  readonly priority: string
  /** the same as syslog's number: 0 is the gravest */
  readonly severity: number
  readonly tags: readonly string[]
}

export interface FiredRules {
  /** The rules that the event under the cursor fires, in their order. */
  at(e: Event): readonly FiredRule[]
  /** The text of the alert that the first of them makes of the event, without time and priority; undefined: none fires. */
  output(e: Event): string | undefined
}
