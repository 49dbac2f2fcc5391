// The order in which things that name each other can be made: first those that are named. Nothing is called by itself, so that
// no length of a chain overflows the stack.

const MOST_CYCLES = 100

export interface Order<T> {
  /** each behind all that it names; those in cycles, and those that name these, are left out */
  readonly order: readonly T[]
  /** in each, one names the next and the last the first; of very many only some */
  readonly cycles: readonly (readonly T[])[]
}

/** Orders nodes by what each names; names(node) is asked once for each. */
export function inOrder<T>(nodes: Iterable<T>, names: (node: T) => Iterable<T>): Order<T> {
  const order: T[] = []
  const cycles: T[][] = []
  const state = new Map<T, 'open' | 'done' | 'bad'>()
  for (const start of nodes) {
    if (state.has(start)) continue
    const path: { node: T; rest: Iterator<T>; bad: boolean }[] = []
    const enter = (node: T) => {
      state.set(node, 'open')
      path.push({ node, rest: names(node)[Symbol.iterator](), bad: false })
    }
    enter(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next()
      if (next.done === true) {
        path.pop()
        state.set(top.node, top.bad ? 'bad' : 'done')
        if (!top.bad) order.push(top.node)
        else if (path.length > 0) (path.at(-1) as { bad: boolean }).bad = true
        continue
      }
      const known = state.get(next.value)
      if (known === undefined) enter(next.value)
      else if (known === 'bad') top.bad = true
      else if (known === 'open') {
        top.bad = true
        if (cycles.length >= MOST_CYCLES) continue
        const cycle = path.slice(path.findIndex((p) => p.node === next.value))
        cycles.push(cycle.map((p) => p.node))
      }
    }
  }
  return { order, cycles }
}
