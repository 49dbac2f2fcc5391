// Gives up privileges once everything is attached and open: ksys reads data of other programs and machines, and whoever
// takes it over by those must not be root.
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { native } from './native.js'

/** Numbers of the capabilities that ksys knows about. */
export const CAP = {
  DAC_OVERRIDE: 1,
  DAC_READ_SEARCH: 2,
  KILL: 5,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SYS_NICE: 23,
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

/** What goes on after everything is attached and open. */
export interface Later {
  /** a live capture is running */
  readonly live?: boolean
  /** signals are passed on to a command, which may have changed its user */
  readonly command?: boolean
  /** a live capture must keep up, see pace.ts */
  readonly records?: boolean
  /** memory maps and files of programs are looked at, whoever's they are */
  readonly programs?: boolean
  /** another capture may follow */
  readonly attach?: boolean
}

/** Gives up, for good and in all threads, whatever is not needed later. */
export function confine(later: Later): void {
  const caps = capabilities()
  if (caps !== 0n) native().confine(kept(later, caps))
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
