// Packs a capture plan and the event declarations into struct ksys_config of native/abi.h.
import { cpus, endianness } from 'node:os'
import { encodeText } from '../model/text.js'
import {
  ABI,
  CASE_BYTES,
  CGROUPS,
  CONFIG,
  COUNT,
  DESC_BYTES,
  JUDGES,
  KIND,
  PLAN_HEAD,
  PLAN_SLOTS,
  SLOT_BYTES,
  SPARE,
  STACK,
} from '../schema/abi.js'
import { packCases } from '../schema/case-table.js'
import { COMPAT } from '../schema/compat.js'
import { emitMappings, enableEnter, numbersWithout, packTable } from '../schema/descriptors.js'
import { lookupBits } from '../schema/lookups.js'
import type { Arch, EventDef, PrivacyOption } from '../schema/types.js'
import type { HierarchyNumbers } from './cgroups.js'
import {
  type CapturePlan,
  type Counting,
  countsByCgroup,
  type DescriptorKind,
  type PlanSet,
  type PlanSlot,
} from './plan.js'

const COMM_BYTES = 16
/** bytes of a name and its mask: struct ksys_comm */
const COMM_ENTRY = 2 * COMM_BYTES
const { KSYS_MAX_VALUES: MAX } = ABI

function checked<T>(set: PlanSet<T> | undefined, what: string): readonly T[] {
  const values = set?.values ?? []
  if (values.length > MAX) throw new RangeError(`a capture plan's slot has ${values.length} ${what} values; ${MAX} fit`)
  return values
}

const KIND_BITS: Readonly<Record<DescriptorKind, number>> = {
  stream: KIND.STREAM,
  connecting: KIND.CONNECTING,
  datagram: KIND.DATAGRAM,
  socket: KIND.SOCKET,
  other: KIND.OTHER,
}

/** 0: any kind. */
function kindBits(kinds: readonly DescriptorKind[] = []): number {
  return kinds.reduce((bits, kind) => bits | KIND_BITS[kind], 0)
}

/** A set without values matches nothing (or, negated, everything): callers must not create one. */
function packSlot(out: Uint8Array, view: DataView, slot: PlanSlot): void {
  const comm = checked(slot.comm, 'name')
  out[0] = slot.failed === undefined ? 0 : slot.failed ? 1 : 2
  out[1] = comm.length
  out[5] = slot.comm?.not ? 1 : 0
  out[9] = kindBits(slot.kinds)
  out[10] = slot.container ? 1 : 0
  out[11] = slot.process ? 1 : 0
  comm.forEach((name, i) => {
    const bytes = encodeText(name).subarray(0, COMM_BYTES - 1)
    const at = 16 + i * COMM_ENTRY
    out.set(bytes, at)
    out.fill(255, at + COMM_BYTES, at + COMM_BYTES + bytes.length + 1)
  })
  const numbers = [slot.pid, slot.tid, slot.uid]
  numbers.forEach((set, k) => {
    const values = checked(set, 'id')
    out[2 + k] = values.length
    out[6 + k] = set?.not ? 1 : 0
    values.forEach((v, i) => {
      view.setUint32(16 + MAX * COMM_ENTRY + (k * MAX + i) * 4, v, true)
    })
  })
}

const COUNT_BITS: Readonly<Record<Counting, number>> = {
  calls: COUNT.CALLS,
  magnitudes: COUNT.CALLS | COUNT.MAGNITUDES,
  programs: COUNT.CALLS | COUNT.PROGRAMS,
}

/** How many events of a cgroup's limit a CPU reserves at once: few if the limit is low, because each CPU may hold that many unused. */
function flushOf(mostCalls = Number.POSITIVE_INFINITY): number {
  const fits = mostCalls / (64 * Math.max(1, cpus().length))
  return Math.min(8, 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, fits)))))
}

function sparedBy({ spare }: CapturePlan): ReadonlySet<PrivacyOption> {
  const { noArgs, noEnv, noBuffers } = spare ?? {}
  return new Set([
    ...(noArgs ? (['args'] as const) : []),
    ...(noEnv ? (['env'] as const) : []),
    ...(noBuffers ? (['buffers'] as const) : []),
  ])
}

/** Which slots have conditions that user space judges, and the hierarchies of the cgroups that it judges. */
function packJudged(out: Uint8Array, view: DataView, plan: CapturePlan, hierarchies: HierarchyNumbers): void {
  const byCgroup = plan.slots.filter((slot) => slot.container !== undefined).length
  out[26] = byCgroup === 0 ? CGROUPS.NONE : byCgroup < plan.slots.length ? CGROUPS.SOME : CGROUPS.ALL
  if (byCgroup > 0 || countsByCgroup(plan))
    hierarchies.others.forEach((number, i) => {
      view.setUint16(42 + 2 * i, number, true)
    })
  const ofProcess = plan.slots.map((slot) => slot.process).filter((condition) => condition !== undefined)
  const { NOTHING, THREADS, LINEAGE } = JUDGES
  out[52] = ofProcess.length === 0 ? NOTHING : ofProcess.some((c) => c.ofLineage) ? LINEAGE : THREADS
}

