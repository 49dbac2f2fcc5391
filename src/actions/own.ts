// The user's own actions: a settings file, which is parsed and checked before its content is shown or run.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { configFolder } from '../model/config-folder.js'
import { clean } from '../model/sanitize.js'
import { trustedFile, trustedOwners, UntrustedError } from '../model/trusted-file.js'
import { fieldsOf, type OwnAction } from './define.js'

/** Why a settings file is not used, as a sentence. */
export class OwnActionsError extends Error {}

/** maximum bytes of the file */
const MOST = 65_536
const KEYS = ['name', 'argv', 'doc', 'views', 'key', 'changes', 'quiet', 'anywhere']
/** keys used by the menu itself */
const RESERVED_KEYS = 'jkgGhqaA?'

interface Known {
  /** whether a field of that name exists */
  field(name: string): boolean
  readonly views: readonly string[]
}

/** The path of actions.json in ksys's settings folder; undefined if the user has no such folder. */
function ownActionsFile(): string | undefined {
  const folder = configFolder()
  return folder === undefined ? undefined : join(folder, 'actions.json')
}

/** The actions in that file; none if it does not exist. Throws OwnActionsError. */
export function readOwnActions(known: Known, file = ownActionsFile()): OwnAction[] {
  if (file === undefined || !existsSync(file)) return []
  const refusal = (why: string) => new OwnActionsError(`${file} is not used: ${why}`)
  try {
    trustedFile(file, trustedOwners())
    if (statSync(file).size > MOST) throw refusal(`it is larger than ${MOST} bytes`)
    return parseOwnActions(JSON.parse(readFileSync(file, 'utf8')), known)
  } catch (e) {
    if (e instanceof UntrustedError || e instanceof SyntaxError) throw refusal(e.message)
    throw e instanceof InvalidAction ? refusal(e.message) : e
  }
}

class InvalidAction extends Error {}

/** The actions in the file's JSON: a list of objects. */
export function parseOwnActions(json: unknown, known: Known): OwnAction[] {
  if (!Array.isArray(json)) throw new InvalidAction('it must be a list of actions: [{"name": ..., "argv": [...]}]')
  const actions = json.map((a, i) => actionOf(a, `action ${i + 1}`, known))
  const twice = actions.find((a, i) => actions.findIndex((b) => b.id === a.id) < i)
  if (twice !== undefined) throw new InvalidAction(`two actions have the name ${twice.title}`)
  return actions
}

function actionOf(json: unknown, where: string, known: Known): OwnAction {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new InvalidAction(`${where} is not an object`)
  const a = json as Record<string, unknown>
  const other = Object.keys(a).find((k) => !KEYS.includes(k))
  if (other !== undefined)
    throw new InvalidAction(`${where} has the unknown key '${clean(other)}'; valid keys are ${KEYS.join(', ')}`)
  const name = text(a.name, `the name of ${where}`)
  const what = `the action ${name}`
  const argv = texts(a.argv, `argv of ${what}`)
  const [program] = argv
  if (program === undefined || program.includes('{'))
    throw new InvalidAction(`argv of ${what} must start with a program`)
  const unknown = fieldsOf({ argv: argv as [string] }).find((f) => !known.field(f))
  if (unknown !== undefined) throw new InvalidAction(`${what} references the unknown field ${unknown}`)
  const views = a.views === undefined ? undefined : texts(a.views, `views of ${what}`)
  const noView = views?.find((v) => !known.views.includes(v))
  if (noView !== undefined) throw new InvalidAction(`${what} references the unknown view ${noView}`)
  const key = a.key === undefined ? undefined : text(a.key, `the key of ${what}`)
  if (key !== undefined && (key.length !== 1 || RESERVED_KEYS.includes(key)))
    throw new InvalidAction(`the key of ${what} must be one character, not one of ${RESERVED_KEYS}`)
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
    throw new InvalidAction(`${what} must be a string without control characters`)
  return value
}

function texts(value: unknown, what: string): string[] {
  if (!Array.isArray(value)) throw new InvalidAction(`${what} must be a list of strings`)
  return value.map((v, i) => text(v, `part ${i + 1} of ${what}`))
}

function flag(value: unknown, what: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw new InvalidAction(`${what} must be true or false`)
  return value === true
}
