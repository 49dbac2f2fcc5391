// A live capture with container names: metadata from runtimes is inserted as rows before the rows of the
// container that it describes. While a new container has no name yet, the whole stream is held, independently of the main loop.

import type { EventBatch } from '../model/batch.js'
import { type ContainerInfo, shortId } from '../model/container.js'
import { containerJson } from '../model/container-json.js'
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import type { BatchNs } from '../model/time.js'
import type { CaptureSource, CaptureStats, CgroupDenials } from '../source/source.js'
import { Numbering } from '../source/synthetic-rows.js'
import { WrappedSource } from '../source/wrapped.js'
import type { AccountReader, Accounts } from './accounts.js'
import { Retries } from './accounts.js'
import { type HeldBatch, HeldBatches, RELEASED } from './held-batches.js'
import { Missed, type Naming } from './missed.js'
import type { Names } from './names.js'
import { each, FILES_GRACE, within } from './runtime.js'
import { Scan, type ScanResult } from './scan.js'
import { accountRows, containerRow } from './synthetic-rows.js'

/** ms for which the stream waits for the accounts of a container. */
const READING = 500
/** ms for which the capture's start waits for data about running containers; after that the capture starts and the stream waits. */
const AT_ONCE = 300
/**
 * The same if only what exists at the start is used, and for accounts that are needed: they may have to be read through processes, which
 * ksys has no right to do later (source/privilege.ts).
 */
const AT_ALL = 5_000

interface NamedOptions {
  /** hold the stream until new containers have names; otherwise names are added when they are resolved */
  readonly hold: boolean
  /** only what exists at the start is used */
  readonly patient: boolean
  /** ms after which running containers are shown without names */
  readonly patience: number
  readonly accounts: AccountReader
  /** names of users and groups are needed: the stream is held until those of a new container are read */
  readonly holdForAccounts: boolean
}

/** CLOCK_BOOTTIME ns; threads with an unknown start come last. */
const startOf = (t: ThreadInfo): number => t.startBoot || Number.POSITIVE_INFINITY

export class NamedSource extends WrappedSource {
  /** containers not named in time, by the short id */
  private readonly missed = new Missed((id) => this.names.has(id))
  /** cgroups whose paths contain no id, and of which it was not known in time whether they are a container's */
  private readonly missedPaths = new Missed((path) => this.scan.isKnown(path))
  private readonly scan = new Scan()
  private readonly started: Promise<void>
  /** pending until running containers have their names, or have waited long enough */
  private first: Promise<unknown> | undefined
  /** what existed at the start */
  private running: Pick<HeldBatch, 'ids' | 'paths'> = { ids: [], paths: [] }
  private accountsRead: Accounts[] = []
  /** fulfilled when the accounts of the running containers are read, or cannot be */
  private runningAccounts: Promise<unknown> = Promise.resolve()
  private readonly retries = new Retries()
  private readonly held = new HeldBatches()
  /** the batch to deliver after inserted rows */
  private after: EventBatch | undefined
  private reading: Promise<EventBatch | undefined> | undefined
  private ended = false
  private readonly numbering = new Numbering()

  constructor(
    source: CaptureSource,
    private readonly names: Names,
    private readonly options: NamedOptions,
  ) {
    super(source)
    this.started = names.start()
  }

  override get naming(): Naming {
    const { late, never } = this.missed.count()
    // whether the other paths belong to containers is unknown
    return { late: late + this.missedPaths.count().late, never }
  }

  override get denials(): CgroupDenials {
    return this.names.denials
  }

  override stats(): CaptureStats {
    const stats = this.source.stats()
    return { ...stats, events: stats.events + this.numbering.added }
  }

  override async snapshot(): Promise<Snapshot> {
    const snapshot = await this.source.snapshot()
    this.first = within(this.options.patient ? AT_ALL : this.options.patience, this.nameRunning(snapshot)).finally(
      () => {
        this.first = undefined
        this.learn(this.names.known.values())
        this.missIds(this.running.ids)
        this.missPaths(this.running.paths)
      },
    )
    await within(this.options.patient ? AT_ALL : AT_ONCE, this.first)
    if (this.options.holdForAccounts) await within(AT_ALL, this.runningAccounts)
    this.learn(this.names.take())
    const inside = this.accountsRead
    this.accountsRead = []
    return {
      ...snapshot,
      users: [...snapshot.users, ...inside.flatMap((a) => a.users)],
      groups: [...snapshot.groups, ...inside.flatMap((a) => a.groups)],
      containers: [...this.names.known.values()].map(containerJson),
    }
  }

  override async next(): Promise<EventBatch | undefined> {
    for (;;) {
      if (this.after !== undefined) return this.numbering.renumber(this.takeAfter())
      const { head, isDue } = this.held
      if (head !== undefined && isDue) {
        if (await this.held.waitOnceMore(head)) continue
        return this.emit(this.release(head))
      }
      if (this.ended && head === undefined) return undefined
      const batch = await this.pull(head)
      if (batch === RELEASED) continue
      const found = this.scan.scan(batch)
      const wait = this.lookUpNew(found)
      if (head === undefined && wait === undefined) return this.emit(batch)
      if (batch.count > 0) this.held.add(batch, wait, found)
    }
  }

  override async close(): Promise<void> {
    this.names.close()
    await this.source.close()
  }

