// Collects the calls that a profile lacks, by who makes them.
import { ROW } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { ABI } from '../../schema/abi.js'
import { errnoName } from '../../schema/errno.js'
import type { Arch, EventDef } from '../../schema/types.js'
import { abiOf } from '../calls/abi.js'
import { type Restriction, restrictionOf } from '../calls/arguments.js'
import { areRelated } from '../calls/families.js'
import { namesOf } from '../calls/names.js'
import type { Origin } from '../needs/origin.js'
import { ENOSYS } from '../profile/profile.js'
import type { Judged } from './judge.js'

/** maximum number of groups, and of threads whose last refused call is known */
const MOST = 10_000
const TIDS = 2 ** 32

/** How a call is missing: the filter refused it, or a profile that only logs let it pass. */
export type How = 'refused' | 'logged'

export interface Missing {
  readonly workload: string
  readonly program: string
  readonly origin: Origin
  readonly name: string
  /** the first argument of a call that profiles restrict by it, such as the family of a socket */
  readonly argument: number | undefined
  /** a rule of the profile answers it with ENOSYS, as a kernel without it does: programs then make an older call */
  readonly absent: boolean
  count: number
  /** batch time (µs since the epoch) of the first */
  first: number
  readonly how: Set<How>
  /** results of refused calls, such as EPERM */
  readonly results: Set<string>
  /** calls of the same family that had been refused before: the program makes this one in their place */
  readonly fallbackOf: Set<string>
  /** other calls whose refusal was the thread's last event before: the program may make this one because of that, to report an error */
  readonly after: Set<string>
  /** it was also made without such a refusal before it */
  own: boolean
}

/** A refused call of a thread. */
interface Refusal {
  readonly name: string
  /** the thread has made no call since */
  isLast: boolean
}

export class MissingCalls {
  private readonly byKey = new Map<string, Missing>()
  /** the last refused call, by host and thread */
  private readonly last = new Map<number, Refusal>()
  private readonly restrictions = new Map<EventDef, Restriction | null>()
  /** calls beyond the maximum */
  omitted = 0
  /** workloads that made calls which the profile refuses: it was not in force there */
  readonly notInForce = new Set<string>()

  constructor(private readonly refuses: (e: Event) => boolean) {}

  /** An event of a thread that is no missing call. */
  pass(e: Event): void {
    const refusal = this.last.get(threadOf(e))
    if (refusal !== undefined) refusal.isLast = false
  }

  /** time: µs since the epoch. */
  add(e: Event, { outcome, actor, origin }: Judged, arch: Arch, time: number): void {
    const refused = this.refuses(e)
    if (!refused && outcome.action !== 'LOG') {
      if (this.notInForce.size < MOST) this.notInForce.add(actor.workload.what)
      return
    }
    const absent = outcome.listed && outcome.action === 'ERRNO' && outcome.errno === ENOSYS
    const how = refused ? 'refused' : 'logged'
    const before = this.last.get(threadOf(e))
    const program = (e.thread as NonNullable<Event['thread']>).leader.comm
    const names = namesOf(e.def, abiOf(arch, (e.flags & ROW.COMPAT) !== 0))
    for (const name of names) {
      const argument = this.argumentOf(e, name)
      const who = { workload: actor.workload.what, program, origin, name, argument, absent }
      this.count(who, e, { how, time, before })
    }
    this.pass(e)
    if (refused && names[0] !== undefined && this.last.size < MOST)
      this.last.set(threadOf(e), { name: names[0], isLast: true })
  }

  private argumentOf(e: Event, name: string): number | undefined {
    const known = this.restrictions.get(e.def)
    const restriction = known === undefined ? restrictionOf(e.def, name) : (known ?? undefined)
    if (known === undefined) this.restrictions.set(e.def, restriction ?? null)
    return restriction?.name === name ? restriction.valueOf(e) : undefined
  }

  private count(
    who: Pick<Missing, 'workload' | 'program' | 'origin' | 'name' | 'argument' | 'absent'>,
    e: Event,
    { how, time, before }: { how: How; time: number; before: Refusal | undefined },
  ): void {
    const key = JSON.stringify([who.workload, who.program, who.origin, who.name, who.argument])
    let m = this.byKey.get(key)
    if (m === undefined) {
      if (this.byKey.size >= MOST) {
        this.omitted++
        return
      }
      const sets = {
        how: new Set<How>(),
        results: new Set<string>(),
        fallbackOf: new Set<string>(),
        after: new Set<string>(),
      }
      m = { ...who, count: 0, first: time, ...sets, own: false }
      this.byKey.set(key, m)
    }
    m.count += e.calls
    m.first = Math.min(m.first, time)
    m.how.add(how)
    if (how === 'refused') m.results.add(resultName(e.ret))
    if (before !== undefined && areRelated(before.name, m.name)) m.fallbackOf.add(before.name)
    else if (before?.isLast === true && before.name !== m.name) m.after.add(before.name)
    else m.own = true
  }

  /** By workload, program, origin and name. */
  get list(): readonly Missing[] {
    const key = (m: Missing) => JSON.stringify([m.workload, m.program, m.origin, m.name, m.argument])
    return [...this.byKey.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  }
}

const threadOf = ({ host, tid }: Event): number => host * TIDS + tid

function resultName(ret: number): string {
  const ended = -ret - ABI.KSYS_ENDED_BY
  return errnoName(-ret) ?? (ended > 0 ? `signal ${ended}` : String(ret))
}
