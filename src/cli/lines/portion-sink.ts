// Formats the lines of the portions that this thread has claimed, and passes over the others.
import { ByteWriter } from '../../format/bytes/byte-writer.js'
import type { Template } from '../../format/template/template.js'
import type { Event } from '../../model/event.js'
import type { Sink } from '../../run/sink.js'
import { PORTION, type SharedSlots } from './shared-slots.js'

/** Bytes of lines that go out in one piece. */
export const PIECE = 256 * 1024

export abstract class PortionSink implements Sink {
  /** the portion that is being passed, and how many of its lines were */
  protected portion = 0
  protected lines = 0
  /** it is formatted here, into `bytes` */
  protected mine: boolean
  protected bytes = new ByteWriter(PIECE + 65536)

  constructor(
    protected readonly template: Template,
    protected readonly share: SharedSlots,
  ) {
    this.mine = share.claim(0)
  }

  show(e: Event): void {
    if (this.lines === PORTION) this.turn()
    this.lines++
    if (this.mine) this.template.append(this.bytes, e)
  }

  private turn(): void {
    if (this.mine) this.hand()
    this.passed()
    this.portion++
    this.lines = 0
    this.mine = this.share.claim(this.portion)
  }

  /** Hands over what was formatted since the last time: lines of `portion`, of which there were `lines`. */
  protected abstract hand(): void

  /** All lines of a portion were passed. */
  protected passed(): void {}
}
