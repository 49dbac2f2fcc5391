// A source of which only the pods of one Kubernetes namespace are told. It follows everything, and hands on the rows of threads
// in these pods. What exists in them comes with the start, and is told anew where threads get there otherwise than by birth.
import { callsOf, type EventBatch, ROW } from '../model/batch.js'
import { shortId } from '../model/container.js'
import { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import { RowPicker } from '../source/row-picker.js'
import type { CaptureSource, CaptureStats } from '../source/source.js'
import { WrappedSource } from '../source/wrapped.js'
import { mergedSnapshot } from '../state/snapshot-merge.js'
import { NamespaceState } from './namespace-state.js'

/** Whether an event that is no thread's may be told. */
type Judge = (e: Event, state: NamespaceState) => boolean

const ofTold: Judge = (_, state) => state.holds(state.containers.lastReported)
const ofAccount: Judge = (e, state) => state.holds(state.containers.byId.get(shortId(textOf(e, 'container_id'))))
const ofCgroup =
  (parameter: string): Judge =>
  (e, state) =>
    state.holdsCgroup(textOf(e, parameter))

/** Events that are no thread's, by name; others of them tell of the host, and are not told. */
const JUDGES: Readonly<Record<string, Judge>> = {
  // how much is missing, in numbers
  drop: () => true,
  container: ofTold,
  asyncevent: ofTold,
  useradded: ofAccount,
  userdeleted: ofAccount,
  groupadded: ofAccount,
  groupdeleted: ofAccount,
  throttle: ofCgroup('cgroup'),
  ks_cgroup: ofCgroup('path'),
}

/** The source with what happens in the pods of one Kubernetes namespace alone. */
export function withinNamespace(source: CaptureSource, namespace: string): CaptureSource {
  return source.withMembers?.((member) => withinNamespace(member, namespace)) ?? new NamespaceSource(source, namespace)
}

export class NamespaceSource extends WrappedSource {
  /** of everything, also of what is not told */
  readonly state: NamespaceState
  private readonly event: Event
  private readonly picker = new RowPicker()
  /** by event code */
  private readonly judges: readonly (Judge | undefined)[]
  /** the batch whose rows are looked at, and the next one */
  private batch: EventBatch | undefined
  private row = 0
  /** whether that row may be told, where it was applied already */
  private decided: boolean | undefined
  /** what exists before the next row that is told, where threads came or went */
  private anew: Snapshot | undefined
  private told = 0

  constructor(source: CaptureSource, namespace: string) {
    super(source)
    const { defs, layouts } = source.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.event = new Event(defs, layouts)
    this.state = new NamespaceState(source.info, namespace)
    this.judges = Array.from({ length: CODE_LIMIT }, (_, code) => JUDGES[defs[code]?.name ?? ''])
  }

  override get lateNames(): CaptureSource['lateNames'] {
    return this.source.lateNames?.filter((json) => this.state.isOfOurs(json))
  }

  override get unmetNamespace(): CaptureSource['unmetNamespace'] {
    return this.state.met ? undefined : this.state.namespace
  }

  override stats(): CaptureStats {
    return { ...this.source.stats(), events: this.told }
  }

  override async snapshot(): Promise<Snapshot> {
    const { source, state } = this
    const snapshot = await source.snapshot()
    state.containers.preload(source.lateNames ?? [])
    state.load(snapshot)
    return state.partOf(snapshot)
  }

  override async next(): Promise<EventBatch | undefined> {
    for (;;) {
      if (this.batch === undefined) {
        const got = await this.source.next()
        if (got === undefined || got.count === 0) return got
        this.begin(got)
      }
      const part = this.part(this.batch as unknown as EventBatch)
      // who waits for events is to hear that time passes
      if (part.count > 0 || this.batch === undefined) return part
    }
  }

  private begin(batch: EventBatch): void {
    this.batch = batch
    this.row = 0
    const { resync } = batch
    if (resync === undefined) return
    const { state } = this
    const exists = this.info.kind === 'live' ? mergedSnapshot(state, resync) : resync
    state.load(exists)
    this.anew = state.partOf(exists)
  }

  /** The rows that may be told, up to one with which threads come into the namespace or leave it: another part begins there. */
  private part(batch: EventBatch): EventBatch {
    const { state, picker } = this
    picker.start(batch)
    for (; this.row < batch.count; this.row++) {
      const told = this.decided ?? this.tells(batch, this.row)
      this.decided = undefined
      if (state.moved) {
        if (picker.count > 0) {
          this.decided = told
          return this.handed()
        }
        state.moved = false
        this.anew = state.partOf(state.snapshot())
      }
      if (!told) continue
      picker.add(this.row)
      const flags = batch.flags[this.row] as number
      if ((flags & ROW.HIDDEN) === 0) this.told += callsOf(flags, batch.num[this.row] as number)
    }
    this.batch = undefined
    return this.handed()
  }

  private handed(): EventBatch {
    const part = this.picker.build()
    if (part.count === 0) return part
    part.resync = this.anew
    this.anew = undefined
    return part
  }

  /** Applies a row to the state; returns whether it may be told. */
  private tells(batch: EventBatch, row: number): boolean {
    const { event: e, state } = this
    const judge = this.judges[batch.type[row] as number]
    if (judge !== undefined) state.containers.lastReported = undefined
    e.moveTo(batch, row)
    state.apply(e)
    if (judge !== undefined) return judge(e, state)
    const tid = batch.tid[row] as number
    return tid > 0 && state.holds((e.thread ?? state.threads.get(tid))?.container)
  }
}

function textOf(e: Event, parameter: string): string {
  return e.text(e.paramIndex(parameter)) ?? ''
}
