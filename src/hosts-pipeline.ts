// The loop over a capture of several hosts: the rows of all in the order of their times, each with the state of its host.
import { earliest, Lane } from './host-lanes.js'
import type { EventBatch } from './model/batch.js'
import { cursorOf, firstOf, Pipeline, type PipelineOptions } from './pipeline.js'
import { isFull } from './sink.js'
import type { CaptureSource } from './source/source.js'
import { Hosts } from './state/hosts.js'
import type { State } from './state/state.js'

/** The loop that a source takes, which may be of several hosts. */
export function pipelineOver(o: PipelineOptions): Pipeline {
  const { members } = o.source
  return members !== undefined && o.state instanceof Hosts ? new HostsPipeline(o, members, o.state) : new Pipeline(o)
}

class HostsPipeline extends Pipeline {
  constructor(
    o: PipelineOptions,
    private readonly members: readonly CaptureSource[],
    private readonly hosts: Hosts,
  ) {
    super(o)
  }

  override async run(): Promise<void> {
    const { sinks } = this.o
    const lanes = this.members.map(
      (source, i) => new Lane(i, source, this.hosts.states[i] as State, cursorOf(source), this.idleOf(source)),
    )
    const left = lanes.flatMap(({ source, idle }) => this.leaveOut(source, idle) ?? [])
    for (const lane of lanes) await lane.load()
    this.o.onLoaded?.()
    for (const s of sinks) s.begin?.()
    for (const lane of lanes) await lane.fill()
    this.first.time ??= firstOfAll(lanes)
    for (let lane = earliest(lanes); lane !== undefined && !this.ended; lane = earliest(lanes)) {
      this.enter(lane)
      this.advance(lane)
      if (lane.isOver) await this.finish(lane)
      else if (isFull(sinks)) for (const s of sinks) await s.flush?.()
    }
    for (const lane of lanes) await this.keepOf(lane)
    for (const s of sinks) await s.flush?.()
    for (const l of left) this.count(l)
    for (const s of sinks) await s.end?.(this.lastTime)
  }

  /** Handles rows of the current host until another one's turn comes. */
  private advance(lane: Lane): void {
    const batch = lane.batch as EventBatch
    const next = this.rows(batch, lane.row, lane.keep, lane.end)
    if (next > lane.row) this.lastTime = batch.time[next - 1] as number
    lane.row = next
  }

  private enter(lane: Lane): void {
    if (this.event === lane.event) return
    this.hosts.enter(lane.host)
    this.state = lane.state
    this.event = lane.event
    this.idle = lane.idle
  }

  /** A host's batch is over: its rows are handed to who keeps them, and the next ones are fetched. */
  private async finish(lane: Lane): Promise<void> {
    await this.keepOf(lane)
    lane.batch = undefined
    for (const s of this.o.sinks) await s.flush?.()
    this.o.onBatch?.()
    if (!this.ended) await lane.fill()
  }

  /** Hands the rows that were looked at to who keeps them. */
  private async keepOf(lane: Lane): Promise<void> {
    if (lane.batch === undefined) return
    this.enter(lane)
    await this.give(lane.batch, lane.keep, 0, lane.row)
  }
}

function firstOfAll(lanes: readonly Lane[]): number | undefined {
  const times = lanes.flatMap(({ source, batch }) => source.firstTime ?? (batch && firstOf(batch, source)) ?? [])
  return times.length === 0 ? undefined : Math.min(...times)
}
