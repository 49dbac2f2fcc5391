// Caches results of conditions that depend only on the descriptor: later events with the same Fd reuse them. Each Fd
// holds one result, that of the last condition evaluated.
import type { FieldDef } from '../fields/field.js'
import type { Event } from '../model/event.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { CODES, eventDef } from './events.js'
import { eachTest, type Node, type ValueNode } from './typed.js'

/** Whether a value depends on the descriptor only, for events that have one. */
function isFdValue(v: ValueNode | undefined): boolean {
  if (v === undefined || v.kind === 'const') return true
  if (v.kind === 'call') return v.args.every(isFdValue)
  return v.use.def.fdOnly !== undefined && v.use.arg === undefined
}

/** Whether a condition depends on the descriptor only, for events that have one. */
export function dependsOnFdOnly(n: Node): boolean {
  let all = true
  eachTest(n, (t) => {
    all &&= isFdValue(t.left) && isFdValue(t.right)
  })
  return all
}

/** What decides a condition for an event, by event code. */
const DECIDED_BY = { FD: 0, EVENT: 1, EVENT_WITHOUT_FD: 2 } as const

type FdScope = NonNullable<FieldDef['fdOnly']>

function scopesIn(v: ValueNode | undefined): readonly FdScope[] {
  if (v === undefined || v.kind === 'const') return []
  return v.kind === 'call' ? v.args.flatMap(scopesIn) : v.use.def.fdOnly === undefined ? [] : [v.use.def.fdOnly]
}

/** For a node with dependsOnFdOnly(): by event code, one of DECIDED_BY. */
function deciders(n: Node): Uint8Array {
  const all = new Set<FdScope>()
  eachTest(n, (t) => {
    for (const scope of [...scopesIn(t.left), ...scopesIn(t.right)]) all.add(scope)
  })
  // undeclared events may do anything
  const table = new Uint8Array(CODE_LIMIT).fill(DECIDED_BY.EVENT)
  for (const code of CODES) {
    const def = eventDef(code)
    if (def === undefined || [...all].some((r) => r.except?.(def))) continue
    table[code] = [...all].some((r) => r.bare?.(def)) ? DECIDED_BY.EVENT_WITHOUT_FD : DECIDED_BY.FD
  }
  return table
}

/** Number of cached conditions so far: each gets its own number. */
let numbers = 0

/** The test of a node with dependsOnFdOnly(), with its results cached on the descriptors. */
export function withVerdictCache(n: Node, test: (e: Event) => boolean): (e: Event) => boolean {
  const by = deciders(n)
  const no = ++numbers * 2
  const yes = no + 1
  let withoutFd: boolean | undefined
  return (e) => {
    const { fd } = e
    if (fd === undefined) {
      if (by[e.type] !== DECIDED_BY.FD) return test(e)
      withoutFd ??= test(e)
      return withoutFd
    }
    if (by[e.type] === DECIDED_BY.EVENT) return test(e)
    if (fd.verdict === no) return false
    if (fd.verdict === yes) return true
    const passes = test(e)
    fd.verdict = passes ? yes : no
    return passes
  }
}
