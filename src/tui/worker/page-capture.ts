// What a page asks of live captures: the plan of one of its own, and the time that it is about where that has gone by.
import { registry } from '../../fields/index.js'
import { needsOf, planFilter, timesPassing } from '../../filter/index.js'
import { hostArch } from '../../schema/arch.js'
import { users } from '../../source/accounts.js'
import type { CapturePlan } from '../../source/plan.js'
import type { Plan } from './answer.js'
import type { LiveCapture } from './live-capture.js'
import type { WorkerStart } from './messages.js'

/** Whether a page shows what the capture of all calls does not have: data, and where calls came from. */
export function hasOwnCapture(plan: Plan): boolean {
  return plan.buffers > 0 || hasStacks(plan)
}

function hasStacks({ fields, filter }: Plan): boolean {
  return needsOf(registry, [...fields, ...(filter?.fieldsUsed ?? [])]).has('stacks')
}

/** The plan of a capture of what a page shows. */
export function pagePlan(plan: Plan, start: WorkerStart): CapturePlan {
  // a name means another number in each container that has accounts of its own
  const accounts = start.runtimes.asked ? {} : { users: users() }
  return planFilter(plan.filter, registry, {
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
}

/**
 * What of the past a page shows, CLOCK_BOOTTIME (ns): up to the moment `at` (ms since the epoch) that is looked back at, and no more than
 * its query asks for; undefined where it goes on with what comes.
 */
export function pastOf(
  plan: Plan,
  at: number | undefined,
  capture: LiveCapture,
): { readonly before: number; readonly from: number | undefined } | undefined {
  const gone = timeBehind(plan, capture)
  if (at === undefined && gone === undefined) return undefined
  const { startSec, startNsec, startBoot } = capture.info
  const moment = at === undefined ? Number.POSITIVE_INFINITY : (at - startSec * 1e3) * 1e6 - startNsec + startBoot
  return { before: Math.min(moment, gone?.before ?? Number.POSITIVE_INFINITY), from: gone?.from }
}

/** The time that a query asks for, where it has gone by. */
function timeBehind({ filter }: Plan, capture: LiveCapture): { from: number; before: number } | undefined {
  if (filter === undefined) return undefined
  const { info } = capture
  const { lo, hi } = timesPassing(filter, info)
  if (!Number.isFinite(lo) || hi >= capture.now()) return undefined
  return { from: lo + info.startBoot, before: hi + 1 + info.startBoot }
}
