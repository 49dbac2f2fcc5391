// ksys's side of a runner: starts it, and sends it requests to run actions.
import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import type { Outcome } from './execute.js'
import { encode, type Request } from './frame.js'
import { CHANNEL, type RunnerStart } from './runner.js'

const RUNNER_EXITED: Outcome = {
  ok: false,
  text: 'the process that runs actions exited unexpectedly: quit ksys and start it again',
}

export class Runner {
  private readonly child: ChildProcess
  private readonly channel: Duplex
  private waiting: ((o: Outcome) => void) | undefined
  private text = ''
  private exited = false

  /** file and words: the command line that starts ksys as a runner; `start` is appended as JSON. */
  constructor([file, words]: readonly [string, readonly string[]], start: RunnerStart) {
    const stdio = ['inherit', 'inherit', 'inherit', 'pipe'] as const
    this.child = spawn(file, [...words, JSON.stringify(start)], { stdio: [...stdio] })
    this.channel = this.child.stdio[CHANNEL] as Duplex
    this.channel.on('data', (data: Buffer) => this.take(data))
    this.channel.on('error', () => this.onExit())
    this.channel.once('close', () => this.onExit())
    this.child.once('error', () => this.onExit())
    // the runner exits with ksys, so ksys need not wait for it
    this.child.unref()
    ;(this.channel as Duplex & { unref?: () => void }).unref?.()
  }

  /** Runs an action; resolves when it has ended. One at a time. */
  run(request: Request): Promise<Outcome> {
    if (this.exited) return Promise.resolve(RUNNER_EXITED)
    if (this.waiting !== undefined) return Promise.resolve({ ok: false, text: 'another action is still running' })
    return new Promise((resolve) => {
      this.waiting = resolve
      this.channel.write(encode(request))
    })
  }

  /** Ends the runner and its action. */
  close(): void {
    this.channel.destroy()
  }

  private take(data: Buffer): void {
    this.text += data.toString()
    const end = this.text.indexOf('\n')
    if (end < 0) return
    const line = this.text.slice(0, end)
    this.text = this.text.slice(end + 1)
    this.settle(JSON.parse(line) as Outcome)
  }

  private onExit(): void {
    this.exited = true
    this.settle(RUNNER_EXITED)
  }

  private settle(o: Outcome): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.(o)
  }
}
