// Gives up privileges once everything is attached and open. ksys reads data from other programs and machines; an attacker who gains control
// of it through such data must not be root. It continues as another user, with few capabilities and a filter for its system calls.
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { getSystemErrorName } from 'node:util'
import { emulator } from './emulator.js'
import { allNeeds, type LaterNeeds } from './later-needs.js'
import { LiveError } from './live-error.js'
import { type NativeCalls, native } from './native.js'
import { otherUser, type TargetAccount } from './other-user.js'

/** Numbers of the capabilities that ksys uses. */
export const CAP = {
  DAC_OVERRIDE: 1,
  DAC_READ_SEARCH: 2,
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SYS_NICE: 23,
  SYS_RESOURCE: 24,
  PERFMON: 38,
  BPF: 39,
} as const

/** The effective capabilities of this process as bits. */
export function capabilities(): bigint {
  try {
    const found = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    return BigInt(`0x${found?.[1] ?? '0'}`)
  } catch {
    return 0n
  }
}

/** Whether this process has a capability. */
export function may(cap: number, caps = capabilities()): boolean {
  return ((caps >> BigInt(cap)) & 1n) === 1n
}

/** Exceptions from the usual result, as sentences for verbose output. */
export interface Confined {
  /** ksys keeps the account that it was started as */
  readonly stays?: string
  /** system calls are not filtered */
  readonly unfiltered?: string
  /** threads of an emulator keep their privileges */
  readonly kept?: string
}

/** Address families. */
const AF = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16 } as const

/**
 * Permanently gives up, in all threads, all privileges except those that were declared and those for `more`. Throws LiveError on
 * failure. Only threads of an emulator may keep them, while files are read.
 */
export function confine(more: LaterNeeds): Confined {
  const caps = capabilities()
  if (caps === 0n) return {}
  const later = allNeeds(more)
  const account = later.live === true ? targetAccount(later, caps) : undefined
  const user = account !== undefined && 'uid' in account ? account : undefined
  const { failure, unreached } = native().confine(requiredCapabilities(later, caps), user)
  const emulates = unreached.length > 0 && later.live !== true ? emulator() : undefined
  if (failure !== '' && emulates === undefined)
    throw new LiveError('EPRIV', `privileges cannot be given up, and ksys ends: ${failure}`)
  const errno = native().filterCalls(calls(later))
  return {
    ...(emulates !== undefined && {
      kept: `${emulates}, which emulates this processor, keeps the privileges that ksys was started with in a thread of its own; reading files needs none, so run ksys as another user than root`,
    }),
    ...(account !== undefined &&
      'stays' in account && { stays: `ksys stays root, without its capabilities: ${account.stays}` }),
    ...(errno !== 0 && {
      unfiltered: `the system calls of ksys itself are not restricted: seccomp failed with ${getSystemErrorName(-errno)}`,
    }),
  }
}

function targetAccount(later: LaterNeeds, caps: bigint): TargetAccount {
  return otherUser(later, (name) => may(CAP[name], caps))
}

/** The system calls that the filter allows. */
export function calls({ live, attach, network, sockets = [] }: LaterNeeds): NativeCalls {
  const families = new Set<number>()
  if (sockets.length > 0) families.add(AF.UNIX)
  // a later capture reads the machine's addresses
  if (attach) families.add(AF.NETLINK)
  // host name lookup uses all of them
  if (network) for (const family of Object.values(AF)) families.add(family)
  return { attach: attach === true, maps: live === true, families: [...families] }
}

/** The capabilities needed later, of those that the process has. */
export function requiredCapabilities(later: LaterNeeds, caps: bigint): number[] {
  // parts of ksys, and files about containers, are read when first needed, and may be in a user's private folder
  const keep: number[] = [CAP.DAC_READ_SEARCH]
  if (later.command) keep.push(CAP.KILL)
  if (later.records) keep.push(CAP.SYS_NICE)
  if (later.programs || later.attach) keep.push(CAP.SYS_PTRACE)
  if (later.attach) {
    if (may(CAP.BPF, caps) && may(CAP.PERFMON, caps)) keep.push(CAP.BPF, CAP.PERFMON)
    else keep.push(CAP.SYS_ADMIN)
  } else if (later.live && beforeRefined()) keep.push(may(CAP.BPF, caps) ? CAP.BPF : CAP.SYS_ADMIN)
  return keep
}

/** Whether the kernel is older than 5.19: there any use of bpf(), even on open objects, may require the right to load programs. */
function beforeRefined(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  return major < 5 || (major === 5 && minor < 19)
}

/** A message about the missing capabilities; undefined if none are missing. */
export function limitedViewWarning(): string | undefined {
  const caps = capabilities()
  const lacks = [
    ...(may(CAP.SYS_PTRACE, caps) ? [] : ['CAP_SYS_PTRACE']),
    ...(may(CAP.DAC_READ_SEARCH, caps) || may(CAP.DAC_OVERRIDE, caps) || process.getuid?.() === 0
      ? []
      : ['CAP_DAC_READ_SEARCH']),
  ]
  if (lacks.length === 0) return undefined
  return `existing processes of other users are known only in part (not their program, directories, environment and cgroups): this needs ${lacks.join(' and ')}`
}
