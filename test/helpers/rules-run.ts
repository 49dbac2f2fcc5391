// `ksys rules -j` in a test, while it runs: its alerts and messages so far. It ends with the test.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { main, root } from './ksys.js'

/** An alert as JSON. */
export interface Told {
  rule: string
  output: string
  priority: string
  source: string
  output_fields: Record<string, unknown>
}

export class RulesRun {
  readonly child: ChildProcessWithoutNullStreams
  private readonly done: Promise<number | null>
  private out = ''
  private error = ''

  constructor(...args: string[]) {
    const child = spawn(process.execPath, [main, 'rules', '-j', ...args], { cwd: root })
    this.child = child
    // programs that it started may keep its standard error open
    const ended = Promise.all([once(child, 'exit'), once(child.stdout, 'close')])
    this.done = ended.then(([[code]]) => code as number | null)
    child.stdout.on('data', (d) => {
      this.out += d
    })
    child.stderr.on('data', (d) => {
      this.error += d
    })
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await this.done
    })
  }

  /** The alerts of a rule so far. */
  told(rule: string): Told[] {
    const whole = this.out.split('\n').slice(0, -1)
    return whole.map((line) => JSON.parse(line) as Told).filter((t) => t.rule === rule)
  }

  /** What is on standard error so far. */
  readonly messages = (): string => this.error

  /** Ends it; its exit code. */
  end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.child.kill(signal)
    return this.done
  }
}
