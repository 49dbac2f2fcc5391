// The text about a profile, for the person who decides whether to use it.
import { escapeText } from '../../render/escape.js'
import { dangerOf } from '../calls/dangerous.js'
import { RUNTIMES } from '../calls/runtimes.js'
import type { Workload } from '../needs/workload.js'
import type { Assembled, Line } from './assemble.js'
import { doubts, durationText, type Recordings, unseenPhases } from './gaps.js'
import type { Steps } from './instructions.js'
import { lineComment } from './line-comment.js'
import { verdictOf, verdictSentence } from './verdict.js'

export interface TextOptions {
  readonly enforce: boolean
  /** programs that were started with a terminal are in the profile */
  readonly interactive: boolean
  readonly recordings: Recordings
  readonly steps: Steps
}

/** Paragraphs and a table of the calls. */
export function adviceText(w: Workload, assembled: Assembled, o: TextOptions): string {
  const name = escapeText(w.what)
  const paragraphs = [
    verdictSentence(verdictOf(w, assembled.lines), name),
    o.enforce
      ? 'It refuses calls that are not listed with EPERM, and recent ones with ENOSYS, as a kernel without them does.'
      : 'It refuses nothing: calls that are not listed are logged by the kernel. --enforce writes a profile that refuses them.',
    recordedText(w),
    completeness(w, o.recordings),
    ...remarks(w, assembled.lines, o.interactive),
    table(assembled.lines),
    commands(o.steps),
  ]
  return `${paragraphs.filter((p) => p !== '').join('\n\n')}\n`
}

/** The verdict alone, if there are several workloads. */
export function adviceHead(w: Workload, { lines }: Assembled): string {
  return verdictSentence(verdictOf(w, lines), escapeText(w.what))
}

const many = (n: number, one: string, more = `${one}s`) => `${n.toLocaleString('en-US')} ${n === 1 ? one : more}`

function recordedText(w: Workload): string {
  let calls = 0
  for (const names of w.calls.values()) for (const { count } of names.values()) calls += count
  const head = `Recorded: ${many(calls, 'call')} in ${durationText(w.end - w.begin)}`
  if (w.id.kind === 'host') return `${head}.`
  const runtime = w.runtimes.size === 0 ? '' : ` by ${[...w.runtimes].sort().join(' and ')}`
  const parts = [head, many(w.containers.size, 'container')]
  if (w.starts > 0) {
    const filters = w.filtered === w.starts ? 'with' : w.filtered === 0 ? 'without' : `${w.filtered} of them with`
    parts.push(`${many(w.starts, 'start')}${runtime}, ${filters} a filter`)
    if (w.noNewPrivs > 0) parts.push('no_new_privs was set')
  }
  if (w.running > 0) parts.push(`${w.running.toLocaleString('en-US')} running before the recording`)
  return `${parts.join(', ')}.${runtimesText(w)}`
}

/** Where the calls of the runtime come from, if they were not recorded. */
function runtimesText({ starts, filtered, runtimes }: Workload): string {
  if (starts === 0 || filtered === 0)
    return ' What runtimes need at a start is taken from a list, because no start with a filter was recorded.'
  return runtimes.size === 0
    ? ` The runtime is not known: besides what it did, the profile has what ${RUNTIMES.join(' and ')} need at a start.`
    : ''
}

function completeness(w: Workload, recordings: Recordings): string {
  const unseen = unseenPhases(w)
  const doubtful = doubts(w, recordings)
  const phases = unseen.length === 0 ? '' : `\nNot recorded: ${unseen.join(', ')}.`
  if (doubtful.length > 0) return `Not complete: ${doubtful.join('; ')}.${phases}`
  return `Complete for what was recorded: nothing was lost, and no call was new in the last tenth of the time.${phases}`
}

function remarks(w: Workload, lines: readonly Line[], interactive: boolean): string[] {
  const dangerous = lines.flatMap(({ name, why }) => {
    const danger = why === 'recorded' ? dangerOf(name) : undefined
    return danger === undefined ? [] : [`${name} can ${danger}`]
  })
  const refused = [...w.refused].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, need]) => `${name} ${need.count}x`)
  const list = (names: ReadonlySet<string>) => [...names].sort().map(escapeText).join(', ')
  return [
    dangerous.length === 0 ? '' : `Dangerous, but recorded and so allowed: ${dangerous.join('; ')}.`,
    refused.length === 0 ? '' : `A filter refused these, so they are left out: ${refused.join(', ')}.`,
    w.unnamed.size === 0
      ? ''
      : `Calls without a name are left out; their numbers: ${[...w.unnamed]
          .sort((a, b) => a - b)
          .slice(0, 20)
          .join(', ')}.`,
    w.execs.size === 0 ? '' : `Started in the container, like probes and hooks, and allowed: ${list(w.execs)}.`,
    w.interactive.size === 0 || interactive
      ? ''
      : `Started in the container with a terminal, and left out: ${list(w.interactive)}. --with exec includes them.`,
    w.calls.has('x86')
      ? 'i386 programs can make sockets of any family: the filter cannot see the arguments of socketcall.'
      : '',
  ]
}

function table(lines: readonly Line[]): string {
  const width = lines.reduce((most, { name }) => Math.max(most, name.length), 0)
  return [
    'Calls:',
    ...lines.map((line) => `  ${line.name.padEnd(width)}  ${originText(line)}${lineComment(line)}`),
  ].join('\n')
}

function originText({ need }: Line): string {
  const origins = need === undefined ? [] : [...need.origins.keys()].sort()
  return origins.length === 0 ? '' : `${origins.join('+')}: `
}

function commands({ apply, watch, back }: Steps): string {
  const part = (title: string, words: readonly string[]) => [
    `${title}:`,
    ...words.map((word) => `  ${escapeText(word)}`),
  ]
  return [...part('To apply it', apply), ...part('To watch it', watch), ...part('To return', back)].join('\n')
}
