// Where Ink's frames go: each is compared with the one before, and only lines that differ are written, at their place.
import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import stringWidth from 'string-width'

const BEGIN = '\x1b[?2026h'
const END = '\x1b[?2026l'
const TO_END_OF_LINE = '\x1b[K'

/** A terminal of Ink's that takes one whole frame a write (Ink's debug mode gives them so). */
export class Frames extends Writable {
  readonly isTTY = true
  private lines: string[] = []
  private shown: string[] = []
  private silent = false

  constructor(
    private readonly out: WriteStream,
    public columns: number,
    public rows: number,
  ) {
    super({ decodeStrings: false })
  }

  /** The terminal's size changed, or what is on it is lost. */
  reset(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.shown = []
  }

  /** No more frames are written. */
  stop(): void {
    this.silent = true
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: (e?: Error | null) => void): void {
    const frame = String(chunk)
    if (this.silent || frame === '') {
      done()
      return
    }
    this.lines = frame.split('\n').slice(0, this.rows)
    const changes = this.changes()
    this.shown = this.lines
    if (changes === '') done()
    else this.out.write(BEGIN + changes + END, () => done())
  }

  private changes(): string {
    let text = ''
    const count = Math.min(this.rows, Math.max(this.lines.length, this.shown.length))
    for (let i = 0; i < count; i++) {
      const line = this.lines[i] ?? ''
      if (line === this.shown[i]) continue
      // erasing behind a line that fills the terminal would take its last character
      const erase = stringWidth(line) < this.columns ? TO_END_OF_LINE : ''
      text += `\x1b[${i + 1};1H${line}${erase}`
    }
    return text
  }
}
