// Writes descriptors, processes, users and groups: numbers with a name in the state.

import type { Event } from '../../model/event.js'
import type { Fd } from '../../model/fd.js'
import { errnoName } from '../../schema/errno.js'
import { specialDescriptor } from '../../schema/special-descriptors.js'
import type { ParamDef } from '../../schema/types.js'
import { fdName, protoChar, typeChar } from '../../state/fd-name.js'
import { isInet } from '../../state/socket-sides.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { EncodedText } from '../bytes/encoded-text.js'
import { stateOf, type TextContext } from '../context.js'
import { withPorts } from '../services.js'
import { cachedText, error } from './numbers.js'
import { closeMeaning, openMeaning, type WriteNumber, writeMeaning } from './write.js'

/** The event's own descriptor is already resolved by the state; others are looked up. */
export function fd(p: number, def: ParamDef): WriteNumber {
  const negative = cachedText(p, (n) => [`${n}`, specialDescriptor(n) ?? errnoName(n)])
  return (out, e, ctx, rounded) => {
    const n = Number.isNaN(rounded) ? (e.number(p) as number) : rounded
    if (n < 0) {
      negative(out, e, ctx, n)
      return
    }
    out.int(n)
    if (!isDescriptor(e, def)) {
      writeMeaning(out, def.names?.(n, e))
      return
    }
    const f = e.fdNum === n ? e.fd : e.thread?.fdTable.fds.get(n)
    if (f === undefined) return
    if (ctx.format.resolvePorts && isInet(f))
      writeMeaning(out, `<${typeChar(f)}${protoChar(f)}>${withPorts(fdName(f), ctx)}`)
    else descriptor(out, f)
  }
}

/** Some calls return a descriptor for some of their commands only. */
function isDescriptor(e: Event, { fdFor }: ParamDef): boolean {
  return fdFor === undefined || !e.batch.native || fdFor.values.includes(e.number(fdFor.param) ?? Number.NaN)
}

/** Kind and name of a descriptor. Most occur several times: later ones are copied from the first. */
function descriptor(out: ByteWriter, f: Fd): void {
  const name = fdName(f)
  const proto = protoChar(f)
  const p = f.printed
  const at = out.length
  if (p !== undefined && p.epoch === out.epoch && p.name === name && p.type === f.type && p.proto === proto) {
    out.resolved = at + 1
    out.repeat(p.at, p.length, p.escapes)
    return
  }
  openMeaning(out)
  out.encoded(kindOf(f, proto))
  out.text(name)
  closeMeaning(out)
  const escapes = out.escapesIn(at)
  const length = out.length - at
  if (p === undefined) {
    f.printed = { epoch: out.epoch, at, length, escapes, name, type: f.type, proto }
    return
  }
  p.epoch = out.epoch
  p.at = at
  p.length = length
  p.escapes = escapes
  p.name = name
  p.type = f.type
  p.proto = proto
}

/** `<4t>` by kind and protocol; there are few combinations. */
const kinds = new Map<string, EncodedText>()

function kindOf(f: Fd, proto: string): EncodedText {
  const key = proto === '' ? f.type : f.type + proto
  let encoded = kinds.get(key)
  if (encoded === undefined) {
    encoded = new EncodedText(`<${typeChar(f)}${proto}>`)
    kinds.set(key, encoded)
  }
  return encoded
}

/**
 * A negative result is an error, which has no name in libs' own files; a negative argument is a process group, or all
 * processes.
 */
export function pid(p: number, { wire }: ParamDef): WriteNumber {
  return (out, e, ctx, rounded) => {
    const n = Number.isNaN(rounded) ? (e.number(p) as number) : rounded
    if (n < 0 && wire === 'ret' && e.batch.native) {
      error(out, n)
      return
    }
    out.int(n)
    if (n > 0) writeMeaning(out, stateOf(ctx, e).threads.get(n)?.comm || undefined)
  }
}

type Account = (e: Event, ctx: TextContext, n: number) => { readonly name: string } | undefined

/** Names are those of the thread's container; for events without a thread those of the host. */
const userOf: Account = (e, ctx, n) => {
  const state = stateOf(ctx, e)
  return e.thread === undefined ? state.users.get(n) : state.userOf(e.thread, n)
}
const groupOf: Account = (e, ctx, n) => {
  const state = stateOf(ctx, e)
  return e.thread === undefined ? state.groups.get(n) : state.groupOf(e.thread, n)
}

function account(of: Account): () => WriteNumber {
  return () => (out, e, ctx, wide) => {
    const n = wide | 0
    out.int(n)
    writeMeaning(out, n === -1 ? '<NONE>' : (of(e, ctx, n >>> 0)?.name ?? '<NA>'))
  }
}

export const user = account(userOf)
export const group = account(groupOf)
