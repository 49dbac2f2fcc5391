// A stack of a program as it is handed to the thread that names it, and its text without that thread.
import { basename } from 'node:path'
import type { Frames } from './frames.js'
import { LONGEST_NAME } from './limits.js'
import type { Mappings, Place } from './mappings.js'

/** Return addresses of a program, and where they are. */
export interface StackQuestion {
  readonly pid: number
  /** numbers of its memory and of those that it was forked from (mappings.ts) */
  readonly memories: readonly number[]
  /** addresses within the functions that are to be named, the innermost first */
  readonly addresses: Float64Array
  /** where each of them is */
  readonly places: readonly Place[]
  /**
   * How many of the addresses, before the last `callers` pairs: pairs of a caller that was found without a frame pointer, and of the
   * function that its call leads to.
   */
  readonly framed: number
}

export const UNKNOWN = '[unknown]'

/** What is asked about the program's part of a stack; undefined where it has none. */
export function questionOf(pid: number, frames: Frames, mappings: Mappings): StackQuestion | undefined {
  const { users, callers } = frames
  if (users === 0) return undefined
  const framed = users - 2 * callers
  const addresses = new Float64Array(users)
  const places: Place[] = []
  for (let i = 0; i < users; i++) {
    // return addresses are those behind a call: the call itself lies before
    const back = i < framed || (i - framed) % 2 === 0
    const address = back ? frames.at(i) - 1 : frames.at(i)
    addresses[i] = address
    places.push(mappings.at(pid, address))
  }
  return { pid, memories: mappings.memoriesOf(pid), addresses, places, framed }
}

/**
 * The text of the program's part, the outermost function first.
 * @param name of the function at address i
 */
export function textOf({ addresses, framed }: StackQuestion, name: (i: number) => string): string {
  const names = [name(0)]
  for (let i = framed; i < addresses.length; i += 2) {
    // where its call leads to another function than the one before, it was left on the stack by an earlier call
    if (name(i + 1) !== names.at(-1)) break
    names.push(name(i))
  }
  for (let i = 1; i < framed; i++) names.push(name(i))
  return names.map(printable).reverse().join(';')
}

/** The text where nobody has looked for names: each function is called by its file. */
export function unnamedText(question: StackQuestion): string {
  const { places, framed } = question
  const known = { ...question, addresses: question.addresses.subarray(0, framed) }
  return textOf(known, (i) => {
    const place = places[i]
    return typeof place === 'object' && place.path !== '' ? fileName(place.path) : UNKNOWN
  })
}

/** What a function is called whose file does not name it. */
export function fileName(path: string): string {
  return `[${basename(path)}]`
}

/** A name within a folded stack: no semicolon, nothing that is not shown. */
function printable(name: string): string {
  const text = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?').replaceAll(';', ':')
}
