// What a run did that its baseline did not. Counts do not matter, nor do the parts of names that differ between runs.

import type { Baseline } from './baseline.js'
import type { Finished } from './finish.js'
import { includes } from './fold.js'
import type { NewRow, ProgramRow } from './report.js'

/** Sections of which a row is new if no row of the baseline says the same. */
const EXACT = ['secrets', 'privileges', 'refused', 'requests', 'listening', 'lookups'] as const

/** What is new, most important first. */
export function newIn({ report, unfolded }: Finished, baseline: Baseline): NewRow[] {
  const rows: NewRow[] = []
  const add = (section: NewRow['section'], names: Iterable<string>) => {
    for (const what of new Set(names)) rows.push({ section, what })
  }
  const exact = (section: (typeof EXACT)[number]) => {
    const known = new Set(baseline[section])
    add(
      section,
      report[section].map((r) => r.what).filter((what) => !known.has(what)),
    )
  }
  exact('secrets')
  exact('privileges')
  const hosts = new Set(baseline.hosts)
  add(
    'hosts',
    report.hosts.map((h) => h.host).filter((host) => !hosts.has(host)),
  )
  const programs = new Set(baseline.programs)
  add(
    'programs',
    programNames(report.programs).filter((name) => !programs.has(name)),
  )
  for (const section of ['requests', 'listening', 'lookups', 'refused'] as const) exact(section)
  for (const section of ['written', 'removed', 'read'] as const) {
    const known = rowFinder(baseline[section])
    add(
      section,
      unfolded[section].filter((path) => !known(path)),
    )
  }
  return rows
}

/** Tests whether a path is in one of these rows of files. */
function rowFinder(rows: readonly string[]): (path: string) => boolean {
  const files = new Set(rows.filter((r) => !r.endsWith('/')))
  const folders = rows.filter((r) => r.endsWith('/'))
  return (path) => files.has(path) || folders.some((f) => includes(f, path))
}

/** All programs of a tree, each with its script. */
export function programNames(rows: readonly ProgramRow[]): string[] {
  return rows.flatMap((r) => [
    r.script === undefined ? r.program : `${r.program} ${r.script}`,
    ...programNames(r.programs),
  ])
}
