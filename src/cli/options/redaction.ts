// What the privacy options say, with the files that they name.
import { parseRules, RedactionError } from '../../redact/file.js'
import { randomKey } from '../../redact/hash.js'
import type { Redaction, Rule } from '../../redact/redaction.js'
import { CliError, EXIT } from '../errors/exit.js'
import { smallFile } from './small-file.js'

/** Fewer could be tried one after the other. */
const LEAST_KEY = 16

interface Words {
  readonly redact?: string
  readonly redactKey?: string
  readonly onlyNamespace?: string
}

/** The redaction that parsed options ask for; undefined: none. Throws CliError (usage) with the place of a mistake. */
export function redactionOf(raw: Readonly<Record<string, unknown>>): Redaction | undefined {
  const { redact, redactKey, onlyNamespace: namespace } = raw as Words
  const [noBuffers, noEnv, noArgs] = [raw.buffers === false, raw.env === false, raw.args === false]
  const rules = redact === undefined ? [] : rulesIn(redact)
  const hashes = rules.some((r) => r.action === 'hash')
  if (redactKey !== undefined && !hashes)
    throw new CliError(EXIT.usage, '--redact-key is the key of hashes, and no rule of a --redact file makes any')
  if (namespace !== undefined && raw.containerMetadata === false)
    throw new CliError(
      EXIT.usage,
      '--only-namespace goes by what runtimes tell of containers, which --no-container-metadata does not ask for',
    )
  if (!noBuffers && !noEnv && !noArgs && (redact ?? namespace) === undefined) return undefined
  const key = !hashes ? new Uint8Array() : redactKey === undefined ? randomKey() : keyIn(redactKey)
  return { namespace, noBuffers, noEnv, noArgs, rules, key }
}

function rulesIn(path: string): Rule[] {
  const text = smallFile(path, '--redact').toString('utf8')
  try {
    const rules = parseRules(text)
    if (rules.length > 0) return rules
  } catch (e) {
    if (!(e instanceof RedactionError)) throw e
    const { line, column, message } = e
    const shown = (text.split(/\r?\n/)[line - 1] ?? '').replaceAll('\t', ' ')
    throw new CliError(EXIT.usage, `${path}:${line}:${column}: ${message}\n  ${shown}\n  ${' '.repeat(column - 1)}^`)
  }
  throw new CliError(EXIT.usage, `${path} has no rule: a line is FIELDS hash|mask|drop [/PATTERN/]`)
}

function keyIn(path: string): Uint8Array {
  const key = smallFile(path, '--redact-key')
  if (key.length < LEAST_KEY)
    throw new CliError(EXIT.usage, `the key in ${path} has ${key.length} bytes; ${LEAST_KEY} or more are needed`)
  return new Uint8Array(key)
}
