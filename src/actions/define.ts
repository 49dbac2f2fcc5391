// The declaration of an action: a command for the selected row of the terminal UI, run without a shell.
import { isProcess } from './kinds.js'

export interface Action {
  /** unique name */
  readonly id: string
  /** its title in the menu */
  readonly title: string
  /** what it does, in a sentence */
  readonly doc: string
  /** the name of the program and its arguments; `{proc.pid}` is replaced by that field's value of the row */
  readonly argv: readonly [string, ...string[]]
  /** only offered for rows with one of these values */
  readonly only?: { readonly field: string; readonly is: readonly string[] }
  /** it changes something, so it needs confirmation */
  readonly changes?: true
  /** it needs no terminal: the last line of its output is shown, after at most QUIET_TIME */
  readonly quiet?: true
  /** instead of running argv, which is equivalent, send this signal, only to the very process of the row */
  readonly signal?: 'SIGTERM' | 'SIGKILL'
  /** its values mean the same on every machine, so it also runs for rows of capture files */
  readonly anywhere?: true
}

/** An action of the user's settings file. */
export interface OwnAction extends Action {
  readonly own: true
  /** the views that have it; absent: all views whose rows have its fields */
  readonly views?: readonly string[]
  /** the key that selects it in the menu */
  readonly key?: string
}

/** Maximum ms for an action without a terminal. */
export const QUIET_TIME = 60_000

/** The start time of a row's process, in ns since the epoch: sent with every pid, as pids are reused. */
export const STARTED = 'proc.pid.ts'

const PLACEHOLDER = /\{([a-z][a-zA-Z0-9_.]*)\}/g

/** The fields used in an action's arguments. */
export function fieldsOf({ argv }: Pick<Action, 'argv'>): string[] {
  return [...new Set(argv.flatMap((part) => [...part.matchAll(PLACEHOLDER)].map((m) => m[1] as string)))]
}

/** The fields sent with an action: those of its arguments, and the start time of the process if there is a pid. */
export function requiredFields(action: Pick<Action, 'argv'>): string[] {
  const fields = fieldsOf(action)
  return fields.some(isProcess) ? [...new Set([...fields, STARTED])] : fields
}

/** The arguments with their values; a value never extends beyond its argument. */
export function argvOf({ argv }: Pick<Action, 'argv'>, values: Readonly<Record<string, string>>): string[] {
  return argv.map((part) => part.replace(PLACEHOLDER, (_, field: string) => values[field] ?? ''))
}

/** Whether an argument would become an option because it starts with a value that starts with a dash. */
export function makesOption({ argv }: Pick<Action, 'argv'>, values: Readonly<Record<string, string>>): boolean {
  return argv.some((part) => {
    const first = /^\{([a-z][a-zA-Z0-9_.]*)\}/.exec(part)?.[1]
    return first !== undefined && values[first]?.startsWith('-') === true
  })
}
