// A live source without a kernel: capture files are played on the CPUs of a machine, whose lanes are merged by the thread of a capture.
import { createRequire } from 'node:module'
import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch } from '../../../src/model/batch.js'
import type { Snapshot, ThreadInfo } from '../../../src/model/snapshot.js'
import { bootNs } from '../../../src/model/time.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CaptureInfo, CaptureSource, CaptureStats } from '../../../src/source/source.js'
import type { Tape } from './tape.js'

/** Batches that the thread fills while another one is processed, as in a live capture. */
const AHEAD = 3
/** ns between two calls of the machine, on average; since boot, when they begin */
const BETWEEN = 200
const START = 1e15
/** distance between the ids of tapes on different CPUs: more than the ids of a capture, and odd, as ids of a machine differ in their low bits */
const APART = 65_537
const LARGEST_ROW = 1 << 17

interface NativeLanes {
  play(
    records: Uint8Array,
    cpus: Uint8Array,
    ids: Uint32Array,
    firstCpu: number,
    shift: number,
    from: number,
    scale: number,
  ): void
  begin(): void
  nextBatch(buffer: ArrayBuffer, rows: number, arenaBytes: number): Promise<number>
  stats(): { events: number; late: number }
  close(): void
}

export class LanesSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly damage = []
  private readonly lanes: NativeLanes
  private readonly filling: { readonly batch: EventBatch; readonly rows: Promise<number> }[] = []
  private readonly threads: ThreadInfo[] = []
  private current: EventBatch | undefined

  /** addon: its path; each two CPUs run the tapes in turn, with processes of their own, until all have made `calls`. */
  constructor(addon: string, cpus: number, calls: number, tapes: readonly Tape[]) {
    const { Lanes } = createRequire(import.meta.url)(addon)
    const pairs = cpus / 2
    const sum = (key: 'calls' | 'laneBytes' | 'ringBytes') => tapes.reduce((n, tape) => n + tape[key], 0)
    const rounds = Math.ceil(calls / pairs / sum('calls'))
    this.lanes = new Lanes(cpus, rounds * sum('laneBytes') + LARGEST_ROW, rounds * sum('ringBytes'), START)
    for (let pair = 0; pair < pairs; pair++) this.play(pair, tapes, calls / pairs, BETWEEN * pairs)
    const startMs = Date.now() - (calls * BETWEEN) / 1e6
    this.info = {
      kind: 'live',
      has: capabilitiesOf('ksys'),
      hostname: 'bench',
      kernel: '6.18.0',
      arch: 'x64',
      cpus,
      startSec: Math.floor(startMs / 1e3),
      startNsec: 0,
      startBoot: bootNs(START),
      addresses: [],
    }
  }

  /** Plays the tapes on two CPUs, each call `between` ns after the last one on average. */
  private play(pair: number, tapes: readonly Tape[], calls: number, between: number): void {
    const shiftOf = (tape: number) => (pair * tapes.length + tape) * APART
    tapes.forEach((tape, n) => {
      const ids = ['tid', 'pid', 'ptid', 'fdsOf', 'fsOf'] as const
      for (const thread of tape.threads) {
        const shifted = { ...thread }
        for (const id of ids) if ((thread[id] ?? 0) > 0) shifted[id] = (thread[id] as number) + shiftOf(n)
        this.threads.push(shifted)
      }
    })
    let from = 0
    for (let made = 0, n = pair % tapes.length; made < calls; n = (n + 1) % tapes.length) {
      const { records, cpus, ids, span, ...tape } = tapes[n] as Tape
      const takes = tape.calls * between
      this.lanes.play(records, cpus, ids, pair * 2, shiftOf(n), from, (takes - between) / span)
      made += tape.calls
      from += takes
    }
  }

  async snapshot(): Promise<Snapshot> {
    return { threads: this.threads, users: [], groups: [] }
  }

  async next(): Promise<EventBatch | undefined> {
    if (this.filling.length === 0) this.begin()
    if (this.current !== undefined) this.fill(this.current)
    const { batch, rows } = this.filling.shift() as { batch: EventBatch; rows: Promise<number> }
    batch.count = await rows
    this.current = batch.count < 0 ? undefined : batch
    return this.current
  }

  private begin(): void {
    this.lanes.begin()
    for (let i = 0; i < AHEAD; i++)
      this.fill(new EventBatch(new ArrayBuffer(batchBytes(BATCH_ROWS, BATCH_ARENA)), BATCH_ROWS, BATCH_ARENA))
  }

  private fill(batch: EventBatch): void {
    this.filling.push({ batch, rows: this.lanes.nextBatch(batch.buffer, batch.capacity, batch.arenaBytes) })
  }

  stats(): CaptureStats {
    return { ...this.lanes.stats(), lost: 0 }
  }

  progress(): undefined {}

  stop(): void {}

  async close(): Promise<void> {
    this.lanes.close()
  }
}
