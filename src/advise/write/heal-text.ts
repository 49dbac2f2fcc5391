// The text of the calls that a profile lacks. They are only listed: a refused call may also be an attack.
import { escapeText } from '../../render/escape.js'
import { dangerOfArgument } from '../calls/dangerous.js'
import type { WorkloadId } from '../needs/workload.js'
import { firstArgument } from '../profile/docker-default.js'
import { type Profile, plainRule, type Rule } from '../profile/profile.js'
import type { How, Missing, MissingCalls } from '../test/missing.js'
import { filterDoubt, type Losses, ownDoubts, type Recordings } from './gaps.js'
import { timeText } from './line-comment.js'
import { ruleValue } from './oci.js'

/** number of workloads that a sentence lists */
const SHOWN = 5

/** A call to add: by name, and by its first argument if profiles restrict it by that. */
export type Addition = Pick<Missing, 'name' | 'argument'>

/** Calls to add, and those that only a user may add. */
export interface Sorted {
  readonly add: readonly Addition[]
  readonly dangerous: readonly Addition[]
}

/** Sorts the missing calls. allow: names of dangerous ones that the user accepts. */
export function sortMissing(missing: readonly Missing[], allow: readonly string[]): Sorted {
  const byText = new Map(
    missing.filter((m) => !m.absent).map((m) => [callText(m), { name: m.name, argument: m.argument }] as const),
  )
  const calls = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call)
  return { add: calls.filter((c) => isAdded(c, allow)), dangerous: calls.filter((c) => !isAdded(c, allow)) }
}

function isAdded({ name, argument }: Addition, allow: readonly string[]): boolean {
  return dangerOfArgument(name, argument) === undefined || allow.includes(name)
}

/** A call as text: socket(17). */
function callText({ name, argument }: Addition): string {
  return argument === undefined ? name : `${name}(${argument})`
}

/** The rules that allow calls. */
function rulesFor(add: readonly Addition[]): Rule[] {
  const names = add.filter(({ argument }) => argument === undefined).map(({ name }) => name)
  const restricted = add.flatMap(({ name, argument }) =>
    argument === undefined ? [] : [plainRule([name], 'ALLOW', { args: [firstArgument('EQ', argument)] })],
  )
  return [...(names.length === 0 ? [] : [plainRule(names, 'ALLOW')]), ...restricted]
}

const HOW: Readonly<Record<How, string>> = {
  refused: 'refused',
  logged: 'logged',
}

/** Why more calls than those that were found may be missing although nothing was lost, as clauses. workloads: those that were tested. */
export function leftOutOf({ filters, own }: Recordings, workloads: readonly WorkloadId[]): string[] {
  return [...filters.map(filterDoubt), ...ownDoubts(own, workloads)]
}

/** profile: its name, safe to show, and how it allows further calls. leftOut: see leftOutOf. */
export function healText(
  { name: profile, allowing }: { readonly name: string; readonly allowing: Profile['allowing'] },
  { list: missing, notInForce }: Pick<MissingCalls, 'list' | 'notInForce'>,
  allow: readonly string[],
  losses: Losses,
  leftOut: readonly string[],
): string {
  const { add, dangerous } = sortMissing(missing, allow)
  const absent = [...new Set(missing.filter((m) => m.absent).map(({ name }) => name))].sort()
  const lines: string[] = []
  if (add.length + dangerous.length === 0) lines.push(`${profile} lacks no call that was made.`)
  else lines.push(`${profile} lacks ${count(add.length + dangerous.length)} that ${programs(missing)} made.`)
  if (notInForce.size > 0)
    lines.push(
      `It was not in force in ${[...notInForce].sort().slice(0, SHOWN).map(escapeText).join('; ')}${notInForce.size > SHOWN ? ` and ${notInForce.size - SHOWN} others` : ''}, which made calls that it refuses: ksys advise check lists them.`,
    )
  if (losses.lost > 0)
    lines.push(`Events were lost (${losses.lost.toLocaleString('en-US')}): more calls may be missing.`)
  if (losses.enters > 0) lines.push('Some of them were starts of calls: a call without its start looks refused.')
  if (losses.leftOut > 0) lines.push('Some events were only counted because of a ceiling: more calls may be missing.')
  for (const clause of leftOut) lines.push(`More calls may be missing: ${clause}.`)
  let head = ''
  for (const m of missing) {
    const who = `${escapeText(m.workload)}, ${escapeText(m.program)} (${m.origin}):`
    if (who !== head) lines.push('', who)
    head = who
    lines.push(`  ${callText(m).padEnd(20)} ${detail(m)}`)
  }
  if (add.length > 0) lines.push('', ...additionLines(add, allowing))
  if (dangerous.length > 0) {
    lines.push('', 'Not among them, because such a call is more often an attack than a need:')
    for (const c of dangerous)
      lines.push(`  ${callText(c).padEnd(20)} can ${dangerOfArgument(c.name, c.argument)}; --allow ${c.name} adds it`)
  }
  if (absent.length > 0)
    lines.push(
      '',
      'Answered with ENOSYS, as a rule of the profile says: programs then make older calls. Add them only if a program does not:',
      `  ${absent.join(' ')}`,
    )
  return `${lines.join('\n')}\n`
}

/** What to add to the profile; allowing: see Profile. */
function additionLines(add: readonly Addition[], allowing: Profile['allowing']): string[] {
  const review = 'To allow them, review the list and add this to the'
  if (allowing === undefined)
    return [`${review} rules of the profile:`, ...rulesFor(add).map((rule) => `  ${JSON.stringify(ruleValue(rule))}`)]
  const names = new Set(add.map(({ name }) => name))
  return [`${review} end of the section:`, `  ${allowing}${[...names].join(' ')}`]
}

function detail(m: Missing): string {
  const results = m.results.size === 0 ? '' : ` with ${[...m.results].sort().join(', ')}`
  const how = [...m.how].sort().map((h) => `${HOW[h]}${h === 'refused' ? results : ''}`)
  const also = m.own ? 'also ' : ''
  const names = (calls: ReadonlySet<string>) => [...calls].sort().join(', ')
  const fallback = m.fallbackOf.size === 0 ? '' : `, ${also}as a fall-back of ${names(m.fallbackOf)}`
  const after = m.after.size === 0 ? '' : `, ${also}right after the refusal of ${names(m.after)}`
  return `${m.count.toLocaleString('en-US')}x ${how.join('; ')}, first ${timeText(m.first)}${fallback}${after}`
}

const count = (n: number) => (n === 1 ? '1 call' : `${n} calls`)

function programs(missing: readonly Missing[]): string {
  const n = new Set(missing.map(({ program }) => program)).size
  return n === 1 ? '1 program' : `${n} programs`
}

/** A missing call as a value for JSON. */
export function missingValue(m: Missing, allow: readonly string[]): object {
  const danger = dangerOfArgument(m.name, m.argument)
  return {
    name: m.name,
    ...(m.argument !== undefined && { argument: m.argument }),
    count: m.count,
    workload: m.workload,
    program: m.program,
    origin: m.origin,
    how: [...m.how].sort(),
    results: [...m.results].sort(),
    first: timeText(m.first),
    fallbackOf: [...m.fallbackOf].sort(),
    after: [...m.after].sort(),
    fallback: !m.own,
    absent: m.absent,
    ...(danger !== undefined && { danger }),
    add: !m.absent && isAdded(m, allow),
  }
}
