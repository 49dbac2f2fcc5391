// Options of a server that bodies are sent to, which follow its URL: `timeout=2s,ca=FILE`. Shared by all senders.
import { parseDuration } from '../filter/time.js'
import type { TlsFiles } from './tls.js'

export interface HttpOptions extends TlsFiles {
  /** timeout of a response in ms, and number of retries */
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
  readonly userAgent?: string | undefined
  /** compress bodies with gzip */
  readonly compress?: boolean | undefined
}

interface HttpOption {
  readonly key: keyof HttpOptions
  /** the expected value, for messages */
  readonly expects: string
  /** parses a value; undefined: invalid */
  readonly value: (text: string) => HttpOptions[keyof HttpOptions]
}

const LONGEST_TIMEOUT = 600_000
const MOST_RETRIES = 100

/** All options by name. */
export const HTTP_OPTIONS: Readonly<Record<string, HttpOption>> = {
  timeout: { key: 'timeout', expects: 'a time such as 500ms or 5s, ten minutes at most', value: timeoutOf },
  retries: { key: 'retries', expects: `a number from 0 to ${MOST_RETRIES}`, value: retriesOf },
  user_agent: { key: 'userAgent', expects: 'printable ASCII', value: headerText },
  compress: { key: 'compress', expects: 'true or false', value: flag },
  insecure: { key: 'insecure', expects: 'true or false', value: flag },
  ca: { key: 'ca', expects: 'a file or folder', value: nonEmpty },
  cert: { key: 'cert', expects: 'a file', value: nonEmpty },
  key: { key: 'key', expects: 'a file', value: nonEmpty },
}

/** ms of a duration; a unit is required. */
function timeoutOf(text: string): number | undefined {
  const ns = /[a-z]$/.test(text) ? parseDuration(text) : undefined
  const ms = ns === undefined ? 0 : Math.round(ns / 1e6)
  return ms >= 1 && ms <= LONGEST_TIMEOUT ? ms : undefined
}

function retriesOf(text: string): number | undefined {
  const n = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return n <= MOST_RETRIES ? n : undefined
}

/** A text that is valid in a header; undefined otherwise. */
export function headerText(text: string): string | undefined {
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined
}

function flag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text
}
