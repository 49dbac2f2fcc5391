// A terminal for measurements: tmux in control mode reports output when it arrives, so that no polling interferes.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** ms after which expected output is considered missing */
const PATIENCE = 30_000

/** The sequence that clears a screen, as tmux reports it in control mode. */
const CLEARS = /\\033(?:\[[23]?J|c)/g

export class Pane {
  /** bytes of output as tmux reported them, and the number of its sequences that cleared the screen, since the command started */
  bytes = 0
  clears = 0
  private readonly dir = mkdtempSync(join(tmpdir(), 'ksys-pane-'))
  private readonly control: ChildProcess
  private readonly command: string
  private waiting: { text: string; done: (ms: number) => void } | undefined
  private seen = ''

  /** A terminal in which the command runs. */
  constructor(command: string, width = 120, height = 40) {
    this.tmux('new-session', '-d', '-x', String(width), '-y', String(height), 'env', 'TERM=tmux-256color', 'sh')
    this.tmux('set-option', '-g', 'window-size', 'manual')
    this.control = spawn('tmux', ['-S', join(this.dir, 'socket'), '-C', 'attach'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.control.stdout?.on('data', (d: Buffer) => this.output(d.toString('latin1')))
    this.command = command
  }

  /** Starts the command; ms until `text` is written. */
  start(text: string): Promise<number> {
    return this.act(`send-keys -l '${this.command}'\nsend-keys Enter`, text)
  }

  /** Presses a key by tmux's name; ms until `text` is written, which only this key may cause. */
  press(key: string, text: string): Promise<number> {
    return this.act(`send-keys ${key}`, text)
  }

  /** Presses keys without waiting for anything. */
  keys(...names: string[]): void {
    this.tmux('send-keys', ...names)
  }

  screen(): string[] {
    return this.tmux('capture-pane', '-p').split('\n')
  }

  /** The process in the terminal other than the shell. */
  pid(): number {
    const shell = this.tmux('display-message', '-p', '#{pane_pid}').trim()
    return Number(execFileSync('pgrep', ['-P', shell], { encoding: 'utf8' }).trim())
  }

  close(): void {
    this.control.kill()
    try {
      this.tmux('kill-server')
    } catch {
      // it has exited
    }
    rmSync(this.dir, { recursive: true, force: true })
  }

  private act(commands: string, text: string): Promise<number> {
    this.seen = ''
    const from = performance.now()
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`"${text}" was not written in ${PATIENCE} ms\n${this.screen().join('\n')}`)),
        PATIENCE,
      )
      const done = (at: number) => {
        clearTimeout(late)
        resolve(at - from)
      }
      this.waiting = { text, done }
      this.control.stdin?.write(`${commands}\n`)
    })
  }

  private output(data: string): void {
    this.bytes += data.length
    this.clears += data.match(CLEARS)?.length ?? 0
    if (this.waiting === undefined) return
    this.seen += data
    if (!this.seen.includes(this.waiting.text)) return
    const { done } = this.waiting
    this.waiting = undefined
    done(performance.now())
  }

  private tmux(...args: string[]): string {
    return execFileSync('tmux', ['-u', '-S', join(this.dir, 'socket'), '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    })
  }
}
