// Alerts about the run itself, not from a rule: their source is `internal`. Those that Falco also has use Falco's names, which receivers know.
import type { Alert, AlertValue, Priority } from '../rule.js'

interface Kind {
  readonly rule: string
  readonly priority: Priority
}

/** The internal alerts. Receivers route by the rule names, so these never change. */
export const INTERNAL = {
  /** events were lost, or counted instead of recorded */
  drop: { rule: 'Falco internal: syscall event drop', priority: 'Warning' },
  /** an output dropped alerts or could not deliver them */
  outputLoss: { rule: 'ksys internal: output drop', priority: 'Error' },
  metrics: { rule: 'Falco internal: metrics snapshot', priority: 'Informational' },
  reloadFailed: { rule: 'Falco internal: hot restart failure', priority: 'Critical' },
  /** the live capture was replaced by another one for reloaded rules */
  restarted: { rule: 'ksys internal: capture begun anew', priority: 'Notice' },
  captureFull: { rule: 'Falco internal: capture size limit reached', priority: 'Notice' },
} as const satisfies Record<string, Kind>

const SOURCE = 'internal'

/** An internal alert. time: ns since 1970; text: a sentence; fields: details, by name. */
export function internalAlert(
  kind: keyof typeof INTERNAL,
  time: bigint,
  hostname: string,
  text: string,
  fields: Readonly<Record<string, AlertValue>>,
): Alert {
  const { rule: name, priority } = INTERNAL[kind]
  return {
    rule: { name, priority, source: SOURCE, tags: [] },
    time,
    hostname,
    text,
    fields: new Map(Object.entries(fields)),
  }
}

export function isInternal({ rule }: Alert): boolean {
  return rule.source === SOURCE
}
