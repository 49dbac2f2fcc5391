// Parses --output: `stdout`, `file=PATH`, `syslog`, `program=CMD ARGS`, `http=URL`, each followed by options after commas.
import { didYouMean } from '../../filter/suggest.js'
import { byNumber } from '../../model/sanitize.js'
import { OUTPUT_FORMS, OUTPUT_KINDS } from './kinds.js'
import { OUTPUT_OPTIONS } from './options.js'
import { OutputError, type OutputKind, type OutputSpec } from './spec.js'

const LAST_OPTION = /^(.*),([A-Za-z_]+)=([^,]*)$/s

/** The output that a text specifies. Throws OutputError. */
export function parseOutput(text: string): OutputSpec {
  const unsafe = /[\x00-\x1f\x7f]/.exec(text)?.[0]
  if (unsafe !== undefined)
    throw new OutputError(`an output cannot contain control characters; this one contains ${byNumber(unsafe)}`)
  const name = /^[^=,]*/.exec(text)?.[0] ?? ''
  const kind = kindOf(name, text)
  const { target, options } = split(text.slice(name.length), kind)
  const wants = OUTPUT_KINDS[kind].target
  if (wants === undefined && target !== undefined)
    throw new OutputError(`the output ${kind} takes no target, but one is given: ${target}`)
  if (wants !== undefined && (target ?? '').trim() === '')
    throw new OutputError(`the output ${kind} requires a target: ${kind}=${wants}`)
  return { kind, ...(target !== undefined && { target }), ...options }
}

function kindOf(name: string, text: string): OutputKind {
  if (Object.hasOwn(OUTPUT_KINDS, name)) return name as OutputKind
  const kinds = Object.keys(OUTPUT_KINDS)
  const hint = didYouMean(name, kinds)
  throw new OutputError(`there is no output '${name}'${hint}: '${text}' must be one of ${OUTPUT_FORMS.join(', ')}`)
}

/** The target after the equals sign, and the options at the end. */
function split(rest: string, kind: OutputKind): { target: string | undefined; options: Partial<OutputSpec> } {
  const options: Record<string, unknown> = {}
  let left = rest
  for (let m = LAST_OPTION.exec(left); m !== null; m = LAST_OPTION.exec(left)) {
    const [, before, name, value] = m as unknown as [string, string, string, string]
    const option = Object.hasOwn(OUTPUT_OPTIONS, name) ? OUTPUT_OPTIONS[name] : undefined
    // arguments of a program may look like an option
    if (option === undefined && kind === 'program') break
    if (option === undefined || option.kinds?.includes(kind) === false) throw noSuchOption(name, kind)
    const read = option.value(value)
    if (read === undefined)
      throw new OutputError(`${name} of the output ${kind} must be ${option.expects}, not '${value}'`)
    options[option.key] ??= read
    left = before
  }
  return { target: left.startsWith('=') ? left.slice(1) : undefined, options: options as Partial<OutputSpec> }
}

function noSuchOption(name: string, kind: OutputKind): OutputError {
  const known = Object.keys(OUTPUT_OPTIONS).filter((o) => OUTPUT_OPTIONS[o]?.kinds?.includes(kind) !== false)
  const comma = kind === 'http' ? '; write a comma within the URL as %2C' : ''
  return new OutputError(
    `the output ${kind} has no option '${name}'${didYouMean(name, known)}; it has ${known.join(', ')}${comma}`,
  )
}
