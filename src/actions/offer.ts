// Which actions there are for a row, with their commands, and why one is not run.
import { type Action, argvOf, askedFor, fieldsOf, makesOption, type OwnAction, STARTED } from './define.js'
import { fits, isPath, isProcess, wrongWith } from './kinds.js'

/** What is known of a row. */
export interface RowFacts {
  /** id of its view */
  readonly view: string
  /** values by field; none for what the row does not tell */
  readonly values: Readonly<Record<string, string>>
  /** the container that its names are those of; undefined: the host */
  readonly container: string | undefined
  /** it is there no more */
  readonly ended: boolean
  /** it is of a file, perhaps of another machine */
  readonly file: boolean
}

export interface Offer {
  readonly action: Action | OwnAction
  /** the whole command; undefined where not even that is to be copied */
  readonly argv: readonly string[] | undefined
  /** what is asked of the runner */
  readonly values: Readonly<Record<string, string>>
  /** why it is not run, in a sentence */
  readonly refused: string | undefined
}

/** The actions for a row, those that are refused among them. */
export function offers(actions: readonly (Action | OwnAction)[], row: RowFacts): Offer[] {
  return actions.filter((a) => isFor(a, row)).map((a) => offer(a, row))
}

function isFor(a: Action | OwnAction, { view, values }: RowFacts): boolean {
  if ('own' in a && a.views !== undefined && !a.views.includes(view)) return false
  if (a.only !== undefined && !a.only.is.includes(values[a.only.field] ?? '')) return false
  return fieldsOf(a).every((f) => values[f] !== undefined && fits(f, values[f]))
}

function offer(action: Action | OwnAction, row: RowFacts): Offer {
  const values = Object.fromEntries(
    askedFor(action).flatMap((f) => (row.values[f] === undefined ? [] : [[f, row.values[f]]])),
  )
  const wrong = unfit(action, values, row)
  if (wrong !== undefined) return { action, argv: undefined, values, refused: wrong }
  return { action, argv: argvOf(action, values), values, refused: notHere(action, row) }
}

/** Why the command itself would be a wrong one. */
function unfit(action: Action, values: Readonly<Record<string, string>>, { container }: RowFacts): string | undefined {
  for (const field of fieldsOf(action)) {
    const wrong = wrongWith(field, values[field] ?? '')
    if (wrong !== undefined) return `${field} is not passed to a program: ${wrong}.`
    if (isPath(field) && container !== undefined)
      return `The path is that of the container ${container}: here it names another file. A shell in the container finds it.`
  }
  return makesOption(action, values)
    ? 'A value begins with a dash: the program would take it for an option.'
    : undefined
}

/** Why the command is right and still not run. */
function notHere(action: Action, { values, ended, file }: RowFacts): string | undefined {
  if (file && action.anywhere !== true)
    return 'A file is about another time, perhaps another machine: the command is there to be copied.'
  if (!fieldsOf(action).some(isProcess)) return undefined
  if (ended) return 'This process has ended: its number may be that of another one soon.'
  if (values[STARTED] === undefined)
    return 'This view does not tell when the process began, by which it is known: the view Processes does.'
  return undefined
}
