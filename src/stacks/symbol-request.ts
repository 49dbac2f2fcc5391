// A program's stack as a request to the symbol thread, and its text without that thread.
import { basename } from 'node:path'
import type { Frames } from './frames.js'
import { LONGEST_NAME } from './limits.js'
import type { Mappings, Place } from './mappings.js'

/** Return addresses of a program, and their locations. */
export interface SymbolRequest {
  readonly pid: number
  /** numbers of its memory and of its ancestors' memories (mappings.ts) */
  readonly memories: readonly number[]
  /** addresses within the functions to be named, the innermost first */
  readonly addresses: Float64Array
  /** the location of each address */
  readonly places: readonly Place[]
  /**
   * Number of addresses that come from frame pointers. The last `callers` pairs follow: the address in a caller that was found without a frame
   * pointer, and the function that its call leads to.
   */
  readonly framed: number
}

export const UNKNOWN = '[unknown]'

/** The request for the user part of a stack; undefined if there is none. */
export function requestOf(pid: number, frames: Frames, mappings: Mappings): SymbolRequest | undefined {
  const { users, callers } = frames
  if (users === 0) return undefined
  const framed = users - 2 * callers
  const addresses = new Float64Array(users)
  const places: Place[] = []
  for (let i = 0; i < users; i++) {
    // a return address follows the call, so the call itself is before it
    const back = i < framed || (i - framed) % 2 === 0
    const address = back ? frames.at(i) - 1 : frames.at(i)
    addresses[i] = address
    places.push(mappings.at(pid, address))
  }
  return { pid, memories: mappings.memoriesOf(pid), addresses, places, framed }
}

/**
 * The text of the user part, the outermost function first.
 * @param name returns the function at address i
 */
export function foldedText({ addresses, framed }: SymbolRequest, name: (i: number) => string): string {
  const names = [name(0)]
  for (let i = framed; i < addresses.length; i += 2) {
    // if its call leads to a function other than the previous one, it is a leftover of an earlier call
    if (name(i + 1) !== names.at(-1)) break
    names.push(name(i))
  }
  for (let i = 1; i < framed; i++) names.push(name(i))
  return names.map(printable).reverse().join(';')
}

/** The text without symbols: each function is represented by its file. */
export function unnamedText(request: SymbolRequest): string {
  const { places, framed } = request
  const known = { ...request, addresses: request.addresses.subarray(0, framed) }
  return foldedText(known, (i) => {
    const place = places[i]
    return typeof place === 'object' && place.path !== '' ? fileName(place.path) : UNKNOWN
  })
}

/** Represents a function whose file has no name for it. */
export function fileName(path: string): string {
  return `[${basename(path)}]`
}

/** A name within a folded stack: without semicolons and control characters. */
function printable(name: string): string {
  const text = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?').replaceAll(';', ':')
}
