// What a filter says of a descriptor alone is said once: the next events with it only look it up. It is kept on the Fd, by
// the last filter that asked.
import type { FieldDef } from '../fields/field.js'
import type { Event } from '../model/event.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { CODES, eventDef } from './events.js'
import { eachTest, type Node, type ValueNode } from './typed.js'

/** Whether a value is the descriptor's alone, where an event has one. */
function isOfFd(v: ValueNode | undefined): boolean {
  if (v === undefined || v.kind === 'const') return true
  if (v.kind === 'call') return v.args.every(isOfFd)
  return v.use.def.ofFd !== undefined && v.use.arg === undefined
}

/** Whether the descriptor alone decides, where an event has one. */
export function isAboutFd(n: Node): boolean {
  let all = true
  eachTest(n, (t) => {
    all &&= isOfFd(t.left) && isOfFd(t.right)
  })
  return all
}

/** What decides about an event, by its code. */
export const DECIDED_BY = { FD: 0, EVENT: 1, EVENT_WITHOUT_FD: 2 } as const

type OfFd = NonNullable<FieldDef['ofFd']>

function rules(v: ValueNode | undefined): readonly OfFd[] {
  if (v === undefined || v.kind === 'const') return []
  return v.kind === 'call' ? v.args.flatMap(rules) : v.use.def.ofFd === undefined ? [] : [v.use.def.ofFd]
}

/** Of a node that isAboutFd(): by event code, one of DECIDED_BY. */
export function deciders(n: Node): Uint8Array {
  const all = new Set<OfFd>()
  eachTest(n, (t) => {
    for (const rule of [...rules(t.left), ...rules(t.right)]) all.add(rule)
  })
  // nothing is known of events that nobody declares
  const table = new Uint8Array(CODE_LIMIT).fill(DECIDED_BY.EVENT)
  for (const code of CODES) {
    const def = eventDef(code)
    if (def === undefined || [...all].some((r) => r.except?.(def))) continue
    table[code] = [...all].some((r) => r.bare?.(def)) ? DECIDED_BY.EVENT_WITHOUT_FD : DECIDED_BY.FD
  }
  return table
}

/** Answers kept apart so far: each has its own number. */
let numbers = 0

/** The test of a node that isAboutFd(), with its answers kept on the descriptors. */
export function withVerdictCache(n: Node, test: (e: Event) => boolean): (e: Event) => boolean {
  const by = deciders(n)
  const no = ++numbers * 2
  const yes = no + 1
  let ofNone: boolean | undefined
  return (e) => {
    const { fd } = e
    if (fd === undefined) {
      if (by[e.type] !== DECIDED_BY.FD) return test(e)
      ofNone ??= test(e)
      return ofNone
    }
    if (by[e.type] === DECIDED_BY.EVENT) return test(e)
    if (fd.verdict === no) return false
    if (fd.verdict === yes) return true
    const passes = test(e)
    fd.verdict = passes ? yes : no
    return passes
  }
}
