// A permanently connected client of tmux: frequent queries need no process (tmux(1), CONTROL MODE).
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** The type of terminal that tmux assumes for itself, independently of the tests' terminal. */
export const TMUX_ENV = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' }

/** The line before the output of a command, and the one after it; they contain its number and others. */
const BEGIN = /^%begin (\d+ \d+) 1$/
const END = /^%(end|error) (\d+ \d+) 1$/

/** A command of these words, quoted. A command is one line: a line feed becomes an escape, which only double quotes have. */
export function command(words: readonly string[]): string {
  const quoted = (w: string) => `'${w.replaceAll("'", `'"'"'`).replaceAll('\n', `'"\\n"'`)}'`
  return words.map(quoted).join(' ')
}

interface Pending {
  readonly resolve: (lines: string[]) => void
  readonly reject: (e: Error) => void
}

export class ControlClient {
  private readonly client: ChildProcessWithoutNullStreams
  /** commands without a response yet, the oldest first */
  private readonly pending: Pending[] = []
  /** the number of the command whose response is being read, and its lines so far */
  private answering: string | undefined
  private lines: string[] = []

  /** words: options of tmux that select the server. */
  constructor(words: readonly string[]) {
    this.client = spawn('tmux', [...words, '-C', 'attach-session', '-f', 'no-output,ignore-size'], { env: TMUX_ENV })
    this.client.stdin.on('error', () => undefined)
    createInterface({ input: this.client.stdout }).on('line', (line) => this.hear(line))
    this.client.on('close', () => {
      for (const { reject } of this.pending.splice(0)) reject(new Error('tmux has ended'))
    })
    // the server ends with this client, even if the tests are killed
    this.run('set-option -s exit-unattached on').catch(() => undefined)
  }

  /** The output lines of a tmux command. */
  run(command: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      if (this.client.exitCode !== null) return reject(new Error('tmux has ended'))
      this.pending.push({ resolve, reject })
      this.client.stdin.write(`${command}\n`)
    })
  }

  close(): void {
    this.client.stdin.end()
  }

  private hear(line: string): void {
    const [, kind, numbers] = END.exec(line) ?? []
    if (this.answering === undefined) {
      this.answering = BEGIN.exec(line)?.[1]
    } else if (numbers !== this.answering) {
      this.lines.push(line)
    } else {
      const { pending, lines } = this
      ;[this.answering, this.lines] = [undefined, []]
      if (kind === 'end') pending.shift()?.resolve(lines)
      else pending.shift()?.reject(new Error(lines.join('\n')))
    }
  }
}
