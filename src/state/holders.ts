// For questions about descriptors: which processes hold one that is asked about. Of all others only those rows need be read
// that change what is known.

import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import type { FdTable } from '../model/fd-table.js'
import { EVENTS } from '../schema/events/index.js'
import type { Needed } from '../source/source.js'
import { changesState } from './effects/index.js'
import type { State } from './state.js'

/** What is asked about descriptors. */
export interface FdQuestion {
  /** whether the event may pass; without a descriptor it does not, unless its type is one of `others` */
  event(e: Event): boolean
  /** whether events with this descriptor may pass */
  fd(fd: Fd): boolean
  /** by event code, 1 where more than the descriptor decides */
  readonly others: Uint8Array
}

/** Share of the blocks that may have to be read again. */
const TOO_OFTEN = 0.25

export class Holders implements Needed {
  /** grows when more processes may hold something than before */
  version = 0
  /** so many blocks may have to be read again before it counts whether that is worth it */
  patience = 8
  /** what came into tables since the last look */
  private readonly tables: FdTable[] = []
  private readonly fds: Fd[] = []
  private told: Int32Array = new Int32Array(0)
  /** what sufficed last, and the version then */
  private enough: { readonly processes: Int32Array; readonly version: number } | undefined
  private asked = 0
  private again = 0

  readonly everybodys: Uint8Array

  /** To be made before the state has any thread. */
  constructor(
    private readonly state: State,
    private readonly question: FdQuestion,
  ) {
    this.everybodys = question.others.map((other, code) => (other === 1 || changesAnything(code) ? 3 : 1))
    state.table.news = (table, fd) => {
      if (table.asked) return
      this.tables.push(table)
      this.fds.push(fd)
    }
    state.table.heirs = () => this.version++
  }

  /** Takes note of an event that the state has applied, and tells whether it may pass. */
  see(e: Event): boolean {
    if (this.fds.length > 0) this.settle()
    const { fd } = e
    const isNew = fd !== undefined && fd.verdict === 0
    const passes = this.question.event(e)
    if (isNew && this.question.fd(fd)) this.found(e, fd)
    return passes
  }

  processes(): Int32Array | undefined {
    this.settle()
    this.asked++
    if (this.again > this.patience && this.again > this.asked * TOO_OFTEN) return undefined
    for (const t of this.state.threads.values())
      if (t.fdTable.asked) t.fdTable.asked = t.fdTable.some((fd) => this.question.fd(fd))
    const { told } = this
    const now = this.holders()
    if (now.length !== told.length || now.some((pid, i) => told[i] !== pid)) this.told = Int32Array.from(now)
    return this.told
  }

  /** Whether rows of these processes, in ascending order, are all that is needed from here on. */
  suffice(processes: Int32Array): boolean {
    this.settle()
    const { version, enough } = this
    if (enough?.processes === processes && enough.version === version) return true
    const there = new Set(processes)
    const suffices = this.holders().every((pid) => there.has(pid))
    if (suffices) this.enough = { processes, version }
    else this.again++
    return suffices
  }

  private settle(): void {
    const { tables, fds } = this
    for (let i = 0; i < fds.length; i++) {
      const table = tables[i] as FdTable
      if (!table.asked && this.question.fd(fds[i] as Fd)) this.ask(table)
    }
    tables.length = 0
    fds.length = 0
  }

  /** The event's descriptor is asked about, and was not or was not known before. Other tables may have it, too. */
  private found(e: Event, fd: Fd): void {
    const own = e.thread?.fdTable
    if (own?.asked === false) this.ask(own)
    if (!fd.shared) return
    for (const { fdTable } of this.state.threads.values())
      if (!fdTable.asked && fdTable.fds.get(fd.num) === fd) this.ask(fdTable)
  }

  private ask(table: FdTable): void {
    table.asked = true
    this.version++
  }

  /** Processes that hold something, in ascending order, and what is none. */
  private holders(): number[] {
    const found = new Set<number>([-1, 0])
    for (const t of this.state.threads.values()) if (t.fdTable.asked) found.add(t.pid)
    for (const t of this.state.table.ended()) if (t.fdTable.asked) found.add(t.pid)
    return [...found].sort((a, b) => a - b)
  }
}

/** Whether rows of that type may change what is known. */
function changesAnything(code: number): boolean {
  const def = EVENTS[code]
  return def !== undefined && (changesState(def, false) || changesState(def, true))
}
