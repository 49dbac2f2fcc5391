// The comment beside a call in a profile or report: how often and when it was made, and the program.
import { escapeText } from '../../render/escape.js'
import type { Line } from './assemble.js'

const NOT_RECORDED = {
  recorded: '',
  runtime: 'the container runtime may need it',
  timing: '',
  family: 'other C libraries use it',
} as const

/** One line of text; names of programs are escaped. */
export function lineComment({ why, reason, need }: Line): string {
  if (need === undefined) return reason ?? NOT_RECORDED[why]
  const count = need.count === 0 ? 'still running' : `${need.count.toLocaleString('en-US')}x`
  const first = need.firstBy === need.mostBy ? '' : ` by ${escapeText(need.firstBy)}`
  return `${count} ${escapeText(need.mostBy)}, first ${timeText(need.first)}${first}`
}

/** A time, in µs since the epoch, to the second. */
export function timeText(us: number): string {
  const ms = us / 1000
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z') : 'unknown'
}
