// What tests say about the kind of a call's descriptor, which the kernel can determine: whether it is a socket, and which.
import type { FdType } from '../../model/snapshot.js'
import type { Source } from '../../schema/sources.js'
import type { DescriptorKind } from '../../source/plan.js'
import { typesOf } from '../../state/fd-name.js'
import { eventDef } from '../events.js'
import { only, type ValueSet } from './value-set.js'

/** Calls that move data of one descriptor, which is their first argument: the kernel determines its kind. */
export function movesData(code: number): boolean {
  const def = eventDef(code)
  const moves = def?.category === 'io_read' || def?.category === 'io_write'
  return moves && def.transfer === undefined && def.fd !== undefined && isFirstArgument(def.params[def.fd]?.from)
}

function isFirstArgument(from: Source | undefined): boolean {
  return from?.op === 'arg' && from.n === 0
}

type KindProperty = 'socket' | 'nameChanged' | 'fdType' | 'fdLetter' | 'protocol'

const STREAM: readonly DescriptorKind[] = ['stream', 'connecting']
const IP: readonly DescriptorKind[] = [...STREAM, 'datagram']
const SOCKET: readonly DescriptorKind[] = [...IP, 'socket']

/** Kinds of sockets. */
export const OF_SOCKETS = only<DescriptorKind>(SOCKET)

/** A call that moves data names a socket if it connects it, or if the socket has no fixed peer. Other descriptors keep their names. */
export const MAY_BE_NAMED = only<DescriptorKind>(['connecting', 'datagram', 'socket'])

/** The kinds of descriptors of a type (fd.type). */
function kindsOfType(type: FdType): readonly DescriptorKind[] {
  switch (type) {
    case 'ipv4':
    case 'ipv6':
      return IP
    case 'unix':
    case 'netlink':
      return ['socket']
    case 'socket':
      return SOCKET
    default:
      return ['other']
  }
}

/** By the property of a field: the kinds of descriptors for which it has a value; undefined: any kind. */
const KINDS: Readonly<Record<string, (value: string) => readonly DescriptorKind[] | undefined>> = {
  fdType: (type) => kindsOfType(type as FdType),
  // an unknown descriptor has the letter o, too
  fdLetter: (letter) => (letter === 'o' ? undefined : typesOf(letter).flatMap(kindsOfType)),
  // before a socket has an address, its protocol is <NA>
  protocol: (name) => (name === '<NA>' ? undefined : name === 'tcp' ? STREAM : ['datagram']),
}

/** Whether a property of a field follows from the kind of the descriptor, or limits it. */
export function isOfKind(property: string): property is KindProperty {
  return property === 'socket' || property === 'nameChanged' || Object.hasOwn(KINDS, property)
}

/** The kinds of descriptors whose property is one of these values; undefined: any kind. */
export function kindsWith(
  property: string,
  values: Iterable<string | undefined>,
): ValueSet<DescriptorKind> | undefined {
  const kinds: DescriptorKind[] = []
  for (const value of values) {
    const some = value === undefined ? undefined : KINDS[property]?.(value)
    if (some === undefined) return undefined
    kinds.push(...some)
  }
  return only(kinds)
}
