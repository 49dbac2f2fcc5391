// Filter to capture plan: which calls are recorded, under which conditions, and what is recorded of them. The kernel
// drops only what the filter certainly rejects.
import type { UserInfo } from '../../model/snapshot.js'
import { FREQUENT_CALLS } from '../../schema/frequent.js'
import type { Arch } from '../../schema/types.js'
import {
  type Attach,
  type CapturePlan,
  type Counting,
  everything,
  IN_FLIGHT,
  LOOKUP_BYTES,
  MAX_NR,
  type PlanSlot,
  type Spare,
  type Stacks,
  VERDICT,
} from '../../source/plan.js'
import { CODES, codesOf, eventDef } from '../events.js'
import { type Need, needsOf } from '../needs.js'
import { withImplied } from '../planner-hints.js'
import type { FieldRegistry } from '../registry.js'
import { type CheckedFilter, eachTest, type TestNode } from '../typed.js'
import { boundsByType } from './bounds-by-type.js'
import { conditionsOf } from './condition-by-type.js'
import { dependsOnContainer, dependsOnProcess } from './judged-tests.js'
import { decisionOf, restrictsThread, Slots, type Wanted } from './plan-slots.js'
import { type MaybeBounds, uniteBounds } from './property-bounds.js'
import { slotForms } from './slot-form.js'

export interface PlanOptions {
  /** the captured machine: system call numbers depend on its architecture */
  readonly arch: Arch
  /** fields that the output shows, as text that the registry resolves */
  readonly output: Iterable<string>
  /** bytes of an I/O buffer to record if buffers are needed */
  readonly snaplen: number
  readonly selfPid: number
  /** what must not be recorded, even if requested */
  readonly spare?: Spare | undefined
  readonly rootPid?: number
  /** for user.name */
  readonly users?: readonly UserInfo[]
  /** required independently of filter and output: a trace file keeps buffers and latency for later use */
  readonly buffers?: boolean
  /** false: no structures, even if filter or output use them */
  readonly structs?: boolean
  readonly latency?: boolean
  readonly times?: boolean
  /** calls in progress at the end are requested */
  readonly inFlight?: boolean
  /** filter and output need no arguments, threads or descriptors */
  readonly bare?: boolean
  /** only counts of calls by kind and result are needed (see CapturePlan.count); with `bare` */
  readonly count?: Counting | undefined
  /** which stacks are recorded; undefined: user stacks, if filter or output need any */
  readonly stacks?: Stacks | undefined
  /** where programs of system calls run; undefined: at the tracepoints */
  readonly attach?: Attach | undefined
  readonly enter?: boolean
  readonly switches?: boolean
  readonly pageFaults?: boolean
  /** the other end of a connection may be requested later, even in containers that the filter excludes */
  readonly peers?: boolean
  /** the descriptors of all processes are needed, not only of those whose events can pass */
  readonly followAll?: boolean
}

/** Whether a test matches an event by its name. */
function matchesByName(test: TestNode, event: string): boolean {
  if (test.left.kind !== 'field' || test.modifier !== undefined) return false
  const { use } = test.left
  if (use.name === 'evt.type.is') return use.arg === event
  if (use.name !== 'evt.type' && use.name !== 'syscall.type') return false
  return test.op.text !== '!=' && test.constants.includes(event)
}

/** Whether the filter can match enter events: it uses evt.dir and can pass one. */
export function matchesEnter(filter: CheckedFilter): boolean {
  return canMatchEnter(filter, boundsByType(filter, {}))
}

/** Which events that are recorded on demand only the filter references. */
export function onDemand(filter: CheckedFilter): { enter: boolean; switches: boolean; pageFaults: boolean } {
  return {
    enter: matchesEnter(filter),
    switches: namesEvent(filter, 'switch'),
    pageFaults: namesEvent(filter, 'page_fault'),
  }
}

/** Whether a filter references this event by its name. */
function namesEvent(filter: CheckedFilter, event: string): boolean {
  let found = false
  eachTest(withImplied(filter.root), (t) => {
    found ||= matchesByName(t, event)
  })
  return found
}

function canMatchEnter(filter: CheckedFilter, bound: (code: number) => MaybeBounds): boolean {
  if (!filter.fieldsUsed.includes('evt.dir')) return false
  return CODES.some((code) => isEnter(code) && decisionOf(bound(code)) !== 'never')
}

/** Whether an event code is that of the start of a system call. */
export function isEnter(code: number): boolean {
  return (code & 1) === 0 && eventDef(code)?.nr !== undefined
}

/** The plan of a live capture. Without a filter everything is recorded. */
export function planFilter(filter: CheckedFilter | undefined, fields: FieldRegistry, o: PlanOptions): CapturePlan {
  const needs = needsOf(fields, [...(filter?.fieldsUsed ?? []), ...o.output])
  const common = commonPart(needs, o)
  if (filter !== undefined) return { ...common, ...filteredPart(filter, needs, o) }
  const verdict = (wanted: boolean | undefined) => (wanted === true ? VERDICT.PASS : VERDICT.DROP)
  return {
    ...common,
    enter: o.enter === true,
    switches: verdict(o.switches),
    pageFaults: verdict(o.pageFaults),
  }
}

