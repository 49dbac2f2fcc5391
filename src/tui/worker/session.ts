// The worker's work: one query at a time, over this machine or over files.
import type { FieldContext } from '../../fields/field.js'
import { type CheckedFilter, FilterError } from '../../filter/index.js'
import { throughRedaction } from '../../redact/opaque.js'
import { usesRuleFields } from '../../rules/rule-fields.js'
import type { FileFormat } from '../../run/write/new-file.js'
import type { CaptureInfo } from '../../source/source.js'
import { NO_BUFFERS } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { needsRules, type View, WHOLE_MACHINE } from '../../views/define.js'
import { ViewError } from './columns.js'
import { detailOf } from './detail.js'
import { insideOf } from './inside.js'
import type { DataStyle, Report, Request, SourceInfo, ViewQuery, WorkerStart } from './messages.js'
import { planView, planWithRules } from './plan-view.js'
import type { ResultBuilder, RowSlice, ViewPlan } from './view-plan.js'
import { type ToWrite, Writing } from './writing.js'

/** What runs over events for a session. */
export interface Runner {
  /** What a file is made of that has what passes a filter (undefined: everything). Rejects with what makes that impossible. */
  toWrite(filter: CheckedFilter | undefined, format: FileFormat): Promise<ToWrite>
  /** Until it is closed, or the capture ends. */
  run(): Promise<void>
  /** Another query was asked. */
  queryChanged(): void
  /** Data of all calls are kept too from now on, or no more. */
  arm(armed: boolean): void
  /** What was held still goes on. */
  resume(): void
  /** The person does not want to wait for the rest. */
  cancel(): void
  /** The event of a row, told to `post` when it is found. */
  detail(id: string): Promise<void>
  close(): void
}

export class Session {
  /** the present query, checked; undefined before the first one */
  plan: ViewPlan | undefined
  builder: ResultBuilder | undefined
  cancelled = false
  /** what was sent last stays on the screen, and all about it is still asked for */
  held = false
  /** what the answer covers: ns of capture time, and the part of the file that was read */
  span = 0
  progress: number | undefined
  /** see Rows */
  data: string | undefined
  private current: ViewQuery | undefined
  private previous: ViewQuery | undefined
  /** how the data of the event are shown that was asked for last */
  private shown: DataStyle = 'masked'
  private pinned: string | undefined
  private about: SourceInfo | undefined
  /** ms between two snapshots, live */
  refresh: number
  private writing: Writing | undefined
  private readonly runner: Runner

  constructor(
    readonly start: WorkerStart,
    private readonly views: readonly View[],
    readonly post: (r: Report) => void,
    runner: (s: Session) => Runner,
  ) {
    this.refresh = start.refresh
    this.runner = runner(this)
  }

  /** Runs until it is closed or the capture ends. Throws what makes capturing or reading impossible. */
  async run(): Promise<void> {
    try {
      await this.runner.run()
    } finally {
      await this.writing?.stop()
    }
  }

  take(r: Request): void {
    if (r.kind === 'ask') this.setQuery(r)
    else if (r.kind === 'sort') this.sorted(r.number, r.sort)
    else if (r.kind === 'pin') this.pinned = r.id
    else if (r.kind === 'hold') this.hold(r.held)
    else if (r.kind === 'clear') this.builder?.clear()
    else if (r.kind === 'arm') this.runner.arm(r.armed)
    else if (r.kind === 'refresh') this.refresh = r.ms
    else if (r.kind === 'write') void this.write(r)
    else if (r.kind === 'cancel') this.cancel()
    else if (r.kind === 'detail') this.lookUp(r.id, r.data)
    else this.runner.close()
  }

  /** the present query, without what changes nothing in its answer */
  get query(): string {
    const { view, filter, inside, apart, data } = this.current ?? {}
    const isRaw = this.views.find((v) => v.id === view)?.list?.raw === true
    return JSON.stringify([view, filter, inside, apart, isRaw && data])
  }

  /** the moment that the present query is about: ms since the epoch; undefined: now */
  get at(): number | undefined {
    return this.current?.at
  }

  /** the present query has a filter of the person's */
  get isFiltered(): boolean {
    return (this.current?.filter ?? '') !== ''
  }

  /** the present query is about a part of what happens, and not only about other columns than the one before */
  get isEntered(): boolean {
    const { view, filter = '' } = this.current ?? {}
    return filter !== '' && (view !== this.previous?.view || filter !== this.previous?.filter)
  }

  /** number of the present query */
  get number(): number | undefined {
    return this.current?.number
  }

  /** Tells what is captured: this machine, or the file of that label. */
  reportSource(
    live: boolean,
    label: string,
    { hostname: host, spared }: Pick<CaptureInfo, 'hostname' | 'spared'>,
  ): void {
    const noData = spared?.includes(NO_BUFFERS) === true
    const inside = this.about?.inside ?? { containers: false, pods: false }
    this.about = { kind: 'source', live, label, host, noData, inside }
    this.post(this.about)
  }

