// Packets of one sequence: their times, and interned names, which are written once and then referenced by number.
import type { FieldContext } from '../../fields/field.js'
import { escapeText } from '../../render/escape.js'
import { EpochClock } from '../epoch-clock.js'
import type { Protobuf } from './protobuf.js'
import { CLOCK, CLOCK_ID, CLOCKS, EVENT, INTERNED, INTERNED_ENTRY, PACKET, SEQUENCE, TRACE, type TYPE } from './wire.js'

/** Maximum number of interned names: a hostile file may have any number of them. */
const MOST_NAMES = 4096

type Kind = keyof typeof INTERNED

export class Sequence {
  readonly clock: EpochClock
  private readonly iids: Record<Kind, Map<string, number>> = {
    categories: new Map(),
    eventNames: new Map(),
    annotationNames: new Map(),
  }
  /** new names of the current packet */
  private readonly fresh: { readonly kind: Kind; readonly iid: number; readonly name: string }[] = []
  private names = 0
  private started = false
  private cleared = true

  /** id: of the sequence, above 0, different for each capture of a file. */
  constructor(
    readonly out: Protobuf,
    private readonly id: number,
    { info }: FieldContext,
  ) {
    this.clock = new EpochClock(info)
  }

  /** Writes the clock snapshot that makes the times of packets real time. */
  clocks(): void {
    const { out } = this
    const packet = out.open(TRACE.packet)
    const snapshot = out.open(PACKET.clockSnapshot)
    this.clock.set(0)
    for (const id of [CLOCK_ID.BOOTTIME, CLOCK_ID.REALTIME]) {
      const clock = out.open(CLOCKS.clocks)
      out.uintField(CLOCK.id, id)
      out.wideField(CLOCK.timestamp, this.clock.hi, this.clock.lo)
      out.close(clock)
    }
    out.close(snapshot)
    out.close(packet)
  }

  /** Starts a packet with batch time `time` (ns); returns the argument for end(). */
  start(time: number): number {
    const { out } = this
    if (this.names >= MOST_NAMES) this.forget()
    const packet = out.open(TRACE.packet)
    this.clock.set(time)
    out.wideField(PACKET.timestamp, this.clock.hi, this.clock.lo)
    out.uintField(PACKET.trustedPacketSequenceId, this.id)
    out.uintField(PACKET.sequenceFlags, (this.cleared ? SEQUENCE.CLEARED : 0) | SEQUENCE.NEEDS_STATE)
    if (!this.started) out.uintField(PACKET.firstPacketOnSequence, 1)
    this.started = true
    this.cleared = false
    return packet
  }

  end(packet: number): void {
    if (this.fresh.length > 0) this.writeFresh()
    this.out.close(packet)
  }

  /** Starts an event of a track within a packet; returns the argument for Protobuf.close(). */
  event(type: (typeof TYPE)[keyof typeof TYPE], track: number): number {
    const event = this.out.open(PACKET.trackEvent)
    this.out.uintField(EVENT.type, type)
    this.out.uintField(EVENT.trackUuid, track)
    return event
  }

  /** The number of a name, for the current packet. */
  iid(kind: Kind, name: string): number {
    const names = this.iids[kind]
    const known = names.get(name)
    if (known !== undefined) return known
    const iid = names.size + 1
    names.set(name, iid)
    this.names++
    this.fresh.push({ kind, iid, name })
    return iid
  }

  private writeFresh(): void {
    const { out } = this
    const data = out.open(PACKET.internedData)
    for (const { kind, iid, name } of this.fresh) {
      const entry = out.open(INTERNED[kind])
      out.uintField(INTERNED_ENTRY.iid, iid)
      out.textField(INTERNED_ENTRY.name, escapeText(name))
      out.close(entry)
    }
    out.close(data)
    this.fresh.length = 0
  }

  private forget(): void {
    for (const names of Object.values(this.iids)) names.clear()
    this.names = 0
    this.cleared = true
  }
}
