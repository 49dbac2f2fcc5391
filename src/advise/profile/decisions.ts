// What a profile's filter does with recorded calls. Most calls are decided by their number alone: a table by event code says so, and
// only the others have tests of arguments.

import { ROW } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { CODE_LIMIT } from '../../schema/codes.js'
import { unknownCall } from '../../schema/events/unknown.js'
import type { EventDef } from '../../schema/types.js'
import { type Abi, abiOf } from '../calls/abi.js'
import { namesOf } from '../calls/names.js'
import { abisOf, rulesFor, type Where } from './apply.js'
import { comparisonTest, type Test } from './comparisons.js'
import type { Action, Comparison, Profile, Rule } from './profile.js'

/** What is known of a call by its number: no call, allowed or not whatever its arguments, or decided by arguments. */
export const BY_NUMBER = { NO_CALL: 0, ALLOWED: 1, REFUSED: 2, BY_ARGUMENTS: 3 } as const

/** What the filter does with a call. */
export interface Outcome {
  readonly action: Action
  /** the error of ERRNO */
  readonly errno: number | undefined
  /** a rule names the call; otherwise it is the default action */
  readonly listed: boolean
}

/** A rule's outcome for calls for which all tests hold. */
interface Tested extends Outcome {
  readonly tests: readonly Test[]
}

interface ByName {
  readonly tested: readonly Tested[]
  /** if no tested outcome applies */
  readonly otherwise: Outcome
}

/** The outcomes for the possible names of a call: one, except for 32-bit programs. */
type Possible = readonly ByName[]

export class Decisions {
  /** by 2 * event code, + 1 for 32-bit programs: a value of BY_NUMBER */
  readonly byNumber = new Uint8Array(2 * CODE_LIMIT)
  private readonly possible: (Possible | undefined)[] = []
  private readonly rules: ReadonlyMap<string, readonly Rule[]>
  private readonly otherwise: Outcome

  /** defs: the events of the capture by code */
  constructor(
    private readonly profile: Profile,
    where: Where,
    defs: readonly (EventDef | undefined)[],
  ) {
    this.otherwise = { action: profile.defaultAction, errno: profile.defaultErrno, listed: false }
    this.rules = byName(rulesFor(profile, where))
    const abis = abisOf(profile, where.arch)
    for (const def of defs) {
      if (def === undefined) continue
      for (const compat of [false, true]) this.addDef(def, abiOf(where.arch, compat), compat, abis)
    }
  }

  private addDef(def: EventDef, abi: Abi, compat: boolean, abis: ReadonlySet<Abi>): void {
    const names = namesOf(def, abi)
    const unknown = def.name === unknownCall.name
    if (names.length === 0 && !unknown) return
    const at = 2 * def.code + Number(compat)
    const possible = !abis.has(abi)
      ? [{ tested: [], otherwise: { action: 'KILL_PROCESS' as const, errno: undefined, listed: false } }]
      : unknown
        ? [{ tested: [], otherwise: this.otherwise }]
        : names.map((name) => this.ofName(def, name))
    this.possible[at] = possible
    this.byNumber[at] = byNumberOf(possible)
  }

  private ofName(def: EventDef, name: string): ByName {
    const { otherwise } = this
    // runtimes leave out rules that do what the default does
    const rules = (this.rules.get(name) ?? []).filter((r) => !isSame(this.outcomeOf(r), otherwise))
    // libseccomp drops the conditions of a call once a rule for it has none
    const plain = rules.findLast((r) => r.args.length === 0)
    if (plain !== undefined) return { tested: [], otherwise: this.outcomeOf(plain) }
    const tested = rules.flatMap((r) =>
      alternatives(r.args).map((all) => ({ ...this.outcomeOf(r), tests: all.map((c) => comparisonTest(def, c)) })),
    )
    return { tested, otherwise }
  }

  private outcomeOf({ action, errno }: Rule): Outcome {
    return { action, errno: errno ?? this.profile.defaultErrno, listed: true }
  }

  /**
   * What the filter does with the call under the cursor; undefined if that depends on an argument that was not recorded. A 32-bit call
   * that was recorded as one of several possible calls is allowed if one of them is.
   */
  decide(e: Event): Outcome | undefined {
    const possible = this.possible[2 * e.type + Number((e.flags & ROW.COMPAT) !== 0)]
    if (possible === undefined) return undefined
    let found: Outcome | undefined
    for (const one of possible) {
      const outcome = outcomeIn(one, e)
      if (outcome === undefined) return undefined
      if (outcome.action === 'ALLOW') return outcome
      found ??= outcome
    }
    return found
  }
}

function outcomeIn({ tested, otherwise }: ByName, e: Event): Outcome | undefined {
  for (const one of tested) {
    let all: boolean | undefined = true
    for (const test of one.tests) {
      const holds = test(e)
      if (holds === false) {
        all = false
        break
      }
      if (holds === undefined) all = undefined
    }
    if (all === undefined) return undefined
    if (all) return one
  }
  return otherwise
}

function byNumberOf(possible: Possible): number {
  if (possible.some(({ tested, otherwise }) => tested.length === 0 && otherwise.action === 'ALLOW'))
    return BY_NUMBER.ALLOWED
  return possible.every(({ tested }) => tested.length === 0) ? BY_NUMBER.REFUSED : BY_NUMBER.BY_ARGUMENTS
}

/** libseccomp takes one condition for each argument; runtimes make a rule of each condition if an argument has several. */
function alternatives(args: readonly Comparison[]): readonly (readonly Comparison[])[] {
  return new Set(args.map(({ index }) => index)).size === args.length ? [args] : args.map((c) => [c])
}

function isSame(a: Outcome, b: Outcome): boolean {
  return a.action === b.action && (a.errno ?? 1) === (b.errno ?? 1)
}

function byName(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const map = new Map<string, Rule[]>()
  for (const rule of rules)
    for (const name of rule.names) {
      const known = map.get(name)
      if (known === undefined) map.set(name, [rule])
      else known.push(rule)
    }
  return map
}
