// A seccomp profile as data: what OCI's, Docker's and the Security Profiles Operator's formats have in common.

/** What a filter does with a call, without the prefix SCMP_ACT_. KILL is the older name of KILL_THREAD. */
export const ACTIONS = [
  ...(['ALLOW', 'ERRNO', 'LOG', 'KILL', 'KILL_THREAD', 'KILL_PROCESS', 'TRAP', 'TRACE', 'NOTIFY'] as const),
] as const
export type Action = (typeof ACTIONS)[number]

/** How an argument is compared, without the prefix SCMP_CMP_. MASKED_EQ: (argument & value) == valueTwo. */
export const OPERATORS = ['EQ', 'NE', 'LT', 'LE', 'GE', 'GT', 'MASKED_EQ'] as const
export type Operator = (typeof OPERATORS)[number]

/** A condition on one argument, compared as an unsigned number of 64 bits. */
export interface Comparison {
  /** 0 to 5 */
  readonly index: number
  readonly op: Operator
  readonly value: bigint
  readonly valueTwo: bigint
}

/** Where a rule applies or not (Docker and podman). Empty lists state nothing. */
export interface Conditions {
  /** capabilities such as CAP_SYS_ADMIN: all of them (includes), any of them (excludes) */
  readonly caps: readonly string[]
  /** the machine's architecture by Go's name: one of them */
  readonly arches: readonly string[]
  /** the kernel is at least this version, such as 4.8 */
  readonly minKernel: string | undefined
}

export interface Rule {
  readonly names: readonly string[]
  readonly action: Action
  /** the error that ERRNO returns; undefined: the profile's default, EPERM */
  readonly errno: number | undefined
  /** all must hold */
  readonly args: readonly Comparison[]
  readonly includes: Conditions
  readonly excludes: Conditions
  /** a remark; runtimes ignore it */
  readonly comment?: string
}

export interface Profile {
  readonly defaultAction: Action
  readonly defaultErrno: number | undefined
  /** libseccomp's names of architectures beside that of the machine; undefined: none are listed */
  readonly architectures: readonly string[] | undefined
  /** the architectures to add, by that of the machine (Docker) */
  readonly archMap: ReadonlyMap<string, readonly string[]> | undefined
  readonly rules: readonly Rule[]
  /** of a systemd unit: the setting that allows further calls, up to their names; absent: rules allow them */
  readonly allowing?: string
}

export const NO_CONDITIONS: Conditions = { caps: [], arches: [], minKernel: undefined }

/** A rule without conditions on arguments or machines. */
export function plainRule(names: readonly string[], action: Action, more: Partial<Rule> = {}): Rule {
  return { names, action, errno: undefined, args: [], includes: NO_CONDITIONS, excludes: NO_CONDITIONS, ...more }
}

export const EPERM = 1
export const ENOSYS = 38
