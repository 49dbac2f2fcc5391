// Makes the profile of a workload: its calls as rules, sorted, so that equal recordings give equal profiles.
import { SYSCALLS } from '../../schema/syscalls.js'
import { ABIS, type Abi, ALL_ABIS } from '../calls/abi.js'
import { callsByTiming } from '../calls/by-timing.js'
import { CLONE_NAMESPACES, USUAL_FAMILIES } from '../calls/dangerous.js'
import { counterparts, relatedTo } from '../calls/families.js'
import { allNames } from '../calls/names.js'
import { runtimeCalls } from '../calls/runtimes.js'
import type { CallNeed } from '../needs/call-need.js'
import type { Workload } from '../needs/workload.js'
import { firstArgument } from '../profile/docker-default.js'
import { ENOSYS, EPERM, type Profile, plainRule, type Rule } from '../profile/profile.js'

export interface AssembleOptions {
  /** refuse calls that are not listed; otherwise they are logged */
  readonly enforce: boolean
  /** also allow calls of the same families, which other C libraries and kernels use */
  readonly families: boolean
}

/** A call that a profile allows, and why. */
export interface Line {
  readonly name: string
  /** recorded: the workload makes it. runtime: the container runtime may. timing: it may at another moment. family: another C library would. */
  readonly why: 'recorded' | 'runtime' | 'timing' | 'family'
  /** of one by timing: why it is allowed */
  readonly reason?: string
  /** undefined if it was not recorded */
  readonly need: CallNeed | undefined
}

export interface Assembled {
  readonly profile: Profile
  /** the allowed calls by name, of all ABIs */
  readonly lines: readonly Line[]
}

/** Numbers from here on are of calls since Linux 4.5, without which C libraries and programs manage if they get ENOSYS. */
const RECENT = 326

/** Comments in profiles; runtimes ignore them. */
const COMMENT = {
  recorded: 'recorded',
  runtime: 'what container runtimes need between loading this profile and starting the program, not recorded',
  timing: 'not recorded: what depends on the moment, such as calls of threads that wait for each other',
  family: 'not recorded: the same with other versions of the C library or the kernel',
  recent: 'recent calls, of which programs expect this error if the kernel lacks them',
} as const

/** The profile for a workload. */
export function assemble(w: Workload, { enforce, families }: AssembleOptions): Assembled {
  const lines = linesOf(w, families)
  const allowed = new Set(lines.map(({ name }) => name))
  const restricted = new Map([...restrictions(w)].filter(([name]) => allowed.has(name)))
  const plain = (why: Line['why']): Rule[] => {
    const names = lines.filter((l) => l.why === why && !restricted.has(l.name)).map((l) => l.name)
    return names.length === 0 ? [] : [plainRule(names, 'ALLOW', { comment: COMMENT[why] })]
  }
  const recent = enforce
    ? SYSCALLS.filter(([name, nr]) => nr >= RECENT && !allowed.has(name)).map(([name]) => name)
    : []
  const rules = [
    ...plain('recorded'),
    ...[...restricted.values()].flat(),
    ...plain('runtime'),
    ...plain('timing'),
    ...plain('family'),
    ...(recent.length === 0 ? [] : [plainRule(recent.sort(), 'ERRNO', { errno: ENOSYS, comment: COMMENT.recent })]),
  ]
  const profile: Profile = {
    defaultAction: enforce ? 'ERRNO' : 'LOG',
    defaultErrno: enforce ? EPERM : undefined,
    architectures: abisIn(w).map((abi) => ABIS[abi].seccomp),
    archMap: undefined,
    rules,
  }
  return { profile, lines }
}

/** The ABIs of the recorded calls, and of the machines that these were made on. */
export function abisIn(w: Workload): Abi[] {
  const seen = new Set(w.calls.keys())
  if (seen.has('x86')) seen.add('x86_64')
  if (seen.has('arm')) seen.add('aarch64')
  return ALL_ABIS.filter((abi) => seen.has(abi))
}

function linesOf(w: Workload, families: boolean): Line[] {
  const needs = new Map<string, CallNeed>()
  for (const abi of ALL_ABIS)
    for (const [name, need] of w.calls.get(abi) ?? []) {
      const known = needs.get(name)
      if (known === undefined) needs.set(name, need)
      else needs.set(name, merged(known, need))
    }
  const lines: Line[] = [...needs].map(([name, need]) => ({ name, why: 'recorded', need }))
  const add = (names: Iterable<string>, why: Line['why'], reasons?: ReadonlyMap<string, string>) => {
    const known = new Set(lines.map(({ name }) => name))
    for (const name of names)
      if (!known.has(name)) {
        const reason = reasons?.get(name)
        lines.push({ name, why, need: undefined, ...(reason !== undefined && { reason }) })
      }
  }
  // what is known about runtimes has the names of x86-64
  const existing = new Set(abisIn(w).flatMap(allNames))
  if (w.id.kind === 'container')
    for (const runtime of w.runtimes.size === 0 ? [undefined] : w.runtimes)
      add(new Set(runtimeCalls(runtime).flatMap((name) => counterparts(name, existing))), 'runtime')
  const timing = callsByTiming({ names: new Set(needs.keys()), abis: new Set(w.calls.keys()), threads: w.threads })
  add(timing.keys(), 'timing', timing)
  if (families)
    add(
      relatedTo(lines.map(({ name }) => name)).filter((name) => existing.has(name)),
      'family',
    )
  return lines.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function merged(a: CallNeed, b: CallNeed): CallNeed {
  const sum = a.copy()
  sum.merge(b)
  return sum
}

/** Rules for calls that are allowed with some arguments only, by name. */
function restrictions({ arguments: args }: Workload): Map<string, readonly Rule[]> {
  const rules = new Map<string, readonly Rule[]>()
  const equal = (name: string, values: readonly number[]) =>
    values.map((value) => plainRule([name], 'ALLOW', { args: [firstArgument('EQ', value)], comment: COMMENT.recorded }))
  const { socket, clone, personality } = args
  if (!socket.unknown && socket.seen.size > 0)
    rules.set('socket', equal('socket', sorted(new Set([...socket.seen, ...USUAL_FAMILIES]))))
  if (!personality.unknown && personality.seen.size > 0)
    rules.set('personality', equal('personality', sorted(personality.seen)))
  if (!clone.unknown && clone.seen.size > 0 && ![...clone.seen].some((flags) => (flags & CLONE_NAMESPACES) !== 0))
    rules.set('clone', [
      plainRule(['clone'], 'ALLOW', {
        args: [firstArgument('MASKED_EQ', CLONE_NAMESPACES)],
        comment: 'recorded, never with new namespaces',
      }),
    ])
  return rules
}

const sorted = (values: ReadonlySet<number>): number[] => [...values].sort((a, b) => a - b)
