// A run over captures that judges their calls by a profile.

import type { WorkloadId } from '../../advise/needs/workload.js'
import { refusable } from '../../advise/test/candidates.js'
import { Judge, type Judged } from '../../advise/test/judge.js'
import type { OwnFilter } from '../../advise/write/gaps.js'
import { compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { EVENTS } from '../../schema/events/index.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { AdviseSettings } from '../options/advise.js'
import { Output } from '../output/stdout.js'
import { captureFor, warn } from '../run/capture.js'
import { Captures } from './captures.js'
import { ownFilter } from './own-filter.js'
import type { NamedProfile } from './profile-file.js'
import { adviseQuery } from './query.js'

/** What the run does with the calls that the profile does not allow. */
export interface JudgedSink extends Pick<Sink, 'flush' | 'end' | 'full'> {
  judged(e: Event, judged: Judged): void
  /** Called with each other event that is read. */
  passed?(e: Event): void
}

export interface JudgingResult {
  readonly code: number
  readonly captures: Captures
  /** the filter of the run; undefined: none */
  readonly own: OwnFilter | undefined
  /** the workloads whose calls pass it; only if all events are read */
  readonly workloads: readonly WorkloadId[]
  /** calls whose arguments were not recorded, although the profile compares them */
  readonly undecided: number
}

/**
 * Judges all calls. read: which events the run reads; only those that the profile can refuse take less time. Throws CliError (input) if a
 * filter is missing and there is no container.
 */
export async function judgeCalls(
  { profile }: NamedProfile,
  s: AdviseSettings,
  read: 'refusable' | 'all',
  open: (run: CaptureRun) => JudgedSink | Promise<JudgedSink>,
): Promise<JudgingResult> {
  const { capture } = s
  const { query, passing, subject, own, host } = adviseQuery(capture, read === 'all' ? undefined : refusable(profile))
  warn(capture, passing?.warnings)
  const captures = new Captures(subject)
  const workloads = new Map<string, WorkloadId>()
  let undecided = 0
  let containers = false
  const code = await captureFor(
    {
      query,
      open: async (run) => {
        const sink = await open(run)
        const passes = passing && compileChecked(passing, run.ctx).keep
        const members = run.source.members ?? [run.source]
        const judges = run.states.map((state, i) => {
          const defs = members[i]?.tables?.defs ?? EVENTS
          return new Judge(profile, { info: state.info, state, defs, host, passes, workloads: read === 'all' })
        })
        // few events are judged, so only these update it
        let isFull = false
        const show = (e: Event) => {
          const judged = judges[e.host]?.take(e)
          if (judged === undefined) {
            sink.passed?.(e)
            return
          }
          sink.judged(e, judged)
          isFull = sink.full === true
        }
        for (const state of run.states) state.onInFlight = show
        return [
          {
            show,
            get full() {
              return isFull
            },
            flush: async () => {
              await sink.flush?.()
              isFull = false
            },
            end: async (time) => {
              await sink.end?.(time)
              captures.add(run)
              for (const judge of judges) {
                undecided += judge.undecided
                for (const id of judge.selected) workloads.set(id.key, id)
              }
              containers ||= run.states.some((state) => state.containers.byId.size > 0)
            },
          },
        ]
      },
    },
    capture,
    new Output(),
  )
  if (!host && !containers)
    throw new CliError(
      EXIT.input,
      `no container is in ${capture.read.join(', ')}; to test a program or service, name it in a filter: proc.name=NAME`,
    )
  return { code, captures, own: ownFilter(own), workloads: [...workloads.values()], undecided }
}
