// A file descriptor as the state knows it.

import { Role, SocketPart } from './fd-socket.js'
import { type LazilyNamed, nameLazily, pathOf, rawAt, shareLazyName } from './lazy-name.js'
import { resolvePath } from './paths.js'
import type { FdInfo, FdType, Whole } from './snapshot.js'
import { decodeText } from './text.js'
import { batchNs } from './time.js'
import { fixDoubleFields } from './v8-double-fields.js'

export { Role }

/**
 * Where a printer last wrote a descriptor's text. The text may be copied from there while the printer's epoch is the same and
 * the descriptor's name has not changed.
 */
interface Printed {
  epoch: number
  at: number
  length: number
  /** number of characters in it that JSON escapes, if that was counted */
  escapes: number | undefined
  name: string
  type: FdType
  proto: string
}

/** Descriptors that were given back for reuse; MOST_SPARE limits their number. */
const spare: Fd[] = []
const MOST_SPARE = 256

export class Fd extends SocketPart implements FdInfo, LazilyNamed {
  num: number
  type: FdType
  private known: string
  private given: string | undefined = undefined
  lazySlot = -1
  dev: number | undefined = undefined
  ino: Whole | undefined = undefined
  flags: number | undefined = undefined
  /** overlayfs layer of the file */
  layer: 'upper' | 'lower' | undefined = undefined
  /** batch time (ns) at which this descriptor was created; -1 if it existed before the capture */
  born = batchNs(-1)

  /** used by printers only */
  printed: Printed | undefined = undefined
  /** last filter verdict for this descriptor (filter/fd-verdict-cache.ts), 0: none; changed() resets it */
  verdict = 0
  /** what an export last wrote about this descriptor (export/columns/tuples.ts); changed() resets it */
  described: object | undefined = undefined
  /** is or was in more than one table: a table that removes it cannot know whether another one still has it */
  shared = false

  constructor(num: number, type: FdType, name: string) {
    super()
    // an integer, also when it comes from a column of doubles
    this.num = num | 0
    this.type = type
    this.known = name
  }

  /** A descriptor with unknown other properties. Reuses one that was given back, if there is one. */
  static make(num: number, type: FdType, name: string): Fd {
    const fd = spare.pop()
    if (fd === undefined) return new Fd(num, type, name)
    fd.reset(num, type, name)
    return fd
  }

  /** No table has this descriptor any more: make() may reuse it. Opens are too frequent to allocate an object each. */
  giveBack(): void {
    if (!this.shared && spare.length < MOST_SPARE) spare.push(this)
  }

  private reset(num: number, type: FdType, name: string): void {
    this.num = num | 0
    this.type = type
    this.known = name
    this.given = undefined
    this.lazySlot = -1
    this.dev = undefined
    this.ino = undefined
    this.flags = undefined
    this.layer = undefined
    this.born = batchNs(-1)
    this.printed = undefined
    this.verdict = 0
    this.described = undefined
    this.socket = undefined
  }

  /** see FdInfo; for sockets a cache of what state/fd-name.ts builds: read names through fdName() */
  get name(): string {
    if (this.lazySlot >= 0) this.settle()
    return this.known
  }
  set name(name: string) {
    if (this.lazySlot >= 0) this.settle()
    this.known = name
  }

  /** path as the caller gave it, if it is not the name itself */
  get nameRaw(): string | undefined {
    if (this.lazySlot >= 0) this.settle()
    return this.given
  }
  set nameRaw(path: string | undefined) {
    if (this.lazySlot >= 0) this.settle()
    this.given = path
  }

  /** Names it by the path in bytes [at, at + length) of an arena, which is relative to `dir` ('': unknown) unless it is absolute. */
  nameBy(arena: DataView, at: number, length: number, dir: string): void {
    if (nameLazily(this, arena, at, length, dir)) return
    const raw = decodeText(new Uint8Array(arena.buffer, arena.byteOffset + at, length), 0, length)
    this.named(raw, resolvePath(raw.charCodeAt(0) === 47 ? '' : dir, raw))
  }

  settle(): void {
    const raw = rawAt(this.lazySlot)
    const path = pathOf(this.lazySlot, raw)
    this.lazySlot = -1
    this.named(raw, path)
  }

  private named(raw: string, path: string): void {
    this.known = path
    this.given = raw === path ? undefined : raw
  }

  /** Must follow each change to a property that a filter can test, of a descriptor that earlier events had. */
  changed(): void {
    this.verdict = 0
    this.described = undefined
  }

  /** The same file at another number. */
  at(num: number): Fd {
    const fd = spare.pop() ?? new Fd(num, this.type, '')
    fd.num = num | 0
    fd.type = this.type
    fd.known = this.known
    fd.given = this.given
    fd.lazySlot = -1
    if (this.lazySlot >= 0) shareLazyName(fd, this.lazySlot)
    fd.dev = this.dev
    fd.ino = this.ino
    fd.flags = this.flags
    fd.layer = this.layer
    fd.born = this.born
    fd.printed = this.printed
    fd.verdict = this.verdict
    fd.described = this.described
    fd.socket = this.socketCopy()
    return fd
  }
}

fixDoubleFields(new Fd(0, 'other', ''), 'born')
