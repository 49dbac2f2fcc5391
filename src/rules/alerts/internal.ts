// Alerts about the run itself, which no rule makes: source `internal`; those that Falco has too have its names, which receivers know.
import type { Alert, AlertValue, Priority } from '../rule.js'

interface Kind {
  readonly rule: string
  readonly priority: Priority
}

/** What the run may tell of itself. */
export const INTERNAL = {
  /** events were lost, or counted instead of recorded */
  drop: { rule: 'Falco internal: syscall event drop', priority: 'Warning' },
  /** an output could not take or deliver alerts */
  outputLoss: { rule: 'ksys internal: output drop', priority: 'Error' },
  metrics: { rule: 'Falco internal: metrics snapshot', priority: 'Informational' },
  reloadFailed: { rule: 'Falco internal: hot restart failure', priority: 'Critical' },
  /** another live capture took the place of one, for rules that were read again */
  restarted: { rule: 'ksys internal: capture begun anew', priority: 'Notice' },
  captureFull: { rule: 'Falco internal: capture size limit reached', priority: 'Notice' },
} as const satisfies Record<string, Kind>

const SOURCE = 'internal'

/** An internal alert. time: ns since 1970; text: a sentence; fields: what it is about, as name and value. */
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
