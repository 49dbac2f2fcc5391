// What Ink writes to. It draws below the shell's last line by itself; here its frame is the whole screen.
import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'

const SYNC_BEGIN = '\x1b[?2026h'
const SYNC_END = '\x1b[?2026l'
const TOP = '\x1b[H'
/** as Ink's incremental writer begins a line that has changed, and ends it */
const LINE_START = '\x1b[1G'
const ERASE_TO_END = '\x1b[K'

/**
 * A screen for frames of exactly its height. Not a terminal for Ink (no `isTTY`, no `rows`): it would clear one that it fills at
 * every frame, and hide and show the cursor, which is terminal.ts's to do.
 */
export class InkOutput extends Writable {
  private silent = false

  /** `columns`: cells of a line, as Ink asks for them. */
  constructor(
    private readonly out: WriteStream,
    readonly columns: number,
  ) {
    super({ decodeStrings: false })
  }

  /** From now on nothing that Ink writes reaches the terminal. */
  close(): void {
    this.silent = true
  }

  /** `chunk` is a frame: from its first line on, lines that have changed and steps over those that have not. */
  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    const frame = String(chunk)
    if (!this.silent && frame !== '') this.out.write(SYNC_BEGIN + TOP + onScreen(frame) + SYNC_END)
    done()
  }
}

/** The frame without what would spoil a screen that it fills. */
function onScreen(frame: string): string {
  // behind the last line a newline scrolls
  const whole = frame.endsWith('\n') ? frame.slice(0, -1) : frame
  // erased behind a line that fills its cells, many terminals take its last character with it
  return whole.replaceAll(ERASE_TO_END, '').replaceAll(LINE_START, LINE_START + ERASE_TO_END)
}