function packPlan(out: Uint8Array, plan: CapturePlan, hierarchies: HierarchyNumbers): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  if (plan.slots.length > ABI.KSYS_MAX_SLOTS) throw new RangeError('a capture plan has too many slots')
  view.setUint32(0, plan.snaplen, true)
  view.setUint32(4, plan.selfPid, true)
  view.setUint32(8, plan.rootPid, true)
  const bytes = [
    plan.enter ? 1 : 0,
    plan.switches,
    plan.pageFaults,
    plan.signals,
    plan.procexit,
    plan.latency ? 1 : 0,
    plan.times ? 1 : 0,
    plan.followAll ? 1 : 0,
    plan.slots.length,
    plan.inFlight,
  ]
  out.set(bytes, 12)
  view.setUint16(22, hierarchies.main, true)
  out[24] = plan.ioUring
  out[25] = plan.count === false ? 0 : COUNT_BITS[plan.count]
  packJudged(out, view, plan, hierarchies)
  const { noArgs, noEnv, noBuffers } = plan.spare ?? {}
  out[33] = (noArgs ? SPARE.ARGS : 0) | (noEnv ? SPARE.ENV : 0) | (noBuffers ? SPARE.BUFFERS : 0)
  if (plan.ceilings !== undefined) {
    const { mostCalls } = plan.ceilings
    const flush = flushOf(mostCalls)
    out[34] = 1
    out[35] = flush
    // events that CPUs have reserved but not used count towards the limit: held of shown events and of others
    const held = 2 * cpus().length * (flush - 1)
    view.setUint32(36, mostCalls === undefined ? 0 : Math.min(mostCalls - held, 0xffffffff), true)
  }
  out[40] = (plan.stacks?.user ? STACK.USER : 0) | (plan.stacks?.kernel ? STACK.KERNEL : 0)
  out[41] = plan.oomKills
  view.setUint16(54, plan.spare?.noBuffers ? 0 : plan.lookups, true)
  out.set(plan.verdicts.subarray(0, ABI.KSYS_MAX_NR), PLAN_HEAD)
  plan.slots.forEach((slot, i) => {
    const at = PLAN_SLOTS + i * SLOT_BYTES
    packSlot(out.subarray(at, at + SLOT_BYTES), new DataView(out.buffer, out.byteOffset + at, SLOT_BYTES), slot)
  })
}

/** Writes which calls may be part of a name lookup. */
function packLookupCalls(out: Uint8Array, defs: readonly (EventDef | undefined)[], arch: Arch): void {
  for (const def of defs) {
    const bits = def === undefined ? 0 : lookupBits(def)
    const nr = def?.nr?.[arch] ?? -1
    if (bits !== 0 && nr >= 0) out[nr] = bits
  }
}

/** Writes as which native calls the calls of 32-bit programs are recorded. */
function packCompat(out: Uint8Array, arch: Arch): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  const { numbers, apart, halves } = COMPAT[arch]
  for (let i = 0; i < ABI.KSYS_NATIVE_NR; i++) {
    const nr = numbers[i] ?? -1
    view.setUint16(CONFIG.COMPAT + i * 2, (nr < 0 ? ABI.KSYS_UNKNOWN_NR : nr) + 1, true)
  }
  apart.forEach((nr, i) => {
    view.setUint16(CONFIG.APART + i * 2, nr + 1, true)
  })
  for (const [nr, bits] of halves) out[CONFIG.HALVES + nr] = bits
}

/** The bytes of struct ksys_config for this machine. */
export function packConfig(
  plan: CapturePlan,
  defs: readonly (EventDef | undefined)[],
  arch: Arch,
  hierarchies: HierarchyNumbers = { main: 0, others: [] },
): Uint8Array {
  if (endianness() !== 'LE') throw new Error('live capture needs a little-endian machine')
  const out = new Uint8Array(CONFIG.BYTES)
  const table = ABI.KSYS_MAX_NR * DESC_BYTES
  const descs = out.subarray(CONFIG.DESCS, CONFIG.DESCS + table)
  const { bare, structs } = plan
  const spared = sparedBy(plan)
  packTable(descs, defs, { arch, enter: false, bare, structs, spared })
  if (plan.latency || plan.enter || plan.stacks?.kernel) enableEnter(descs)
  if (plan.stacks?.user) emitMappings(descs, defs, arch)
  if (plan.enter)
    packTable(out.subarray(CONFIG.ENTERS, CONFIG.ENTERS + table), defs, { arch, enter: true, bare, structs, spared })
  packCases(out.subarray(CONFIG.CASES, CONFIG.CASES + ABI.KSYS_CASES * CASE_BYTES), defs, arch)
  packCompat(out, arch)
  packPlan(out.subarray(CONFIG.PLAN), plan, hierarchies)
  packLookupCalls(out.subarray(CONFIG.PLAN + PLAN_HEAD + ABI.KSYS_MAX_NR), defs, arch)
  // the verdict for unknown calls applies to all calls without a declaration
  for (const nr of numbersWithout(defs, arch))
    out[CONFIG.PLAN + PLAN_HEAD + nr] = plan.verdicts[ABI.KSYS_UNKNOWN_NR] as number
  return out
}
