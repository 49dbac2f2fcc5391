// The stream that Ink writes to. Ink draws below the shell's last line by default; here its frame is the whole screen.
import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'

const SYNC_BEGIN = '\x1b[?2026h'
const SYNC_END = '\x1b[?2026l'
const TOP = '\x1b[H'
/** how Ink's incremental writer starts a changed line, and ends it */
const LINE_START = '\x1b[1G'
const ERASE_TO_END = '\x1b[K'

/**
 * A screen for frames of exactly its height. It is not a terminal for Ink (no `isTTY`, no `rows`): Ink would clear a
 * full screen at every frame, and hide and show the cursor, which terminal.ts does.
 */
export class InkOutput extends Writable {
  private silent = false

  /** `columns`: width of a line in cells, which Ink reads. */
  constructor(
    private readonly out: WriteStream,
    readonly columns: number,
  ) {
    super({ decodeStrings: false })
  }

  /** From now on discards what Ink writes. */
  close(): void {
    this.silent = true
  }

  /** `chunk` is a frame: changed lines, and cursor movements over unchanged ones. */
  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const frame = String(chunk)
    if (!this.silent && frame !== '') this.out.write(SYNC_BEGIN + TOP + onScreen(frame) + SYNC_END)
    done()
  }
}

/** The frame without sequences that would spoil a full screen. */
function onScreen(frame: string): string {
  // a newline after the last line would scroll
  const whole = frame.endsWith('\n') ? frame.slice(0, -1) : frame
  // erasing after a full line removes its last character on many terminals
  return whole.replaceAll(ERASE_TO_END, '').replaceAll(LINE_START, LINE_START + ERASE_TO_END)
}
