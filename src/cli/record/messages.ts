// The protocol of a recorder's socket: a request and its reply are a line of JSON each. Empty lines before the reply are keep-alives.
// Each side validates what the other sends.
import { isAbsolute, normalize } from 'node:path'
import { megabytes } from '../../run/memory.js'
import { visibleLine } from '../output/visible.js'

/** ms between keep-alives */
export const KEEP_ALIVE_EVERY = 1000

/** maximum characters of a text in a reply: more than the longest path with every character escaped */
const LONGEST_TEXT = 20_000

export type Request =
  /** after: ns of capture time after the request that go into the file; undefined: the recorder's --after */
  | { readonly ask: 'dump'; readonly after?: number | undefined }
  /** pid: the client, whose start must have arrived through the capture; undefined: this is not checked */
  | { readonly ask: 'status'; readonly pid?: number | undefined }

/** The status of a recorder. */
export interface Status {
  /** s of capture time in memory */
  readonly seconds: number
  /** bytes in memory, and their maximum */
  readonly bytes: number
  readonly most: number
  /** number of files written, and whether one is being written */
  readonly files: number
  readonly writing: boolean
  /** where they are written */
  readonly to: string
}

/** The reply to each request, unless it fails. */
export interface Answers {
  /** dumped: the path of the written file */
  readonly dump: { readonly dumped: string }
  readonly status: { readonly status: Status }
}

export interface Refusal {
  readonly error: string
}

export type Answer = Answers[keyof Answers] | Refusal

/** Parses a request; undefined if it is invalid. */
export function requestOf(line: string): Request | undefined {
  try {
    const { ask, after, pid } = JSON.parse(line) as Record<string, unknown>
    if (ask === 'status') return { ask, pid: Number.isInteger(pid) && Number(pid) > 0 ? Number(pid) : undefined }
    if (ask !== 'dump') return undefined
    return { ask, after: Number.isFinite(after) && Number(after) >= 0 ? Number(after) : undefined }
  } catch {
    return undefined
  }
}

/** A reply as a line; all texts in it are printable. */
export function lineOf(answer: Answer): string {
  const printable = (_: string, value: unknown) =>
    typeof value === 'string' ? visibleLine(value).slice(0, LONGEST_TEXT) : value
  return `${JSON.stringify(answer, printable)}\n`
}

/** Parses the reply to a request; undefined if it is invalid. */
export function answerOf<K extends keyof Answers>(line: string, ask: K): Answers[K] | Refusal | undefined {
  try {
    const answer = JSON.parse(line) as Record<string, unknown>
    const { error } = answer
    if (error !== undefined) return isText(error) ? { error } : undefined
    return CHECKED[ask](answer)
  } catch {
    return undefined
  }
}

const CHECKED: { readonly [K in keyof Answers]: (answer: Record<string, unknown>) => Answers[K] | undefined } = {
  dump: ({ dumped }) => (isPath(dumped) ? { dumped } : undefined),
  status: ({ status }) => (isStatus(status) ? { status } : undefined),
}

const NUMBERS = ['seconds', 'bytes', 'most', 'files'] as const

function isStatus(value: unknown): value is Status {
  const { writing, to, ...others } = Object(value) as Partial<Record<keyof Status, unknown>>
  return typeof writing === 'boolean' && isText(to) && NUMBERS.every((name) => isAmount(others[name]))
}

const isAmount = (value: unknown) => Number.isFinite(value) && Number(value) >= 0

const isPath = (value: unknown): value is string => isText(value) && isAbsolute(value) && normalize(value) === value

/** Whether it is a text of one line without control characters. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT && visibleLine(value) === value
}

/** The status in one line. */
export function statusText({ seconds, bytes, most, files, writing }: Status): string {
  const written = `${files} ${files === 1 ? 'file' : 'files'} written${writing ? ', one is being written' : ''}`
  return `${seconds.toFixed(1)} s in memory, ${megabytes(bytes)} of ${megabytes(most)} MB; ${written}`
}
