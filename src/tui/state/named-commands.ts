// Runs the commands of keys/named.ts, which are typed after a colon. Every view is a command too, by its id.
import { nearest } from '../../filter/index.js'
import { parseDuration } from '../../filter/time.js'
import type { View } from '../../views/define.js'
import { COMMANDS, type NamedCommand } from '../keys/named.js'
import { availableColumns } from '../layout/columns.js'
import { type Line, page, type Step, step, type UiState, withPage } from '../model/model.js'
import { choices, filterBy, queryFilter } from '../model/query.js'
import { saveSettings } from '../model/settings.js'
import { REFRESH } from '../settings/settings.js'
import { THEMES, type ThemeChoice } from '../terminal/color.js'
import { openView, run, sortBy } from './commands.js'
import { type Candidate, type Completion, fieldsFor, wordsFor } from './complete.js'
import { into } from './navigate.js'
import { goTo } from './search.js'
import { settle } from './selection.js'

/** The effect of a command, or an error message, which may have several lines and a caret. */
type Outcome = Step | string

interface Handler {
  /** completes the argument; `l` is that part of the line */
  complete?(s: UiState, l: Line): Completion
  /** forced: the name ends with an exclamation mark */
  run(s: UiState, argument: string, forced: boolean): Outcome
}

const HANDLERS: Readonly<Record<(typeof COMMANDS)[number]['name'], Handler>> = {
  filter: { complete: (_, l) => fieldsFor(l), run: filterBy },
  text: { run: (s, text) => step(settle(withPage(s, { text }))) },
  sort: {
    complete: (s, l) =>
      wordsFor(
        l,
        0,
        availableColumns(s).map(({ column }) => ({ name: column.title, doc: column.doc })),
      ),
    run: sort,
  },
  columns: { run: (s) => run(s, 'columns') },
  goto: { run: goTo },
  write: { run: write },
  refresh: { run: refresh },
  theme: {
    complete: (_, l) =>
      wordsFor(
        l,
        0,
        THEMES.map((name) => ({ name, doc: '' })),
      ),
    run: theme,
  },
  command: { run: (s) => run(s, 'command') },
  copy: { run: (s) => run(s, 'copy') },
  legend: { run: (s) => run(s, 'legend') },
  help: { run: (s) => run(s, 'help') },
  quit: { run: (s) => run(s, 'quit') },
}

/** Candidates for the command being typed. */
export function completionOf(s: UiState, l: Line): Completion {
  const from = argumentAt(l.text)
  if (from === undefined || l.cursor < from) return wordsFor(l, 0, names(s))
  const argument = { text: l.text.slice(from), cursor: l.cursor - from }
  const inArgument = find(parse(l.text).name)?.complete?.(s, argument)
  return inArgument === undefined ? { from, found: [] } : { ...inArgument, from: from + inArgument.from }
}

/** Runs a typed command; s: without the prompt. */
export function runNamed(s: UiState, text: string): Outcome {
  const { name, forced, argument } = parse(text)
  if (name === '') return step(s)
  if (/^#?\d+$/.test(name)) return goTo(s, name)
  const command = find(name)
  if (command !== undefined)
    return command.takes === undefined && argument !== ''
      ? `:${command.name} takes no argument`
      : command.run(s, argument, forced)
  const view = s.views.find((v) => v.id === name)
  if (view !== undefined)
    return argument === '' ? show(s, view) : `:${name} takes no argument; :filter changes the filter`
  const near = nearest(
    name,
    names(s).map((c) => c.name),
  )
  return `there is no command or view '${name}'${near === undefined ? '' : `; did you mean ${near}?`}`
}

function parse(text: string): { name: string; forced: boolean; argument: string } {
  const [, name = '', mark = '', argument = ''] = /^\s*(\S*?)(!?)(?:\s+(.*))?$/s.exec(text) ?? []
  return { name, forced: mark !== '', argument: argument.trim() }
}

/** Start of the argument; undefined while the name is being typed. */
function argumentAt(text: string): number | undefined {
  return /^\s*\S+\s+/.exec(text)?.[0].length
}

function find(name: string): (NamedCommand & Handler) | undefined {
  const command = COMMANDS.find((c: NamedCommand) => c.name === name || c.also?.includes(name))
  return command && { ...command, ...HANDLERS[command.name] }
}

/** Commands, and the views that can be opened for the selection. */
function names(s: UiState): Candidate[] {
  const views = [...choices(s), ...s.views.filter((v) => v.id === 'echo' || v.id === 'dig')]
  return [...COMMANDS, ...views.map((v) => ({ name: v.id, doc: v.name }))].map(({ name, doc }) => ({ name, doc }))
}

function show(s: UiState, view: View): Outcome {
  if (view === page(s).view) return step(s)
  if (view.id === 'echo' || view.id === 'dig') return into(s, view.id)
  if (choices(s).includes(view)) return openView(s, view)
  return `${view.name} is not available for this selection; Esc goes back up`
}

function sort(s: UiState, title: string): Outcome {
  const columns = availableColumns(s)
  const found = columns.find(({ column }) => column.title.toLowerCase() === title.toLowerCase())
  if (found !== undefined) return sortBy(s, found.index)
  const titles = columns.map(({ column }) => column.title)
  const near = nearest(title, titles)
  if (titles.length === 0) return 'the columns are not known yet'
  return title === ''
    ? `:sort takes a column: ${titles.join(', ')}`
    : `there is no column '${title}'; ${near === undefined ? `columns are ${titles.join(', ')}` : `did you mean ${near}?`}`
}

function theme(s: UiState, name: string): Outcome {
  const choice = THEMES.find((t) => t === name) as ThemeChoice | undefined
  if (choice === undefined) return `themes are ${THEMES.join(', ')}`
  return saveSettings(step(s, { kind: 'theme', theme: choice }), { theme: choice })
}

function refresh(s: UiState, text: string): Outcome {
  if (s.file !== undefined) return 'a file cannot be refreshed'
  const ns = parseDuration(text)
  const ms = ns === undefined ? 0 : Math.round(ns / 1e6)
  if (ms < REFRESH.least || ms > REFRESH.most) return `:refresh takes a time from ${REFRESH.least}ms to 1h: 500ms, 2s`
  const note = `refreshed every ${ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`}`
  const to = step({ ...s, refresh: ms, note }, { kind: 'send', request: { kind: 'refresh', ms } })
  return saveSettings(to, { refresh: ms })
}

function write(s: UiState, path: string, replace: boolean): Outcome {
  if (path === '') return ':write takes the name of a file: :write x.ksys'
  return step(
    { ...s, note: `${path} is being written` },
    {
      kind: 'send',
      request: { kind: 'write', path, filter: queryFilter(s), replace },
    },
  )
}
