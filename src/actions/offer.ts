// The actions for a row, with their commands, and why an action cannot be run.
import { type Action, argvOf, fieldsOf, makesOption, type OwnAction, requiredFields, STARTED } from './define.js'
import { fits, isPath, isProcess, wrongWith } from './kinds.js'

/** Facts about a row. */
export interface RowFacts {
  /** id of its view */
  readonly view: string
  /** values by field, only for fields that the row has */
  readonly values: Readonly<Record<string, string>>
  /** the container in which its names are valid; undefined: the host */
  readonly container: string | undefined
  /** it no longer exists */
  readonly ended: boolean
  /** it is from a capture file, perhaps of another machine */
  readonly file: boolean
}

export interface Offer {
  readonly action: Action | OwnAction
  /** the complete command; undefined if it must not even be copied */
  readonly argv: readonly string[] | undefined
  /** the values for the request to the runner */
  readonly values: Readonly<Record<string, string>>
  /** why it cannot be run, as a sentence */
  readonly refused: string | undefined
}

/** The actions for a row, including refused ones. */
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
    requiredFields(action).flatMap((f) => (row.values[f] === undefined ? [] : [[f, row.values[f]]])),
  )
  const wrong = whyInvalid(action, values, row)
  if (wrong !== undefined) return { action, argv: undefined, values, refused: wrong }
  return { action, argv: argvOf(action, values), values, refused: whyNotRun(action, row) }
}

/** Why the command itself would be invalid. */
function whyInvalid(
  action: Action,
  values: Readonly<Record<string, string>>,
  { container }: RowFacts,
): string | undefined {
  for (const field of fieldsOf(action)) {
    const wrong = wrongWith(field, values[field] ?? '')
    if (wrong !== undefined) return `${field} is not passed to a program: ${wrong}.`
    if (isPath(field) && container !== undefined)
      return `The path is valid in the container ${container}, but names another file here. Use a shell in the container.`
  }
  return makesOption(action, values)
    ? 'A value starts with a dash: the program would treat it as an option.'
    : undefined
}

/** Why a valid command is not run. */
function whyNotRun(action: Action, { values, ended, file }: RowFacts): string | undefined {
  if (file && action.anywhere !== true)
    return 'A file shows the past, perhaps of another machine: the command can only be copied.'
  if (!fieldsOf(action).some(isProcess)) return undefined
  if (ended) return 'This process has exited: its pid may be reused.'
  if (values[STARTED] === undefined)
    return 'This view has no start time to identify the process: use the view Processes.'
  return undefined
}
