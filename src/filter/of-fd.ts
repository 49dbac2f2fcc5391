// What a filter asks about descriptors: a condition about them alone that each event which passes meets.
import type { FieldContext } from '../fields/field.js'
import { EventBatch } from '../model/batch.js'
import { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { FdQuestion } from '../state/holders.js'
import { compileNode } from './compile.js'
import { DECIDED_BY, deciders, isAboutFd, remembered } from './remember.js'
import type { CheckedFilter, Node } from './typed.js'

/** The part of a node that is about descriptors alone and holds whenever the node does; undefined: there is none. */
function partAboutFd(n: Node): Node | undefined {
  if (isAboutFd(n)) return n
  if (n.kind !== 'and' && n.kind !== 'or') return undefined
  const items = n.items.map(partAboutFd).filter((i) => i !== undefined)
  if (items.length === 0 || (n.kind === 'or' && items.length < n.items.length)) return undefined
  return { kind: n.kind, items }
}

/** The question of a filter; undefined when it asks for more than certain descriptors. */
export function fdQuestion(filter: CheckedFilter, ctx: FieldContext): FdQuestion | undefined {
  const part = partAboutFd(filter.root)
  if (part === undefined) return undefined
  const by = deciders(part)
  const plain = by.indexOf(DECIDED_BY.FD)
  if (plain < 0) return undefined
  const event = remembered(part, compileNode(part, ctx))
  // an event of which nothing matters but its descriptor
  const probe = new Event(EVENTS, LAYOUTS)
  const batch = new EventBatch(undefined, 2)
  batch.type[0] = plain
  probe.moveTo(batch, 0)
  if (event(probe)) return undefined
  return {
    event,
    fd: (fd: Fd) => {
      probe.fd = fd
      return event(probe)
    },
    others: by.map((decider) => (decider === DECIDED_BY.FD ? 0 : 1)),
  }
}
