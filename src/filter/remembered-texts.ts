// A test of texts that keeps its last answers: the same texts come again and again, as the very same strings.
import type { Test, Value } from './operators.js'

/** Answers that a test keeps. */
const ANSWERS = 256

/** The same test, which looks its last answers up. */
export function withLastAnswers(test: Test): Test {
  const texts: Value[] = new Array<Value>(ANSWERS).fill(undefined)
  const answers = new Array<boolean>(ANSWERS).fill(false)
  const ofAbsent = test(undefined)
  return (v) => {
    if (typeof v !== 'string') return v === undefined ? ofAbsent : test(v)
    const { length } = v
    const slot =
      length === 0 ? 0 : (length + 7 * v.charCodeAt(length - 1) + 31 * v.charCodeAt(length >> 1)) & (ANSWERS - 1)
    if (texts[slot] !== v) {
      texts[slot] = v
      answers[slot] = test(v)
    }
    return answers[slot] as boolean
  }
}
