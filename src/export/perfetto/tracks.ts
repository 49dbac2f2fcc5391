// The tracks of processes and threads: written before their first event, and again when they run another program.

import type { Event } from '../../model/event.js'
import type { TextList } from '../../model/text-list.js'
import type { Thread } from '../../model/thread.js'
import { escapeText } from '../../render/escape.js'
import type { Sequence } from './sequence.js'
import { PACKET, PROCESS, THREAD, TRACK } from './wire.js'

/** Maximum number of threads of which only the id is known. */
const MOST_NUMBERS = 65_536
/** Maximum number of arguments of a command line, and of characters of each. */
const MOST_ARGUMENTS = 64
const LONGEST = 512

export interface Track {
  readonly uuid: number
  /** batch time (ns) up to which calls of the thread were written: the next one starts no earlier */
  until: number
  comm: string
}

interface ProcessTrack {
  readonly uuid: number
  comm: string
  argv: TextList
}

/** Allocates ids of tracks in a file, across its captures. */
export class Uuids {
  private last = 0

  next(): number {
    return ++this.last
  }
}

export class Tracks {
  private readonly threads = new WeakMap<Thread, Track>()
  private readonly processes = new WeakMap<Thread, ProcessTrack>()
  private readonly numbers = new Map<number, Track>()
  private thread: Thread | undefined
  private lastTrack: Track | undefined

  constructor(
    private readonly sequence: Sequence,
    private readonly uuids: Uuids,
  ) {}

  /** The track of the event's thread; writes its description if it is new or has changed at batch time `time` (ns). */
  track(e: Event, time: number): Track {
    const t = e.thread
    if (t === undefined) return this.numbered(e, time)
    let track = this.thread === t ? this.lastTrack : this.threads.get(t)
    if (track === undefined) {
      track = { uuid: this.uuids.next(), until: Number.NEGATIVE_INFINITY, comm: t.comm }
      this.threads.set(t, track)
      this.describe(t, track, time)
    } else if (track.comm !== t.comm || (t === t.leader && this.processes.get(t)?.argv !== t.argv)) {
      track.comm = t.comm
      this.describe(t, track, time)
    }
    this.thread = t
    this.lastTrack = track
    return track
  }

  private describe(t: Thread, { uuid }: Track, time: number): void {
    this.process(t.leader, time)
    this.writeThread(uuid, t.pid, t.tid, t.comm, time)
  }

  private process(leader: Thread, time: number): void {
    const known = this.processes.get(leader)
    if (known !== undefined && known.comm === leader.comm && known.argv === leader.argv) return
    const { comm, argv } = leader
    const track = known ?? { uuid: this.uuids.next(), comm, argv }
    track.comm = comm
    track.argv = argv
    this.processes.set(leader, track)
    const { sequence } = this
    const { out } = sequence
    const packet = sequence.start(time)
    const descriptor = out.open(PACKET.trackDescriptor)
    out.uintField(TRACK.uuid, track.uuid)
    const process = out.open(TRACK.process)
    out.intField(PROCESS.pid, leader.pid)
    if (comm !== '') out.textField(PROCESS.name, escapeText(comm))
    for (const word of [leader.exe, ...leader.args].slice(0, MOST_ARGUMENTS))
      out.textField(PROCESS.cmdline, escapeText(word.slice(0, LONGEST)))
    const label = leader.container?.info?.name
    if (label) out.textField(PROCESS.labels, escapeText(label))
    out.close(process)
    out.close(descriptor)
    sequence.end(packet)
  }

  /** The track of a thread of which only the id is known. */
  private numbered(e: Event, time: number): Track {
    const { tid, pid } = e
    let track = this.numbers.get(tid)
    if (track === undefined) {
      if (this.numbers.size >= MOST_NUMBERS) this.numbers.clear()
      track = { uuid: this.uuids.next(), until: Number.NEGATIVE_INFINITY, comm: '' }
      this.numbers.set(tid, track)
      this.writeThread(track.uuid, pid, tid, '', time)
    }
    return track
  }

  private writeThread(uuid: number, pid: number, tid: number, comm: string, time: number): void {
    const { sequence } = this
    const { out } = sequence
    const packet = sequence.start(time)
    const descriptor = out.open(PACKET.trackDescriptor)
    out.uintField(TRACK.uuid, uuid)
    const thread = out.open(TRACK.thread)
    out.intField(THREAD.pid, pid)
    out.intField(THREAD.tid, tid)
    if (comm !== '') out.textField(THREAD.name, escapeText(comm))
    out.close(thread)
    out.close(descriptor)
    sequence.end(packet)
  }
}
