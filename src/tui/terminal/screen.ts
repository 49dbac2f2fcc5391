// The lines on the terminal's screen: only those that have changed are written.

const SYNC_BEGIN = '\x1b[?2026h'
const SYNC_END = '\x1b[?2026l'
/** Erases a line before it is written: erasing after a full line removes its last character on many terminals. */
const ERASE = '\x1b[K'

export class Screen {
  /** what each line shows; '' for an empty one */
  private shown: readonly string[] = []
  private silent = false

  constructor(
    private readonly out: { write(text: string): unknown },
    /** its height */
    private rows: number,
  ) {}

  /** Writes the lines that differ from those on the screen; lines below its end are left out. */
  draw(lines: readonly string[]): void {
    if (this.silent) return
    let frame = ''
    for (let y = 0; y < this.rows; y++) {
      const line = lines[y] ?? ''
      if (line !== (this.shown[y] ?? '')) frame += `\x1b[${y + 1};1H${ERASE}${line}`
    }
    this.shown = lines
    if (frame !== '') this.out.write(SYNC_BEGIN + frame + SYNC_END)
  }

  /** The screen was cleared, and has this height. */
  cleared(rows: number): void {
    this.shown = []
    this.rows = rows
    this.silent = false
  }

  /** From now on nothing is written. */
  close(): void {
    this.silent = true
  }
}
