// Runs kubectl as a child process with an argument array, never through a shell.
import { type ChildProcess, spawn } from 'node:child_process'
import { CliError, EXIT } from '../errors/exit.js'

/** maximum characters of the output of a call */
const MAX_OUTPUT = 16 << 20

/** The result of a call of kubectl. */
interface KubectlResult {
  readonly code: number
  readonly stdout: string
  /** if the call failed, the first line is the reason */
  readonly stderr: string
}

export class Kubectl {
  /** globals: arguments of every call, which select the cluster. */
  constructor(private readonly globals: readonly string[]) {}

  /** Runs kubectl and waits for its exit, in its own process group: Ctrl-C does not reach it. Throws CliError if it is not installed. */
  async run(words: readonly string[], input?: string): Promise<KubectlResult> {
    const child = this.start(words, [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'])
    let chars = 0
    const texts = { stdout: '', stderr: '' }
    for (const key of ['stdout', 'stderr'] as const)
      child[key]?.setEncoding('utf8').on('data', (text: string) => {
        chars += text.length
        if (chars > MAX_OUTPUT) child.kill('SIGKILL')
        else texts[key] += text
      })
    // kubectl may exit before it has read all input
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
    return { code: await ended(child), ...texts }
  }

  /** The JSON object that a call prints. failure: the start of the error message. Throws CliError with kubectl's message. */
  async json(failure: string, words: readonly string[], input?: string): Promise<unknown> {
    const { code, stdout, stderr } = await this.run([...words, '-o', 'json'], input)
    if (code !== 0)
      throw new CliError(EXIT.unavailable, `${failure}: ${firstLine(stderr) || `kubectl exited with ${code}`}`)
    try {
      return JSON.parse(stdout)
    } catch {
      throw new CliError(EXIT.unavailable, `${failure}: kubectl did not print JSON`)
    }
  }

  /** Starts kubectl. It has its own process group, which signals of the terminal do not reach, unless it inherits standard input. */
  start(words: readonly string[], stdio: ('ignore' | 'pipe' | 'inherit')[]): ChildProcess {
    return spawn('kubectl', [...this.globals, ...words], { stdio, detached: stdio[0] !== 'inherit' })
  }
}

/** The exit code of kubectl, 128 + N if a signal ended it. Rejects with CliError if it could not be started. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((done, fail) => {
    child.on('error', (e: NodeJS.ErrnoException) => {
      const why = e.code === 'ENOENT' ? 'it was not found in PATH' : e.message
      fail(new CliError(EXIT.unavailable, `kubectl cannot be run: ${why}`))
    })
    child.on('close', (code, signal) => done(code ?? 128 + (signal === 'SIGINT' ? 2 : 9)))
  })
}

/** The first line of a message of kubectl, without `error: `. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((l) => l.trim() !== '') ?? ''
  return line.trim().replace(/^error: /i, '')
}
