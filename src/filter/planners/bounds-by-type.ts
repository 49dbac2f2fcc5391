// Derives predicate bounds from a filter: for each event type, around all events of that type that can pass.
import type { UserInfo } from '../../model/snapshot.js'
import type { DescriptorKind } from '../../source/plan.js'
import { TRUE } from '../bytype.js'
import { constantsOf } from '../decide.js'
import { eventDef } from '../events.js'
import type { Folded } from '../reduce.js'
import type { CheckedFilter, Node, TestNode } from '../typed.js'
import { conditionsOf } from './condition-by-type.js'
import { isOfKind, kindsWith, MAY_BE_NAMED, movesData, OF_SOCKETS } from './descriptor-kinds.js'
import {
  type Interval,
  intersectBounds,
  type MaybeBounds,
  type PropertyBounds,
  UNBOUNDED,
  uniteBounds,
} from './property-bounds.js'
import { complement, contains, EVERYTHING, only, type ValueSet } from './value-set.js'

interface BoundsOptions {
  /** start of the capture, for comparisons of time; without it they give no bounds */
  readonly start?: { readonly startSec: number; readonly startNsec: number }
  /** for user.name; without it, and for names that it lacks, user.name gives no bounds */
  readonly users?: readonly UserInfo[]
}

/** Bounds around the events that pass a test, and around those that fail it. */
interface Leaf {
  readonly pass: MaybeBounds
  readonly fail: MaybeBounds
}

/** What a call does with its descriptor, if that matters for tests of the descriptor: its result is one, or its first argument. */
type Descriptor = 'opened' | 'moved' | 'any'

function descriptorOf(code: number): Descriptor {
  return opens(code) ? 'opened' : movesData(code) ? 'moved' : 'any'
}

const NOTHING_KNOWN: Leaf = { pass: UNBOUNDED, fail: UNBOUNDED }

/** The values that pass a comparison for equality, undefined for other operators. */
function equalSet<T>(test: TestNode): ValueSet<T> | undefined {
  if (test.modifier !== undefined || test.right !== undefined) return undefined
  const values = test.constants as readonly unknown[] as readonly T[]
  switch (test.op.text) {
    case '=':
    case '==':
    case 'in':
    case 'intersects':
      return only(values)
    case '!=':
      return complement(only<T>([...values, undefined]))
    case 'exists':
      return complement(only<T>([undefined]))
    default:
      return undefined
  }
}

type SetName = 'comm' | 'pid' | 'tid' | 'uid' | 'failed'

/** Tests of the descriptor's kind, for calls that move data. */
function kindLeaf(property: string, test: TestNode): Leaf {
  const among = (kind: ValueSet<DescriptorKind>): PropertyBounds => ({ ...UNBOUNDED, kind })
  if (property === 'socket') return { pass: among(OF_SOCKETS), fail: UNBOUNDED }
  const set = equalSet<unknown>(test)
  if (set === undefined) return NOTHING_KNOWN
  if (property === 'nameChanged')
    return set.not || contains(set, false) || contains(set, undefined)
      ? NOTHING_KNOWN
      : { pass: among(MAY_BE_NAMED), fail: UNBOUNDED }
  const kinds = kindsWith(property, set.values as Iterable<string | undefined>)
  if (kinds === undefined) return NOTHING_KNOWN
  return set.not ? { pass: UNBOUNDED, fail: among(kinds) } : { pass: among(kinds), fail: UNBOUNDED }
}

const SUCCEEDED: PropertyBounds = { ...UNBOUNDED, failed: only([false]) }

/** Tests of the number of a descriptor that the call opens: it is not negative, except that of a call that failed. */
function fdNumLeaf(test: TestNode): Leaf {
  const values = test.constants as readonly unknown[]
  const atLeast = (least: number) => values.length > 0 && values.every((v) => (v as number) >= least)
  switch (test.op.text) {
    case '=':
    case '==':
    case 'in':
    case 'intersects':
    case '>=':
      return atLeast(0) ? { pass: SUCCEEDED, fail: UNBOUNDED } : NOTHING_KNOWN
    case '>':
      return atLeast(-1) ? { pass: SUCCEEDED, fail: UNBOUNDED } : NOTHING_KNOWN
    default:
      return NOTHING_KNOWN
  }
}

