// Processes that the bench starts: each is the leader of a group, which ends with the bench.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { atEnd } from './cleanup.js'
import { pathOf } from './needs.js'

/** A process that runs until it is ended. */
export interface Running {
  child: ChildProcess
  pid: number
  /** standard output and standard error so far */
  output: () => { stdout: string; stderr: string }
  hasEnded: () => boolean
  /** resolves with the exit code, -1 for a signal, once its output is complete */
  ended: Promise<number>
  /** sends a signal and waits for its end; after `limit` ms the whole group is killed */
  end: (signal?: NodeJS.Signals, limit?: number) => Promise<number>
}

const MOST_OUTPUT = 1 << 20

/** Starts a command. Only the last MiB of its output is retained. */
export function start(command: readonly string[], options: SpawnOptions = {}): Running {
  const [name, ...args] = command as [string, ...string[]]
  const program = pathOf(name) ?? name
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true })
  const pid = child.pid
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data) => {
    stdout = (stdout + data).slice(-MOST_OUTPUT)
  })
  child.stderr?.on('data', (data) => {
    stderr = (stderr + data).slice(-MOST_OUTPUT)
  })
  const killGroup = () => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {
      // the group has ended
    }
  }
  const forget = atEnd(killGroup)
  const ended = new Promise<number>((done, failed) => {
    child.on('error', (error) => {
      forget()
      failed(error)
    })
    child.on('close', (code) => {
      // ends what the command has left behind
      forget()
      done(code ?? -1)
    })
  })
  // an error is reported where the end is awaited
  ended.catch(() => {})
  return {
    child,
    pid: pid ?? 0,
    output: () => ({ stdout, stderr }),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended,
    end: async (signal = 'SIGTERM', limit = 20_000) => {
      child.kill(signal)
      const timer = setTimeout(killGroup, limit)
      return ended.finally(() => clearTimeout(timer))
    },
  }
}

/** The standard output of a command. Throws if it fails or takes longer than `limit` seconds. */
export async function run(command: readonly string[], limit: number, options: SpawnOptions = {}): Promise<string> {
  const running = start(command, options)
  let late = false
  const timer = setTimeout(() => {
    late = true
    void running.end('SIGKILL', 0)
  }, limit * 1000)
  const code = await running.ended.finally(() => clearTimeout(timer))
  const { stdout, stderr } = running.output()
  if (late) throw new Error(`'${command.join(' ')}' did not end within ${limit} s`)
  if (code !== 0) throw new Error(`'${command.join(' ')}' failed with exit code ${code}:\n${stderr || stdout}`)
  return stdout
}
