// What the words of `ksys rules` ask for beside running rules: `explain RULE`, `test FOLDER`, `test --diff OLD NEW`.
import { CliError, EXIT } from '../errors/exit.js'

export type Asked =
  | { readonly what: 'run' }
  | { readonly what: 'explain'; readonly rule: string }
  | { readonly what: 'test'; readonly folder: string }
  | { readonly what: 'compare'; readonly before: string; readonly after: string }

/** What is asked for, and the words that are left: rules files. Throws CliError (usage) where one is missing. */
export function askedBy(words: readonly string[], diff: boolean): { asked: Asked; files: readonly string[] } {
  const [what, first, second, ...rest] = words
  if (diff && what !== 'test')
    throw new CliError(EXIT.usage, '--diff compares two sets of rules: ksys rules test --diff OLD NEW -r CAPTURE')
  if (what === 'explain') {
    if (first === undefined) throw new CliError(EXIT.usage, "name the rule: ksys rules explain 'RULE' -f FILE")
    return { asked: { what, rule: first }, files: words.slice(2) }
  }
  if (what !== 'test') return { asked: { what: 'run' }, files: words }
  if (diff) {
    if (first === undefined || second === undefined || rest.length > 0)
      throw new CliError(EXIT.usage, 'name two files or folders of rules: ksys rules test --diff OLD NEW -r CAPTURE')
    return { asked: { what: 'compare', before: first, after: second }, files: [first, second] }
  }
  if (first === undefined) throw new CliError(EXIT.usage, 'name a folder with captures: ksys rules test FOLDER -f FILE')
  return { asked: { what, folder: first }, files: words.slice(2) }
}
