// How an action is declared: a command about the selected row of the terminal UI, without a shell.
import { isProcess } from './kinds.js'

export interface Action {
  /** what it is called among all actions */
  readonly id: string
  /** in the menu */
  readonly title: string
  /** what it does, in a sentence */
  readonly doc: string
  /** the program by its name, then its arguments; `{proc.pid}` stands for a field's value of the row */
  readonly argv: readonly [string, ...string[]]
  /** offered for rows with one of these values only */
  readonly only?: { readonly field: string; readonly is: readonly string[] }
  /** it changes something: asks first */
  readonly changes?: true
  /** needs no terminal: its last line of output is told, at most QUIET_TIME later */
  readonly quiet?: true
  /** instead of running argv, which says the same, the process that the row was about gets this signal, and no other one */
  readonly signal?: 'SIGTERM' | 'SIGKILL'
  /** its values mean the same on every machine: it runs for rows of files too */
  readonly anywhere?: true
}

/** An action of the user's settings file. */
export interface OwnAction extends Action {
  readonly own: true
  /** the views that have it; without them all whose rows have its fields */
  readonly views?: readonly string[]
  /** the key that takes it in the menu */
  readonly key?: string
}

/** ms that an action without a terminal may take. */
export const QUIET_TIME = 60_000

/** When the process of a row began, in ns since the epoch: goes with every number of a process, since another may have it soon. */
export const STARTED = 'proc.pid.ts'

const PLACEHOLDER = /\{([a-z][a-zA-Z0-9_.]*)\}/g

/** The fields that an action's arguments name. */
export function fieldsOf({ argv }: Pick<Action, 'argv'>): string[] {
  return [...new Set(argv.flatMap((part) => [...part.matchAll(PLACEHOLDER)].map((m) => m[1] as string)))]
}

/** The fields that go with an action's name: those of its arguments, and by what a number of a process is known to be of that one. */
export function askedFor(action: Pick<Action, 'argv'>): string[] {
  const fields = fieldsOf(action)
  return fields.some(isProcess) ? [...new Set([...fields, STARTED])] : fields
}

/** The arguments with values in them, each of which stays within its part. */
export function argvOf({ argv }: Pick<Action, 'argv'>, values: Readonly<Record<string, string>>): string[] {
  return argv.map((part) => part.replace(PLACEHOLDER, (_, field: string) => values[field] ?? ''))
}

/** Whether a part of the arguments would become an option by the value that it begins with. */
export function makesOption({ argv }: Pick<Action, 'argv'>, values: Readonly<Record<string, string>>): boolean {
  return argv.some((part) => {
    const first = /^\{([a-z][a-zA-Z0-9_.]*)\}/.exec(part)?.[1]
    return first !== undefined && values[first]?.startsWith('-') === true
  })
}
