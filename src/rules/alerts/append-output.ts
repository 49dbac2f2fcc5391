// Text and fields appended to the outputs of rules: append_output of falco.yaml, and the fields suggested for every alert.
import type { Rule } from '../rule.js'

/** An entry of append_output. */
export interface AppendOutput {
  /** which rules it applies to: all conditions must match; absent: every rule */
  readonly match?: {
    readonly source?: string | undefined
    /** the rule has all of these */
    readonly tags?: readonly string[] | undefined
    /** name of the rule */
    readonly rule?: string | undefined
  }
  /** format that follows the rule's output after a blank */
  readonly extraOutput?: string | undefined
  /** fields only in JSON: a field's name, or a name with the format of its text */
  readonly extraFields?: readonly (string | Readonly<Record<string, string>>)[] | undefined
  /** appends the suggested fields */
  readonly suggestedOutput?: boolean | undefined
}

/** What follows the output of a rule, and its additional JSON fields. */
export interface Appended {
  /** formats, to be joined by blanks */
  readonly formats: readonly string[]
  /** names of fields */
  readonly fields: readonly string[]
  /** formats of texts, by name in JSON */
  readonly texts: ReadonlyMap<string, string>
}

/** The fields that libs suggests for every output, in the order in which Falco appends them. */
const SUGGESTED = [
  ...['container.id', 'container.name', 'container.image.repository', 'container.image.tag'],
  ...['k8s.pod.name', 'k8s.ns.name'],
]

const suggestion = (field: string) => `${field.replaceAll('.', '_')}=%${field}`

/**
 * What the entries append to a rule's output. suggested: append the suggested fields even if no entry requests them. A suggested field
 * that the output already contains is not appended.
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

/** Whether a format contains this field, not only one whose name starts with it. */
function mentions(format: string, field: string): boolean {
  const name = `%${field}`
  for (let at = format.indexOf(name); at >= 0; at = format.indexOf(name, at + 1))
    if (!/^[\w.]*\w/.test(format.slice(at + name.length))) return true
  return false
}
