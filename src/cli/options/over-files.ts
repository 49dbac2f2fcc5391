// Options of live captures that are given although capture files are read. What happens then is in the declaration of each option.
import { CliError, EXIT } from '../errors/exit.js'
import type { OptionDef } from './table.js'
import { propertyOf } from './words.js'

/**
 * Messages about the given options of a table that have no effect on capture files; none if no file is read. options: the parsed ones by
 * their properties, `read` the files. Throws CliError (usage) for an option that is refused then.
 */
export function overFiles(
  table: readonly OptionDef[],
  options: Readonly<Record<string, unknown>> & { readonly read?: readonly string[] },
): string[] {
  if ((options.read ?? []).length === 0) return []
  const ignored = new Map<string, string[]>()
  for (const def of table) {
    const { long, files } = def
    if (files === undefined || files === 'acts' || !isGiven(def, options)) continue
    if ('refused' in files)
      throw new CliError(EXIT.usage, `--${long} applies to live captures, not to files: ${files.refused}`)
    ignored.set(files.ignored, [...(ignored.get(files.ignored) ?? []), `--${long}`])
  }
  return [...ignored].map(
    ([reason, names]) =>
      `${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} no effect on capture files: ${reason}`,
  )
}

function isGiven(def: OptionDef, options: Readonly<Record<string, unknown>>): boolean {
  const value = options[propertyOf(def)]
  // the property of a --no option is true unless it is given
  return def.long.startsWith('no-') ? value === false : value !== undefined && value !== false
}
