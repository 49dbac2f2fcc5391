// What a page requires from live captures: the plan of its own capture, and the past time that it shows.

import { registry } from '../../fields/index.js'
import { needsOf, planFilter, timesPassing } from '../../filter/index.js'
import { type BootNs, batchNs, batchOfMs, bootNs, bootOf, earlierOf } from '../../model/time.js'
import { plannedFilter } from '../../run/planned-filter.js'
import { hostArch } from '../../schema/arch.js'
import { users } from '../../source/accounts.js'
import type { Ceilings } from '../../source/ceilings/ceilings.js'
import { type CapturePlan, everything, IN_FLIGHT, LOOKUP_BYTES } from '../../source/plan.js'
import type { LiveCapture } from './live-capture.js'
import type { WorkerStart } from './messages.js'
import type { ViewPlan } from './view-plan.js'

/**
 * Whether a page shows what the capture of all calls lacks: stacks, or data of which it records only the first `snaplen`
 * bytes of each call. If it has lost events, or leaves events out for ceilings, a capture with less to record shows more of the
 * page's calls.
 */
export function needsOwnCapture(
  plan: ViewPlan,
  { snaplen, lost }: { readonly snaplen: number; readonly lost: number },
  { redaction, ceilings }: Pick<WorkerStart, 'redaction' | 'ceilings'>,
): boolean {
  const showsData = plan.buffers > 0 && redaction?.noBuffers !== true
  return hasStacks(plan) || (showsData && (plan.buffers > snaplen || lost > 0 || ceilings !== undefined))
}

/** Why a page of stacks is not possible with a redaction; undefined if it is. */
export function stacksRefused(plan: ViewPlan, { redaction }: WorkerStart): string | undefined {
  if (redaction?.namespace === undefined || !hasStacks(plan)) return undefined
  return 'no stacks with --only-namespace: processes share them'
}

function hasStacks({ fields, filter }: ViewPlan): boolean {
  return needsOf(registry, [...fields, ...(filter?.fieldsUsed ?? [])]).has('stacks')
}

/** The plan of a page's own capture. */
export function pagePlan(plan: ViewPlan, start: WorkerStart): CapturePlan {
  // user names map to other ids in containers with their own accounts
  const accounts = start.runtimes.enabled ? {} : { users: users() }
  const planned = planFilter(plannedFilter(plan.filter, start.redaction), registry, {
    ...accounts,
    arch: hostArch() ?? 'x64',
    output: plan.fields,
    snaplen: plan.buffers,
    spare: start.redaction,
    ...(hasStacks(plan) && { stacks: start.stacks }),
    selfPid: start.selfPid,
    buffers: true,
    latency: true,
  })
  // the cost of ksys is measured as a whole, by the capture of all calls
  return withCeilings(planned, start.ceilings?.calls === undefined ? undefined : start.ceilings)
}

/** The plan of the capture of all calls, with `snaplen` bytes of the data of each. */
export function machinePlan({ ceilings, redaction, selfPid }: WorkerStart, snaplen: number): CapturePlan {
  const filter = plannedFilter(undefined, redaction)
  const keeping = { spare: redaction, times: true }
  // pages that are opened later then have the names of connections that exist by then
  const lookups = redaction?.noBuffers === true ? 0 : LOOKUP_BYTES
  const planned =
    filter === undefined
      ? { ...everything(selfPid, snaplen), ...keeping, lookups, inFlight: IN_FLIGHT.ALL }
      : planFilter(filter, registry, {
          ...keeping,
          arch: hostArch() ?? 'x64',
          output: ['fd.dns.name'],
          snaplen,
          selfPid,
          buffers: true,
          latency: true,
          inFlight: true,
        })
  return withCeilings(planned, ceilings)
}

function withCeilings(plan: CapturePlan, ceilings: Ceilings | undefined): CapturePlan {
  return ceilings === undefined ? plan : { ...plan, ceilings: { mostCalls: ceilings.calls } }
}

const NEVER = bootNs(Number.POSITIVE_INFINITY)

/**
 * The past time range that a page shows, in CLOCK_BOOTTIME (ns): up to `at` (ms since the epoch) if the user looks
 * back, and within the bounds of its filter; undefined if the page continues with live events.
 */
export function pastRange(
  plan: ViewPlan,
  at: number | undefined,
  capture: LiveCapture,
): { readonly before: BootNs; readonly from: BootNs | undefined } | undefined {
  const range = timeBehind(plan, capture)
  if (at === undefined && range === undefined) return undefined
  const cursor = at === undefined ? NEVER : bootOf(capture.info, batchOfMs(capture.info, at))
  return { before: earlierOf(cursor, range?.before ?? NEVER), from: range?.from }
}

/** The time range of the filter, if it lies in the past. */
function timeBehind({ filter }: ViewPlan, capture: LiveCapture): { from: BootNs; before: BootNs } | undefined {
  if (filter === undefined) return undefined
  const { info } = capture
  const { lo, hi } = timesPassing(filter, info)
  if (!Number.isFinite(lo) || hi >= capture.now()) return undefined
  return { from: bootOf(info, batchNs(lo)), before: bootOf(info, batchNs(hi + 1)) }
}
