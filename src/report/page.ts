// The page: what a report says, in sentences and rows, before it is text or Markdown.

import { humanSpan } from '../fields/clock.js'
import { name, type Phrase, type Row, type Section, sentence, shownRows } from './page-parts.js'
import { programRows } from './page-programs.js'
import type { Compared, CountedRow, FileRow, HostRow, NewRow, Report, SecretRow } from './report.js'

export interface Page {
  readonly title: readonly Phrase[]
  /** sentences, one on each line */
  readonly summary: readonly (readonly Phrase[])[]
  readonly sections: readonly Section[]
}

/** What is new, and the file that it was compared with. */
export interface Comparison {
  readonly file: string
  readonly rows: readonly NewRow[]
}

export function pageOf(r: Report, compared: Comparison | undefined): Page {
  return {
    title: titleOf(r),
    summary: summaryOf(r, compared),
    sections: [
      ...(compared === undefined || compared.rows.length === 0 ? [] : [newSection(compared)]),
      ...ALL.flatMap(({ title, rows }) => {
        const found = rows(r)
        return found.length === 0 ? [] : [{ title: title(r), ...shownRows(found) }]
      }),
      programSection(r),
    ],
  }
}

function titleOf(r: Report): Phrase[] {
  const of = r.command === undefined ? ['What happened'] : ['What ', name(commandText(r)), ' did']
  return r.hosts_captured.length > 1 ? [...of, ` on ${r.hosts_captured.length} hosts`] : of
}

function commandText({ command = '', arguments: given }: Report): string {
  if (given === undefined) return command
  return `${command} ${typeof given === 'string' ? given : given.join(' ')}`
}

function summaryOf(r: Report, compared: Comparison | undefined): Phrase[][] {
  const lines: Phrase[][] = []
  const code = r.exit_code === undefined ? '' : `It ended with exit code ${r.exit_code} after `
  const time = humanSpan(r.seconds * 1e9)
  const many = counted(r.processes, 'process', 'processes')
  lines.push([code === '' ? `${many} ran within ${time}` : `${code}${time}; ${many} ran`, ...whereOf(r), '.'])
  if (r.hosts_captured.length > 1) lines.push(['Hosts: ', ...listed(r.hosts_captured), '.'])
  if (r.filter !== undefined) lines.push(['Only events that pass this filter: ', name(r.filter)])
  for (const reason of r.incomplete) lines.push([`Incomplete: ${reason}.`])
  if (compared !== undefined) {
    const n = compared.rows.length
    const what = n === 0 ? 'Nothing is new' : `${counted(n, 'thing is', 'things are')} new`
    lines.push([`${what} since `, name(compared.file), '.'])
  }
  const none = ABSENT.flatMap(({ rows, none }) => (rows(r).length === 0 ? [none(r)] : []))
  if (none.length > 0) lines.push([sentence(none, r.incomplete.length > 0)])
  lines.push(filesSentence(r))
  return lines
}

const whereOf = ({ folder }: Report): Phrase[] => (folder === undefined ? [] : [', in ', name(folder)])

/** Files that need no rows of their own. */
function filesSentence({ folder, inside, temporary, system }: Report): Phrase[] {
  const parts: string[] = []
  if (folder !== undefined)
    parts.push(
      `in the working folder, ${counted(inside.read, 'file was read', 'files were read')}, ${inside.written} written and ${inside.removed} removed`,
    )
  if (system > 0) parts.push(`${counted(system, 'file of the system was read', 'files of the system were read')}`)
  if (temporary > 0)
    parts.push(
      `${counted(temporary, 'temporary file was created and removed', 'temporary files were created and removed')}`,
    )
  const text = parts.length === 0 ? 'no other files were read or written' : parts.join('; ')
  return [`Files: ${text}.`]
}

interface Kind {
  readonly title: (r: Report) => string
  readonly rows: (r: Report) => readonly Row[]
}

const outside = ({ folder }: Report) => (folder === undefined ? '' : ' outside the working folder')

