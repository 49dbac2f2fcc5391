// The listing of fields (-l), from their declarations.
import { type FieldDef, isOperand } from '../../fields/field.js'
import type { FieldClass } from '../../fields/registry.js'
import { entry, wrap } from '../text/wrap.js'

interface ListOptions {
  /** width of the terminal */
  readonly columns: number
  /** with types and rules */
  readonly verbose: boolean
  /** only this class */
  readonly only?: string | undefined
}

const NAME_COLUMN = 30

interface Listed {
  readonly name: string
  readonly doc: string
  readonly fields: readonly (readonly [name: string, def: FieldDef])[]
}

/** The classes without removed fields; without those that have no others. */
function listed(classes: readonly FieldClass[], only?: string): Listed[] {
  return classes
    .filter((c) => only === undefined || c.name === only)
    .map((c) => ({ ...c, fields: Object.entries(c.fields).filter(([, def]) => def.removed === undefined) }))
    .filter((c) => c.fields.length > 0)
}

/** The names of the classes that the listing has. */
export function listedClasses(classes: readonly FieldClass[]): string[] {
  return listed(classes).map((c) => c.name)
}

/** The field as written in a filter, with its argument. */
function written(name: string, def: FieldDef): string {
  return def.arg === undefined ? name : def.arg.need === 'required' ? `${name}[...]` : `${name}[[...]]`
}

function rules(def: FieldDef): string[] {
  const found: string[] = [def.list ? `list of ${def.type}` : def.type]
  if (def.filter === false) found.push('not in filters')
  if (def.print === false) found.push('only in filters')
  if (!isOperand(def)) found.push('no transformers')
  if (def.arg !== undefined) found.push(`${def.arg.need} argument: ${def.arg.doc}`)
  return found
}

/** As text for a terminal. */
export function listFields(classes: readonly FieldClass[], o: ListOptions): string {
  const blocks = listed(classes, o.only).map((c) => {
    const rows = c.fields.map(([name, def]) => {
      const text = o.verbose ? `${def.doc} (${rules(def).join('; ')})` : def.doc
      return entry(written(name, def), text, Math.min(NAME_COLUMN, o.columns >> 1), o.columns)
    })
    return `${wrap(`${c.name}: ${c.doc}`, o.columns).join('\n')}\n\n${rows.join('\n')}\n`
  })
  return blocks.join('\n')
}

const cell = (text: string) => text.replace(/[|<>]/g, (c) => `\\${c}`)

/** As Markdown, one table per class. */
export function listFieldsMarkdown(classes: readonly FieldClass[], only?: string): string {
  const blocks = listed(classes, only).map((c) => {
    const rows = c.fields.map(
      ([name, def]) => `| \`${written(name, def)}\` | ${cell(rules(def)[0] as string)} | ${cell(def.doc)} |`,
    )
    return `## ${c.name}\n\n${c.doc}.\n\n| Name | Type | Description |\n| --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return blocks.join('\n')
}

/** For JSON: a value for each field. */
export function fieldValues(classes: readonly FieldClass[], only?: string): object[] {
  return listed(classes, only).flatMap((c) =>
    c.fields.map(([name, def]) => ({
      name,
      class: c.name,
      type: def.type,
      list: def.list === true,
      filter: def.filter !== false,
      print: def.print !== false,
      argument: def.arg?.need ?? 'none',
      doc: def.doc,
    })),
  )
}
