// Where the programs of system calls run: at the tracepoints of all calls, or at the kernel's functions of the wanted ones. Each call that
// the kernel traces takes its slow path and runs two programs; a call at whose function no program runs costs nothing. A program at a
// function costs more than one at a tracepoint.
import { ABI, CONFIG, DESC, DESC_BYTES, PLAN_HEAD } from '../schema/abi.js'
import { CALL_FUNCTIONS, type CallFunction, nameOf32Bits } from '../schema/call-functions.js'
import type { Arch } from '../schema/types.js'
import { type CapturePlan, VERDICT } from './plan.js'

/** The kernel's functions at which programs run, or the reason why they run at the tracepoints. */
export type Attachment =
  | { readonly functions: readonly string[] }
  | { readonly functions?: undefined; readonly because: string }

/** The feature (features.ts) that programs at functions need. */
export const SINGLE_CALLS = 'single calls'

/** Why no capture of this machine can use functions. */
export const NOT_HERE = 'this kernel cannot attach programs to single functions'

/** Chooses for a capture. config: the plan, packed (packConfig). available: the kernel's functions of calls (Native.callFunctions). */
export function attachmentFor(
  plan: CapturePlan,
  config: Uint8Array,
  arch: Arch,
  available: readonly string[],
): Attachment {
  const present = new Set(available)
  const hasFunction = ({ name, shared }: CallFunction) =>
    present.has(`__x64_sys_${name}`) || (shared && present.has(`__do_sys_${name}`))
  const wanted = CALL_FUNCTIONS.filter(({ nr }) => isWanted(config, nr))
  const because = impossible(plan, arch) ?? lacking(wanted.filter((call) => !hasFunction(call)))
  if (because !== undefined) return { because }
  // a call that the kernel lacks fails, which the state need not know
  const recorded = CALL_FUNCTIONS.filter((call) => isRecorded(config, call.nr) && hasFunction(call))
  const shared = new Set(CALL_FUNCTIONS.filter((call) => call.shared).map(({ name }) => name))
  // 32-bit programs are rare: the programs compare the numbers of their calls
  const of32Bits = available.filter((name) => {
    const call = nameOf32Bits(name)
    return call !== undefined && !shared.has(call)
  })
  return { functions: [...recorded.map(({ name }) => `__x64_sys_${name}`), ...of32Bits] }
}

/** Why programs at functions would miss wanted events; undefined: they do not. */
function impossible({ attach, verdicts, enter, lookups }: CapturePlan, arch: Arch): string | undefined {
  if (attach !== 'calls') return 'they are selected with --attach calls'
  if (arch !== 'x64') return 'single calls are attached on x86-64 only'
  if (verdicts[ABI.KSYS_UNKNOWN_NR] !== VERDICT.DROP)
    return 'calls with unknown numbers are wanted, which have no function: name the wanted calls (evt.type)'
  if (lookups > 0) return 'name lookups are recorded, which many calls are part of'
  return enter ? 'enter events are wanted' : undefined
}

function lacking(calls: readonly CallFunction[]): string | undefined {
  const names = calls.map(({ name }) => name).join(', ')
  return names === '' ? undefined : `this kernel has no function for wanted calls (${names})`
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
