// Filters and calls that read from one descriptor and write to another: such a call passes when the filter holds from one of its
// sides, as a write to the one or as a read from the other.
import { dependsOnTransferSide } from '../fields/transfer-side.js'
import { type Event, SIDE } from '../model/event.js'
import { valueTest } from './decide.js'
import { eachTest, type Node, type ValueNode } from './typed.js'

type Test = (e: Event) => boolean

function asks(v: ValueNode | undefined): boolean {
  if (v === undefined || v.kind === 'const') return false
  return v.kind === 'call' ? v.args.some(asks) : dependsOnTransferSide(v.use)
}

/** Whether a filter may hold from one side of a call and not from the other. */
export function dependsOnSide(n: Node): boolean {
  let found = false
  eachTest(n, (t) => {
    found ||= asks(t.left) || asks(t.right)
  })
  return found
}

/** The sides from which a filter holds that asks which way data goes and nothing else; undefined: it asks for more. */
export function sidesDecided(n: Node): number | undefined {
  const written = holdsFrom(n, SIDE.WRITE)
  const read = holdsFrom(n, SIDE.READ)
  if (written === undefined || read === undefined) return undefined
  return (written ? SIDE.WRITE : SIDE.NONE) | (read ? SIDE.READ : SIDE.NONE)
}

/** By field, the side of which it is true. */
const DIRECTION: Readonly<Record<string, number>> = { 'evt.is_io_write': SIDE.WRITE, 'evt.is_io_read': SIDE.READ }

function holdsFrom(n: Node, side: number): boolean | undefined {
  if (n.kind === 'test') {
    const of = n.left.kind === 'field' && n.right === undefined ? DIRECTION[n.left.use.name] : undefined
    return of === undefined ? undefined : valueTest(n, 0)(of === side)
  }
  if (n.kind === 'not') {
    const holds = holdsFrom(n.item, side)
    return holds === undefined ? undefined : !holds
  }
  const all = n.items.map((item) => holdsFrom(item, side))
  if (all.includes(undefined)) return undefined
  return n.kind === 'and' ? all.every((holds) => holds === true) : all.includes(true)
}

/** The sides from which the test holds, of those that count. Leaves the event to be looked at from any. */
function passing(test: Test, e: Event): number {
  let found: number = SIDE.NONE
  for (let side = SIDE.WRITE as number; side <= SIDE.READ; side++) {
    if ((e.sides & side) === 0) continue
    e.look(side)
    if (test(e)) found |= side
  }
  return found
}

/** Passes an event when one of its sides passes; it is then looked at from the first that does. */
export function fromEitherSide(test: Test): Test {
  return (e) => {
    if (e.sides === SIDE.NONE) return test(e)
    const found = passing(test, e)
    e.look((found || e.sides) === SIDE.READ ? SIDE.READ : SIDE.WRITE)
    return found !== SIDE.NONE
  }
}

/** The same, and only the sides that pass count from there on. */
export function narrowToSides(test: Test): Test {
  return (e) => {
    if (e.sides === SIDE.NONE) return test(e)
    const found = passing(test, e)
    e.keepSides(found || e.sides)
    return found !== SIDE.NONE
  }
}
