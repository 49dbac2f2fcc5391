// What a filter asks about threads and descriptors: conditions about them alone that each event which passes meets.
import type { FieldContext, FieldDef } from '../fields/field.js'
import { EventBatch } from '../model/batch.js'
import { Event } from '../model/event.js'
import { FdTable, Thread } from '../model/thread.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { Asking } from '../state/asked.js'
import { compileNode } from './compile.js'
import { DECIDED_BY, deciders, isAboutFd, remembered } from './remember.js'
import { type CheckedFilter, eachTest, type Node, type ValueNode } from './typed.js'

/** Ids that no thread has. */
const NOBODY = -2

function isOf(what: (def: FieldDef) => boolean, v: ValueNode | undefined): boolean {
  if (v === undefined || v.kind === 'const') return true
  return v.kind === 'call' ? v.args.every((a) => isOf(what, a)) : what(v.use.def)
}

/** Makes the question whether nothing but such fields decide. */
function isAbout(what: (def: FieldDef) => boolean): (n: Node) => boolean {
  return (n) => {
    let all = true
    eachTest(n, (t) => {
      all &&= isOf(what, t.left) && isOf(what, t.right)
    })
    return all
  }
}

const isAboutThread = isAbout((def) => def.ofThread === true)
const isAboutContainer = isAbout((def) => def.ofContainer === true)

/** The part of a node that is about one thing alone and holds whenever the node does; undefined: there is none. */
function partOf(n: Node, isAbout: (n: Node) => boolean): Node | undefined {
  if (isAbout(n)) return n
  if (n.kind !== 'and' && n.kind !== 'or') return undefined
  const items = n.items.map((i) => partOf(i, isAbout)).filter((i) => i !== undefined)
  if (items.length === 0 || (n.kind === 'or' && items.length < n.items.length)) return undefined
  return { kind: n.kind, items }
}

/** An event of which nothing matters but its thread and its descriptor; of a type of which nothing else ever does. */
function probe(type: number): Event {
  const batch = new EventBatch(undefined, 2)
  batch.type[0] = type
  const e = new Event(EVENTS, LAYOUTS)
  e.moveTo(batch, 0)
  return e
}

function askingOfFd(root: Node, ctx: FieldContext): Omit<Asking, 'thread'> | undefined {
  const part = partOf(root, isAboutFd)
  if (part === undefined) return undefined
  const by = deciders(part)
  const e = probe(by.indexOf(DECIDED_BY.FD))
  const event = remembered(part, compileNode(part, ctx))
  if (event(e)) return undefined
  return {
    decides: part === root,
    event,
    fd: (fd) => {
      e.fd = fd
      return event(e)
    },
    others: by.map((decider) => (decider === DECIDED_BY.FD ? 0 : 1)),
  }
}

function askingOfThread(root: Node, ctx: FieldContext): Omit<Asking, 'fd'> | undefined {
  const part = partOf(root, isAboutThread)
  if (part === undefined) return undefined
  const thread = threadTest(part, ctx)
  if (thread === undefined) return undefined
  return { decides: part === root, event: compileNode(part, ctx), thread, others: new Uint8Array(CODE_LIMIT) }
}

/** The test of a part that threads alone decide; undefined when it holds without a thread, or of one that is not known. */
function threadTest(part: Node, ctx: FieldContext): ((t: Thread) => boolean) | undefined {
  const event = compileNode(part, ctx)
  const e = probe(0)
  const thread = (t: Thread) => {
    e.thread = t
    return event(e)
  }
  return event(e) || thread(new Thread(NOBODY, NOBODY, new FdTable())) ? undefined : thread
}

/** What a filter asks about; undefined when that is more than certain threads or descriptors. */
export function askingOf({ root }: CheckedFilter, ctx: FieldContext): Asking | undefined {
  const fd = askingOfFd(root, ctx)
  const thread = askingOfThread(root, ctx)
  if (fd === undefined || thread === undefined) {
    const only = fd ?? thread
    return only && { fd: fd?.fd, thread: thread?.thread, ...only }
  }
  return {
    decides: false,
    event: (e) => thread.event(e) && fd.event(e),
    fd: fd.fd,
    thread: thread.thread,
    others: fd.others,
  }
}

/** What a filter asks about the container alone, as a test of threads that have one; undefined when it asks for no such. */
export function containerTest({ root }: CheckedFilter, ctx: FieldContext): ((t: Thread) => boolean) | undefined {
  const part = partOf(root, isAboutContainer)
  return part && threadTest(part, ctx)
}
