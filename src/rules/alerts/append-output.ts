// What is appended to the outputs of rules: append_output of falco.yaml, and the fields that are suggested for every alert.
import type { Rule } from '../rule.js'

/** An entry of append_output. */
export interface AppendOutput {
  /** which rules it is for: all of it must hold; absent: every rule */
  readonly match?: {
    readonly source?: string | undefined
    /** the rule has all of these */
    readonly tags?: readonly string[] | undefined
    /** name of the rule */
    readonly rule?: string | undefined
  }
  /** format that follows the rule's output, behind a blank */
  readonly extraOutput?: string | undefined
  /** fields of the JSON alone: a field by its name, or a name with the format of its text */
  readonly extraFields?: readonly (string | Readonly<Record<string, string>>)[] | undefined
  /** appends the suggested fields */
  readonly suggestedOutput?: boolean | undefined
}

/** What follows the output of a rule, and what its JSON has besides. */
export interface Appended {
  /** formats, which are joined by blanks */
  readonly formats: readonly string[]
  /** fields by their names */
  readonly fields: readonly string[]
  /** formats of texts, by the name that they have in JSON */
  readonly texts: ReadonlyMap<string, string>
}

/** The fields that libs suggests for every output, in the order in which they are appended. */
const SUGGESTED = [
  ...['container.id', 'container.name', 'container.image.repository', 'container.image.tag'],
  ...['k8s.ns.name', 'k8s.pod.name'],
]

const suggestion = (field: string) => `${field.replaceAll('.', '_')}=%${field}`

/**
 * What the entries append to a rule's output. suggested: the suggested fields are appended even where no entry asks for them. None is
 * appended twice, or to an output that has it already.
 */
export function appendedTo(rule: Rule, entries: readonly AppendOutput[], suggested: boolean): Appended {
  const fitting = entries.filter((entry) => fits(entry, rule))
  const formats = fitting.flatMap((entry) => (entry.extraOutput === undefined ? [] : [entry.extraOutput.trim()]))
  const written = [rule.output, ...formats].join(' ')
  const wantsSuggested = suggested || fitting.some((entry) => entry.suggestedOutput === true)
  const missing =
    wantsSuggested && rule.source === 'syscall' ? SUGGESTED.filter((field) => !mentions(written, field)) : []
  const fields: string[] = []
  const texts = new Map<string, string>()
  for (const field of fitting.flatMap((entry) => entry.extraFields ?? [])) {
    if (typeof field === 'string') fields.push(field)
    else for (const [name, format] of Object.entries(field)) texts.set(name, format)
  }
  return { formats: [...formats, ...missing.map(suggestion)].filter((format) => format !== ''), fields, texts }
}

function fits({ match = {} }: AppendOutput, rule: Rule): boolean {
  const { source, tags = [], rule: name } = match
  if (source !== undefined && source !== rule.source) return false
  if (name !== undefined && name !== rule.name) return false
  return tags.every((tag) => rule.tags.includes(tag))
}

/** Whether a format has a field, and not one whose name only begins so. */
function mentions(format: string, field: string): boolean {
  const name = `%${field}`
  for (let at = format.indexOf(name); at >= 0; at = format.indexOf(name, at + 1))
    if (!/^[\w.]*\w/.test(format.slice(at + name.length))) return true
  return false
}
