// Calls that read from one descriptor and write to another, such as sendfile: the filter is evaluated for each side, as
// a write to the one and a read from the other, and the call passes if one side does.
import { dependsOnTransferSide } from '../fields/registry.js'
import { type Event, SIDE } from '../model/event.js'
import { valueTest } from './decide.js'
import { eachTest, type Node, type ValueNode } from './typed.js'

type Test = (e: Event) => boolean

function valueDependsOnSide(v: ValueNode | undefined): boolean {
  if (v === undefined || v.kind === 'const') return false
  return v.kind === 'call' ? v.args.some(valueDependsOnSide) : dependsOnTransferSide(v.use)
}

/** Whether the result depends on the side of a two-descriptor call. */
export function dependsOnSide(n: Node): boolean {
  let found = false
  eachTest(n, (t) => {
    found ||= valueDependsOnSide(t.left) || valueDependsOnSide(t.right)
  })
  return found
}

/** The sides on which a filter holds, if it tests nothing but the direction of data; undefined otherwise. */
export function sidesDecided(n: Node): number | undefined {
  const written = holdsFrom(n, SIDE.WRITE)
  const read = holdsFrom(n, SIDE.READ)
  if (written === undefined || read === undefined) return undefined
  return (written ? SIDE.WRITE : SIDE.NONE) | (read ? SIDE.READ : SIDE.NONE)
}

/** By field, the side on which it is true. */
const DIRECTION: Readonly<Record<string, number>> = { 'evt.is_io_write': SIDE.WRITE, 'evt.is_io_read': SIDE.READ }

function holdsFrom(n: Node, side: number): boolean | undefined {
  if (n.kind === 'test') {
    const trueSide = n.left.kind === 'field' && n.right === undefined ? DIRECTION[n.left.use.name] : undefined
    return trueSide === undefined ? undefined : valueTest(n, 0)(trueSide === side)
  }
  if (n.kind === 'not') {
    const holds = holdsFrom(n.item, side)
    return holds === undefined ? undefined : !holds
  }
  const all = n.items.map((item) => holdsFrom(item, side))
  if (all.includes(undefined)) return undefined
  return n.kind === 'and' ? all.every((holds) => holds === true) : all.includes(true)
}

/** The active sides on which the test holds. Leaves the event viewed from an arbitrary side. */
function passing(test: Test, e: Event): number {
  let found: number = SIDE.NONE
  for (let side = SIDE.WRITE as number; side <= SIDE.READ; side++) {
    if ((e.sides & side) === 0) continue
    e.look(side)
    if (test(e)) found |= side
  }
  return found
}

/** Passes an event if one of its sides passes, and leaves it viewed from the first side that does. */
export function fromEitherSide(test: Test): Test {
  return (e) => {
    if (e.sides === SIDE.NONE) return test(e)
    const found = passing(test, e)
    e.look((found || e.sides) === SIDE.READ ? SIDE.READ : SIDE.WRITE)
    return found !== SIDE.NONE
  }
}

/** Like fromEitherSide(), and only the sides that pass stay active. */
export function narrowToSides(test: Test): Test {
  return (e) => {
    if (e.sides === SIDE.NONE) return test(e)
    const found = passing(test, e)
    e.keepSides(found || e.sides)
    return found !== SIDE.NONE
  }
}
