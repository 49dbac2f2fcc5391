// Which fields, with which values, tell the alerts of a rule that come again and again from the others: as few fields as do.
import { isStrong } from './stable-fields.js'
import type { AlertGroup, Tally } from './tally.js'

/** What would silence alerts. */
export interface Suggestion {
  readonly fields: readonly string[]
  /** values of the fields, and how many alerts have them, most first */
  readonly tuples: readonly { readonly values: readonly string[]; readonly count: number }[]
  /** alerts that have them */
  readonly covered: number
}

/** the part of all alerts that is enough: for more, alerts would have to be alike in less */
const MOSTLY = 0.5

/**
 * The suggestion for a rule; undefined where nothing is repeated, or nothing tells it from what is not. An alert is repeated when `least`
 * alerts have its values of all fields that are looked at; where that is so of few, the fields with the most values are not looked at.
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

/** The suggestion with the fewest of these fields. */
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

/** The fields but the one with the most different values. */
function withoutMostVaried(looked: readonly number[], groups: readonly AlertGroup[]): number[] {
  const variety = (field: number) => new Set(groups.map(({ values }) => values[field])).size
  const most = Math.max(...looked.map(variety))
  const dropped = looked.find((i) => variety(i) === most)
  return looked.filter((i) => i !== dropped)
}

/** Whether a value of a field comes often enough. */
function hasRepeatedValue(groups: readonly AlertGroup[], field: number, least: number): boolean {
  const times = new Map<string, number>()
  for (const { values, count } of groups) {
    const value = values[field]
    if (value !== undefined) times.set(value, (times.get(value) ?? 0) + count)
  }
  return [...times.values()].some((n) => n >= least)
}

/** The alerts by their values of some fields; of others the values are undefined. */
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

/** What silences the repeated alerts that have all of these fields; undefined where it would silence others, or nothing. */
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

/** More alerts, else fewer fields, else fewer values. */
function isBetter(a: Suggestion, b: Suggestion): boolean {
  if (a.covered !== b.covered) return a.covered > b.covered
  if (a.fields.length !== b.fields.length) return a.fields.length < b.fields.length
  return a.tuples.length < b.tuples.length
}

/** All sets of these numbers but the empty one, those with the first ones first. */
function subsets(numbers: readonly number[]): number[][] {
  const sets: number[][] = [[]]
  for (const n of numbers) sets.push(...sets.map((set) => [...set, n]))
  return sets.slice(1)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