/** In this order: what matters most comes first. */
const ALL: readonly Kind[] = [
  { title: () => 'Secrets', rows: (r) => r.secrets.map(secretRow) },
  { title: () => 'Privileges', rows: (r) => r.privileges.map(countedRow) },
  { title: () => 'Refused calls', rows: (r) => r.refused.map(countedRow) },
  { title: () => 'Hosts', rows: (r) => r.hosts.map(hostRow) },
  { title: () => 'HTTP requests without TLS', rows: (r) => r.requests.map(countedRow) },
  { title: () => 'Ports on which programs listened', rows: (r) => r.listening.map(countedRow) },
  { title: () => 'Names looked up without a connection', rows: (r) => r.lookups.map(countedRow) },
  { title: (r) => `Files written${outside(r)}`, rows: (r) => r.written.map(fileRow) },
  { title: (r) => `Files removed${outside(r)}`, rows: (r) => r.removed.map(fileRow) },
  {
    title: (r) => `Files read${outside(r)}`,
    rows: (r) => r.read.filter(({ path }) => !isSecret(r, path)).map(fileRow),
  },
]

/** Whether the page already shows the path as that of a secret. */
const isSecret = ({ secrets }: Report, path: string) => secrets.some(({ what }) => what === path)

/** What is said if there is none of it. */
const ABSENT: readonly { readonly rows: (r: Report) => readonly unknown[]; readonly none: (r: Report) => string }[] = [
  { rows: (r) => r.secrets, none: () => 'no known secret was opened' },
  { rows: (r) => r.privileges, none: () => 'no privilege was used or gained' },
  { rows: (r) => r.refused, none: () => 'no call was refused' },
  { rows: (r) => r.hosts, none: () => 'no host was contacted' },
  { rows: (r) => r.written, none: (r) => `no file was written${outside(r)}` },
]

const NEW_WORDS: Readonly<Record<Compared, string>> = {
  secrets: 'secret',
  privileges: 'privilege',
  refused: 'refused call',
  hosts: 'host',
  requests: 'request',
  listening: 'listening port',
  lookups: 'looked-up name',
  written: 'written file',
  removed: 'removed file',
  read: 'read file',
  programs: 'program',
}

function newSection({ file, rows }: Comparison): Section {
  const lines = rows.map(({ section, what }): Row => ({ depth: 0, parts: [`${NEW_WORDS[section]} `, name(what)] }))
  return { title: 'New', note: ['Not in ', name(file)], ...shownRows(lines) }
}

function programSection(r: Report): Section {
  return { title: 'Programs', ...shownRows(programRows(r.programs)) }
}

function secretRow({ what, kind, did, count, by }: SecretRow): Row {
  const words = did.map((d) => (d === 'not found' ? 'looked for, does not exist' : d)).join(', ')
  return { depth: 0, parts: [name(what), ` (${kind}): ${words}${times(count)}`, ...byPrograms(by)] }
}

function countedRow({ what, count, by }: CountedRow): Row {
  return { depth: 0, parts: [name(what), times(count), ...byPrograms(by)] }
}

function fileRow({ path, files, by }: FileRow): Row {
  return { depth: 0, parts: [name(path), files === 1 ? '' : ` (${files} files)`, ...byPrograms(by)] }
}

function hostRow({ host, addresses, connections, failed, errors, unanswered, sent, received, by }: HostRow): Row {
  const made = connections === 0 ? [] : [counted(connections, 'connection', 'connections')]
  const lost = [
    ...(failed === 0 ? [] : [`${counted(failed, 'connection', 'connections')} failed (${errors.join(', ')})`]),
    ...(unanswered === 0 ? [] : [`${counted(unanswered, 'connection', 'connections')} without an answer`]),
  ]
  const bytes = [`${bytesText(sent)} sent`, `${bytesText(received)} received`]
  const at: Phrase[] = addresses.length === 0 ? [] : [' (', ...listed(addresses), ')']
  return { depth: 0, parts: [name(host), ...at, `: ${[...made, ...lost, ...bytes].join(', ')}`, ...byPrograms(by)] }
}

function byPrograms(by: readonly string[]): Phrase[] {
  return by.length === 0 ? [] : [', by ', ...listed(by)]
}

/** Names with commas between them. */
function listed(names: readonly string[]): Phrase[] {
  return names.flatMap((n, i): Phrase[] => (i === 0 ? [name(n)] : [', ', name(n)]))
}

const times = (count: number): string => (count === 1 ? '' : `, ${count} times`)

function counted(n: number, one: string, many: string): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`
}

/** Bytes with a unit of 1024. */
function bytesText(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = n
  let unit = 0
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
