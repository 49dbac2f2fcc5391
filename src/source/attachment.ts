// Where the programs of system calls run: at the tracepoints of all calls, or at the kernel's functions of the wanted ones. Each call that
// the kernel traces takes its slow path and runs two programs; a call at whose function no program runs costs nothing. A program at a
// function costs more than one at a tracepoint.
import { ABI, CONFIG, DESC, DESC_BYTES, PLAN_HEAD } from '../schema/abi.js'
import { CALL_FUNCTIONS, type CallFunction, nameOf32Bits } from '../schema/call-functions.js'
import { FREQUENT_CALLS } from '../schema/frequent.js'
import type { AttachHost } from './attach-host.js'
import { type CapturePlan, VERDICT } from './plan.js'

/** Where the programs run, and why there. */
export interface Attachment {
  /** the kernel's functions of calls; empty: they run at the tracepoints */
  readonly functions: readonly string[]
  /** the end of a sentence */
  readonly because: string
}

/** Why no capture of this machine can use functions. */
export const NOT_HERE = 'this kernel cannot attach programs to single functions'
const UNKNOWN = 'it is not known whether this kernel can attach programs to single functions'
const SWITCHED_OFF = 'programs at single functions are switched off (sysctl kernel.ftrace_enabled)'
const ONLY_SOME =
  'this kernel reports only some of the calls that wait at the same time, so --attach calls must be given'

/**
 * Where functions are chosen without being requested, at most so many of the frequent calls are recorded: a call at whose function a program
 * runs costs two to three times as much as at the tracepoints.
 */
const MOST_FREQUENT = 4

const AT_CALLS = 'BPF programs run at the wanted calls alone'
const AT_TRACEPOINTS = 'BPF programs run at every call of the machine'

/** The sentence for users, without a full stop. */
export function attachmentSentence({ functions, because }: Attachment): string {
  return `${functions.length > 0 ? AT_CALLS : AT_TRACEPOINTS}: ${because}`
}

/** The same for a machine, before there is a plan. */
export function hostSentence(host: AttachHost): string {
  const because = forbidden(host)
  if (because !== undefined) return attachmentSentence({ functions: [], because })
  return host.anyNumber
    ? `${AT_CALLS} if a filter or rules name few kinds, else at every call of the machine`
    : `${AT_TRACEPOINTS}; with --attach calls, at the wanted calls alone`
}

/** Chooses for a capture. config: the plan, packed (packConfig). */
export function attachmentFor(plan: CapturePlan, config: Uint8Array, host: AttachHost): Attachment {
  const because = forbidden(host) ?? unsuitable(plan, host)
  if (because !== undefined) return { functions: [], because }
  const available = host.functions()
  const present = new Set(available)
  const hasFunction = ({ name, shared }: CallFunction) =>
    present.has(`__x64_sys_${name}`) || (shared && present.has(`__do_sys_${name}`))
  const missing = CALL_FUNCTIONS.filter((call) => isWanted(config, call.nr) && !hasFunction(call))
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    return { functions: [], because: `this kernel has no function for wanted calls (${names})` }
  }
  // a call that the kernel lacks fails, which the state need not know
  const recorded = CALL_FUNCTIONS.filter((call) => isRecorded(config, call.nr) && hasFunction(call))
  if (plan.attach === undefined) {
    const frequent = recorded.filter(({ name }) => FREQUENT_CALLS.includes(name)).map(({ name }) => name)
    if (frequent.length > MOST_FREQUENT)
      return {
        functions: [],
        because: `calls that programs make often are wanted (${frequent.slice(0, 3).join(', ')} ...)`,
      }
  }
  const shared = new Set(CALL_FUNCTIONS.filter((call) => call.shared).map(({ name }) => name))
  // 32-bit programs are rare: the programs compare the numbers of their calls
  const of32Bits = available.filter((name) => {
    const call = nameOf32Bits(name)
    return call !== undefined && !shared.has(call)
  })
  return {
    functions: [...recorded.map(({ name }) => `__x64_sys_${name}`), ...of32Bits],
    because: plan.attach === 'calls' ? 'requested with --attach calls' : 'few kinds of calls are wanted',
  }
}

/** Why programs at functions would miss wanted events of that plan, or must be requested. */
function unsuitable({ attach, verdicts, enter, lookups }: CapturePlan, host: AttachHost): string | undefined {
  if (attach === 'tracepoints') return 'requested with --attach tracepoints'
  if (attach === undefined && !host.anyNumber) return ONLY_SOME
  if (verdicts[ABI.KSYS_UNKNOWN_NR] !== VERDICT.DROP)
    return 'calls of all kinds are wanted (evt.type in a filter names kinds)'
  if (lookups > 0) return 'name lookups are recorded, which many calls are part of'
  return enter ? 'enter events are wanted' : undefined
}

/** Why this machine cannot attach programs to functions. */
function forbidden({ arch, possible, switchedOff }: AttachHost): string | undefined {
  if (arch !== 'x64') return 'single calls are attached on x86-64 only'
  if (possible === undefined) return UNKNOWN
  if (!possible) return NOT_HERE
  return switchedOff ? SWITCHED_OFF : undefined
}

/** Whether the filter may pass the call with that number. */
function isWanted(config: Uint8Array, nr: number): boolean {
  return config[CONFIG.PLAN + PLAN_HEAD + nr] !== VERDICT.DROP
}

/** Whether it is recorded, for the filter or for the state. */
function isRecorded(config: Uint8Array, nr: number): boolean {
  const view = new DataView(config.buffer, config.byteOffset, config.byteLength)
  const flags = view.getUint16(CONFIG.DESCS + nr * DESC_BYTES + 2, true)
  return isWanted(config, nr) || (flags & (DESC.STATE | DESC.FDS)) !== 0
}
