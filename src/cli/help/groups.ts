// The sections in which help and manual list options.
import type { Subcommand } from '../options/subcommand.js'
import { GROUPS, type Group, OPTIONS, type OptionDef, type Scope } from '../options/table.js'

export interface OptionGroup {
  readonly heading: string
  readonly options: readonly OptionDef[]
}

/** The options of the main command, by section. */
export const MAIN_GROUPS: readonly OptionGroup[] = GROUPS.map((heading) => ({
  heading,
  options: OPTIONS.filter((o) => o.group === heading),
}))

/** The sections of shared options in the help of a subcommand. Options of the other scopes are listed with its own options. */
const SHARED: ReadonlyMap<Scope | undefined, Group> = new Map<Scope, Group>([
  ['live', 'What is captured'],
  ['ceilings', 'Ceilings'],
  ['privacy', 'Privacy'],
])

/** The options of a subcommand: first its own, then those that it shares with other commands, by scope. */
export function groupsOf({ options }: Pick<Subcommand, 'options'>): OptionGroup[] {
  const all = ['Options', ...SHARED.values()].map((heading) => ({
    heading,
    options: options.filter((o) => (SHARED.get(o.scope) ?? 'Options') === heading),
  }))
  return all.filter((g) => g.options.length > 0)
}
