// Options after an output's target, separated by commas: `priority=warning,capacity=1000`.
import { HTTP_OPTIONS } from '../../web/http-options.js'
import { PRIORITIES, parsePriority } from '../rule.js'
import type { OutputKind, OutputSpec } from './spec.js'

interface OutputOption {
  readonly key: keyof OutputSpec
  /** kinds of outputs that have it; undefined: all */
  readonly kinds?: readonly OutputKind[]
  /** the expected value, for messages */
  readonly expects: string
  /** the parsed value; undefined: invalid */
  readonly value: (text: string) => OutputSpec[keyof OutputSpec]
}

/** largest queue length that can be chosen */
const MOST_WAITING = 1_000_000

/** All options, by name. */
export const OUTPUT_OPTIONS: Readonly<Record<string, OutputOption>> = {
  priority: { key: 'minimum', expects: `one of ${PRIORITIES.join(', ')}`, value: parsePriority },
  capacity: { key: 'capacity', expects: `a number from 1 to ${MOST_WAITING}`, value: integer(1, MOST_WAITING) },
  keep_alive: { key: 'keepAlive', kinds: ['program'], expects: 'true or false', value: flag },
  ...Object.fromEntries(Object.entries(HTTP_OPTIONS).map(([name, o]) => [name, { ...o, kinds: ['http'] }] as const)),
}

function integer(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const n = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return n >= least && n <= most ? n : undefined
  }
}

function flag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}
