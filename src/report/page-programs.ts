// The rows of the tree of programs.
import { name, type Phrase, type Row } from './page-parts.js'
import type { ProgramRow } from './report.js'

/** A row for each program, and one for programs that only run another one. */
export function programRows(rows: readonly ProgramRow[], depth = 0): Row[] {
  return rows.flatMap((row) => {
    const { chain, last } = chainFrom(row)
    const runs = last.runs > 1 ? [` ran ${last.runs} times`] : []
    return [{ depth, parts: [...chain, ...runs] }, ...programRows(last.programs, depth + 1)]
  })
}

/** A program, and those that it leads to as often: `env > node > sh`. */
function chainFrom(row: ProgramRow): { readonly chain: readonly Phrase[]; readonly last: ProgramRow } {
  const chain: Phrase[] = [...shown(row)]
  let last = row
  for (let next = onlyOne(last); next !== undefined; next = onlyOne(last)) {
    chain.push(' > ', ...shown(next))
    last = next
  }
  return { chain, last }
}

function onlyOne({ runs, programs: [first, ...others] }: ProgramRow): ProgramRow | undefined {
  return first !== undefined && others.length === 0 && first.runs === runs ? first : undefined
}

function shown({ program, script, arguments: args }: ProgramRow): Phrase[] {
  if (args !== undefined) return [name([program, ...args].join(' '))]
  return [name(script === undefined ? program : `${program} ${script}`)]
}
