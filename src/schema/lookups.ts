// Calls by which programs look up names: those that move data of a descriptor in their first argument, which may be a socket.
import { LOOKUP } from './abi.js'
import type { EventDef, ParamDef } from './types.js'

/** Whether it is the finished call that moves data of one descriptor, its first argument. */
export function movesData(def: EventDef): boolean {
  const moves = (def.category === 'io_read' || def.category === 'io_write') && def.transfer === undefined
  return moves && (def.code & 1) === 1 && isFirstArgument(def.params[def.fd ?? -1]) && hasData(def)
}

/** How the kernel side recognizes that such a call is part of a name lookup (KSYS_LOOKUP_* of native/abi.h); 0: it cannot be. */
export function lookupBits(def: EventDef): number {
  if (!movesData(def)) return 0
  const tuple = def.params.find(({ from }) => from.op === 'tuple')?.from
  if (tuple?.op !== 'tuple' || tuple.peer === undefined) return LOOKUP.DATA
  return LOOKUP.DATA | (tuple.msg === true ? LOOKUP.MESSAGE : 0) | (tuple.peer << LOOKUP.PEER)
}

function isFirstArgument(p: ParamDef | undefined): boolean {
  return p?.from.op === 'arg' && p.from.n === 0
}

function hasData({ params }: EventDef): boolean {
  return params.some(({ name, type }) => name === 'data' && type === 'bytebuf')
}
