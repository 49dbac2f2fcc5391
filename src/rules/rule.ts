// What a rule is once its files are read: lists, macros, exceptions, appends and overrides are applied.
import type { Ast, Expr } from '../filter/ast.js'

/** Severities, the gravest first: the index is syslog's number. */
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

/** The priority of that name, in small letters or capitals, INFO too; undefined when there is none. */
export function parsePriority(name: string): Priority | undefined {
  const lower = name.toLowerCase()
  return PRIORITIES.find((p) => p.toLowerCase() === (lower === 'info' ? 'informational' : lower))
}

/** Where something stands in a rules file; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface Rule {
  readonly name: string
  /** 'syscall', or another source that nobody here delivers events of */
  readonly source: string
  /** whole: macros and lists replaced, exceptions joined by `and not` */
  readonly condition: Ast
  /** the condition as written, for people */
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
  /** keep the calls around an alert in a file */
  readonly capture: boolean
  /** ms after the alert that such a file goes on; undefined: the default */
  readonly captureDuration: number | undefined
  readonly place: Place
}

/** One alert, made while the cursor is at its event. */
export interface Alert {
  readonly rule: Pick<Rule, 'name' | 'source' | 'priority' | 'tags'>
  /** ns since 1970 */
  readonly time: bigint
  readonly hostname: string
  /** the rendered output, without time and priority: one line, safe for terminals */
  readonly text: string
  /** values of the fields that the output has, as JSON has them; undefined: absent */
  readonly fields: ReadonlyMap<string, AlertValue>
  /** alerts of one group are alike (see alerts/grouping.ts); absent: this one is like no other */
  readonly group?: string
}
export type AlertValue = string | number | bigint | boolean | undefined | readonly AlertValue[]
