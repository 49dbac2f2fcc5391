// A capture file as records of the kernel side, which the bench plays on the CPUs of a larger machine.
import { type EventBatch, INEXACT, ROW, rowEnd } from '../../../src/model/batch.js'
import type { ThreadInfo } from '../../../src/model/snapshot.js'
import { CODE, isInternal } from '../../../src/schema/codes.js'
import { EVENTS, LAYOUTS } from '../../../src/schema/events/index.js'
import { TraceSource } from '../../../src/trace/index.js'

/** sizeof(struct ksys_rec), after the u64 of its length; offsets of `ret`, `tid` and `pid` in it (native/abi.h) */
const REC = 40
const AT = { latency: 8, ret: 16, tid: 24, pid: 28, absent: 32, type: 36, flags: 38 }
const EXACT_BYTES = 8

export interface Tape {
  /** each record with a u64 of its length before it; times count from the first one */
  readonly records: Uint8Array
  /** the CPU of each record, 0 or 1 */
  readonly cpus: Uint8Array
  /** places of ids of threads and processes in `records` */
  readonly ids: Uint32Array
  /** calls among the records, and ns from the first to the last */
  readonly calls: number
  readonly span: number
  /** bytes in lanes, and in ring buffers: ksys's own records */
  readonly laneBytes: number
  readonly ringBytes: number
  readonly threads: readonly ThreadInfo[]
}

/** Reads a capture of this version of ksys. */
export async function tapeOf(path: string): Promise<Tape> {
  const source = await TraceSource.open(path)
  try {
    const { threads } = await source.snapshot()
    const tape = new TapeWriter()
    for (let batch = await source.next(); batch !== undefined; batch = await source.next())
      for (let i = 0; i < batch.count; i++) if (batch.type[i] !== CODE.drop) tape.add(batch, i)
    return tape.end([...threads])
  } finally {
    await source.close()
  }
}

class TapeWriter {
  private bytes = Buffer.alloc(1 << 16)
  private length = 0
  private first: number | undefined
  private last = 0
  private calls = 0
  private laneBytes = 0
  private ringBytes = 0
  private readonly cpus: number[] = []
  private readonly ids: number[] = []

  add(batch: EventBatch, i: number): void {
    const type = batch.type[i] as number
    const ret = batch.ret[i] as number
    const from = batch.argOff[i] as number
    // the merge adds exact results itself
    const row = batch.arena.subarray(from, rowEnd(batch, i) - (Math.abs(ret) >= INEXACT ? EXACT_BYTES : 0))
    const at = this.room(REC + row.length)
    this.first ??= batch.time[i] as number
    this.last = Math.max(this.last, (batch.time[i] as number) - this.first)
    this.cpus.push((batch.cpu[i] as number) & 1)
    this.writeRecord(batch, i, at)
    this.bytes.set(row, at + REC)
    this.ids.push(at + AT.tid, at + AT.pid)
    this.findIds(type, at)
    if (isInternal(type)) this.ringBytes += 8 + REC + row.length + 7
    else {
      this.laneBytes += REC + row.length + 15
      this.calls++
    }
  }

  end(threads: readonly ThreadInfo[]): Tape {
    const { cpus, ids, calls, last, laneBytes, ringBytes } = this
    return {
      records: this.bytes.subarray(0, this.length),
      cpus: Uint8Array.from(cpus),
      ids: Uint32Array.from(ids),
      calls,
      span: last,
      laneBytes,
      ringBytes,
      threads,
    }
  }

  /** Adds space for a record of that many bytes, and its length; returns its place. */
  private room(size: number): number {
    const at = this.length + 8
    this.length = at + size
    if (this.length > this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.alloc(this.length)])
    this.bytes.writeBigUInt64LE(BigInt(size), at - 8)
    return at
  }

  private writeRecord(batch: EventBatch, i: number, at: number): void {
    const { bytes } = this
    const latency = batch.latency[i] as number
    bytes.writeBigUInt64LE(BigInt(this.last), at)
    bytes.writeBigUInt64LE(latency < 0 ? 0xffff_ffff_ffff_ffffn : BigInt(Math.round(latency)), at + AT.latency)
    bytes.writeBigInt64LE(BigInt(batch.ret[i] as number), at + AT.ret)
    bytes.writeInt32LE(batch.tid[i] as number, at + AT.tid)
    bytes.writeInt32LE(batch.pid[i] as number, at + AT.pid)
    bytes.writeUInt32LE(batch.absent[i] as number, at + AT.absent)
    bytes.writeUInt16LE(batch.type[i] as number, at + AT.type)
    bytes.writeUInt16LE((batch.flags[i] as number) & ~ROW.LATE, at + AT.flags)
  }

  /** Notes the parameters of a record that are ids of threads or processes. */
  private findIds(type: number, at: number): void {
    EVENTS[type]?.params.forEach((p, n) => {
      const offset = LAYOUTS[type]?.offset[n] as number
      if (p.type !== 'pid' || offset < -1) return
      this.ids.push(offset === -1 ? at + AT.ret : at + REC + offset)
    })
  }
}
