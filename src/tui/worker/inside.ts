// Whether containers and pods run, so that their columns have values.

import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { batchNs } from '../../model/time.js'
import type { State } from '../../state/state.js'
import { type Inside, StateCursor } from '../../table/index.js'

/** Whether any thread of a state is in a container or pod, including threads that have just ended. */
export function insideOf(state: State, ctx: FieldContext): Required<Pick<Inside, 'containers' | 'pods'>> {
  const podOf = registry.find('k8s.pod.name').def.make(ctx, undefined)
  const cursor = new StateCursor()
  const seen = new Set<unknown>()
  let pods = false
  for (const threads of [state.threads.values(), state.table.exited()])
    for (const t of threads) {
      if (t.container === undefined || seen.has(t.container)) continue
      seen.add(t.container)
      pods ||= podOf(cursor.at(state, t, undefined, batchNs(0))) !== undefined
    }
  return { containers: seen.size > 0, pods }
}
