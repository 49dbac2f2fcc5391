// A rule as loaded: lists, macros, exceptions, appends and overrides are applied. Also priorities and alerts.
import type { Ast, Expr } from '../filter/ast.js'

/** Priorities, highest first: the index is syslog's severity number. */
export const PRIORITIES = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const
export type Priority = (typeof PRIORITIES)[number]

/** The priority of that name, in upper or lower case; INFO is accepted. Undefined if there is none. */
export function parsePriority(name: string): Priority | undefined {
  const lower = name.toLowerCase()
  return PRIORITIES.find((p) => p.toLowerCase() === (lower === 'info' ? 'informational' : lower))
}

/** A place in a rules file; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface Rule {
  readonly name: string
  /** 'syscall', or another event source, of which ksys has no events */
  readonly source: string
  /** the complete condition: macros and lists replaced, exceptions joined by `and not` */
  readonly condition: Ast
  /** the condition as written, for display */
  readonly written: string
  /** the exceptions alone, each as a condition */
  readonly exceptions: readonly {
    readonly name: string
    readonly fields: readonly string[]
    readonly condition?: Expr
  }[]
  /** format of the alert's text */
  readonly output: string
  readonly desc: string
  readonly priority: Priority
  readonly tags: readonly string[]
  readonly enabled: boolean
  /** record the calls around an alert to a file */
  readonly capture: boolean
  /** ms for which that file continues after the alert; undefined: the default */
  readonly captureDuration: number | undefined
  readonly place: Place
}

/** One alert, built while the cursor is at its event. */
export interface Alert {
  readonly rule: Pick<Rule, 'name' | 'source' | 'priority' | 'tags'>
  /** ns since 1970 */
  readonly time: bigint
  readonly hostname: string
  /** the rendered output, without time and priority: one line, safe for terminals */
  readonly text: string
  /** values of the output's fields, as in JSON; undefined: absent */
  readonly fields: ReadonlyMap<string, AlertValue>
  /** alerts of one group count as repeats (see alerts/grouping.ts); absent: never grouped */
  readonly group?: string
}
export type AlertValue = string | number | bigint | boolean | undefined | readonly AlertValue[]