  /** Looks for containers and pods until both were found; what is new is told. */
  look(state: State, ctx: FieldContext): void {
    const { about } = this
    if (about === undefined || (about.inside.containers && about.inside.pods)) return
    const now = insideOf(state, ctx)
    const inside = { containers: about.inside.containers || now.containers, pods: about.inside.pods || now.pods }
    if (inside.containers === about.inside.containers && inside.pods === about.inside.pods) return
    this.about = { ...about, inside }
    this.post(this.about)
  }

  /** Sends the rows as they are now; returns how many there are. */
  send(most = this.plan?.most ?? 0): number {
    if (this.builder === undefined) return 0
    const taken = this.builder.take(this.span, most, this.pinned)
    this.reply(taken, this.builder)
    return taken.total
  }

  /** Tells which event a detail is of. */
  describe(id: string, e: Parameters<typeof detailOf>[0], ctx: FieldContext): void {
    this.post({ kind: 'detail', id, ...detailOf(e, ctx, this.shown) })
  }

  private lookUp(id: string, data: DataStyle): void {
    this.shown = data
    void this.runner.detail(id)
  }

  /** Writes a file of what passes; one at a time. */
  private async write(wanted: Extract<Request, { kind: 'write' }>): Promise<void> {
    const { post, start } = this
    if (this.writing !== undefined) return post({ kind: 'note', text: 'a file is being written: one at a time' })
    const writing = new Writing(wanted, start, (part) =>
      post({ kind: 'written', progress: { path: wanted.path, part } }),
    )
    this.writing = writing
    const text = await writing.run((filter, format) => this.runner.toWrite(filter, format))
    this.writing = undefined
    post({ kind: 'written', progress: undefined })
    post({ kind: 'note', text })
  }

  private hold(held: boolean): void {
    this.held = held
    this.builder?.hold?.(held)
    if (!held) this.runner.resume()
  }

  private cancel(): void {
    if (this.writing === undefined) this.runner.cancel()
    else void this.writing.stop()
  }

  private setQuery(ask: ViewQuery): void {
    const plan = this.check(ask)
    if (plan === undefined) return
    this.previous = this.current
    this.current = ask
    this.plan = plan
    this.builder = undefined
    this.cancelled = false
    this.held = false
    this.pinned = ask.pinned
    this.runner.queryChanged()
  }

  /** What the query is answered with; undefined when it cannot be, which the UI is told. */
  private check(ask: ViewQuery): ViewPlan | undefined {
    const refuse = (text: string) => this.post({ kind: 'refused', number: ask.number, text })
    const view = this.views.find((v) => v.id === ask.view)
    if (view === undefined) {
      const ids = this.views.filter((v) => v.appliesTo.includes(WHOLE_MACHINE)).map((v) => v.id)
      refuse(`there is no view "${ask.view}"; views are ${ids.join(', ')}`)
      return undefined
    }
    try {
      const plan = planView(view, ask, this.refresh)
      this.noteMissingRules(view, plan)
      return this.asPlanned(plan)
    } catch (e) {
      if (e instanceof FilterError) refuse(e.format())
      else if (e instanceof ViewError) refuse(e.message)
      else throw e
    }
    return undefined
  }

  /** A filter by what no rule can say would leave the person waiting. */
  private noteMissingRules(view: View, { filter }: ViewPlan): void {
    if (this.start.rules !== undefined || needsRules(view) || !usesRuleFields(filter?.fieldsUsed ?? [])) return
    this.post({ kind: 'note', text: 'the filter asks what rules say, and none are given: ksys ui --rules FILE' })
  }

  /** A plan with what the rules ask that it speaks of, and about what a redaction lets through. */
  private asPlanned(plan: ViewPlan): ViewPlan {
    const { rules, redaction } = this.start
    const withRules = rules === undefined ? plan : planWithRules(plan, rules)
    return { ...withRules, filter: withRules.filter && throughRedaction(withRules.filter, redaction) }
  }

  private sorted(number: number, sort: NonNullable<ViewQuery['sort']>): void {
    const { builder } = this
    if (builder === undefined || this.current?.number !== number) return
    builder.sort = sort
    this.reply(builder.reread(this.plan?.most ?? 0, this.pinned), builder)
  }

  private reply(part: RowSlice, builder: ResultBuilder): void {
    if (this.current === undefined || this.plan === undefined) return
    this.post({
      kind: 'rows',
      number: this.current.number,
      columns: this.plan.columns,
      rows: part.rows,
      total: part.total,
      sort: builder.sort,
      span: this.span,
      time: this.current.at ?? Date.now(),
      progress: this.progress,
      cancelled: this.cancelled,
      data: this.data,
    })
  }
}
