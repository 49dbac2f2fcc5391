// The report of a run that has ended, from what was collected.

import { escapeText } from '../render/escape.js'
import type { Collector } from './collector.js'
import type { FileUse } from './files.js'
import { folded, type Leaf } from './fold.js'
import { isInside, placeOf, shownPath } from './places.js'
import type { ProgramNode } from './programs.js'
import type { CountedRow, FileRow, ProgramRow, Report, SecretRow, Sections } from './report.js'

/** What is known of the run besides its events. */
export interface RunFacts {
  /** the command line that was run; undefined: the capture's first program is the command if all others descend from it */
  readonly command: readonly string[] | undefined
  /** the working folder; undefined: that of the first program, if all others descend from it */
  readonly folder: string | undefined
  readonly exitCode: number | undefined
  readonly hosts: readonly string[]
  readonly seconds: number
  readonly filter: string | undefined
  /** show arguments */
  readonly secrets: boolean
  /** why something may be missing */
  readonly incomplete: readonly string[]
}

/** A report, and every name in it before files were folded. */
export interface Finished {
  readonly report: Report
  /** each file outside the working folder, as rows of folders show them together */
  readonly unfolded: Readonly<Record<'written' | 'removed' | 'read', readonly string[]>>
}

/** What replaces arguments that are not shown. */
const MASK = '***'

export function finished(c: Collector, facts: RunFacts): Finished {
  const { programs, hosts } = c
  hosts.finish()
  // several processes that descend from no other: there is no one command
  const alone = programs.mostStarting === 1 ? c.first : undefined
  const folder = usable(facts.folder ?? alone?.folder)
  const shown = (path: string) => escapeText(shownPath(path, folder))
  const { outside, inside, temporary, system } = divided(c.files.uses, folder)
  const counted = (rows: readonly CountedRow[]) => rows.map(row)
  // calls and sentences, in which a path follows a blank
  const withPaths = (rows: readonly CountedRow[]) =>
    rows.map((r) => row(folder === undefined ? r : { ...r, what: r.what.replace(` ${folder}/`, ' ./') }))
  const sections: Sections = {
    secrets: bySeverity(c.secrets.sorted()).map((r) => ({
      ...row({ ...r, what: shownPath(r.what, folder) }),
      kind: r.kind,
      did: r.did,
    })),
    privileges: withPaths(c.privileges.sorted()),
    refused: withPaths(c.refused.sorted()),
    hosts: hosts.hosts
      .sorted()
      .map(({ count: _, ...r }) => ({ ...r, host: escapeText(r.host), by: r.by.map(escapeText) }))
      .sort((a, b) => b.sent + b.received - (a.sent + a.received)),
    requests: counted(hosts.requests.sorted()),
    listening: counted(hosts.listening.sorted()),
    lookups: counted(hosts.unreached()),
    written: safe(folded(outside.written)),
    removed: safe(folded(outside.removed)),
    read: safe(folded(outside.read)),
  }
  const [program, ...args] = facts.command ?? (alone === undefined ? [] : [alone.program, ...alone.args])
  const report: Report = {
    command: program === undefined ? undefined : escapeText(program),
    arguments: args.length === 0 ? undefined : facts.secrets ? args.map(escapeText) : MASK,
    folder: folder === undefined ? undefined : escapeText(folder),
    hosts_captured: facts.hosts.map(escapeText),
    seconds: facts.seconds,
    exit_code: facts.exitCode ?? (alone === undefined ? undefined : c.exitCode),
    processes: programs.processes,
    filter: facts.filter === undefined ? undefined : escapeText(facts.filter),
    incomplete: [...facts.incomplete, ...ceilings(c)],
    programs: [...programs.roots.values()].map((node) => programRow(node, shown, facts.secrets)),
    ...{ inside, temporary, system },
    ...sections,
  }
  const names = (leaves: readonly Leaf[]) => leaves.map(({ path }) => escapeText(path))
  return {
    report,
    unfolded: { written: names(outside.written), removed: names(outside.removed), read: names(outside.read) },
  }
}

/** Those that were read or changed come first, those that do not exist last. */
function bySeverity<T extends Pick<SecretRow, 'did'>>(rows: readonly T[]): T[] {
  const rank = ({ did }: T) => Math.min(...did.map((d) => (d === 'not found' ? 2 : d === 'refused' ? 1 : 0)))
  return [...rows].sort((a, b) => rank(a) - rank(b))
}

/** The root folder contains everything: nothing is outside it. */
function usable(folder: string | undefined): string | undefined {
  return folder === undefined || folder === '' || folder === '/' ? undefined : folder
}

function row({ what, count, by }: CountedRow): CountedRow {
  return { what: escapeText(what), count, by: by.map(escapeText) }
}

function safe(rows: readonly FileRow[]): FileRow[] {
  return rows.map((r) => ({ path: escapeText(r.path), files: r.files, by: r.by.map(escapeText) }))
}

function programRow(node: ProgramNode, shown: (path: string) => string, secrets: boolean): ProgramRow {
  const programs = [...node.children.values()].map((child) => programRow(child, shown, secrets))
  return {
    program: shown(node.path),
    ...(node.script !== undefined && { script: shown(node.script) }),
    ...(secrets && node.args.length > 0 && { arguments: node.args.map(escapeText) }),
    runs: node.runs,
    programs: programs.sort((a, b) => b.runs - a.runs),
  }
}

/** Files by where they lie. */
function divided(uses: ReadonlyMap<string, FileUse>, folder: string | undefined) {
  const outside = { written: [] as Leaf[], removed: [] as Leaf[], read: [] as Leaf[] }
  const inside = { read: 0, written: 0, removed: 0 }
  let temporary = 0
  let system = 0
  for (const [path, use] of uses) {
    const { read, written, created, removed, by } = use
    if (folder !== undefined && isInside(path, folder)) {
      inside.read += Number(read > 0)
      inside.written += Number(written > 0)
      inside.removed += Number(removed > created)
      continue
    }
    const place = placeOf(path)
    if (place === 'temporary' && created > 0 && removed >= created) {
      temporary += created
      continue
    }
    if (written > 0) outside.written.push({ path, by })
    if (removed > created) outside.removed.push({ path, by })
    if (read > 0 && written === 0) {
      if (place === 'system') system++
      else outside.read.push({ path, by })
    }
  }
  return { outside, inside, temporary, system }
}

/** Sentences about what did not fit. */
function ceilings({ files, programs, hosts, secrets, refused, privileges }: Collector): string[] {
  const parts: readonly (readonly [number, string])[] = [
    [files.omitted, 'accesses to files beyond the first 100,000 different ones'],
    [programs.omitted, 'runs of programs beyond 5,000 different places in the tree'],
    ...[hosts.hosts, hosts.requests, hosts.lookups, hosts.listening].map(
      (x) => [x.omitted, 'uses of the network beyond the first 2,000 different ones'] as const,
    ),
    ...[secrets, refused, privileges].map((x) => [x.omitted, 'calls beyond the first 2,000 different ones'] as const),
  ]
  return parts.flatMap(([n, what]) => (n > 0 ? [`${n.toLocaleString('en')} ${what} are not in the report`] : []))
}
