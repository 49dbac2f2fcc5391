// Whether containers and pods run, so that there is something for their columns to show.
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import type { State } from '../../state/state.js'
import { type Inside, StateCursor } from '../../table/index.js'

/** What the threads of a state are in, also those that ended a moment ago. */
export function insideOf(state: State, ctx: FieldContext): Required<Pick<Inside, 'containers' | 'pods'>> {
  const podOf = registry.find('k8s.pod.name').def.make(ctx, undefined)
  const cursor = new StateCursor()
  const seen = new Set<unknown>()
  let pods = false
  for (const threads of [state.threads.values(), state.table.exited()])
    for (const t of threads) {
      if (t.container === undefined || seen.has(t.container)) continue
      seen.add(t.container)
      pods ||= podOf(cursor.at(state, t, undefined, 0)) !== undefined
    }
  return { containers: seen.size > 0, pods }
}
