// Queries all runtimes for names at once, and limits how long the others may add to the first name.
import type { ContainerInfo } from '../model/container.js'
import type { Endpoint } from './http.js'
import { Gate, type Runtime, within } from './runtime.js'
import { type ClientHooks, RANK, RUNTIMES, type RuntimeName, runtimeNamed } from './runtimes.js'
import type { Places } from './sockets.js'

/** ms that other runtimes have after the first gave a name: one may know the image of a pod's container, another the pod */
const GRACE = 200
const NO_NAME = Symbol('no name')

type OnInfo = (info: ContainerInfo, rank: number) => void

export class RuntimeQueries {
  /** with their ranks */
  private readonly ranks: ReadonlyMap<Runtime, number>
  private readonly all: readonly Runtime[]
  /** one per runtime: hundreds of requests at once would stop it from responding at all */
  private readonly gates: ReadonlyMap<Runtime, Gate>
  /** runtimes that may have containers whose cgroups do not contain their ids */
  readonly plain: readonly (Runtime & Required<Pick<Runtime, 'findPlain'>>)[]

  constructor(
    places: Places,
    hooks: ClientHooks,
    private readonly onInfo: OnInfo,
    /** only the container's name is needed: once it can no longer change, no other runtime is waited for */
    private readonly nameSuffices: boolean,
  ) {
    this.ranks = clientsOf(places, hooks)
    this.all = [...this.ranks.keys()]
    this.plain = this.all.filter((r) => r.findPlain !== undefined) as typeof this.plain
    this.gates = new Map(this.all.map((r) => [r, new Gate()]))
  }

  /** Connects; fulfilled when each runtime has listed its containers, or does not respond. onReach: see Runtime.start(). */
  async start(onReach: () => void): Promise<void> {
    for (const [r, rank] of this.ranks) r.start((info) => this.onInfo(info, rank), onReach)
    await Promise.all(this.all.map((r) => r.ready))
  }

  close(): void {
    for (const r of this.all) r.close()
  }

  /** Whether no runtime responds and none is being connected to. */
  get hopeless(): boolean {
    return this.all.every(isHopeless)
  }

  /** The same for the runtimes whose containers' cgroups may not contain their ids. */
  get hopelessPlain(): boolean {
    return this.plain.every(isHopeless)
  }

  /** Whether only the name is needed, and one from a source of this rank will not be replaced. */
  suffices(rank: number): boolean {
    return this.nameSuffices && this.all.every((r) => isHopeless(r) || this.rankOf(r) <= rank)
  }

  /** Whether a runtime gives a name. After the first name the others have little time left to add to it. */
  async name(fullId: string, ms: number): Promise<boolean> {
    const answers = this.all
      .filter((r) => r.answers)
      .map(async (r) => {
        const info = await within(ms, this.findBy(r, fullId, Date.now() + ms))
        if (info !== undefined) this.onInfo(info, this.rankOf(r))
        if (info === undefined || info.name === '') throw new Error('no name')
        return this.rankOf(r)
      })
    const all = Promise.allSettled(answers)
    const first = await Promise.any(answers).catch(() => NO_NAME)
    if (typeof first === 'symbol') return false
    if (!this.suffices(first)) await within(GRACE, all)
    return true
  }

  private rankOf(r: Runtime): number {
    return this.ranks.get(r) ?? RANK.user
  }

  /** Runs the query when the gate admits it; skips it if its time is over by then. */
  private async findBy(r: Runtime, fullId: string, until: number): Promise<ContainerInfo | undefined> {
    return this.gates.get(r)?.through(async () => (Date.now() < until ? r.find(fullId, until - Date.now()) : undefined))
  }
}

const isHopeless = (r: Runtime): boolean => !r.answers && !r.connecting

/** A client for each endpoint of a runtime, with the rank of its information. */
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
