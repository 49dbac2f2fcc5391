// The state: threads and their descriptors as they are at the event under the cursor.
import type { Container } from '../model/container.js'
import type { Event } from '../model/event.js'
import type { GroupInfo, ListedSnapshot, Snapshot, UserInfo } from '../model/snapshot.js'
import type { Thread } from '../model/thread.js'
import { CODE_LIMIT } from '../schema/codes.js'
import type { EventDef } from '../schema/types.js'
import type { CaptureInfo, CaptureSource } from '../source/source.js'
import { AddressNames } from './address-names.js'
import { Capacity } from './capacity.js'
import { Containers } from './containers.js'
import { DeferredRemovals } from './deferred-removals.js'
import { type Effect, use } from './effects/effect.js'
import { appliesOnSuccessOnly, descriptorSlot, effectOf } from './effects/index.js'
import { InFlight } from './in-flight.js'
import { Peers } from './peers.js'
import { loadThreads, saveThreads } from './snapshots.js'
import { Stacks } from './stacks.js'
import type { CgroupWatcher, StateTables } from './tables.js'
import { Threads } from './threads.js'

/** What an event does, if it does more than use a descriptor: State.steps. */
const STEP = { NOTHING: -1, EFFECT: -2, UNMET: -3, EFFECT_OF_SUCCESS: -4 } as const

export class State implements StateTables {
  readonly table: Threads
  readonly threads: Map<number, Thread>
  readonly users = new Map<number, UserInfo>()
  readonly groups = new Map<number, GroupInfo>()
  readonly containers = new Containers(() => this.containersInUse())
  watcher: CgroupWatcher | undefined
  peers: Peers | undefined
  /** names of addresses, if a field needs them: see fields/name-lookups.ts */
  addressNames: AddressNames | undefined
  /** called after each finished call that moves data of a descriptor or connects a socket (run/event-uses.ts) */
  onData: ((e: Event) => void) | undefined
  /** called for each call in flight: the cursor is on its enter event (in-flight.ts), with thread and descriptor */
  onInFlight: ((call: Event) => void) | undefined
  private inFlight: InFlight | undefined
  /** the call that the last ks_inflight row describes, until the next such row; undefined: none, or a damaged row */
  callInFlight: Event | undefined
  readonly stacks = new Stacks()
  readonly deferred = new DeferredRemovals()
  readonly switches: number[] = []
  slice = 0
  /** by event code: where its rows have the number of the descriptor that they use (Slot.offset), else one of STEP */
  private readonly steps = new Int16Array(CODE_LIMIT).fill(STEP.UNMET)
  /** by event code: the descriptor's bit in `absent` */
  private readonly bits = new Uint32Array(CODE_LIMIT)
  /** by event code, for those that change state */
  private readonly effects = new Array<Effect | undefined>(CODE_LIMIT).fill(undefined)
  /** by event code, 1 if an event may change what a thread is, or data that all threads share */
  private readonly changing = new Uint8Array(CODE_LIMIT)
  /** incremented whenever any thread may have changed: its names, ids, container, parent, or the names of accounts */
  generation = 0
  /** containers of pending threads, by PendingThreads.cgroupLists() */
  private readonly pendingLists = new Map<number, Container | undefined>()
  private readonly rowProcesses: boolean

  /** host: its index among those of the capture */
  constructor(
    readonly info: CaptureInfo,
    readonly host = 0,
    readonly capacity = new Capacity(),
  ) {
    this.table = new Threads(capacity)
    this.threads = this.table.map
    this.rowProcesses = info.has.rowProcesses
  }

  /** Loads a snapshot, at the start of a capture or at a keyframe; the previous content is discarded. */
  load(s: Snapshot): void {
    this.generation++
    this.deferred.forget()
    this.switches.length = 0
    this.users.clear()
    this.groups.clear()
    this.containers.load(s)
    this.stacks.load(s)
    this.pendingLists.clear()
    loadThreads(this.table, s, this.info, (t) => this.joined(t, t.cgroups))
    this.meetContainers()
    this.peers?.load(this.threads.values())
    for (const u of s.users) if (u.container === undefined) this.users.set(u.uid, u)
    for (const g of s.groups) if (g.container === undefined) this.groups.set(g.gid, g)
    this.watcher?.changed()
  }

  /** From now on the peers of connections are tracked. */
  knowPeers(): Peers {
    if (this.peers === undefined) {
      this.peers = new Peers(this.containers, this.info.addresses)
      this.peers.load(this.threads.values())
    }
    return this.peers
  }

  /** From now on the names of addresses are retained; isNew: nothing feeds them yet. */
  knowAddressNames(): { readonly names: AddressNames; readonly isNew: boolean } {
    const isNew = this.addressNames === undefined
    this.addressNames ??= new AddressNames()
    return { names: this.addressNames, isNew }
  }

  joined(t: Thread, cgroups: string[], known = false): void {
    t.cgroups = cgroups
    const c = known ? t.container : this.containers.ofCgroups(cgroups)
    t.container = c
    if (c !== undefined && c.began === undefined && t.leader.vpid === 1) c.began = t.leader.startTime
  }

