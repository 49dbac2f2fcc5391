// The user's own actions: a settings file, taken apart and checked before anything of it is shown or run.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { configFolder } from '../model/config-folder.js'
import { clean } from '../model/sanitize.js'
import { trustedFile, trustedOwners, UntrustedError } from '../model/trusted-file.js'
import { fieldsOf, type OwnAction } from './define.js'

/** A settings file that is not used, and why, in a sentence. */
export class OwnActionsError extends Error {}

/** bytes of the file */
const MOST = 65_536
const KEYS = ['name', 'argv', 'doc', 'views', 'key', 'changes', 'quiet', 'anywhere']
/** keys of the menu itself */
const TAKEN = 'jkgGhqaA?'

export interface Known {
  /** whether there is a field of that name */
  field(name: string): boolean
  readonly views: readonly string[]
}

/** Where they are declared: actions.json in the folder of ksys's settings; undefined for one who has none. */
export function ownActionsFile(): string | undefined {
  const folder = configFolder()
  return folder === undefined ? undefined : join(folder, 'actions.json')
}

/** The actions of that file, none without one. Throws OwnActionsError. */
export function readOwnActions(known: Known, file = ownActionsFile()): OwnAction[] {
  if (file === undefined || !existsSync(file)) return []
  const refusal = (why: string) => new OwnActionsError(`${file} is not used: ${why}`)
  try {
    trustedFile(file, trustedOwners())
    if (statSync(file).size > MOST) throw refusal(`it has more than ${MOST} bytes`)
    return parseOwnActions(JSON.parse(readFileSync(file, 'utf8')), known)
  } catch (e) {
    if (e instanceof UntrustedError || e instanceof SyntaxError) throw refusal(e.message)
    throw e instanceof Mistake ? refusal(e.message) : e
  }
}

class Mistake extends Error {}

/** The actions of the file's JSON: a list of objects. */
export function parseOwnActions(json: unknown, known: Known): OwnAction[] {
  if (!Array.isArray(json)) throw new Mistake('it is to be a list of actions: [{"name": ..., "argv": [...]}]')
  const actions = json.map((a, i) => actionOf(a, `action ${i + 1}`, known))
  const twice = actions.find((a, i) => actions.findIndex((b) => b.id === a.id) < i)
  if (twice !== undefined) throw new Mistake(`two actions are called ${twice.title}`)
  return actions
}

function actionOf(json: unknown, where: string, known: Known): OwnAction {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Mistake(`${where} is no object`)
  const a = json as Record<string, unknown>
  const other = Object.keys(a).find((k) => !KEYS.includes(k))
  if (other !== undefined) throw new Mistake(`${where} has '${clean(other)}'; there are ${KEYS.join(', ')}`)
  const name = text(a.name, `the name of ${where}`)
  const what = `the action ${name}`
  const argv = texts(a.argv, `argv of ${what}`)
  const [program] = argv
  if (program === undefined || program.includes('{')) throw new Mistake(`argv of ${what} is to begin with a program`)
  const unknown = fieldsOf({ argv: argv as [string] }).find((f) => !known.field(f))
  if (unknown !== undefined) throw new Mistake(`${what} names the field ${unknown}, which there is not`)
  const views = a.views === undefined ? undefined : texts(a.views, `views of ${what}`)
  const noView = views?.find((v) => !known.views.includes(v))
  if (noView !== undefined) throw new Mistake(`${what} is for the view ${noView}, which there is not`)
  const key = a.key === undefined ? undefined : text(a.key, `the key of ${what}`)
  if (key !== undefined && (key.length !== 1 || TAKEN.includes(key)))
    throw new Mistake(`the key of ${what} is to be one character, none of ${TAKEN}`)
  return {
    id: `own:${name}`,
    own: true,
    title: name,
    doc: a.doc === undefined ? '' : text(a.doc, `doc of ${what}`),
    argv: argv as [string, ...string[]],
    ...(views !== undefined && { views }),
    ...(key !== undefined && { key }),
    ...(flag(a.changes, `changes of ${what}`) && { changes: true }),
    ...(flag(a.quiet, `quiet of ${what}`) && { quiet: true }),
    ...(flag(a.anywhere, `anywhere of ${what}`) && { anywhere: true }),
  }
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || clean(value) !== value)
    throw new Mistake(`${what} is to be a text without control characters`)
  return value
}

function texts(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) throw new Mistake(`${what} is to be a list of texts`)
  return value.map((v, i) => text(v, `part ${i + 1} of ${what}`))
}

function flag(value: unknown, what: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw new Mistake(`${what} is to be true or false`)
  return value === true
}
