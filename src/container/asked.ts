// The runtimes that are asked for names, all at once, and how long the others have when one has given a name.
import type { ContainerInfo } from '../model/container.js'
import type { Endpoint } from './http.js'
import { Gate, type Runtime, within } from './runtime.js'
import { type ClientHooks, RANK, RUNTIMES, type RuntimeName, runtimeNamed } from './runtimes.js'
import type { Places } from './sockets.js'

/** ms that other runtimes have after one gave a name: a pod's container has its image from one and its pod from another */
const GRACE = 200
const NOBODY = Symbol('nobody')

export type Told = (info: ContainerInfo, rank: number) => void

export class AskedRuntimes {
  /** with the rank of their word */
  private readonly ranks: ReadonlyMap<Runtime, number>
  private readonly all: readonly Runtime[]
  /** one for each of them: hundreds of requests at once would keep it from answering any */
  private readonly gates: ReadonlyMap<Runtime, Gate>
  /** those that may have containers whose cgroups do not tell their ids */
  readonly plain: readonly (Runtime & Required<Pick<Runtime, 'findPlain'>>)[]

  constructor(
    places: Places,
    hooks: ClientHooks,
    private readonly told: Told,
    /** a container's name is all that is wanted: once it cannot become another, nobody is waited for */
    private readonly nameSuffices: boolean,
  ) {
    this.ranks = clientsOf(places, hooks)
    this.all = [...this.ranks.keys()]
    this.plain = this.all.filter((r) => r.findPlain !== undefined) as typeof this.plain
    this.gates = new Map(this.all.map((r) => [r, new Gate()]))
  }

  /** Connects; fulfilled when each has listed what it has, or does not answer. */
  async start(): Promise<void> {
    for (const [r, rank] of this.ranks) r.start((info) => this.told(info, rank))
    await Promise.all(this.all.map((r) => r.ready))
  }

  close(): void {
    for (const r of this.all) r.close()
  }

  /** Whether nobody answers and nobody is about to. */
  get hopeless(): boolean {
    return this.all.every(isHopeless)
  }

  /** The same of those that may have containers whose cgroups do not tell their ids. */
  get hopelessPlain(): boolean {
    return this.plain.every(isHopeless)
  }

  /** Whether a name is all that is wanted, and one that somebody of this rank gave stays. */
  suffices(rank: number): boolean {
    return this.nameSuffices && this.all.every((r) => isHopeless(r) || this.rankOf(r) <= rank)
  }

  /** Whether one of them gives a name. When one does, the others have little time left to add to it. */
  async name(fullId: string, ms: number): Promise<boolean> {
    const answers = this.all
      .filter((r) => r.answers)
      .map(async (r) => {
        const info = await within(ms, this.findBy(r, fullId, Date.now() + ms))
        if (info !== undefined) this.told(info, this.rankOf(r))
        if (info === undefined || info.name === '') throw new Error('no name')
        return this.rankOf(r)
      })
    const all = Promise.allSettled(answers)
    const first = await Promise.any(answers).catch(() => NOBODY)
    if (typeof first === 'symbol') return false
    if (!this.suffices(first)) await within(GRACE, all)
    return true
  }

  private rankOf(r: Runtime): number {
    return this.ranks.get(r) ?? RANK.user
  }

  /** A turn that comes too late is not used. */
  private async findBy(r: Runtime, fullId: string, until: number): Promise<ContainerInfo | undefined> {
    return this.gates.get(r)?.through(async () => (Date.now() < until ? r.find(fullId, until - Date.now()) : undefined))
  }
}

const isHopeless = (r: Runtime): boolean => !r.answers && !r.connecting

/** A client for each place where a runtime is asked, with the rank of its word. */
function clientsOf(places: Places, hooks: ClientHooks): Map<Runtime, number> {
  const clients = new Map<Runtime, number>()
  const open = (name: RuntimeName, at: Endpoint, rank?: number) => {
    const runtime = runtimeNamed(name)
    clients.set(runtime.open(at, hooks), rank ?? runtime.rank)
  }
  for (const { name } of RUNTIMES)
    for (const at of places[name] ?? []) open(name, typeof at === 'string' ? { socketPath: at } : at)
  for (const { runtime, ...at } of places.users) open(runtime, at, RANK.user)
  return clients
}
