// The commands of `ksys rules` other than running rules: `explain RULE`, `suggest`, `test FOLDER`, `test --diff OLD NEW`.
import { CliError, EXIT } from '../errors/exit.js'

export type RulesCommand =
  | { readonly what: 'run' }
  | { readonly what: 'suggest' }
  | { readonly what: 'explain'; readonly rule: string }
  | { readonly what: 'test'; readonly folder: string }
  | { readonly what: 'compare'; readonly before: string; readonly after: string }

/** Parses the command; the remaining arguments are rules files. Throws CliError (usage) for a missing argument. */
export function parseRulesCommand(
  words: readonly string[],
  diff: boolean,
): { command: RulesCommand; files: readonly string[] } {
  const [what, first, second, ...rest] = words
  if (diff && what !== 'test')
    throw new CliError(EXIT.usage, '--diff requires test: ksys rules test --diff OLD NEW -r CAPTURE')
  if (what === 'explain') {
    if (first === undefined) throw new CliError(EXIT.usage, "missing rule: ksys rules explain 'RULE' -f FILE")
    return { command: { what, rule: first }, files: words.slice(2) }
  }
  if (what === 'suggest') return { command: { what }, files: words.slice(1) }
  if (what !== 'test') return { command: { what: 'run' }, files: words }
  if (diff) {
    if (first === undefined || second === undefined || rest.length > 0)
      throw new CliError(
        EXIT.usage,
        'two files or folders of rules are required: ksys rules test --diff OLD NEW -r CAPTURE',
      )
    return { command: { what: 'compare', before: first, after: second }, files: [first, second] }
  }
  if (first === undefined) throw new CliError(EXIT.usage, 'missing folder of captures: ksys rules test FOLDER -f FILE')
  return { command: { what, folder: first }, files: words.slice(2) }
}
