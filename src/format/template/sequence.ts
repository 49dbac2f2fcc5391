// Lines as sequences of steps, combined into one function.

import { EncodedText } from '../../render/bytes/encoded-text.js'
import type { Absence } from './absences.js'
import type { Appender } from './appenders.js'
import { copyRepeated } from './repeated-text.js'

/** Appends a constant text. */
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

/** One step of a line. */
export interface Step {
  readonly append: Appender
  /** counts the lines that are omitted at this step; missing if it cannot fail */
  readonly absence?: Absence | undefined
  /** an absent value is written instead of omitting the line */
  readonly orAbsent: boolean
  /** see repeated-text.ts */
  readonly steady: boolean
}

/** The counters of a format's steps. */
export function absencesOf(steps: readonly Step[]): readonly Absence[] {
  return steps.flatMap((s) => s.absence ?? [])
}

/** One function that runs all steps; `absent` is written for absent values. */
export function line(steps: readonly Step[], absent: EncodedText): Appender {
  return sequence(withRepeatedRuns(steps, absent), absent)
}

/** The steps, with runs of steady ones combined into one. */
function withRepeatedRuns(steps: readonly Step[], absent: EncodedText): Step[] {
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

/** Generated, so that each step has a call site of its own. The source contains step numbers only. */
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
