// Lines as sequences of steps: one function that appends them all.

import { EncodedText } from '../bytes/encoded-text.js'
import type { Absence } from './absences.js'
import type { Appender } from './appenders.js'
import { copyRepeated } from './repeated-text.js'

/** Appends text of our own. */
export function literal(text: string): Appender {
  const encoded = new EncodedText(text)
  if (encoded.length === 1) {
    const b = encoded.bytes[0] as number
    return (out) => {
      out.byte(b)
      return true
    }
  }
  return (out) => {
    out.encoded(encoded)
    return true
  }
}

/** One piece of a line. */
export interface Step {
  readonly append: Appender
  /** counts the lines that end here; missing where none can */
  readonly absence?: Absence | undefined
  /** an absent value is told instead of ending the line */
  readonly orAbsent: boolean
  /** see repeated-text.ts */
  readonly steady: boolean
}

/** What a format's steps count. */
export function absencesOf(steps: readonly Step[]): readonly Absence[] {
  return steps.flatMap((s) => s.absence ?? [])
}

/** One function that runs all steps; `absent` stands for values that are not there. */
export function line(steps: readonly Step[], absent: EncodedText): Appender {
  return sequence(joined(steps, absent), absent)
}

/** The steps with stretches of steady ones made into one. */
function joined(steps: readonly Step[], absent: EncodedText): Step[] {
  const out: Step[] = []
  for (let i = 0; i < steps.length; ) {
    let end = i
    while (end < steps.length && steps[end]!.steady) end++
    const run = steps.slice(i, end)
    if (run.length > 2) out.push({ append: copyRepeated(sequence(run, absent)), orAbsent: false, steady: true })
    else out.push(...run)
    if (end < steps.length) out.push(steps[end] as Step)
    i = end + 1
  }
  return out
}

/** Generated, so that each call site has one target. Its text is made of step numbers only. */
function sequence(steps: readonly Step[], absent: EncodedText): Appender {
  const names = steps.map((_, i) => `s${i}`)
  const lines = steps.map((s, i) => {
    if (s.orAbsent) return `if(!s${i}(out,e))out.encoded(absent)`
    return `if(!s${i}(out,e)){${s.absence === undefined ? '' : `absences[${i}].lines++;`}return false}`
  })
  const body = `const [${names.join(',')}]=s;return (out,e)=>{${lines.join(';')};return true}`
  return new Function('s', 'absent', 'absences', body)(
    steps.map((s) => s.append),
    absent,
    steps.map((s) => s.absence),
  ) as Appender
}