  /** Account of a user by the kernel's id, from the accounts of the thread's container (or of the host). */
  userOf(t: Thread, uid: number): UserInfo | undefined {
    return this.accounts(t, t.container?.users, this.users)?.get(uid)
  }

  groupOf(t: Thread, gid: number): GroupInfo | undefined {
    return this.accounts(t, t.container?.groups, this.groups)?.get(gid)
  }

  named(json: string): void {
    const path = this.containers.report(json)
    this.watcher?.changed()
    this.peers?.changed()
    if (path === undefined) return
    for (const t of this.table.map.created()) if (t.container === undefined) this.joined(t, t.cgroups)
    this.meetContainers()
  }

  /** The containers of pending threads are known, too, and those whose start their first process shows. */
  private meetContainers(): void {
    const pending = this.table.map.pending
    if (pending === undefined) return
    for (const list of pending.cgroupLists()) {
      if (this.pendingLists.get(list) !== undefined) continue
      this.pendingLists.set(list, this.containers.ofCgroups(pending.records.at(list).cgroups))
    }
    for (const tid of pending.firstInNamespace()) this.threads.get(tid)
  }

  emitInFlight(e: Event): void {
    this.inFlight ??= new InFlight(this.info, this.host)
    const call = this.inFlight.callOf(e)
    this.callInFlight = call
    if (call === undefined) return
    this.apply(call)
    this.inFlight.setAge(e)
    this.onInFlight?.(call)
  }

  /**
   * Applies the event under the cursor and points it at its thread and descriptor. What the event ends (a closed descriptor, an
   * exited thread) remains until the next event is applied.
   */
  apply(e: Event): void {
    if (this.deferred.due && this.deferred.settle(this.table)) this.generation++
    const b = e.batch
    const row = e.row
    const tid = b.tid[row] as number
    let t = this.table.last
    if (t.tid !== tid) t = this.table.find(tid, b.pid[row] as number)
    if (tid > 0 && (this.rowProcesses || !t.placeholder)) e.thread = t
    const code = b.type[row] as number
    let step = this.steps[code] as number
    if (step === STEP.UNMET) step = this.meet(e, code)
    if (step === STEP.NOTHING || (step === STEP.EFFECT_OF_SUCCESS && (b.ret[row] as number) < 0)) return
    // a call whose result was not recorded may have failed
    if (b.form !== undefined && Number.isNaN(b.ret[row]) && returns(e.def)) return
    if (step >= 0) {
      if (((b.absent[row] as number) & (this.bits[code] as number)) !== 0) return
      const n = b.view.getInt32((b.argOff[row] as number) + step, true)
      if (n >= 0) use(e, t, n)
      return
    }
    if (this.changing[code] === 1) this.generation++
    this.effects[code]?.(this, e, t)
  }

  /** Looks up what an event does when its code first occurs. */
  private meet(e: Event, code: number): number {
    const effect = effectOf(e.def, e.isEnter)
    const { offset, bit } = descriptorSlot(e.def)
    const changes = appliesOnSuccessOnly(e.def, e.isEnter) ? STEP.EFFECT_OF_SUCCESS : STEP.EFFECT
    const step = effect !== undefined ? changes : offset >= 0 ? offset : STEP.NOTHING
    this.steps[code] = step
    this.bits[code] = bit
    this.effects[code] = effect
    this.changing[code] = e.def.changes === undefined ? 0 : 1
    return step
  }

  /** Drops retained threads and containers that have ended: memory is short. */
  forgetEnded(): void {
    this.table.dropExited()
    this.containers.forgetIdle()
  }

  private containersInUse(): ReadonlySet<Container> {
    const used = new Set<Container>()
    for (const t of this.table.map.created()) if (t.container !== undefined) used.add(t.container)
    for (const list of this.table.map.pending?.cgroupLists() ?? []) {
      const c = this.pendingLists.get(list)
      if (c !== undefined) used.add(c)
    }
    return used
  }

  /** The host's accounts do not apply to ids inside a container. */
  private accounts<T>(t: Thread, inside: T | undefined, host: T): T | undefined {
    return t.container === undefined ? host : inside
  }

  /** The tables as plain data, after the last event. */
  snapshot(): ListedSnapshot {
    if (this.deferred.due) this.deferred.settle(this.table)
    const inside = this.containers.save()
    return {
      threads: saveThreads(this.table, this.info.startBoot),
      users: [...this.users.values(), ...inside.users],
      groups: [...this.groups.values(), ...inside.groups],
      containers: inside.containers,
      ...this.stacks.save(),
    }
  }
}

/** Whether the event is a finished call with a result. */
function returns(def: EventDef): boolean {
  return def.params[0]?.wire === 'ret' && !def.noReturn
}

/**
 * A new state for each host of a source, in the order of its members: Event.host is an index into them. Equal pids, container ids and
 * uids on two hosts are unrelated.
 */
export function statesOf(source: Pick<CaptureSource, 'info' | 'members'>): readonly State[] {
  return (source.members ?? [source]).map(({ info }, host) => new State(info, host))
}
