// Lifetimes of the processes or threads that are the rows of a table: start, end and parent.
import type { Thread } from '../../model/thread.js'
import type { State } from '../../state/state.js'
import { MOST_EXITED } from '../../state/threads.js'
import { type CompiledTable, MAX_ROWS } from '../../table/index.js'

export interface Lifetime {
  /** id of the row of its parent process, for a thread of the main thread; undefined if unknown */
  readonly parent: string | undefined
  /** batch time (ns) of its start; undefined if unknown */
  readonly began: number | undefined
  /** lifetime in ns once it has ended; undefined while it runs, or if start or end was not observed */
  readonly lived: number | undefined
  readonly ended: boolean
}

export class Lifetimes {
  private readonly lives = new Map<string, Lifetime>()
  /** number of ended threads at the last sample, by state */
  private readonly taken = new WeakMap<State, number>()

  private constructor(
    private readonly threads: boolean,
    private readonly hosts: boolean,
  ) {}

  /** Lifetimes for the rows of a table; undefined if the rows are neither processes nor threads. */
  static of({ keys, groupBy }: CompiledTable): Lifetimes | undefined {
    const [first, ...others] = (groupBy.length > 0 ? groupBy : keys).map((k) => k.text)
    if ((first !== 'proc.pid' && first !== 'thread.tid') || others.some((o) => o !== 'host.name')) return undefined
    return new Lifetimes(first === 'thread.tid', others.length > 0)
  }

  /** The lifetime of the process or thread of a row. */
  get(id: string): Lifetime | undefined {
    return this.lives.get(id)
  }

  /** Records running threads, and those that ended since the last sample. */
  sample(state: State): void {
    for (const t of state.threads.values()) this.note(t, state)
    this.takeEnded(state)
  }

  /** Between two samples, after each batch: records ended threads before the state drops them. */
  keepUp(state: State): void {
    if (state.table.exits - (this.taken.get(state) ?? 0) >= MOST_EXITED / 4) this.takeEnded(state)
  }

  clear(): void {
    this.lives.clear()
  }

  private takeEnded(state: State): void {
    this.taken.set(state, state.table.exits)
    for (const t of state.table.exited()) this.note(t, state)
  }

  private note(t: Thread, state: State): void {
    const main = t.leader
    if (!this.threads && t !== main) return
    const id = (n: number) => (this.hosts ? `${n}\0${state.info.hostname}` : String(n))
    const parent = t === main ? main.ptid : main.tid
    const { startTime, endTime, exited } = t
    const known = exited && startTime !== undefined && endTime !== undefined && endTime >= startTime
    if (this.lives.size >= MAX_ROWS) this.lives.delete(this.lives.keys().next().value as string)
    this.lives.set(id(t.tid), {
      parent: parent > 0 && parent !== t.tid ? id(parent) : undefined,
      began: startTime,
      lived: known ? endTime - startTime : undefined,
      ended: exited,
    })
  }
}
