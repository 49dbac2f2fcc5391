// One output of a kind, as a run opens it.
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Channel } from '../../../../src/rules/outputs/channel.js'
import { OUTPUT_KINDS } from '../../../../src/rules/outputs/kinds.js'
import type { Formatted } from '../../../../src/rules/outputs/output.js'
import { QueuedOutput } from '../../../../src/rules/outputs/queued-output.js'
import type { OutputSpec } from '../../../../src/rules/outputs/spec.js'
import type { Priority } from '../../../../src/rules/rule.js'

export interface Opened {
  readonly output: QueuedOutput
  /** the reported problems */
  readonly problems: string[]
  offer(text: string, priority?: Priority): void
  /** Waits until this number of alerts was delivered or failed. */
  settled(count: number): Promise<void>
}

const context = { json: false, write: () => {}, reportProblem: () => {}, version: '1.2.3' }

/** Opens the output; it is closed when the test ends. Rejects with OutputError. */
export async function openOne(spec: OutputSpec, given: Partial<typeof context> = {}): Promise<Opened> {
  return queued(await OUTPUT_KINDS[spec.kind].open(spec, { ...context, ...given }), spec)
}

/** An output over this channel. */
export function queued(channel: Channel, { kind, minimum, capacity }: OutputSpec): Opened {
  const problems: string[] = []
  const output = new QueuedOutput(channel, { name: kind, minimum, capacity, reportProblem: (s) => problems.push(s) })
  onTestFinished(() => output.close(0))
  const offer = (line: string, priority: Priority = 'Warning') =>
    output.offer({ line, priority, internal: false } satisfies Formatted)
  const done = () => output.stats.sent + output.stats.failed
  const settled = async (count: number) => {
    for (let i = 0; i < 2000 && done() < count; i++) await sleep(10)
  }
  return { output, problems: problems, offer, settled }
}
