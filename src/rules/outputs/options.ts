// What may follow an output's target, behind commas: `priority=warning,capacity=1000`.
import { parseDuration } from '../../filter/time.js'
import { PRIORITIES, type Priority } from '../rule.js'
import type { OutputKind, OutputSpec } from './spec.js'

export interface OutputOption {
  readonly key: keyof OutputSpec
  /** kinds of output that have it; undefined: all */
  readonly kinds?: readonly OutputKind[]
  /** what it wants, for people */
  readonly expects: string
  /** undefined: it is no such */
  readonly value: (text: string) => OutputSpec[keyof OutputSpec]
}

/** alerts that one may let wait at most */
const MOST_WAITING = 1_000_000
const LONGEST_TIMEOUT = 600_000
const MOST_RETRIES = 100

/** All of them, by name. */
export const OUTPUT_OPTIONS: Readonly<Record<string, OutputOption>> = {
  priority: { key: 'minimum', expects: `one of ${PRIORITIES.join(', ')}`, value: priorityOf },
  capacity: { key: 'capacity', expects: `a number from 1 to ${MOST_WAITING}`, value: whole(1, MOST_WAITING) },
  keep_alive: { key: 'keepAlive', kinds: ['program'], expects: 'true or false', value: flag },
  timeout: {
    key: 'timeout',
    kinds: ['http'],
    expects: 'a time such as 500ms or 5s, ten minutes at most',
    value: timeoutOf,
  },
  retries: {
    key: 'retries',
    kinds: ['http'],
    expects: `a number from 0 to ${MOST_RETRIES}`,
    value: whole(0, MOST_RETRIES),
  },
  user_agent: { key: 'userAgent', kinds: ['http'], expects: 'printable ASCII', value: headerText },
  compress: { key: 'compress', kinds: ['http'], expects: 'true or false', value: flag },
  insecure: { key: 'insecure', kinds: ['http'], expects: 'true or false', value: flag },
  ca: { key: 'ca', kinds: ['http'], expects: 'a file or folder', value: some },
  cert: { key: 'cert', kinds: ['http'], expects: 'a file', value: some },
  key: { key: 'key', kinds: ['http'], expects: 'a file', value: some },
}

/** The priority that a text names, in any case; INFO is a short form. */
export function priorityOf(text: string): Priority | undefined {
  const lower = text.toLowerCase()
  return lower === 'info' ? 'Informational' : PRIORITIES.find((p) => p.toLowerCase() === lower)
}

function whole(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const n = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return n >= least && n <= most ? n : undefined
  }
}

function flag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}

/** ms of a duration; one without a unit is none. */
function timeoutOf(text: string): number | undefined {
  const ns = /[a-z]$/.test(text) ? parseDuration(text) : undefined
  const ms = ns === undefined ? 0 : Math.round(ns / 1e6)
  return ms >= 1 && ms <= LONGEST_TIMEOUT ? ms : undefined
}

function headerText(text: string): string | undefined {
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined
}

function some(text: string): string | undefined {
  return text === '' ? undefined : text
}
