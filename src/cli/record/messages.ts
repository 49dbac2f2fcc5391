// What is said over a recorder's socket: a request and its answer, a line of JSON each. Neither side trusts the other's.
import type { Status } from './status.js'

export type Request =
  /** after: ns of capture time that go into the file behind this moment; undefined: as the recorder was told */
  { readonly ask: 'dump'; readonly after?: number | undefined } | { readonly ask: 'status' }

/** dumped: the path of the file that was written */
export type Answer = { readonly dumped: string } | { readonly status: Status } | { readonly error: string }

/** What a line asks for; undefined: it is no request. */
export function requestOf(line: string): Request | undefined {
  try {
    const { ask, after } = JSON.parse(line) as Record<string, unknown>
    if (ask === 'status') return { ask }
    if (ask !== 'dump') return undefined
    return { ask, after: Number.isFinite(after) && Number(after) >= 0 ? Number(after) : undefined }
  } catch {
    return undefined
  }
}

/** What a line answers; undefined: it is no answer of a recorder. */
export function answerOf(line: string): Answer | undefined {
  try {
    const answer = JSON.parse(line) as Record<string, unknown>
    return isAnswer(answer) ? answer : undefined
  } catch {
    return undefined
  }
}

function isAnswer(answer: Record<string, unknown>): answer is Record<string, unknown> & Answer {
  const { error, dumped, status } = answer
  if (error !== undefined) return typeof error === 'string'
  if (dumped !== undefined) return typeof dumped === 'string'
  const numbers = { seconds: 'number', bytes: 'number', most: 'number', files: 'number' }
  return hasAll(status, { ...numbers, writing: 'boolean', to: 'string' })
}

function hasAll(value: unknown, kinds: Readonly<Record<string, string>>): boolean {
  const members = Object(value) as Record<string, unknown>
  return Object.entries(kinds).every(([name, kind]) => typeof members[name] === kind)
}
