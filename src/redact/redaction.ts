// What is kept out of a capture, as plain data: workers are given it as it is.

import type { PrivacyOption } from '../schema/types.js'
import { NO_ARGS, NO_BUFFERS, NO_ENV } from '../source/source.js'

/** What becomes of a value: a hash with the key, `***`, or nothing. */
export type Action = 'hash' | 'mask' | 'drop'
export const ACTIONS: readonly Action[] = ['hash', 'mask', 'drop']

/** One line of a redaction file. */
export interface Rule {
  /** fields by their names, `*` for all */
  readonly fields: readonly string[]
  readonly action: Action
  /** RE2 syntax: what of a value it is done to, the groups where there are some; undefined: the whole value */
  readonly pattern?: string
}

export interface Redaction {
  /** the Kubernetes namespace whose pods alone are told of; undefined: everything is */
  readonly namespace?: string | undefined
  /** data of I/O and of messages, keys, and other memory of programs but names are left out */
  readonly noBuffers: boolean
  /** environments of processes and containers are left out */
  readonly noEnv: boolean
  /** arguments of programs are left out: of a command line only the program's name is kept */
  readonly noArgs: boolean
  readonly rules: readonly Rule[]
  /** of hashes; empty where no rule makes any */
  readonly key: Uint8Array
}

/** Whether an option of privacy is among them. */
export function leavesOut({ noBuffers, noEnv, noArgs }: Redaction, option: PrivacyOption): boolean {
  return option === 'buffers' ? noBuffers : option === 'env' ? noEnv : noArgs
}

/**
 * Whether files of /proc are looked for in what is read (process-files.ts): their content has arguments or environments, and it is
 * known by the names of descriptors, so everybody is followed.
 */
export function followsFiles({ noBuffers, noEnv, noArgs }: Redaction): boolean {
  return (noEnv || noArgs) && !noBuffers
}

/** What a capture is without, in words for people; not what the patterns are, which may have what is to be kept secret. */
export function sparedBy({ namespace, noBuffers, noEnv, noArgs, rules }: Redaction): string[] {
  const words = [
    ...(namespace === undefined ? [] : [`all but the pods of the Kubernetes namespace ${namespace}`]),
    ...(noBuffers ? [NO_BUFFERS] : []),
    ...(noEnv ? [NO_ENV] : []),
    ...(noArgs ? [NO_ARGS] : []),
    ...rules.map(
      ({ fields, action, pattern }) =>
        `${fields.join(',')}: ${pattern === undefined ? '' : 'what a pattern finds '}${DONE[action]}`,
    ),
  ]
  return [...new Set(words)]
}

const DONE: Readonly<Record<Action, string>> = { hash: 'hashed', mask: 'masked', drop: 'dropped' }
