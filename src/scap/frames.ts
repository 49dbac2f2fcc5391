// Finds the blocks in the window, continues after damage, and reports it.
import { BATCH_ARENA } from '../model/batch.js'
import type { Damage } from '../source/source.js'
import { type BlockType, blockType, FRAME, FRAME_HEAD, FRAME_TAIL, Kind } from './blocks.js'
import type { Input } from './input.js'
import { BLOCK_LIMIT, Window } from './window.js'

/** Limit of reported damage; the rest is only mentioned in the last report. */
const DAMAGE_LIMIT = 100
/** Limit of the size of event blocks. */
export const EVENT_LIMIT = BATCH_ARENA
/** Interface lists can be longer than their length by at most this many words. */
const STRETCH_WORDS = 256

export class Frames {
  readonly damage: Damage[] = []
  readonly window: Window

  constructor(
    private readonly input: Input,
    /** name of the file in messages */
    private readonly name: string,
  ) {
    this.window = new Window(input)
  }

  /** Length of the block at the current position. */
  get length(): number {
    const w = this.window
    return w.view.getUint32(w.at + 4, true)
  }

  /** Whether the bytes that its length covers are in the window. No other check is made. */
  get isWhole(): boolean {
    return this.window.left >= FRAME_HEAD && this.length <= this.window.left
  }

  /** The length at the end of a block of n bytes at the current position. */
  private trailingLength(n: number): number {
    const w = this.window
    return w.view.getUint32(w.at + n - FRAME_TAIL, true)
  }

  /** Skips the block at the current position. */
  pass(): void {
    this.window.at += this.length
  }

  /**
   * Reads the next complete block into the window and returns its type. Undefined at the end of the input, or if the rest is
   * unreadable, which is reported.
   */
  async next(): Promise<BlockType | undefined> {
    const w = this.window
    for (;;) {
      if (!(await w.need(FRAME_HEAD))) return this.reportEnd()
      const { length } = this
      const type = blockType(w.view.getUint32(w.at, true))
      if (type.kind === Kind.Unknown && (await w.unpack())) continue
      if (!isLength(length, BLOCK_LIMIT)) {
        if (!(await this.resync(`a block has the invalid length ${length}`))) return undefined
      } else if (!(await w.need(length))) return this.reportEnd()
      else if (this.hasValidEnd(type, length)) return type
      else if (!(await this.resync('the two lengths of a block differ'))) return undefined
    }
  }

  /** Whether a block ends where its length says. The length of an interface list is corrected first. */
  private hasValidEnd(type: BlockType, length: number): boolean {
    if (type.kind !== Kind.Interfaces || !type.sized) return this.trailingLength(length) === length
    this.correctLength(length)
    return true
  }

  /** Called at the end of the input: reports if it ends inside a block. */
  private reportEnd(): undefined {
    const w = this.window
    if (this.input.problem !== undefined) this.report(this.input.problem)
    else if (w.left > 0) this.report('the file ends in the middle of a block')
    w.at = w.end
    return undefined
  }

  /**
   * Corrects the length of an interface list: an old sysdig wrote too small lengths. The true end is where the length is
   * repeated and a known block follows.
   */
  private correctLength(length: number): void {
    const w = this.window
    if (this.trailingLength(length) === length) return
    for (let n = length + 4; n <= length + 4 * STRETCH_WORDS && w.left >= n + 4; n += 4)
      if (this.trailingLength(n) === length && blockType(w.view.getUint32(w.at + n, true)).kind !== Kind.Unknown) {
        w.view.setUint32(w.at + 4, n, true)
        return
      }
  }

  /** After damage: moves to the next position that looks like a complete event block. */
  private async resync(what: string): Promise<boolean> {
    this.report(what)
    const w = this.window
    w.at += 4
    for (;;) {
      while (w.left >= FRAME_HEAD) {
        const { length } = this
        if (this.mayStart(length) && (await w.need(length)) && this.trailingLength(length) === length) return true
        w.at += 4
      }
      if (!(await w.need(FRAME_HEAD))) {
        if (this.input.problem !== undefined) this.report(this.input.problem)
        w.at = w.end
        return false
      }
    }
  }

  /** Whether the current position looks like the start of an event block of that length. */
  private mayStart(length: number): boolean {
    const w = this.window
    return isLength(length, EVENT_LIMIT) && blockType(w.view.getUint32(w.at, true)).kind !== Kind.Unknown
  }

  /** Records damage at the current position, or at another one in the window. */
  report(what: string, at = this.window.at): void {
    const { damage } = this
    const offset = this.window.offsetOf(at)
    if (damage.length < DAMAGE_LIMIT) damage.push({ file: this.name, offset, what })
    else (damage[DAMAGE_LIMIT - 1] as Damage).what = 'and more damage follows'
  }
}

/** Whether a block can have this length. */
function isLength(bytes: number, limit: number): boolean {
  return bytes >= FRAME && bytes <= limit && (bytes & 3) === 0
}
