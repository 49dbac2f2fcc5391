// The shape of a tool that is measured. Arguments may contain {folder}, an empty folder for what it writes, {rules}, the folder of
// rules files, and {programs}, the folder of compiled programs.

import type { Need } from '../needs.js'

/** How the bench counts the marked operations that a tool has seen. */
export type Counting =
  /** in the trace {folder}/all.ksys */
  | 'trace'
  /** in the file that `ksys dump` writes */
  | 'dump'
  /** lines of {folder}/alerts */
  | 'alerts'
  /** samples that it prints for Prometheus */
  | 'metrics'

/** A tool of the bench. */
export interface Tool {
  name: string
  /** how the tables show it */
  title: string
  /** its command; without one nothing runs beside the load */
  command: readonly string[]
  /** command[0] is an option of ksys or one of its commands */
  ksys?: boolean
  /** it starts the load itself */
  wraps?: boolean
  counts?: Counting
  /** it must see every marked operation */
  complete?: boolean
  /** it leaves out calls on purpose */
  limits?: boolean
  /** the loads with which it is measured; without it all */
  loads?: readonly string[]
  needs?: readonly Need[]
  /** a command that fails, with the reason on standard error, where the tool cannot run */
  check?: readonly string[]
}
