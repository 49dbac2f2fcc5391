// Topological order of definitions that name each other: dependencies come first. The walk is iterative, so that long chains do not
// overflow the stack.

const MOST_CYCLES = 100

interface Order<T> {
  /** each node after all that it names, without nodes in cycles and nodes that depend on these */
  readonly order: readonly T[]
  /** in each cycle, a node names the next one, and the last the first; at most MOST_CYCLES */
  readonly cycles: readonly (readonly T[])[]
}

/** Orders nodes by what each names; names(node) is called once per node. */
export function inOrder<T>(nodes: Iterable<T>, names: (node: T) => Iterable<T>): Order<T> {
  const walk = new Walk(names)
  for (const node of nodes) walk.from(node)
  return walk
}

interface Step<T> {
  readonly node: T
  readonly rest: Iterator<T>
  /** it is in a cycle, or depends on one */
  bad: boolean
}

class Walk<T> implements Order<T> {
  readonly order: T[] = []
  readonly cycles: T[][] = []
  private readonly state = new Map<T, 'open' | 'done' | 'bad'>()
  /** path of the walk: each node names the next */
  private readonly path: Step<T>[] = []

  constructor(private readonly names: (node: T) => Iterable<T>) {}

  from(start: T): void {
    if (this.state.has(start)) return
    this.enter(start)
    for (let top = this.path.at(-1); top !== undefined; top = this.path.at(-1)) {
      const next = top.rest.next()
      if (next.done === true) this.leave(top)
      else this.look(next.value, top)
    }
  }

  private enter(node: T): void {
    this.state.set(node, 'open')
    this.path.push({ node, rest: this.names(node)[Symbol.iterator](), bad: false })
  }

  private leave(top: Step<T>): void {
    this.path.pop()
    this.state.set(top.node, top.bad ? 'bad' : 'done')
    const before = this.path.at(-1)
    if (!top.bad) this.order.push(top.node)
    else if (before !== undefined) before.bad = true
  }

  private look(node: T, top: Step<T>): void {
    const state = this.state.get(node)
    if (state === undefined) this.enter(node)
    else if (state !== 'done') top.bad = true
    if (state !== 'open' || this.cycles.length >= MOST_CYCLES) return
    const cycle = this.path.slice(this.path.findIndex((p) => p.node === node))
    this.cycles.push(cycle.map((p) => p.node))
  }
}