  /**
   * Looks up the containers of running processes: their files at once, the rest after the runtimes have listed their
   * containers.
   */
  private async nameRunning(snapshot: Snapshot): Promise<void> {
    const processes = this.meetRunning(snapshot)
    const paths = this.scan.takePaths()
    for (const id of processes.keys()) this.scan.seen.add(shortId(id))
    this.running = { ids: [...processes.keys()].map(shortId), paths }
    const accounts = Promise.all([...processes].map(([id, pid]) => this.readAccounts(id, pid)))
    this.runningAccounts = accounts
    const queries = paths.map((path) => this.lookUpPath(path))
    await this.withRuntimes(
      Promise.all([each([...processes.keys()], (id) => this.names.wantFiles(id)), ...queries]),
      () => this.running.ids.every((id) => this.names.has(id)),
    )
    const named = [...processes.keys()].map((id) => this.names.has(id) || this.named(id))
    await Promise.all([within(READING, accounts), ...named])
  }

  /**
   * The oldest process of each container, by the full id: others may have ended before anything can be read through them. Also records
   * the processes of runtimes beside containers.
   */
  private meetRunning({ threads, users }: Snapshot): Map<string, number> {
    const oldest = new Map<string, ThreadInfo>()
    const uids = new Set<number>()
    for (const t of threads) {
      const id = this.scan.ofList(t.cgroups)
      const other = id === undefined ? undefined : oldest.get(id)
      if (id !== undefined && (other === undefined || startOf(t) < startOf(other))) oldest.set(id, t)
      uids.add(t.uid)
      if (id === undefined && t.tid === t.pid) this.names.folders.watched(t)
    }
    for (const u of users) if (u.container === undefined && uids.has(u.uid)) this.names.folders.user(u.uid, u.home)
    return new Map([...oldest].map(([id, { pid }]) => [id, pid]))
  }

  /** Waits for the first lists of the runtimes; if files have named all containers, only briefly. */
  private async withRuntimes(files: Promise<unknown>, all: () => boolean): Promise<void> {
    await files
    if (this.options.patient || !all()) await this.started
    else await within(FILES_GRACE, this.started)
  }

  /** The source's next batch, or RELEASED when the first held batch need not wait any longer. */
  private async pull(head: HeldBatch | undefined): Promise<EventBatch | typeof RELEASED> {
    if (this.ended) return (await head?.wait) ?? RELEASED
    this.reading ??= this.source.next()
    const got = await (head?.wait === undefined ? this.reading : Promise.race([this.reading, head.wait]))
    if (got === RELEASED) return RELEASED
    this.reading = undefined
    if (got !== undefined) return got
    this.ended = true
    return RELEASED
  }

  /** Removes the first held batch, whose wait is over. */
  private release(head: HeldBatch): EventBatch {
    this.held.shift()
    this.missIds(head.ids)
    if (head.wait !== undefined) this.missPaths(head.paths)
    return head.batch
  }

  /** Looks up what is new in a batch; returns a promise if the batch has to wait for it. */
  private lookUpNew(found: ScanResult | undefined): Promise<unknown> | undefined {
    if (found === undefined && this.first === undefined) return undefined
    for (const watcher of found?.watchers ?? []) this.names.folders.watched(watcher, true)
    for (const id of found?.removed ?? []) this.markEnded(id)
    const pending: unknown[] = this.first === undefined ? [] : [this.first]
    for (const id of found?.ids ?? []) pending.push(this.named(id))
    for (const path of found?.paths ?? []) pending.push(this.lookUpPath(path))
    const accounts = [
      ...(found?.ids ?? []).map((id) => this.readAccounts(id)),
      ...[...(found?.processes ?? [])].map(([id, pid]) => this.readAccounts(id, pid)),
    ]
    if (this.options.holdForAccounts) pending.push(...accounts.map((reading) => within(READING, reading)))
    return this.options.hold && pending.length > 0 ? Promise.all(pending) : undefined
  }

  /** Handles the end of a container. If a forgotten one reappears, it is looked up again. */
  private markEnded(id: string): void {
    const old = this.names.ended(id)
    if (old === undefined) return
    this.missed.settle(old)
    this.names.forget(old)
    this.scan.seen.delete(old)
  }

  private async named(id: string): Promise<void> {
    // held batches are checked when they are released
    if (!(await this.names.want(id)) && !this.options.hold) this.missed.add(shortId(id))
  }

  private async lookUpPath(path: string): Promise<void> {
    if (!(await this.names.wantPath(path))) this.missedPaths.add(path)
  }

  private missIds(ids: readonly string[]): void {
    for (const id of ids) if (!this.names.has(id)) this.missed.add(id)
  }

  private missPaths(paths: readonly string[]): void {
    for (const path of paths) if (!this.scan.isKnown(path)) this.missedPaths.add(path)
  }

  /** Reads accounts of a container by its full id or through one of its processes, until that has succeeded once. */
  private async readAccounts(fullId: string, pid?: number): Promise<void> {
    const { accounts } = this.options
    const id = shortId(fullId)
    this.scan.read.add(id)
    const found =
      (await accounts.ofContainer(fullId, id)) ?? (pid === undefined ? undefined : await accounts.ofProcess(pid, id))
    if (found === undefined) return this.retries.failed(id, () => this.scan.read.delete(id))
    this.retries.succeeded(id)
    this.accountsRead.push(found)
  }

  /** Inserts metadata that has arrived in the meantime before the batch. */
  private emit(batch: EventBatch): EventBatch {
    const news = this.names.take()
    if (news.length === 0 && this.accountsRead.length === 0) return this.numbering.renumber(batch)
    this.learn(news)
    const rows = [...news.map(containerRow), ...this.accountsRead.flatMap(accountRows)]
    this.accountsRead = []
    this.after = batch
    return this.numbering.insert(rows, batch.count > 0 ? (batch.time[0] as BatchNs) : this.numbering.time)
  }

  private takeAfter(): EventBatch {
    const batch = this.after as EventBatch
    this.after = undefined
    return batch
  }

  private learn(infos: Iterable<ContainerInfo>): void {
    for (const info of infos) if (info.cgroup !== '') this.scan.learn(info.cgroup, info.id)
  }
}
