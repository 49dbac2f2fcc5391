// Questions about a file: it is read anew for each one, with partial answers while that goes on.

import { registry } from '../../fields/index.js'
import { checkFilter, compileChecked, pruneFilter } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import { Pipeline } from '../../pipeline.js'
import type { OpenOptions } from '../../source/kind.js'
import { openTrace } from '../../source/open.js'
import type { CaptureSource } from '../../source/source.js'
import { tellsInFlight } from '../../source/summary.js'
import { State } from '../../state/state.js'
import type { Plan } from './answer.js'
import { contextOf, tellDamage } from './context.js'
import { Counters } from './counters.js'
import type { Runner, Session } from './session.js'

const SECOND = 1e9
/** ms between two partial answers; without any rows yet, each block may bring the first */
const SOON = 250
const WITHOUT = 50
/** ms of reading after which requests are looked at */
const TURN = 50
/** rows of a partial answer */
const PARTIAL = 500

/** Which parts of the file matter to a question; undefined: all. */
function pruneOf({ inFlight, filter }: Plan): OpenOptions['prune'] {
  if (inFlight) return () => tellsInFlight
  return filter && ((info) => pruneFilter(filter, info))
}

export class File implements Runner {
  private closed = false
  private wake: (() => void) | undefined
  private pipeline: Pipeline | undefined
  /** the header's numbers are complete */
  private counted = false

  constructor(
    private readonly s: Session,
    private readonly path: string,
  ) {}

  async run(): Promise<void> {
    while (!this.closed) {
      const { plan, answer } = this.s
      if (plan === undefined || answer !== undefined)
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      else await this.read(plan)
    }
  }

  asked(): void {
    this.pipeline?.stop()
    this.wake?.()
  }

  cancel(): void {
    if (this.pipeline === undefined) return
    this.s.cancelled = true
    this.pipeline.stop()
  }

  close(): void {
    this.closed = true
    this.pipeline?.stop()
    this.wake?.()
  }

  /** Finds the event by its number, which reads up to it. */
  async detail(id: string): Promise<void> {
    const num = id.split('.')[0] as string
    const filter = checkFilter(`evt.num=${num}`, registry)
    const source = await openTrace(this.path, { prune: (info) => pruneFilter(filter, info) })
    try {
      const state = new State(source.info)
      const first = { time: undefined }
      const ctx = contextOf(source.info, state, first)
      const pipeline = new Pipeline({
        source,
        state,
        first,
        predicate: compileChecked(filter, ctx).test,
        limit: 1,
        sinks: [{ show: (e) => this.s.describe(id, e, ctx) }],
      })
      await pipeline.run(await source.snapshot())
    } finally {
      await source.close()
    }
  }

  /** Reads the file for a question. */
  private async read(plan: Plan): Promise<void> {
    const { s } = this
    const { number } = s
    // the first time the header's numbers are counted too, which needs every event
    const counters = this.counted || plan.inFlight ? undefined : new Counters(false)
    s.progress = 0
    const source = await this.pass(counters === undefined ? pruneOf(plan) : undefined, counters, plan)
    if (s.number !== number || this.closed) return
    tellDamage(source, s.post)
    s.progress = undefined
    s.send()
    // what is at the end of the file is found at once
    if (plan.inFlight && !this.counted && !s.cancelled) await this.pass(undefined, new Counters(false), undefined)
  }

  /** One pass over the file: counts, and answers a question, where there are any. */
  private async pass(
    prune: OpenOptions['prune'],
    counters: Counters | undefined,
    plan: Plan | undefined,
  ): Promise<CaptureSource> {
    const { s } = this
    const { number } = s
    const source = await openTrace(this.path, prune === undefined ? {} : { prune })
    try {
      await this.over(plan, source, counters)
    } finally {
      await source.close()
    }
    if (counters !== undefined && s.number === number && !this.closed && !s.cancelled) this.counted = true
    return source
  }

  private async over(plan: Plan | undefined, source: CaptureSource, counters: Counters | undefined): Promise<void> {
    const { s } = this
    const { number } = s
    const first: { time: number | undefined } = { time: undefined }
    const state = new State(source.info)
    const ctx = contextOf(source.info, state, first)
    s.begins(false, this.path, source.info.hostname)
    counters?.attach(ctx)
    const answer = plan?.begin(ctx, false)
    if (answer !== undefined) s.answer = answer
    const inFlight = plan?.inFlight === true
    if (inFlight) state.onInFlight = (call) => answer?.add(call)
    const meter = () => counters !== undefined && s.post(counters.read(counters.span, source.stats().lost))
    let sampled = Number.NEGATIVE_INFINITY
    let nextPost = 0
    let turn = performance.now()
    const pipeline = new Pipeline({
      source,
      state,
      first,
      predicate: undefined,
      // columns of containers are another question, which is not to wait for events
      onLoaded: () => {
        answer?.prime(state, 0)
        s.look(state, ctx)
      },
      sinks: [
        {
          show: (e: Event) => {
            counters?.add(e)
            if (!inFlight) answer?.add(e)
          },
          flush: async () => {
            // a file never waits for anything: the UI's requests would
            if (performance.now() - turn < TURN) return
            await new Promise((resolve) => setImmediate(resolve))
            turn = performance.now()
          },
        },
      ],
      onBatch: () => {
        if (s.number !== number) return
        const time = pipeline.lastTime
        s.span = Math.max(1, time - (first.time ?? time))
        if (time - sampled >= SECOND) {
          answer?.sample(state, time)
          s.look(state, ctx)
          sampled = time
        } else answer?.keepUp?.(state, time)
        const now = performance.now()
        if (now < nextPost) return
        let soon = SOON
        meter()
        if (answer !== undefined) {
          s.progress = source.progress() ?? 0
          soon = s.send(PARTIAL) === 0 ? WITHOUT : SOON
        }
        nextPost = performance.now() + Math.max(soon, 4 * (performance.now() - now))
      },
    })
    const snapshot = await source.snapshot()
    if (this.closed || s.number !== number) return
    this.pipeline = pipeline
    await pipeline.run(snapshot)
    this.pipeline = undefined
    if (s.number !== number) return
    answer?.sample(state, pipeline.lastTime)
    s.look(state, ctx)
    meter()
  }
}
