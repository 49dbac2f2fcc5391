// A terminal on which a live table is updated in place: handles keys, writes frames and restores the terminal at the end.
import { writeSync } from 'node:fs'
import { upTo } from '../../format/text/width.js'

const HOME = '\x1b[H'
const CLEAR = '\x1b[2J'
const CLEAR_LINE = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'
const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const CTRL_C = '\x03'
const CTRL_Z = '\x1a'
/** titles, dashes, and the line of keys */
const FRAME_LINES = 3

export class Screen {
  private paused = false
  private open = false
  private drawn = false
  private last: readonly string[] = []
  private readonly keys = process.stdin.isTTY === true
  private readonly onKeys = (data: Buffer) => this.press(data.toString('latin1'))
  private readonly onResume = () => {
    this.enter()
    writeSync(1, this.frame(this.last, true))
  }

  /** `quit` is called for q and Ctrl-C. */
  constructor(private readonly quit: () => void) {}

  /** Whether standard output is a terminal that can show tables in place. */
  static usable(): boolean {
    return process.stdout.isTTY === true && process.env.TERM !== 'dumb'
  }

  /** Number of table rows that fit on the screen. */
  get rows(): number {
    return Math.max(1, (process.stdout.rows ?? 24) - FRAME_LINES - 1)
  }

  /** Starts to use the terminal. */
  start(): void {
    this.open = true
    if (this.keys) {
      process.stdin.on('data', this.onKeys)
      process.on('SIGCONT', this.onResume)
    }
    process.on('exit', this.restore)
    this.enter()
  }

  /** The text to write so that the screen shows these lines; '' while it is paused. */
  frame(lines: readonly string[], again = false): string {
    if (!this.open || (this.paused && !again)) return ''
    this.last = lines
    const columns = process.stdout.columns ?? 80
    const shown = lines.slice(0, this.rows + FRAME_LINES - 1)
    const help = this.paused ? 'paused; p continues, q ends' : 'p pauses, q ends'
    const all = this.keys ? [...shown, upTo(help, columns)] : shown
    const first = this.drawn ? '' : CLEAR
    this.drawn = true
    return `${first}${HOME}${all.map((l) => upTo(l, columns) + CLEAR_LINE).join('\r\n')}${CLEAR_BELOW}`
  }

  /** Restores the terminal; the last table stays on the screen. */
  close(): void {
    if (!this.open) return
    if (this.keys) {
      process.stdin.off('data', this.onKeys)
      process.stdin.pause()
      process.off('SIGCONT', this.onResume)
    }
    process.off('exit', this.restore)
    this.restore()
    this.open = false
  }

  private enter(): void {
    this.drawn = false
    if (this.keys) {
      process.stdin.setRawMode(true)
      process.stdin.resume()
    }
    writeSync(1, HIDE_CURSOR)
  }

  private readonly restore = () => {
    if (this.keys) process.stdin.setRawMode(false)
    // remove the line of keys; the table stays
    const end = this.keys ? `\r${CLEAR_LINE}` : '\r\n'
    writeSync(1, `${this.drawn ? end : ''}${SHOW_CURSOR}`)
  }

  private press(keys: string): void {
    for (const key of keys) {
      if (key === 'q' || key === CTRL_C) {
        this.quit()
        return
      }
      if (key === CTRL_Z) {
        this.restore()
        process.kill(process.pid, 'SIGTSTP')
      }
      if (key === 'p') {
        this.paused = !this.paused
        writeSync(1, this.frame(this.last, true))
      }
    }
  }
}
