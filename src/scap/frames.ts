// Finds blocks in the window, one after the other, and goes on behind damage, which it keeps account of.
import { BATCH_ARENA } from '../model/batch.js'
import type { Damage } from '../source/source.js'
import { type BlockType, blockType, FRAME, FRAME_HEAD, FRAME_TAIL, Kind } from './blocks.js'
import type { Input } from './input.js'
import { BLOCK_LIMIT, Window } from './window.js'

/** Damages that are kept with their place; further ones are only counted in the last one's text. */
const DAMAGE_LIMIT = 100
/** Event blocks are no larger. */
export const EVENT_LIMIT = BATCH_ARENA
/** Interface lists are longer than they say by at most so many words. */
const STRETCH_WORDS = 256

export class Frames {
  readonly damage: Damage[] = []
  readonly window: Window

  constructor(
    private readonly input: Input,
    /** what the file is called in messages */
    private readonly name: string,
  ) {
    this.window = new Window(input)
  }

  /** Length of the block at the current position. */
  get length(): number {
    const w = this.window
    return w.view.getUint32(w.at + 4, true)
  }

  /** Whether what its length says lies in the window; looks at nothing else. */
  get isWhole(): boolean {
    return this.window.left >= FRAME_HEAD && this.length <= this.window.left
  }

  /** What a block of n bytes at the current position repeats as its length at its end. */
  private lengthBehind(n: number): number {
    const w = this.window
    return w.view.getUint32(w.at + n - FRAME_TAIL, true)
  }

  /** Goes behind the block at the current position. */
  pass(): void {
    this.window.at += this.length
  }

  /**
   * Brings the next block into the window whole and returns its type; undefined at the end of the input or of what makes
   * sense of it, which is reported.
   */
  async next(): Promise<BlockType | undefined> {
    const w = this.window
    for (;;) {
      if (!(await w.need(FRAME_HEAD))) return this.over()
      const { length } = this
      const type = blockType(w.view.getUint32(w.at, true))
      if (type.kind === Kind.Unknown && (await w.unpack())) continue
      if (!isLength(length, BLOCK_LIMIT)) {
        if (!(await this.resync(`a block says that it is ${length} bytes long`))) return undefined
      } else if (!(await w.need(length))) return this.over()
      else if (this.endsRight(type, length)) return type
      else if (!(await this.resync('the two lengths of a block differ'))) return undefined
    }
  }

  /** Whether a whole block ends where its length says; of an interface list that is corrected. */
  private endsRight(type: BlockType, length: number): boolean {
    if (type.kind !== Kind.Interfaces || !type.sized) return this.lengthBehind(length) === length
    this.stretch(length)
    return true
  }

  /** The end of the input: a clean one, or one in the middle of something. */
  private over(): undefined {
    const w = this.window
    if (this.input.problem !== undefined) this.report(this.input.problem)
    else if (w.left > 0) this.report('the file ends in the middle of a block')
    w.at = w.end
    return undefined
  }

  /**
   * Interface lists that an old sysdig rewrote say that they are shorter than they are: the true end is where the length
   * is repeated and a known block follows.
   */
  private stretch(length: number): void {
    const w = this.window
    if (this.lengthBehind(length) === length) return
    for (let n = length + 4; n <= length + 4 * STRETCH_WORDS && w.left >= n + 4; n += 4)
      if (this.lengthBehind(n) === length && blockType(w.view.getUint32(w.at + n, true)).kind !== Kind.Unknown) {
        w.view.setUint32(w.at + 4, n, true)
        return
      }
  }

  /** After damage: goes to the next place that looks like a whole event block. */
  private async resync(what: string): Promise<boolean> {
    this.report(what)
    const w = this.window
    w.at += 4
    for (;;) {
      while (w.left >= FRAME_HEAD) {
        const { length } = this
        if (this.mayBegin(length) && (await w.need(length)) && this.lengthBehind(length) === length) return true
        w.at += 4
      }
      if (!(await w.need(FRAME_HEAD))) {
        if (this.input.problem !== undefined) this.report(this.input.problem)
        w.at = w.end
        return false
      }
    }
  }

  /** Whether the current position looks like the beginning of an event block of that length. */
  private mayBegin(length: number): boolean {
    const w = this.window
    return isLength(length, EVENT_LIMIT) && blockType(w.view.getUint32(w.at, true)).kind !== Kind.Unknown
  }

  /** Keeps what is wrong, at the current position or another place of the window. */
  report(what: string, at = this.window.at): void {
    const { damage } = this
    const offset = this.window.offsetOf(at)
    if (damage.length < DAMAGE_LIMIT) damage.push({ file: this.name, offset, what })
    else (damage[DAMAGE_LIMIT - 1] as Damage).what = 'and more damage after this'
  }
}

/** Whether a block can be so many bytes long. */
function isLength(bytes: number, limit: number): boolean {
  return bytes >= FRAME && bytes <= limit && (bytes & 3) === 0
}
