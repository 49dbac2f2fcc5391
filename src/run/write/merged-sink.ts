// Writes the events of several hosts to a trace with one member for each host.
import type { MemberHeader } from '../../merged/writer.js'
import { MergedWriter } from '../../merged/writer.js'
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { Belonging } from '../../source/belonging.js'
import type { Waiting } from '../../source/files.js'
import { type CaptureSource, describedAs, type Making } from '../../source/source.js'
import { withStateLost } from '../../source/stats.js'
import type { State } from '../../state/state.js'
import type { Sink } from '../sink.js'
import { TraceSink } from './trace-sink.js'

interface MergedTrace {
  readonly making: Making
  readonly waiting: Waiting
  readonly belonging?: Belonging
  readonly renumber?: boolean
}

export class MergedTraceSink implements Sink {
  private readonly sinks: readonly TraceSink[]
  /** number of events of each host that passed */
  private readonly shown: number[]
  /** number of the last event */
  private number = 0
  private ended = false

  private constructor(
    private readonly writer: MergedWriter,
    members: readonly CaptureSource[],
    states: readonly State[],
    private readonly renumber: boolean,
  ) {
    this.shown = members.map(() => 0)
    this.sinks = writer.hosts.map((to, i) => {
      const member = members[i] as CaptureSource
      const state = states[i] as State
      return new TraceSink(to, state, member, () => withStateLost(member.stats(), state.capacity.lost))
    })
  }

  /**
   * Starts a trace of the hosts at a path. making: how the trace is made; waiting: used while waiting for the
   * reader of a
   * FIFO; belonging: the file's owner and mode; renumber: events get new numbers, in the order of all hosts. Rejects
   * with TraceError.
   */
  static async open(
    path: string,
    members: readonly CaptureSource[],
    states: readonly State[],
    { making, waiting, belonging, renumber = false }: MergedTrace,
  ): Promise<MergedTraceSink> {
    const headers = await Promise.all(members.map((m) => headerOf(m, making)))
    return new MergedTraceSink(await MergedWriter.open(path, headers, waiting, belonging), members, states, renumber)
  }

  show(e: Event): void {
    this.shown[e.host]!++
    if (this.renumber) e.batch.num[e.row] = ++this.number
    this.sinks[e.host]?.show(e)
  }

  hidden(e: Event): void {
    if (this.renumber) e.batch.num[e.row] = this.number
  }

  async batch(batch: EventBatch, keep: Uint8Array, from: number, to: number, host: number): Promise<void> {
    await this.sinks[host]?.batch(batch, keep, from, to).catch((e) => Promise.reject(this.writer.failure(e)))
  }

  get awaited(): number {
    return this.writer.awaited
  }

  /** Hosts without events are omitted, unless no host has any. May be called again after a run has failed. */
  async end(): Promise<void> {
    if (this.ended) return
    this.ended = true
    const ends = await Promise.allSettled(this.sinks.map((s) => s.end()))
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed !== undefined) {
      await this.writer.abandon()
      throw this.writer.failure(failed.reason)
    }
    const hosts = this.shown.flatMap((n, i) => (n > 0 ? [i] : []))
    await this.writer.finish(hosts.length > 0 ? hosts : this.shown.map((_, i) => i))
  }
}

async function headerOf(member: CaptureSource, making: Making): Promise<MemberHeader> {
  return { info: describedAs(member.info, making), snapshot: await member.snapshot(), defs: member.tables?.defs }
}
