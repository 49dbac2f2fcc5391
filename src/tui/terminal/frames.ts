// Where Ink's frames go: of the lines that a frame stands for only those that differ from the frame before are written, at
// their place.
import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { Lines } from './lines.js'

const BEGIN = '\x1b[?2026h'
const END = '\x1b[?2026l'
const ERASE_LINE = '\x1b[K'

/** A terminal of Ink's that takes one whole frame a write (Ink's debug mode gives them so), a character for each line. */
export class Frames extends Writable {
  readonly isTTY = true
  readonly lines = new Lines()
  /** for Ink: what it lays out is one cell wide */
  readonly columns = 1
  private shown: readonly string[] = []
  private silent = false

  constructor(
    private readonly out: WriteStream,
    private rows: number,
  ) {
    super({ decodeStrings: false })
  }

  /** The terminal has so many lines now, or what is on it is lost. */
  reset(rows: number): void {
    this.rows = rows
    this.shown = []
    this.lines.forget()
  }

  /** No more frames are written. */
  stop(): void {
    this.silent = true
  }

  /** Shows these lines. */
  show(all: readonly string[]): void {
    const lines = all.slice(0, this.rows)
    const changes = this.changes(lines)
    this.shown = lines
    if (changes !== '') this.out.write(BEGIN + changes + END)
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: (e?: Error | null) => void): void {
    const frame = String(chunk)
    if (this.silent || frame === '') {
      done()
      return
    }
    this.show(this.lines.first(frame.split('\n').length))
    done()
  }

  private changes(lines: readonly string[]): string {
    let text = ''
    const count = Math.min(this.rows, Math.max(lines.length, this.shown.length))
    for (let i = 0; i < count; i++) {
      const line = lines[i] ?? ''
      if (line === this.shown[i]) continue
      // erased first, since terminals differ about the width of some characters
      text += `\x1b[${i + 1};1H${ERASE_LINE}${line}`
    }
    return text
  }
}
