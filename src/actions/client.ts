// The end of a runner that ksys keeps: starts it, and asks it to run actions.
import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import type { Outcome } from './execute.js'
import { encode, type Request } from './frame.js'
import { CHANNEL, type RunnerStart } from './runner.js'

const GONE: Outcome = {
  ok: false,
  text: 'what runs actions has ended, though it should not have: leave ksys and start it again',
}

export class Runner {
  private readonly child: ChildProcess
  private readonly channel: Duplex
  private waiting: ((o: Outcome) => void) | undefined
  private text = ''
  private gone = false

  /** `command`: the file and words by which the command starts itself as a runner; `start` follows as JSON. */
  constructor([file, words]: readonly [string, readonly string[]], start: RunnerStart) {
    const stdio = ['inherit', 'inherit', 'inherit', 'pipe'] as const
    this.child = spawn(file, [...words, JSON.stringify(start)], { stdio: [...stdio] })
    this.channel = this.child.stdio[CHANNEL] as Duplex
    this.channel.on('data', (data: Buffer) => this.take(data))
    this.channel.on('error', () => this.ended())
    this.channel.once('close', () => this.ended())
    this.child.once('error', () => this.ended())
    // it ends when ksys does: nothing waits for it
    this.child.unref()
    ;(this.channel as Duplex & { unref?: () => void }).unref?.()
  }

  /** Runs an action; fulfilled when it has ended. One at a time. */
  run(request: Request): Promise<Outcome> {
    if (this.gone) return Promise.resolve(GONE)
    if (this.waiting !== undefined) return Promise.resolve({ ok: false, text: 'another action still runs' })
    return new Promise((resolve) => {
      this.waiting = resolve
      this.channel.write(encode(request))
    })
  }

  /** Ends it, and what it runs. */
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

  private ended(): void {
    this.gone = true
    this.settle(GONE)
  }

  private settle(o: Outcome): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.(o)
  }
}
