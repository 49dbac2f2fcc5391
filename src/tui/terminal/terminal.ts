// Takes over the terminal when the UI starts, restores it however it ends, and lends it to the shell on Ctrl-Z.
import { writeSync } from 'node:fs'
import type { ReadStream, WriteStream } from 'node:tty'
import { Decoder } from '../input/decoder.js'
import { type Input, keyId } from '../input/input.js'
import { Screen } from './screen.js'

const ALTERNATE = '\x1b[?1049h'
const MAIN = '\x1b[?1049l'
const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const PASTE_ON = '\x1b[?2004h'
const PASTE_OFF = '\x1b[?2004l'
/** no wrapping: a line that is wider than computed stays one line, so that those below keep their places */
const WRAP_OFF = '\x1b[?7l'
const WRAP_ON = '\x1b[?7h'
const MOUSE_ON = '\x1b[?1000h\x1b[?1002h\x1b[?1006h'
const MOUSE_OFF = '\x1b[?1006l\x1b[?1002l\x1b[?1000l'
const PLAIN = '\x1b[0m'
const CLEAR = '\x1b[H\x1b[2J'
const STDOUT = 1
/** signals that terminal keys send */
const KEYS = ['SIGINT', 'SIGQUIT'] as const
const ignore = (): void => {}
/** number of waits for a full terminal, 5 ms each */
const PATIENCE = 100
const SLEEPER = new Int32Array(new SharedArrayBuffer(4))

interface TerminalEvents {
  input(input: Input): void
  /** the size changed, or the screen's content is lost: everything must be drawn again */
  redraw(): void
}

export class Terminal {
  private readonly decoder = new Decoder()
  private timer: NodeJS.Timeout | undefined
  private taken = false
  /** set while a program uses the terminal, or the user reads its output */
  private lent: { enter?: () => void } | undefined
  private mouse = false
  private events: TerminalEvents | undefined
  /** what is drawn on it is written while ksys has the terminal */
  readonly screen: Screen

  constructor(
    private readonly stdin: ReadStream,
    private readonly stdout: WriteStream,
  ) {
    this.screen = new Screen(stdout, this.rows)
  }

  get columns(): number {
    return this.stdout.columns || 80
  }
  get rows(): number {
    return this.stdout.rows || 24
  }

  /** Takes over the terminal. It is restored by close(), and when the process exits in any way that it can observe. */
  open(events: TerminalEvents): void {
    this.events = events
    process.on('exit', this.giveBack)
    process.on('SIGCONT', this.continued)
    this.stdout.on('resize', this.changed)
    this.stdin.on('data', this.bytes)
    this.take()
  }

  /** Restores the terminal for good. */
  close(): void {
    this.giveBack()
    process.removeListener('exit', this.giveBack)
    process.removeListener('SIGCONT', this.continued)
    this.stdout.removeListener('resize', this.changed)
    this.stdin.removeListener('data', this.bytes)
    this.stdin.pause()
    clearTimeout(this.timer)
    this.events = undefined
  }

  /** Turns the terminal's mouse reports on or off. */
  setMouse(on: boolean): void {
    if (on === this.mouse) return
    this.mouse = on
    if (this.taken) this.write(on ? MOUSE_ON : MOUSE_OFF)
  }

  /** Clears the screen: what is drawn next is written whole. */
  clear(): void {
    if (!this.taken) return
    this.write(CLEAR)
    this.screen.cleared(this.rows)
  }

  /** Puts text on the clipboard of the user's terminal (OSC 52), also through tmux. */
  copy(text: string): void {
    const osc = `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`
    this.write(osc)
    if (process.env.TMUX !== undefined) this.write(`\x1bPtmux;${osc.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`)
  }

  /** Lends the terminal to the shell until the process is continued. */
  suspend(): void {
    this.giveBack()
    process.kill(0, 'SIGTSTP')
  }

  /**
   * Lends the terminal to a program until it exits, then shows `message` below its output, and waits for Enter. Signals
   * sent by keys to the whole foreground process group (Ctrl-C) are for that program.
   */
  async lend(title: string, program: () => Promise<string>): Promise<void> {
    this.giveBack()
    this.lent = {}
    this.stdin.pause()
    for (const s of KEYS) process.on(s, ignore)
    this.write(`${title}\n`)
    const message = await program()
    for (const s of KEYS) process.removeListener(s, ignore)
    if (this.events === undefined) return
    // a killed program may have left the terminal in its own mode
    this.stdin.setRawMode(true)
    this.write(`${PLAIN}${SHOW_CURSOR}\r\n${message}. Enter goes back to ksys.`)
    this.stdin.resume()
    await new Promise<void>((resolve) => {
      this.lent = { enter: resolve }
    })
    this.lent = undefined
    this.write('\r\n')
    this.take()
    this.events?.redraw()
  }

  private take(): void {
    this.taken = true
    if (this.stdin.isTTY) this.stdin.setRawMode(true)
    this.stdin.resume()
    this.write(ALTERNATE + HIDE_CURSOR + WRAP_OFF + PASTE_ON + (this.mouse ? MOUSE_ON : '') + CLEAR)
  }

  private readonly giveBack = (): void => {
    if (!this.taken) return
    this.taken = false
    this.screen.close()
    this.write(PLAIN + MOUSE_OFF + PASTE_OFF + WRAP_ON + SHOW_CURSOR + MAIN)
    try {
      if (this.stdin.isTTY) this.stdin.setRawMode(false)
    } catch {
      // the terminal was closed
    }
  }

  private readonly continued = (): void => {
    if (this.lent !== undefined) return
    // after a stop that ksys did not initiate the shell has changed the mode without Node's knowledge
    if (this.taken && this.stdin.isTTY) this.stdin.setRawMode(false)
    this.take()
    this.events?.redraw()
  }

  private readonly changed = (): void => this.events?.redraw()

  private readonly bytes = (data: Buffer): void => {
    clearTimeout(this.timer)
    for (const input of this.decoder.push(data)) {
      if (this.lent === undefined) this.events?.input(input)
      else if (input.type === 'key' && ['enter', 'ctrl+c'].includes(keyId(input))) this.lent.enter?.()
    }
    const wait = this.decoder.patience
    if (wait !== undefined) this.timer = setTimeout(this.waited, wait)
  }

  private readonly waited = (): void => {
    for (const input of this.decoder.flush()) this.events?.input(input)
  }

  /** Writes synchronously, also while the process exits. */
  private write(text: string): void {
    try {
      let rest = Buffer.from(text)
      for (let tries = 0; rest.length > 0 && tries < PATIENCE; tries++) {
        try {
          rest = rest.subarray(writeSync(STDOUT, rest))
        } catch (e) {
          if ((e as NodeJS.ErrnoException).code !== 'EAGAIN') throw e
          Atomics.wait(SLEEPER, 0, 0, 5)
        }
      }
    } catch {
      // the terminal was closed
    }
  }
}
