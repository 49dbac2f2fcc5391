// The text of the calls that a profile lacks. They are only listed: a refused call may also be an attack.
import { escapeText } from '../../render/escape.js'
import { dangerOf } from '../calls/dangerous.js'
import type { How, Missing, MissingCalls } from '../test/missing.js'
import type { Losses } from './gaps.js'
import { timeText } from './line-comment.js'

/** number of workloads that a sentence lists */
const SHOWN = 5

/** Calls to add, and those that only a user may add. */
export interface Sorted {
  readonly add: readonly string[]
  readonly dangerous: readonly string[]
}

/** Sorts the names of missing calls. allow: dangerous ones that the user accepts. */
export function sortMissing(missing: readonly Missing[], allow: readonly string[]): Sorted {
  const names = [...new Set(missing.map(({ name }) => name))].sort()
  const isRefused = (name: string) => dangerOf(name) !== undefined && !allow.includes(name)
  return { add: names.filter((name) => !isRefused(name)), dangerous: names.filter(isRefused) }
}

const HOW: Readonly<Record<How, string>> = {
  refused: 'refused',
  logged: 'logged',
}

/** profile: its name, safe to show. */
export function healText(
  profile: string,
  { list: missing, notInForce }: Pick<MissingCalls, 'list' | 'notInForce'>,
  allow: readonly string[],
  losses: Losses,
): string {
  const { add, dangerous } = sortMissing(missing, allow)
  const lines: string[] = []
  if (missing.length === 0) lines.push(`${profile} lacks no call that was made.`)
  else lines.push(`${profile} lacks ${count(add.length + dangerous.length)} that ${programs(missing)} made.`)
  if (notInForce.size > 0)
    lines.push(
      `It was not in force in ${[...notInForce].sort().slice(0, SHOWN).map(escapeText).join('; ')}${notInForce.size > SHOWN ? ` and ${notInForce.size - SHOWN} others` : ''}, which made calls that it refuses: ksys advise check lists them.`,
    )
  if (losses.lost > 0)
    lines.push(`Events were lost (${losses.lost.toLocaleString('en-US')}): more calls may be missing.`)
  if (losses.enters > 0) lines.push('Some of them were starts of calls: a call without its start looks refused.')
  if (losses.leftOut > 0) lines.push('Some events were only counted because of a ceiling: more calls may be missing.')
  let head = ''
  for (const m of missing) {
    const who = `${escapeText(m.workload)}, ${escapeText(m.program)} (${m.origin}):`
    if (who !== head) lines.push('', who)
    head = who
    lines.push(`  ${m.name.padEnd(20)} ${detail(m)}`)
  }
  if (add.length > 0)
    lines.push(
      '',
      'To allow them, review the list and add this rule to the profile:',
      `  ${JSON.stringify({ names: add, action: 'SCMP_ACT_ALLOW' })}`,
    )
  if (dangerous.length > 0) {
    lines.push('', 'Not in the rule, because such a call is more often an attack than a need:')
    for (const name of dangerous) lines.push(`  ${name.padEnd(20)} can ${dangerOf(name)}; --allow ${name} adds it`)
  }
  return `${lines.join('\n')}\n`
}

function detail(m: Missing): string {
  const results = m.results.size === 0 ? '' : ` with ${[...m.results].sort().join(', ')}`
  const how = [...m.how].sort().map((h) => `${HOW[h]}${h === 'refused' ? results : ''}`)
  const fallback =
    m.fallbackOf.size === 0 ? '' : `, ${m.own ? 'also ' : ''}as a fall-back of ${[...m.fallbackOf].sort().join(', ')}`
  return `${m.count.toLocaleString('en-US')}x ${how.join('; ')}, first ${timeText(m.first)}${fallback}`
}

const count = (n: number) => (n === 1 ? '1 call' : `${n} calls`)

function programs(missing: readonly Missing[]): string {
  const n = new Set(missing.map(({ program }) => program)).size
  return n === 1 ? '1 program' : `${n} programs`
}

/** A missing call as a value for JSON. */
export function missingValue(m: Missing, allow: readonly string[]): object {
  const danger = dangerOf(m.name)
  return {
    name: m.name,
    count: m.count,
    workload: m.workload,
    program: m.program,
    origin: m.origin,
    how: [...m.how].sort(),
    results: [...m.results].sort(),
    first: timeText(m.first),
    fallbackOf: [...m.fallbackOf].sort(),
    fallback: !m.own,
    ...(danger !== undefined && { danger }),
    add: danger === undefined || allow.includes(m.name),
  }
}
