// Converts the privacy options, and the files that they name, to a redaction.
import { parseRules, RedactionError } from '../../redact/file.js'
import { randomKey } from '../../redact/hash.js'
import type { Redaction, Rule } from '../../redact/redaction.js'
import { CliError, EXIT } from '../errors/exit.js'
import { allRead, type Exactly, type OptionsOf } from './option-types.js'
import { smallFile } from './small-file.js'
import type { PRIVACY_OPTIONS } from './table.js'

/** minimum bytes of a key: a shorter one could be found by brute force */
const LEAST_KEY = 16

export type PrivacyOptions = OptionsOf<typeof PRIVACY_OPTIONS> & { readonly containerMetadata?: boolean }

/** The redaction that the parsed options request; undefined: none. Throws CliError (usage) with the location of an error. */
export function redactionOf<O extends PrivacyOptions>(options: Exactly<PrivacyOptions, O>): Redaction | undefined {
  const o: PrivacyOptions = options
  const { redact, redactKey, onlyNamespace: namespace, buffers, env, args, containerMetadata, ...others } = o
  allRead(others)
  const [noBuffers, noEnv, noArgs] = [buffers === false, env === false, args === false]
  const rules = redact === undefined ? [] : rulesIn(redact)
  const hashes = rules.some((r) => r.action === 'hash')
  if (redactKey !== undefined && !hashes)
    throw new CliError(EXIT.usage, '--redact-key requires a --redact file with a hash rule')
  if (namespace !== undefined && containerMetadata === false)
    throw new CliError(EXIT.usage, '--only-namespace needs container metadata; remove --no-container-metadata')
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
  throw new CliError(EXIT.usage, `${path} contains no rule: write lines such as FIELDS hash|mask|drop [/PATTERN/]`)
}

function keyIn(path: string): Uint8Array {
  const key = smallFile(path, '--redact-key')
  if (key.length < LEAST_KEY)
    throw new CliError(EXIT.usage, `the key in ${path} has ${key.length} bytes; at least ${LEAST_KEY} are required`)
  return new Uint8Array(key)
}