/** Whether the result of a type's calls is the descriptor that they open. */
function opens(code: number): boolean {
  const def = eventDef(code)
  return def?.opens !== undefined && def.fd !== undefined && def.params[def.fd]?.wire === 'ret'
}

function setLeaf(name: SetName, set: ValueSet<unknown> | undefined): Leaf {
  if (set === undefined) return NOTHING_KNOWN
  return {
    pass: intersectBounds({ ...UNBOUNDED, [name]: set }, { ...UNBOUNDED }),
    fail: intersectBounds({ ...UNBOUNDED, [name]: complement(set) }, { ...UNBOUNDED }),
  }
}

/** Passing and failing latencies of an ordering or equality test; a latency may be absent. */
function latencyLeaf(test: TestNode): Leaf {
  return { ...intervalLeaf('latency', test, Number(test.constants[0])), fail: UNBOUNDED }
}

/** Passing and failing numbers of an ordering or equality test; the number is never absent, and at least `least`. */
function intervalLeaf(
  name: 'time' | 'reltime' | 'num' | 'latency',
  test: TestNode,
  c: number,
  least = Number.NEGATIVE_INFINITY,
): Leaf {
  const bounds = (interval: Interval): MaybeBounds =>
    interval.hi < least ? undefined : { ...UNBOUNDED, [name]: interval }
  const below = bounds({ lo: -Infinity, hi: c })
  const above = bounds({ lo: c, hi: Infinity })
  switch (test.op.text) {
    case '<':
    case '<=':
      return { pass: below, fail: above }
    case '>':
    case '>=':
      return { pass: above, fail: below }
    case '=':
    case '==':
      return { pass: bounds({ lo: c, hi: c }), fail: UNBOUNDED }
    case '!=':
      return { pass: UNBOUNDED, fail: bounds({ lo: c, hi: c }) }
    default:
      return NOTHING_KNOWN
  }
}

/** Events are numbered from this one on. */
const FIRST_NUMBER = 1

/** Whether a result, as name or number, means failure. */
function meansFailure(result: unknown): boolean {
  return typeof result === 'string' ? result !== 'SUCCESS' : (result as number) < 0 && (result as number) >= -4095
}

function resultLeaf(test: TestNode): Leaf {
  const failed = (set: ValueSet<boolean>): Leaf => ({ pass: { ...UNBOUNDED, failed: set }, fail: UNBOUNDED })
  const values = test.constants as readonly unknown[]
  switch (test.op.text) {
    case '=':
    case '==':
    case 'in':
    case 'intersects':
      return values.length === 0 ? { pass: undefined, fail: UNBOUNDED } : failed(only(values.map(meansFailure)))
    case '!=':
      return values[0] === 'SUCCESS' ? failed(only([true])) : NOTHING_KNOWN
    case '>':
    case '>=':
      // evt.res is text
      return typeof values[0] !== 'string' && (values[0] as number) >= (test.op.text === '>' ? -1 : 0)
        ? failed(only([false]))
        : NOTHING_KNOWN
    default:
      return NOTHING_KNOWN
  }
}

function userLeaf(test: TestNode, users: readonly UserInfo[] | undefined): Leaf {
  const set = equalSet<string>(test)
  if (set === undefined || users === undefined || test.op.right === 'none') return NOTHING_KNOWN
  const anyUser = { ...UNBOUNDED, uid: EVERYTHING }
  // a number without a name fails every comparison but passes its negation
  if (set.not) return { pass: anyUser, fail: anyUser }
  const uids = new Set<number>()
  for (const name of set.values) {
    const named = users.filter((u) => u.name === name)
    if (named.length === 0) return NOTHING_KNOWN
    for (const { uid } of named) uids.add(uid)
  }
  // in a container, these numbers may have another name or none; a process with the name has one of the numbers
  return { pass: { ...UNBOUNDED, uid: { not: false, values: uids } }, fail: anyUser }
}

