// Chooses the fewest fields whose values distinguish the repeated alerts of a rule from the others.
import { isStrong } from './stable-fields.js'
import type { AlertGroup, Tally } from './tally.js'

/** An exception that would suppress repeated alerts. */
export interface Suggestion {
  readonly fields: readonly string[]
  /** values of the fields, and how many alerts have them, most first */
  readonly tuples: readonly { readonly values: readonly string[]; readonly count: number }[]
  /** alerts with one of these tuples */
  readonly covered: number
}

/** share of all alerts that is enough to stop: covering more would need more general exceptions */
const MOSTLY = 0.5

/**
 * The suggestion for a rule; undefined if no alert is repeated, or repeated alerts cannot be distinguished from others. An alert counts as
 * repeated if at least `least` alerts have its values of all examined fields. If few are, the field with the most values is dropped from
 * the examined fields, and the search is repeated.
 */
export function choose(tally: Tally, least: number): Suggestion | undefined {
  const { fields, groups, total } = tally
  let best: Suggestion | undefined
  for (
    let looked = fields.map((_, i) => i).filter((i) => hasRepeatedValue(groups, i, least));
    looked.some((i) => isStrong(fields[i] as string));
    looked = withoutMostVaried(looked, groups)
  ) {
    const found = fewest(tally, looked, least)
    if (found !== undefined && (best === undefined || found.covered > best.covered)) best = found
    if (best !== undefined && best.covered >= total * MOSTLY) break
  }
  return best
}

/** The best suggestion using some of these fields. */
function fewest({ fields, groups }: Tally, looked: readonly number[], least: number): Suggestion | undefined {
  const byLooked = groupedBy(groups, looked)
  const repeated = byLooked.filter((g) => g.count >= least)
  const single = byLooked.filter((g) => g.count < least)
  let best: Suggestion | undefined
  for (const at of subsets(looked)) {
    if (!at.some((i) => isStrong(fields[i] as string))) continue
    const found = covering(at, fields, repeated, single)
    if (found !== undefined && (best === undefined || isBetter(found, best))) best = found
  }
  return best
}

/** The fields without the one with the most distinct values. */
function withoutMostVaried(looked: readonly number[], groups: readonly AlertGroup[]): number[] {
  const variety = (field: number) => new Set(groups.map(({ values }) => values[field])).size
  const most = Math.max(...looked.map(variety))
  const dropped = looked.find((i) => variety(i) === most)
  return looked.filter((i) => i !== dropped)
}

/** Whether at least `least` alerts have the same value of a field. */
function hasRepeatedValue(groups: readonly AlertGroup[], field: number, least: number): boolean {
  const times = new Map<string, number>()
  for (const { values, count } of groups) {
    const value = values[field]
    if (value !== undefined) times.set(value, (times.get(value) ?? 0) + count)
  }
  return [...times.values()].some((n) => n >= least)
}

/** The alerts grouped by the values of some fields; the values of other fields are undefined. */
function groupedBy(groups: readonly AlertGroup[], at: readonly number[]): AlertGroup[] {
  const byValues = new Map<string, AlertGroup>()
  for (const { values, count } of groups) {
    const selected = values.map((v, i) => (at.includes(i) ? v : undefined))
    const key = JSON.stringify(selected.map((v) => v ?? null))
    const group = byValues.get(key)
    if (group === undefined) byValues.set(key, { values: selected, count })
    else group.count += count
  }
  return [...byValues.values()]
}

/** The suggestion for repeated alerts that have all of these fields; undefined if it would suppress others, or nothing. */
function covering(
  at: readonly number[],
  fields: readonly string[],
  repeated: readonly AlertGroup[],
  single: readonly AlertGroup[],
): Suggestion | undefined {
  const tuples = new Map<string, { values: string[]; count: number }>()
  const valuesAt = ({ values }: AlertGroup) => at.map((i) => values[i]).filter((v) => v !== undefined)
  for (const group of repeated) {
    const values = valuesAt(group)
    if (values.length < at.length) continue
    const key = JSON.stringify(values)
    const tuple = tuples.get(key)
    if (tuple === undefined) tuples.set(key, { values, count: group.count })
    else tuple.count += group.count
  }
  if (tuples.size === 0 || single.some((group) => tuples.has(JSON.stringify(valuesAt(group))))) return undefined
  const sorted = [...tuples.values()].sort((a, b) => b.count - a.count)
  return { fields: at.map((i) => fields[i] as string), tuples: sorted, covered: sum(sorted.map((t) => t.count)) }
}

/** More covered alerts are better, then fewer fields, then fewer tuples. */
function isBetter(a: Suggestion, b: Suggestion): boolean {
  if (a.covered !== b.covered) return a.covered > b.covered
  if (a.fields.length !== b.fields.length) return a.fields.length < b.fields.length
  return a.tuples.length < b.tuples.length
}

/** All non-empty subsets of these numbers; those of earlier numbers come first. */
function subsets(numbers: readonly number[]): number[][] {
  const sets: number[][] = [[]]
  for (const n of numbers) sets.push(...sets.map((set) => [...set, n]))
  return sets.slice(1)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
