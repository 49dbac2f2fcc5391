// How often a workload makes a call, since when, and which programs make it.
import type { Origin } from './origin.js'

/** maximum number of program names of a call; further ones count as OTHERS */
const MOST_PROGRAMS = 200
export const OTHERS = '(others)'

/** A call of a workload, as one name of it. */
export class CallNeed {
  count = 0
  /** µs since the epoch; Infinity: it has not been made */
  first = Number.POSITIVE_INFINITY
  /** who made the first one */
  firstBy = ''
  readonly programs = new Map<string, number>()
  readonly origins = new Map<Origin, number>()

  /** Counts calls of a program. time: µs since the epoch. */
  add(program: string, origin: Origin, time: number, calls: number): void {
    const { programs, origins } = this
    this.count += calls
    const known = programs.get(program)
    if (known !== undefined || programs.size < MOST_PROGRAMS) programs.set(program, (known ?? 0) + calls)
    else programs.set(OTHERS, (programs.get(OTHERS) ?? 0) + calls)
    origins.set(origin, (origins.get(origin) ?? 0) + calls)
    if (time < this.first || (time === this.first && program < this.firstBy)) {
      this.first = time
      this.firstBy = program
    }
  }

  /** Adds the counts of another one. */
  merge({ count, first, firstBy, programs, origins }: CallNeed): void {
    this.count += count
    for (const [name, n] of programs) this.programs.set(name, (this.programs.get(name) ?? 0) + n)
    for (const [origin, n] of origins) this.origins.set(origin, (this.origins.get(origin) ?? 0) + n)
    if (first < this.first || (first === this.first && firstBy < this.firstBy)) {
      this.first = first
      this.firstBy = firstBy
    }
  }

  copy(): CallNeed {
    const copy = new CallNeed()
    copy.merge(this)
    return copy
  }

  /** The program that makes most of the calls; of several, the first in the alphabet. */
  get mostBy(): string {
    let [best, most] = ['', -1]
    for (const [name, n] of this.programs) if (n > most || (n === most && name < best)) [best, most] = [name, n]
    return best
  }
}