/** Passing times; `start` is the start of the capture. */
function timeLeaf(test: TestNode, start: BoundsOptions['start']): Leaf {
  if (start === undefined || test.constants.length !== 1) return NOTHING_KNOWN
  const at = constantsOf(test, start.startSec)[0] as bigint
  return intervalLeaf('time', test, Number(at - (BigInt(start.startSec) * 1000000000n + BigInt(start.startNsec))))
}

function leafOf(test: TestNode, descriptor: Descriptor, options: BoundsOptions): Leaf {
  const { left, right, modifier } = test
  if (left.kind !== 'field' || right !== undefined || modifier !== undefined || left.use.opaque) return NOTHING_KNOWN
  const { property } = left.use.def
  if (property !== undefined && isOfKind(property))
    return descriptor === 'moved' ? kindLeaf(property, test) : NOTHING_KNOWN
  if (left.cardinality !== 'one') return NOTHING_KNOWN
  switch (property) {
    case undefined:
      return NOTHING_KNOWN
    case 'num':
      return intervalLeaf(property, test, Number(test.constants[0]), FIRST_NUMBER)
    case 'reltime':
      return intervalLeaf(property, test, Number(test.constants[0]))
    case 'rawtime':
      return timeLeaf(test, options.start)
    case 'latency':
      return latencyLeaf(test)
    case 'result':
      return resultLeaf(test)
    case 'fdNum':
      return descriptor === 'opened' ? fdNumLeaf(test) : NOTHING_KNOWN
    case 'userName':
      return userLeaf(test, options.users)
    default:
      return setLeaf(property, equalSet(test))
  }
}

/** Returns the function from an event code to the bounds around all events of that type that can pass. */
export function boundsByType(filter: CheckedFilter, options: BoundsOptions = {}): (code: number) => MaybeBounds {
  const conditions = conditionsOf(filter)
  const bounds = new Map<Descriptor, BoundsOf>()
  const boundsOf = (descriptor: Descriptor): BoundsOf => {
    const leaves = new Map([...conditions.tests].map((test) => [test, leafOf(test, descriptor, options)]))
    const made = new BoundsOf((test) => leaves.get(test) as Leaf)
    bounds.set(descriptor, made)
    return made
  }
  return (code) => {
    const descriptor = descriptorOf(code)
    return (bounds.get(descriptor) ?? boundsOf(descriptor)).of(conditions.at(code))
  }
}

/** Bounds around the events that pass a condition. */
class BoundsOf {
  /** bounds of passing and of failing events: subtrees may occur in several places */
  private readonly passing = new Map<Node, MaybeBounds>()
  private readonly failing = new Map<Node, MaybeBounds>()

  constructor(private readonly leaf: (test: TestNode) => Leaf) {}

  of(condition: Folded): MaybeBounds {
    if (typeof condition === 'number') return condition === TRUE ? UNBOUNDED : undefined
    return this.around(condition, true)
  }

  private around(n: Node, pass: boolean): MaybeBounds {
    if (n.kind === 'not') return this.around(n.item, !pass)
    if (n.kind === 'test') return pass ? this.leaf(n).pass : this.leaf(n).fail
    const found = pass ? this.passing : this.failing
    if (found.has(n)) return found.get(n)
    const bounds = this.aroundItems(n.items, pass, (n.kind === 'and') === pass)
    found.set(n, bounds)
    return bounds
  }

  private aroundItems(items: readonly Node[], pass: boolean, all: boolean): MaybeBounds {
    const decided = all ? undefined : UNBOUNDED
    let bounds: MaybeBounds = all ? UNBOUNDED : undefined
    for (const item of items) {
      const next = this.around(item, pass)
      bounds = all ? intersectBounds(bounds, next) : uniteBounds(bounds, next)
      if (bounds === decided) break
    }
    return bounds
  }
}
