// Runs kubectl as a child process with an argument array, never through a shell.
import { type ChildProcess, spawn } from 'node:child_process'
import { CliError, EXIT } from '../errors/exit.js'

/** Bytes of an answer at most. */
const MOST = 16 << 20

export interface Answer {
  readonly code: number
  readonly stdout: string
  /** its first line says why it failed */
  readonly stderr: string
}

export class Kubectl {
  /** globals: words that each call has, which name the cluster. */
  constructor(private readonly globals: readonly string[]) {}

  /** Runs it to its end, in a group of its own: a Ctrl-C is not for it. Throws CliError where there is none. */
  async run(words: readonly string[], input?: string): Promise<Answer> {
    const child = this.start(words, [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'])
    let bytes = 0
    const texts = { stdout: '', stderr: '' }
    for (const key of ['stdout', 'stderr'] as const)
      child[key]?.setEncoding('utf8').on('data', (text: string) => {
        bytes += text.length
        if (bytes > MOST) child.kill('SIGKILL')
        else texts[key] += text
      })
    // it may end without having read it all
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
    return { code: await ended(child), ...texts }
  }

  /** The object that it prints; what: names it in sentences. Throws CliError with kubectl's own words. */
  async json(what: string, words: readonly string[], input?: string): Promise<unknown> {
    const { code, stdout, stderr } = await this.run([...words, '-o', 'json'], input)
    if (code !== 0)
      throw new CliError(EXIT.unavailable, `${what}: ${firstLine(stderr) || `kubectl ended with ${code}`}`)
    try {
      return JSON.parse(stdout)
    } catch {
      throw new CliError(EXIT.unavailable, `${what}: kubectl printed no JSON`)
    }
  }

  /** Starts it. What happens to the terminal is not for it unless it has that. */
  start(words: readonly string[], stdio: ('ignore' | 'pipe' | 'inherit')[]): ChildProcess {
    return spawn('kubectl', [...this.globals, ...words], { stdio, detached: stdio[0] !== 'inherit' })
  }
}

/** Its exit code, 128 + N where a signal ended it. Rejects with CliError where it could not be started. */
export function ended(child: ChildProcess): Promise<number> {
  return new Promise((done, fail) => {
    child.on('error', (e: NodeJS.ErrnoException) => {
      const why = e.code === 'ENOENT' ? 'it was not found in PATH' : e.message
      fail(new CliError(EXIT.unavailable, `kubectl cannot be run: ${why}`))
    })
    child.on('close', (code, signal) => done(code ?? 128 + (signal === 'SIGINT' ? 2 : 9)))
  })
}

/** The first line of what a program said, without the word that it begins with. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((l) => l.trim() !== '') ?? ''
  return line.trim().replace(/^error: /i, '')
}
