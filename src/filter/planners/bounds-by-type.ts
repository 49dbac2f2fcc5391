// Derives predicate bounds from a filter: for each event type, around all events of that type that can pass.
import type { UserInfo } from '../../model/snapshot.js'
import { TRUE } from '../bytype.js'
import { constantsOf } from '../decide.js'
import { eventDef } from '../events.js'
import type { Folded } from '../reduce.js'
import type { CheckedFilter, Node, TestNode } from '../typed.js'
import { conditionsOf } from './condition-by-type.js'
import {
  type DescriptorKind,
  type Interval,
  intersectBounds,
  type MaybeBounds,
  type PropertyBounds,
  UNBOUNDED,
  uniteBounds,
} from './property-bounds.js'
import { complement, EVERYTHING, only, type ValueSet } from './value-set.js'

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
  /** the passing bounds for calls whose result is the descriptor that they open */
  readonly passOpening?: MaybeBounds
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

const SOCKETS = new Set<unknown>(['ipv4', 'ipv6', 'unix', 'netlink', 'socket'])
const OF_SOCKETS: Leaf = { pass: { ...UNBOUNDED, kind: only<DescriptorKind>(['socket']) }, fail: UNBOUNDED }

function kindLeaf(set: ValueSet<string> | undefined): Leaf {
  if (set === undefined) return NOTHING_KNOWN
  const kinds = [...set.values].map((type): DescriptorKind | undefined => {
    if (type === undefined) return undefined
    return SOCKETS.has(type) ? 'socket' : 'other'
  })
  const some: PropertyBounds = { ...UNBOUNDED, kind: only(kinds) }
  return set.not ? { pass: UNBOUNDED, fail: some } : { pass: some, fail: UNBOUNDED }
}

const SUCCEEDED: PropertyBounds = { ...UNBOUNDED, failed: only([false]) }

/** Descriptor numbers are not negative: a test for negative numbers matches calls that failed to open one. */
function fdNumLeaf(test: TestNode): Leaf {
  const values = test.constants as readonly unknown[]
  const atLeast = (least: number) => values.length > 0 && values.every((v) => (v as number) >= least)
  switch (test.op.text) {
    case '=':
    case '==':
    case 'in':
    case 'intersects':
    case '>=':
      return atLeast(0) ? { ...NOTHING_KNOWN, passOpening: SUCCEEDED } : NOTHING_KNOWN
    case '>':
      return atLeast(-1) ? { ...NOTHING_KNOWN, passOpening: SUCCEEDED } : NOTHING_KNOWN
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

/** Passing and failing numbers of an ordering or equality test; the number is never absent. */
function intervalLeaf(name: 'time' | 'reltime' | 'num' | 'latency', test: TestNode, c: number): Leaf {
  const bounds = (interval: Interval): PropertyBounds => ({ ...UNBOUNDED, [name]: interval })
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

function leafOf(test: TestNode, options: BoundsOptions): Leaf {
  const { left, right, modifier } = test
  if (left.kind !== 'field' || right !== undefined || modifier !== undefined || left.use.opaque) return NOTHING_KNOWN
  const { property } = left.use.def
  if (property === 'socket') return OF_SOCKETS
  if (left.cardinality !== 'one') return NOTHING_KNOWN
  switch (property) {
    case undefined:
      return NOTHING_KNOWN
    case 'num':
    case 'reltime':
      return intervalLeaf(property, test, Number(test.constants[0]))
    case 'rawtime':
      return timeLeaf(test, options.start)
    case 'latency':
      return latencyLeaf(test)
    case 'result':
      return resultLeaf(test)
    case 'fdType':
      return kindLeaf(equalSet(test))
    case 'fdNum':
      return fdNumLeaf(test)
    case 'userName':
      return userLeaf(test, options.users)
    default:
      return setLeaf(property, equalSet(test))
  }
}

/** Returns the function from an event code to the bounds around all events of that type that can pass. */
export function boundsByType(filter: CheckedFilter, options: BoundsOptions = {}): (code: number) => MaybeBounds {
  const conditions = conditionsOf(filter)
  const leaves = new Map([...conditions.tests].map((test) => [test, leafOf(test, options)]))
  const asksOpening = [...leaves.values()].some((leaf) => leaf.passOpening !== undefined)
  const any = new BoundsOf((test) => leaves.get(test) as Leaf)
  const ofOpening = new BoundsOf((test) => {
    const leaf = leaves.get(test) as Leaf
    return { pass: leaf.passOpening ?? leaf.pass, fail: leaf.fail }
  })
  return (code) => (asksOpening && opens(code) ? ofOpening : any).of(conditions.at(code))
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
