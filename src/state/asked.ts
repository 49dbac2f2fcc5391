// For questions about threads or descriptors: which processes are asked about. Of all others only those rows need be read
// that change what is known.
import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import { EVENTS } from '../schema/events/index.js'
import type { Needed } from '../source/source.js'
import { AskedFds } from './asked-fds.js'
import { AskedThreads } from './asked-threads.js'
import { changesState } from './effects/index.js'
import type { State } from './state.js'

/** What is asked. Events of which the thread or the descriptor is not asked about do not pass, but for those in `others`. */
export interface Asking {
  /** whether the event may pass, by its thread and its descriptor */
  event(e: Event): boolean
  /** whether events with this descriptor may pass; undefined: whatever it is */
  readonly fd: ((fd: Fd) => boolean) | undefined
  /** whether events of this thread may pass; undefined: whatever it is */
  readonly thread: ((t: Thread) => boolean) | undefined
  /** nothing else is asked: what may pass passes */
  readonly decides: boolean
  /** by event code, 1 where something else decides */
  readonly others: Uint8Array
}

/** One side of what is asked. */
export interface AskedPart {
  /** Looks at the event, which the state has applied. */
  see(e: Event): void
  /** Looks at what happened since. */
  settle(): void
  /** Looks again at all that is asked about: it may be no more. */
  review(): void
  /** A thread is new; it is not complete yet. */
  met(t: Thread): void
  /** Whether events of the thread may pass. */
  has(t: Thread): boolean
  /** Nobody asks any more. */
  end(): void
}

/** Share of the blocks that may have to be read again: once costs as much as some save. */
const TOO_OFTEN = 0.1

export class Asked implements Needed {
  /** grows when more processes may be asked about than before */
  version = 0
  /** so many blocks may have to be read again before it counts whether that is worth it */
  patience = 4
  readonly everybodys: Uint8Array
  private parts: readonly AskedPart[]
  private told: Int32Array = new Int32Array(0)
  private times = 0
  private again = 0
  /** what sufficed last, and the version then */
  private enough: { readonly processes: Int32Array; readonly version: number } | undefined

  /** To be made before the state has any thread. */
  constructor(
    private readonly state: State,
    private readonly asking: Asking,
  ) {
    const grow = () => {
      this.version++
    }
    this.parts = [
      ...(asking.fd === undefined ? [] : [new AskedFds(state, asking.fd, grow)]),
      ...(asking.thread === undefined ? [] : [new AskedThreads(state, asking.thread, grow)]),
    ]
    state.table.met = (t) => {
      for (const part of this.parts) part.met(t)
    }
    this.everybodys = asking.others.map((other, code) => (other === 1 || changesAnything(code) ? 3 : 1))
  }

  /** What may pass passes. */
  get decides(): boolean {
    return this.asking.decides && this.parts.length > 0
  }

  /** Takes note of an event that the state has applied, and tells whether it may pass. */
  see(e: Event): boolean {
    if (this.parts.length === 0) return true
    for (let i = 0; i < this.parts.length; i++) (this.parts[i] as AskedPart).see(e)
    return this.asking.event(e)
  }

  processes(): Int32Array | undefined {
    this.times++
    if (this.again > this.patience && this.again > this.times * TOO_OFTEN) this.giveUp()
    if (this.parts.length === 0) return undefined
    for (const part of this.parts) {
      part.settle()
      part.review()
    }
    const { told } = this
    const now = this.present()
    if (now.length !== told.length || now.some((pid, i) => told[i] !== pid)) this.told = Int32Array.from(now)
    return this.told
  }

  /** Whether rows of these processes, in ascending order, are all that is needed from here on. */
  suffice(processes: Int32Array): boolean {
    for (const part of this.parts) part.settle()
    const { version, enough } = this
    if (enough?.processes === processes && enough.version === version) return true
    const there = new Set(processes)
    const suffices = this.present().every((pid) => there.has(pid))
    if (suffices) this.enough = { processes, version }
    else this.again++
    return suffices
  }

  /** From the blocks on that are not decoded yet, all rows are read: nobody is followed any more. */
  giveUp(): void {
    for (const part of this.parts) part.end()
    this.parts = []
    // whoever has a batch without some finds that all are needed
    this.enough = undefined
    this.version++
    this.state.table.met = undefined
  }

  /** Processes that are asked about, in ascending order, and what is none. */
  private present(): number[] {
    const found = new Set<number>([-1, 0])
    const add = (t: Thread) => {
      if (this.parts.every((part) => part.has(t))) found.add(t.pid)
    }
    for (const t of this.state.threads.values()) add(t)
    for (const t of this.state.table.ended()) add(t)
    return [...found].sort((a, b) => a - b)
  }
}

/** Whether rows of that type may change what is known. */
function changesAnything(code: number): boolean {
  const def = EVENTS[code]
  return def !== undefined && (changesState(def, false) || changesState(def, true))
}
