// A redaction as plain data, which can be passed to workers.

import type { PrivacyOption } from '../schema/types.js'
import { NO_ARGS, NO_BUFFERS, NO_ENV } from '../source/source.js'

/** What replaces a value: a keyed hash, `***`, or nothing. */
export type Action = 'hash' | 'mask' | 'drop'
export const ACTIONS: readonly Action[] = ['hash', 'mask', 'drop']

/** One line of a redaction file. */
export interface Rule {
  /** names of fields, or `*` for all */
  readonly fields: readonly string[]
  readonly action: Action
  /** RE2 pattern: only matches are changed, or its groups if it has any; undefined: the whole value */
  readonly pattern?: string
}

export interface Redaction {
  /** the only Kubernetes namespace that is visible; undefined: everything is */
  readonly namespace?: string | undefined
  /** omit data of I/O and messages, keys, and other program memory except names */
  readonly noBuffers: boolean
  /** omit environments of processes and containers */
  readonly noEnv: boolean
  /** omit arguments of programs: a command line contains only the program's name */
  readonly noArgs: boolean
  readonly rules: readonly Rule[]
  /** key of hashes; empty if no rule hashes */
  readonly key: Uint8Array
}

/** Whether a redaction includes a privacy option. */
export function omits({ noBuffers, noEnv, noArgs }: Redaction, option: PrivacyOption): boolean {
  return option === 'buffers' ? noBuffers : option === 'env' ? noEnv : noArgs
}

/**
 * Whether reads of /proc files must be found (process-files.ts), because their content has arguments or environments. They are identified
 * by names of descriptors, so all processes are followed.
 */
export function tracksProcFiles({ noBuffers, noEnv, noArgs }: Redaction): boolean {
  return (noEnv || noArgs) && !noBuffers
}

/** What a capture lacks, for display and recorded in the capture. Patterns are not included, as they may contain secrets. */
export function describeOmissions({ namespace, noBuffers, noEnv, noArgs, rules }: Redaction): string[] {
  const words = [
    ...(namespace === undefined ? [] : [`all but the pods of the Kubernetes namespace ${namespace}`]),
    ...(noBuffers ? [NO_BUFFERS] : []),
    ...(noEnv ? [NO_ENV] : []),
    ...(noArgs ? [NO_ARGS] : []),
    ...rules.map(
      ({ fields, action, pattern }) =>
        `${fields.join(',')}: ${pattern === undefined ? '' : 'pattern matches '}${DONE[action]}`,
    ),
  ]
  return [...new Set(words)]
}

const DONE: Readonly<Record<Action, string>> = { hash: 'hashed', mask: 'masked', drop: 'dropped' }
