// Options of live captures that are given with a file: scripts contain them, so they are accepted, and a message says that they have no
// effect.
import { OPTIONS } from './table.js'
import { propertyOf } from './words.js'

const LIVE_ONLY = OPTIONS.filter((o) => o.scope === 'live' && o.selects !== true)

/** A message for the live options among these parsed options if files are read; empty if there are none. */
export function liveOnlyIn(
  options: Readonly<Record<string, unknown>> & { readonly read?: readonly string[] },
): string[] {
  if ((options.read ?? []).length === 0) return []
  const given = LIVE_ONLY.filter((o) => {
    const value = options[propertyOf(o)]
    // the property of a --no option is true unless it is given
    return o.long.startsWith('no-') ? value === false : value !== undefined && value !== false
  }).map((o) => `--${o.long}`)
  if (given.length === 0) return []
  return [
    `${given.join(', ')} ${given.length === 1 ? 'has' : 'have'} no effect with -r: a file contains what was recorded`,
  ]
}
