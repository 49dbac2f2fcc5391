// Which threads are asked about, by what they and their processes are.
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import type { AskedPart } from './asked.js'
import { TOUCHES, touched } from './effects/reach.js'
import type { State } from './state.js'

export class AskedThreads implements AskedPart {
  /** threads since the last look */
  private born: Thread[] = []
  /** by event code, one of TOUCHES */
  private readonly touches = touched()
  /** by event code: the parameter that tells which thread is meant, -1: none */
  private readonly other = new Int8Array(CODE_LIMIT).fill(-1)

  /** grow: called when more may be asked about than before. */
  constructor(
    private readonly state: State,
    private readonly test: (t: Thread) => boolean,
    private readonly grow: () => void,
  ) {
    for (let code = 0; code < CODE_LIMIT; code++) {
      const def = EVENTS[code]
      if (def !== undefined && this.touches[code] === TOUCHES.OTHER)
        this.other[code] = def.params.findIndex((p) => p.name === 'tid')
    }
  }

  see(e: Event): void {
    if (this.born.length > 0) this.settle()
    const code = e.type
    const touches = this.touches[code]
    if (touches === TOUCHES.NOBODY) return
    if (touches === TOUCHES.ALL) {
      for (const t of this.state.threads.values()) this.look(t)
      return
    }
    if (e.thread !== undefined) this.process(e.thread)
    const p = this.other[code] as number
    const meant = p < 0 ? undefined : this.state.threads.get(e.number(p) ?? -1)
    if (meant !== undefined) this.process(meant)
  }

  settle(): void {
    for (const t of this.born) this.look(t)
    this.born = []
  }

  review(): void {
    for (const t of this.state.threads.values()) if (t.asked) t.asked = this.test(t)
  }

  met(t: Thread): void {
    this.born.push(t)
  }

  has(t: Thread): boolean {
    return t.asked
  }

  end(): void {
    this.born = []
  }

  /** All of a process may be other than they were: threads have what they do not have themselves from the main one. */
  private process(t: Thread): void {
    if (t.leader.nThreads <= 1) {
      this.look(t)
      this.look(t.leader)
    } else for (const x of this.state.table.ofProcess(t)) this.look(x)
  }

  private look(t: Thread): void {
    if (t.asked || !this.test(t)) return
    t.asked = true
    this.grow()
  }
}
