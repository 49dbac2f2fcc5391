// The worker's session: one query at a time, over this machine or a file.
import type { FieldContext } from '../../fields/field.js'
import { type CheckedFilter, FilterError } from '../../filter/index.js'
import { throughRedaction } from '../../redact/opaque.js'
import { usesRuleFields } from '../../rules/rule-fields.js'
import type { FileFormat } from '../../run/write/file-format.js'
import type { CaptureInfo } from '../../source/source.js'
import { NO_BUFFERS } from '../../source/source.js'
import type { State } from '../../state/state.js'
import { needsRules, type View, WHOLE_MACHINE } from '../../views/define.js'
import { insideOf, ViewError } from './columns.js'
import { detailOf } from './detail.js'
import type { DataStyle, Report, Request, SourceInfo, ViewQuery, WorkerStart } from './messages.js'
import { planView, planWithRules } from './plan-view.js'
import type { ResultBuilder, RowSlice, ViewPlan } from './view-plan.js'
import { type ToWrite, Writing } from './writing.js'

/** Processes events for a session. */
export interface Runner {
  /** The source of a file to write, with the events that pass a filter (undefined: all). Rejects if there is none. */
  toWrite(filter: CheckedFilter | undefined, format: FileFormat): Promise<ToWrite>
  /** Runs until it is closed, or the capture ends. */
  run(): Promise<void>
  /** The query has changed. */
  queryChanged(): void
  /** Starts or stops retaining data of all calls. */
  arm(armed: boolean): void
  /** The page is no longer paused. */
  resume(): void
  /** Stops reading the rest. */
  cancel(): void
  /** Posts the details of a row's event. */
  detail(id: string): Promise<void>
  close(): void
}

export class Session {
  /** the present query, checked; undefined before the first one */
  plan: ViewPlan | undefined
  builder: ResultBuilder | undefined
  cancelled = false
  /** the page is paused: rows sent last stay on the screen, and their details can still be requested */
  held = false
  /** what the result covers: ns of capture time, and the fraction of the file that was read */
  span = 0
  progress: number | undefined
  /** see Rows */
  data: string | undefined
  private current: ViewQuery | undefined
  private previous: ViewQuery | undefined
  /** style of the data of the last requested event */
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

  /** Runs until it is closed or the capture ends. Rejects if capturing or reading fails. */
  async run(): Promise<void> {
    try {
      await this.runner.run()
    } finally {
      await this.writing?.stop()
    }
  }

  take(r: Request): void {
    if (r.kind === 'query') this.setQuery(r)
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

  /** identifies the present query, without parameters that do not affect its result */
  get query(): string {
    const { view, filter, inside, apart, data } = this.current ?? {}
    const isRaw = this.views.find((v) => v.id === view)?.list?.raw === true
    return JSON.stringify([view, filter, inside, apart, isRaw && data])
  }

  /** the time that the present query shows: ms since the epoch; undefined: now */
  get at(): number | undefined {
    return this.current?.at
  }

  /** the present query has a user filter */
  get isFiltered(): boolean {
    return (this.current?.filter ?? '') !== ''
  }

  /** the present query has another view or filter than the previous one, and a filter */
  get isEntered(): boolean {
    const { view, filter = '' } = this.current ?? {}
    return filter !== '' && (view !== this.previous?.view || filter !== this.previous?.filter)
  }

  /** number of the present query */
  get number(): number | undefined {
    return this.current?.number
  }

  /** Reports the source: this machine, or the file of that label. */
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

  /** Looks for containers and pods until both are found; reports changes. */
  look(state: State, ctx: FieldContext): void {
    const { about } = this
    if (about === undefined || (about.inside.containers && about.inside.pods)) return
    const now = insideOf(state, ctx)
    const inside = { containers: about.inside.containers || now.containers, pods: about.inside.pods || now.pods }
    if (inside.containers === about.inside.containers && inside.pods === about.inside.pods) return
    this.about = { ...about, inside }
    this.post(this.about)
  }

  /** Sends the present rows; returns their total number. */
  send(most = this.plan?.most ?? 0): number {
    if (this.builder === undefined) return 0
    const taken = this.builder.take(this.span, most, this.pinned)
    this.reply(taken, this.builder)
    return taken.total
  }

  /** Posts the details of an event. */
  describe(id: string, e: Parameters<typeof detailOf>[0], ctx: FieldContext): void {
    this.post({ kind: 'detail', id, ...detailOf(e, ctx, this.shown) })
  }

  private lookUp(id: string, data: DataStyle): void {
    this.shown = data
    void this.runner.detail(id)
  }

  /** Writes a file of the passing events; one at a time. */
  private async write(wanted: Extract<Request, { kind: 'write' }>): Promise<void> {
    const { post, start } = this
    if (this.writing !== undefined) return post({ kind: 'note', text: 'a file is being written already' })
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

  private setQuery(query: ViewQuery): void {
    const plan = this.check(query)
    if (plan === undefined) return
    this.previous = this.current
    this.current = query
    this.plan = plan
    this.builder = undefined
    this.cancelled = false
    this.held = false
    this.pinned = query.pinned
    this.runner.queryChanged()
  }

  /** The plan of the query; undefined, and reported, if it is invalid. */
  private check(query: ViewQuery): ViewPlan | undefined {
    const refuse = (text: string) => this.post({ kind: 'refused', number: query.number, text })
    const view = this.views.find((v) => v.id === query.view)
    if (view === undefined) {
      const ids = this.views.filter((v) => v.appliesTo.includes(WHOLE_MACHINE)).map((v) => v.id)
      refuse(`there is no view "${query.view}"; views are ${ids.join(', ')}`)
      return undefined
    }
    try {
      const plan = planView(view, query, this.refresh)
      this.noteMissingRules(view, plan)
      return this.asPlanned(plan)
    } catch (e) {
      if (e instanceof FilterError) refuse(e.format())
      else if (e instanceof ViewError) refuse(e.message)
      else throw e
    }
    return undefined
  }

  /** Reports a filter by rule fields without rules: the user would wait for events in vain. */
  private noteMissingRules(view: View, { filter }: ViewPlan): void {
    if (this.start.rules !== undefined || needsRules(view) || !usesRuleFields(filter?.fieldsUsed ?? [])) return
    this.post({ kind: 'note', text: 'the filter uses rule fields, but no rules are loaded: ksys ui --rules FILE' })
  }

  /** The plan with the rules that it uses, restricted to what a redaction leaves visible. */
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
