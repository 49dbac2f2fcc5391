// Names of opened files that nobody has read yet: kept as the bytes of the row and decoded when they are first read. Most
// descriptors are closed before, and decoding costs more than all else that an open changes.
import { resolvePath } from './paths.js'
import { decodeText } from './text.js'

/** Names kept at a time: when more were opened since, those whose descriptors are still called so become texts. */
const PLACES = 1024
/** Bytes of a name that is kept. */
const ROOM = 64
const WORDS = ROOM / 4

/** Somebody whose name is kept here. */
export interface LazilyNamed {
  /** where; -1: its name is a text */
  lazySlot: number
  /** Makes the name a text. */
  settle(): void
}

const words = new Int32Array(PLACES * WORDS)
const bytes = new Uint8Array(words.buffer)
const lengths = new Uint8Array(PLACES)
/** the directories that the names start from, '' where that is not known or does not matter */
const dirs = new Array<string>(PLACES).fill('')
const owners = new Array<LazilyNamed | undefined>(PLACES).fill(undefined)
/** and a second one each: many programs use a directory by another number than it was opened with */
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

/** Keeps the path in bytes [at, at + length) of an arena, which starts from `dir` unless it is absolute. false: it is empty, or too long. */
export function nameLazily(owner: LazilyNamed, arena: DataView, at: number, length: number, dir: string): boolean {
  if (length === 0 || length > ROOM) return false
  const to = take(owner, length, dir)
  const whole = length >> 2
  for (let k = 0; k < whole; k++) words[to + k] = arena.getInt32(at + 4 * k, true)
  for (let i = 4 * whole; i < length; i++) bytes[4 * to + i] = arena.getUint8(at + i)
  return true
}

/** Gives `owner` the same name as the one at that place. */
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

/** The path at a place as it was given. */
export function rawAt(place: number): string {
  return decodeText(bytes, place * ROOM, place * ROOM + (lengths[place] as number))
}

/** What that path means: absolute and without detours, as far as its directory is known. */
export function pathOf(place: number, raw: string): string {
  return resolvePath(raw.charCodeAt(0) === 47 ? '' : (dirs[place] as string), raw)
}
