// Answers that need no capture: lists of fields and events, the default format, --explain, completion.
import { allChisels } from '../../chisel/places.js'
import { CLASSES, registry } from '../../fields/index.js'
import { explainFilter } from '../../filter/index.js'
import { didYouMean } from '../../filter/suggest.js'
import { eventValues, listEvents } from '../../format/lists/events.js'
import { fieldValues, listFields, listFieldsMarkdown } from '../../format/lists/fields.js'
import { evtTypeNames } from '../../schema/events/index.js'
import { users } from '../../source/accounts.js'
import { loadViews } from '../../views/index.js'
import { completionScript } from '../completion/script.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Settings } from '../options/parse.js'
import { outputOf } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import { planOptions } from '../query/capture-plan.js'
import { ask, contextOf, emptyState, lineFormat, type Question } from '../query/query.js'

/** Prints the answer; returns the exit code. */
export async function inform(s: Settings, out: Output): Promise<number> {
  const text = s.completion === undefined ? (s.explain ? await explain(s) : answer(s)) : await completion(s.completion)
  await out.text(text)
  return EXIT.ok
}

async function completion(shell: NonNullable<Settings['completion']>): Promise<string> {
  return completionScript(shell, {
    // a name with a * stands for many
    fields: registry.names().filter((name) => !name.includes('*')),
    events: evtTypeNames(),
    // a shell evaluates the script: names of files are taken where they are plain words
    chisels: allChisels().flatMap((c) => (/^[\w.-]+$/.test(c.name) ? [c.name] : [])),
    views: (await loadViews()).map((v) => v.id),
  })
}

function answer(s: Settings): string {
  const columns = process.stdout.columns ?? 100
  const { value } = outputOf(s)
  if (s.listEvents) return value === undefined ? listEvents(columns) : eventValues().map(value).join('')
  if (s.list || s.listMarkdown) return fields(s, columns)
  return `${lineFormat(s, false)}\n`
}

function fields(s: Settings, columns: number): string {
  const only = s.filter === '' ? undefined : oneClass(s.filter)
  if (s.listMarkdown) return listFieldsMarkdown(CLASSES, only)
  const { value } = outputOf(s)
  if (value !== undefined) return fieldValues(CLASSES, only).map(value).join('')
  return listFields(CLASSES, { columns, verbose: s.verbose, only })
}

/** `ksys -l proc` lists one class. */
function oneClass(name: string): string {
  if (CLASSES.some((c) => c.name === name)) return name
  if (registry.names().includes(name))
    throw new CliError(EXIT.usage, `'${name}' is a field, not a class of fields; its class: ksys -l ${classOf(name)}`)
  const near = didYouMean(
    name,
    CLASSES.map((c) => c.name),
  )
  throw new CliError(
    EXIT.usage,
    `there is no class of fields '${name}'${near}; the classes are ${CLASSES.map((c) => c.name).join(', ')}`,
  )
}

function classOf(field: string): string {
  return CLASSES.find((c) => Object.hasOwn(c.fields, field))?.name ?? ''
}

async function explain(s: Settings): Promise<string> {
  if (s.chisels.length > 0) {
    const { prepareChisels } = await import('../chisels/prepare.js')
    const { settings, question } = await prepareChisels(s)
    return explained(settings, question)
  }
  const q = ask(s)
  if (q.filter === undefined)
    throw new CliError(EXIT.usage, 'a filter to explain is expected, as in: ksys --explain proc.name=cat')
  return explained(s, q)
}

function explained(s: Settings, q: Question): string {
  return `${explainFilter(q.filter, registry, contextOf(s, emptyState()), planOptions(s, q, { users: users() }))}\n`
}
