// A real terminal for the UI's tests: tmux with a socket of its own, controlled by keys and read as text.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ControlClient, command, TMUX_ENV } from './control-client.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = `${ROOT}.build/js/src/main.js`
/** ms within which something must appear before the test fails */
const PATIENCE = 60_000
const POLL = 50

export const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'])
    return true
  } catch {
    return false
  }
})()

export class Terminal {
  private readonly dir = mkdtempSync(join(tmpdir(), 'ksys-tui-'))
  private readonly client: ControlClient

  /** A terminal of this size with a shell in it. */
  constructor(
    public readonly width = 120,
    public readonly height = 40,
    env: Readonly<Record<string, string>> = {},
  ) {
    const size = ['-x', String(width), '-y', String(height)]
    const settings = { XDG_CONFIG_HOME: join(this.dir, 'config') }
    const set = Object.entries({ PS1: 'shell> ', TERM: 'tmux-256color', ...settings, ...env }).map(
      ([k, v]) => `${k}=${v}`,
    )
    this.tmux(
      'new-session',
      '-d',
      ...size,
      'env',
      '-u',
      'NO_COLOR',
      '-u',
      'COLORTERM',
      '-u',
      'FORCE_COLOR',
      '-u',
      'CI',
      // the terminal type is TERM, whoever draws it here
      '-u',
      'TMUX',
      ...set,
      'bash',
      '--norc',
      '--noprofile',
      '-i',
    )
    this.tmux('set-option', '-g', 'window-size', 'manual')
    this.tmux('set-option', '-s', 'set-clipboard', 'on')
    this.client = new ControlClient(this.words)
  }

  /** Starts `ksys ui` with these words. */
  ui(...words: string[]): void {
    this.type(`node ${MAIN} ui ${words.map((w) => `'${w}'`).join(' ')}`)
    this.keys('Enter')
  }

  /** Sends keys by tmux's names (Enter, Down, F1, C-z). */
  keys(...names: string[]): void {
    this.send(['send-keys', ...names])
  }

  /** Sends text unchanged. */
  type(text: string): void {
    this.send(['send-keys', '-l', text])
  }

  /** The lines on the screen. */
  lines(): string[] {
    return this.tmux('capture-pane', '-p').split('\n').slice(0, -1)
  }

  /** The same, without a new process. */
  screen(): Promise<string[]> {
    return this.client.run('capture-pane -p')
  }

  /** The screen with its colours. */
  coloured(): string {
    return this.tmux('capture-pane', '-p', '-e')
  }

  /**
   * Waits until `is` accepts the screen; returns its lines. Twice in a row, since the terminal may be in the middle
   * of a frame: its upper lines new, the lower ones still the previous ones.
   */
  async until(what: string, is: (lines: string[]) => boolean): Promise<string[]> {
    const end = Date.now() + PATIENCE
    for (let times = 0; ; ) {
      const lines = await this.screen()
      times = is(lines) ? times + 1 : 0
      if (times === 2) return lines
      if (Date.now() > end) throw new Error(`never on the screen: ${what}\n${lines.join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, POLL))
    }
  }

  /** Waits for text anywhere on the screen. */
  shows(text: string | RegExp): Promise<string[]> {
    return this.until(String(text), (lines) =>
      lines.some((l) => (typeof text === 'string' ? l.includes(text) : text.test(l))),
    )
  }

  /** The text that a program put on the terminal's clipboard (OSC 52). */
  clipboard(): string {
    return this.tmux('show-buffer')
  }

  /** Writes every byte that reaches the terminal from now on to a file. */
  record(file: string): void {
    this.tmux('pipe-pane', '-o', `cat > '${file}'`)
  }

  resize(width: number, height: number): void {
    this.tmux('resize-window', '-x', String(width), '-y', String(height))
  }

  /** Properties of the pane in tmux's format language. */
  fact(format: string): string {
    return this.tmux('display-message', '-p', format).trim()
  }

  close(): void {
    this.client.close()
    try {
      this.tmux('kill-server')
    } catch {
      // it has ended already
    }
    rmSync(this.dir, { recursive: true, force: true })
  }

  /** Without a new process: a UI over this machine would show it, with the text among its arguments. */
  private send(words: readonly string[]): void {
    this.client.run(command(words)).catch(() => undefined)
  }

  private get words(): string[] {
    return ['-u', '-S', join(this.dir, 'socket'), '-f', '/dev/null']
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', [...this.words, ...args], { encoding: 'utf8', env: TMUX_ENV })
  }
}
