// Gives up privileges once everything is attached and open: ksys reads data of other programs and machines, and whoever
// takes it over by those must not be root: it goes on as another user, with few capabilities, and with a filter of its system calls.
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { getSystemErrorName } from 'node:util'
import { allLater, type Later } from './later.js'
import { LiveError } from './live-error.js'
import { type NativeCalls, native } from './native.js'
import { otherUser, type Whom } from './other-user.js'

/** Numbers of the capabilities that ksys knows about. */
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

/** What became of it that is not as usual, in sentences: for a person who wants to know. */
export interface Confined {
  /** ksys stays the user that it was started as */
  readonly stays?: string
  /** calls are not filtered */
  readonly unfiltered?: string
}

/** Address families. */
const AF = { UNIX: 1, INET: 2, INET6: 10, NETLINK: 16 } as const

/**
 * Gives up, for good and in all threads, whatever is not needed later: what was declared, and `more`. Throws LiveError where that
 * does not succeed.
 */
export function confine(more: Later): Confined {
  const caps = capabilities()
  if (caps === 0n) return {}
  const later = allLater(more)
  const whom = later.live === true ? ofRoot(later, caps) : undefined
  const becomes = whom !== undefined && 'uid' in whom ? whom : undefined
  const wrong = native().confine(kept(later, caps), becomes)
  if (wrong !== '') throw new LiveError('EPRIV', `privileges cannot be given up, and ksys ends: ${wrong}`)
  const errno = native().filterCalls(calls(later))
  return {
    ...(whom !== undefined && 'stays' in whom && { stays: `ksys stays root, without its capabilities: ${whom.stays}` }),
    ...(errno !== 0 && {
      unfiltered: `the system calls of ksys itself are not restricted: seccomp says ${getSystemErrorName(-errno)}`,
    }),
  }
}

function ofRoot(later: Later, caps: bigint): Whom {
  return otherUser(later, (name) => may(CAP[name], caps))
}

/** What the filter of system calls leaves. */
export function calls({ live, attach, network, sockets = [] }: Later): NativeCalls {
  const families = new Set<number>()
  if (sockets.length > 0) families.add(AF.UNIX)
  // a capture that follows asks for the machine's addresses
  if (attach) families.add(AF.NETLINK)
  // a name of a host is looked up by way of all of them
  if (network) for (const family of Object.values(AF)) families.add(family)
  return { attach: attach === true, maps: live === true, families: [...families] }
}

/** The capabilities that are needed later, of those that there are. */
export function kept(later: Later, caps: bigint): number[] {
  // parts of ksys, and files about containers, are read when they are first needed, and may lie in somebody's own folder
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

/** Before 5.19 every use of bpf(), also of what is open already, could need the right to load programs. */
function beforeRefined(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  return major < 5 || (major === 5 && minor < 19)
}
