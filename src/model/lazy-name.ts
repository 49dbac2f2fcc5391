// Names of opened files that have not been read yet: stored as the bytes of the row and decoded on first use. Most descriptors
// are closed before, and decoding costs more than everything else that an open changes.
import { resolvePath } from './paths.js'
import { decodeText } from './text.js'

/** Names stored at a time: when it is full, the oldest name is decoded if its descriptor still has it. */
const PLACES = 1024
/** Bytes reserved for a stored name. */
const NAME_BYTES = 64
const WORDS = NAME_BYTES / 4

/** The owner of a name that is stored here. */
export interface LazilyNamed {
  /** its slot; -1: the name is a string */
  lazySlot: number
  /** Decodes the name into a string. */
  settle(): void
}

const words = new Int32Array(PLACES * WORDS)
const bytes = new Uint8Array(words.buffer)
const lengths = new Uint8Array(PLACES)
/** the directories that the names are relative to, '' if unknown or not needed */
const dirs = new Array<string>(PLACES).fill('')
const owners = new Array<LazilyNamed | undefined>(PLACES).fill(undefined)
/** a second owner of each name: many programs use a directory by another number than it was opened with */
const twins = new Array<LazilyNamed | undefined>(PLACES).fill(undefined)
let next = 0

function take(owner: LazilyNamed, length: number, dir: string): number {
  const place = next
  next = (place + 1) % PLACES
  const before = owners[place]
  if (before !== undefined && before.lazySlot === place) before.settle()
  const twin = twins[place]
  if (twin !== undefined) {
    if (twin.lazySlot === place) twin.settle()
    twins[place] = undefined
  }
  lengths[place] = length
  dirs[place] = dir
  owners[place] = owner
  owner.lazySlot = place
  return place * WORDS
}

/** Stores the path in bytes [at, at + length) of an arena, relative to `dir` unless absolute. false: it is empty or too long. */
export function nameLazily(owner: LazilyNamed, arena: DataView, at: number, length: number, dir: string): boolean {
  if (length === 0 || length > NAME_BYTES) return false
  const to = take(owner, length, dir)
  const fullWords = length >> 2
  for (let k = 0; k < fullWords; k++) words[to + k] = arena.getInt32(at + 4 * k, true)
  for (let i = 4 * fullWords; i < length; i++) bytes[4 * to + i] = arena.getUint8(at + i)
  return true
}

/** Gives `owner` the same name as the one in that slot. */
export function shareLazyName(owner: LazilyNamed, place: number): void {
  const twin = twins[place]
  if (twin === undefined || twin === owner || twin.lazySlot !== place) {
    twins[place] = owner
    owner.lazySlot = place
    return
  }
  const length = lengths[place] as number
  const from = place * WORDS
  const to = take(owner, length, dirs[place] as string)
  for (let k = 0; k < (length + 3) >> 2; k++) words[to + k] = words[from + k] as number
}

/** The path in a slot as the caller gave it. */
export function rawAt(place: number): string {
  return decodeText(bytes, place * NAME_BYTES, place * NAME_BYTES + (lengths[place] as number))
}

/** The path resolved: absolute and normalised, if its directory is known. */
export function pathOf(place: number, raw: string): string {
  return resolvePath(raw.charCodeAt(0) === 47 ? '' : (dirs[place] as string), raw)
}
