// A source restricted to the pods of one Kubernetes namespace. It follows the whole capture and delivers only rows of threads in these pods.
// Their state is in the snapshot, and in a resync when a thread enters or leaves the namespace other than by creation or exit.
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

/** Whether an event without a thread is visible. */
type IsVisible = (e: Event, state: NamespaceState) => boolean

const ofReportedContainer: IsVisible = (_, state) => state.holds(state.containers.lastReported)
const ofAccount: IsVisible = (e, state) =>
  state.holds(state.containers.byId.get(shortId(parameterText(e, 'container_id'))))
const ofCgroup =
  (parameter: string): IsVisible =>
  (e, state) =>
    state.holdsCgroup(parameterText(e, parameter))

/** Visibility of events without a thread, by name; all others concern the host and are hidden. */
const VISIBILITY: Readonly<Record<string, IsVisible>> = {
  // numbers of lost events
  drop: () => true,
  container: ofReportedContainer,
  asyncevent: ofReportedContainer,
  useradded: ofAccount,
  userdeleted: ofAccount,
  groupadded: ofAccount,
  groupdeleted: ofAccount,
  throttle: ofCgroup('cgroup'),
  ks_cgroup: ofCgroup('path'),
}

/** The source restricted to the pods of one Kubernetes namespace. */
export function withinNamespace(source: CaptureSource, namespace: string): CaptureSource {
  return source.withMembers?.((member) => withinNamespace(member, namespace)) ?? new NamespaceSource(source, namespace)
}

export class NamespaceSource extends WrappedSource {
  /** of the whole capture, including hidden processes */
  readonly state: NamespaceState
  private readonly event: Event
  private readonly picker = new RowPicker()
  /** by event code */
  private readonly visibility: readonly (IsVisible | undefined)[]
  /** the batch being processed, and its next row */
  private batch: EventBatch | undefined
  private row = 0
  /** whether that row is visible, if it was already applied to the state */
  private decided: boolean | undefined
  /** the state before the next visible row, if threads entered or left */
  private resync: Snapshot | undefined
  private emitted = 0

  constructor(source: CaptureSource, namespace: string) {
    super(source)
    const { defs, layouts } = source.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.event = new Event(defs, layouts)
    this.state = new NamespaceState(source.info, namespace)
    this.visibility = Array.from({ length: CODE_LIMIT }, (_, code) => VISIBILITY[defs[code]?.name ?? ''])
  }

  override get lateNames(): CaptureSource['lateNames'] {
    return this.source.lateNames?.filter((json) => this.state.isInNamespace(json))
  }

  override get unmetNamespace(): CaptureSource['unmetNamespace'] {
    return this.state.met ? undefined : this.state.namespace
  }

  override stats(): CaptureStats {
    return { ...this.source.stats(), events: this.emitted }
  }

  override async snapshot(): Promise<Snapshot> {
    const { source, state } = this
    const snapshot = await source.snapshot()
    state.containers.preload(source.lateNames ?? [])
    state.load(snapshot)
    return state.visiblePart(snapshot)
  }

  override async next(): Promise<EventBatch | undefined> {
    for (;;) {
      if (this.batch === undefined) {
        const got = await this.source.next()
        if (got === undefined || got.count === 0) return got
        this.startBatch(got)
      }
      const part = this.visibleRows(this.batch as unknown as EventBatch)
      // an empty batch is returned too, so that the caller sees time pass
      if (part.count > 0 || this.batch === undefined) return part
    }
  }

  private startBatch(batch: EventBatch): void {
    this.batch = batch
    this.row = 0
    const { resync } = batch
    if (resync === undefined) return
    const { state } = this
    const exists = this.info.kind === 'live' ? mergedSnapshot(state, resync) : resync
    state.load(exists)
    this.resync = state.visiblePart(exists)
  }

  /** The visible rows up to a row with which threads enter or leave the namespace, where the next part starts. */
  private visibleRows(batch: EventBatch): EventBatch {
    const { state, picker } = this
    picker.start(batch)
    for (; this.row < batch.count; this.row++) {
      const visible = this.decided ?? this.isVisible(batch, this.row)
      this.decided = undefined
      if (state.moved) {
        if (picker.count > 0) {
          this.decided = visible
          return this.takePart()
        }
        state.moved = false
        this.resync = state.visiblePart(state.snapshot())
      }
      if (!visible) continue
      picker.add(this.row)
      const flags = batch.flags[this.row] as number
      if ((flags & ROW.HIDDEN) === 0) this.emitted += callsOf(flags, batch.num[this.row] as number)
    }
    this.batch = undefined
    return this.takePart()
  }

  private takePart(): EventBatch {
    const part = this.picker.build()
    if (part.count === 0) return part
    part.resync = this.resync
    this.resync = undefined
    return part
  }

  /** Applies a row to the state; returns whether it is visible. */
  private isVisible(batch: EventBatch, row: number): boolean {
    const { event: e, state } = this
    const rule = this.visibility[batch.type[row] as number]
    if (rule !== undefined) state.containers.lastReported = undefined
    e.moveTo(batch, row)
    state.apply(e)
    if (rule !== undefined) return rule(e, state)
    const tid = batch.tid[row] as number
    return tid > 0 && state.holds((e.thread ?? state.threads.get(tid))?.container)
  }
}

function parameterText(e: Event, parameter: string): string {
  return e.text(e.paramIndex(parameter)) ?? ''
}