/** What does not depend on which events pass. */
function commonPart(needs: ReadonlySet<Need>, o: PlanOptions): CapturePlan {
  const buffers = (o.buffers === true || needs.has('buffers')) && o.spare?.noBuffers !== true
  return {
    ...everything(o.selfPid, buffers ? o.snaplen : 0),
    lookups: needs.has('lookups') && o.spare?.noBuffers !== true ? LOOKUP_BYTES : 0,
    structs: (o.buffers === true || needs.has('structs')) && o.structs !== false,
    spare: o.spare,
    rootPid: o.rootPid ?? 0,
    latency: o.latency === true || needs.has('latency'),
    bare: o.bare === true,
    count: o.bare === true && o.enter !== true && o.count !== undefined ? o.count : false,
    attach: o.attach,
    stacks: stacksOf(needs, o),
    times: o.times === true || needs.has('times'),
    inFlight: o.inFlight === true ? IN_FLIGHT.FILTERED : IN_FLIGHT.NONE,
  }
}

/** Which events are recorded for a filter. */
function filteredPart(filter: CheckedFilter, needs: ReadonlySet<Need>, o: PlanOptions): Partial<CapturePlan> {
  const conditions = conditionsOf(filter)
  const bound = boundsByType(filter, { users: o.users })
  const enter = o.enter === true || canMatchEnter(filter, bound)
  const slots = new Slots()
  const verdicts = new Uint8Array(MAX_NR)
  const containers = slotForms(conditions, dependsOnContainer)
  const processes = o.bare === true ? () => undefined : slotForms(conditions, dependsOnProcess)
  const wantedFor = (codes: readonly number[]): Wanted => ({
    bounds: codes.reduce<MaybeBounds>((bounds, code) => uniteBounds(bounds, bound(code)), undefined),
    container: containers(codes),
    process: undefined,
  })
  for (const [nr, codes] of byFrequency(codesByNumber(o.arch, enter)))
    verdicts[nr] = slots.add({
      ...wantedFor(codes),
      process: codes.some(changesThreads) ? undefined : processes(codes),
    })
  const tracepoint = (name: string, wanted = true): number => {
    if (!wanted) return VERDICT.DROP
    return slots.add(wantedFor(codesOf(name)))
  }
  const switches = o.switches === true || namesEvent(filter, 'switch')
  const tracepoints = {
    switches: needs.has('switches') && switches ? VERDICT.PASS : tracepoint('switch', switches),
    pageFaults: tracepoint('page_fault', o.pageFaults === true || namesEvent(filter, 'page_fault')),
    signals: tracepoint('signaldeliver'),
    oomKills: tracepoint('oomkill'),
    procexit: tracepoint('procexit'),
    ioUring: tracepoint('io_uring_complete'),
  }
  const list = slots.list()
  const restrictsTask = (slot: PlanSlot) => restrictsThread(slot) || (slot.container !== undefined && o.peers !== true)
  const byTask =
    !verdicts.includes(VERDICT.PASS) && !Object.values(tracepoints).includes(VERDICT.PASS) && list.every(restrictsTask)
  return {
    ...tracepoints,
    enter,
    verdicts,
    slots: list,
    followAll: o.followAll === true || needs.has('peers') || needs.has('lookups') || !byTask,
  }
}

/** Whether the call may change the thread that makes it, and so what is judged of its process. */
function changesThreads(code: number): boolean {
  const def = eventDef(code)
  return def?.changes !== undefined || def?.task !== undefined || def?.renews !== undefined
}

/** Calls that programs make most first: they get slots of their own before these run out. */
function byFrequency(codes: ReadonlyMap<number, number[]>): readonly (readonly [number, number[]])[] {
  const rank = ([, [code = -1]]: readonly [number, number[]]) => {
    const at = FREQUENT_CALLS.indexOf(eventDef(code)?.name ?? '')
    return at < 0 ? FREQUENT_CALLS.length : at
  }
  return [...codes].sort((a, b) => rank(a) - rank(b))
}

/** Which stacks are recorded: user stacks by default if something needs stacks. */
function stacksOf(needs: ReadonlySet<Need>, { stacks }: PlanOptions): Stacks | undefined {
  return stacks ?? (needs.has('stacks') ? { user: true, kernel: false } : undefined)
}

/** Event codes by system call number of an architecture. */
function codesByNumber(arch: Arch, enter: boolean): Map<number, number[]> {
  const codes = new Map<number, number[]>()
  for (const code of CODES) {
    const nr = eventDef(code)?.nr?.[arch]
    if (nr === undefined || nr < 0 || nr >= MAX_NR || ((code & 1) === 0 && !enter)) continue
    const same = codes.get(nr)
    if (same === undefined) codes.set(nr, [code])
    else same.push(code)
  }
  return codes
}
