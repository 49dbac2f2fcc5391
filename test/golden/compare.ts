// Selects the comparison for an output.
import { compareColumns } from './columns.js'
import { type Difference, type Expectation, factsOf } from './judge.js'
import { SKIPPED } from './known.js'
import { comparePrinted, compareSummary } from './printed.js'

type Facts = Map<number, Record<string, string>>
const known = new Map<string, Promise<Facts>>()

/** All differences between the output of sysdig and that of ksys. */
export async function differences(e: Expectation): Promise<Difference[]> {
  let facts = known.get(e.capture)
  if (facts === undefined) {
    facts = factsOf(e.capture)
    known.set(e.capture, facts)
  }
  const format = e.args.find((a) => a.includes('|'))
  if (format !== undefined) return compareColumns(e, format, await facts)
  if (/\/opt_Sq\./.test(e.name)) return compareSummary(e)
  const printed = await comparePrinted(e, await facts)
  return /\/opt_summary\./.test(e.name) ? [...(await compareSummary(e)), ...printed] : printed
}

/** The outputs that are compared. */
export const judged = (list: readonly Expectation[]): Expectation[] =>
  list.filter((e) => !SKIPPED.some(([output]) => output.test(e.name)))
