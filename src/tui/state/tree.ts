// The process tree: rows below those that they descend from, with the lines that are drawn before their names.
import { sortRows } from '../rows.js'
import { type Page, page, type ShownRow, type UiState, type ViewResult } from './model.js'

export interface Tree {
  readonly rows: readonly ShownRow[]
  /** by row, what stands before its name */
  readonly branches: readonly string[]
}

interface Kept {
  readonly folded: Page['folded']
  readonly tree: Tree
}

const known = new WeakMap<ViewResult, Kept>()

/** Whether the page has a tree: its rows are processes or threads. */
export function hasTree(p: Page): boolean {
  const { table } = p.view
  const [key] = table?.groupBy ?? table?.keys ?? []
  return key === 'proc.pid' || key === 'thread.tid'
}

/** The present answer as a tree; undefined where it is shown as a list. Asked for at every frame, so it is kept. */
export function treeOn(s: UiState): Tree | undefined {
  const { result } = s
  const p = page(s)
  if (result === undefined || !p.tree || !hasTree(p)) return undefined
  const before = known.get(result)
  if (before?.folded === p.folded) return before.tree
  const tree = treeOf(result, p.folded)
  known.set(result, { folded: p.folded, tree })
  return tree
}

function treeOf({ rows, sort }: ViewResult, folded: ReadonlySet<string>): Tree {
  const ids = new Set(rows.map((r) => r.id))
  const below = new Map<string | undefined, ShownRow[]>()
  for (const r of rows) {
    const parent = r.parent !== undefined && ids.has(r.parent) ? r.parent : undefined
    const beside = below.get(parent)
    if (beside === undefined) below.set(parent, [r])
    else beside.push(r)
  }
  const shown: ShownRow[] = []
  const branches: string[] = []
  // what is still to be shown, the next one at the end: processes may be nested deeply
  const todo: { row: ShownRow; branch: string; indent: string }[] = []
  const push = (children: readonly ShownRow[] | undefined, indent: string, root: boolean) => {
    if (children === undefined) return
    const sorted = bySums(children, sort)
    for (let i = sorted.length - 1; i >= 0; i--) {
      const last = i === sorted.length - 1
      const [line, space] = root ? ['', ''] : last ? ['└─', '  '] : ['├─', '│ ']
      todo.push({ row: sorted[i] as ShownRow, branch: indent + line, indent: indent + space })
    }
  }
  push(below.get(undefined), '', true)
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { row, branch, indent } = next
    const children = below.get(row.id)
    const isFolded = children !== undefined && folded.has(row.id)
    shown.push(isFolded ? summedUp(row) : row)
    branches.push(isFolded ? `${branch}[+] ` : branch === '' ? '' : `${branch} `)
    if (!isFolded) push(children, indent, false)
  }
  return { rows: shown, branches }
}

/** Beside each other rows are in the order of what they are together with what is below them. */
function bySums(rows: readonly ShownRow[], sort: ViewResult['sort']): readonly ShownRow[] {
  if (sort === undefined || rows.length < 2 || rows.every((r) => r.subtree === undefined)) return rows
  const sums = rows.map((row) => ({ id: row.id, cells: row.subtree ?? row.cells, row }))
  return sortRows(sums, sort).map(({ row }) => row)
}

const sums = new WeakMap<ShownRow, ShownRow>()

/** A folded row, with the sums of all that it hides; the same object for the same row, which is not drawn again. */
function summedUp(row: ShownRow): ShownRow {
  if (row.subtree === undefined) return row
  const before = sums.get(row)
  if (before !== undefined) return before
  const folded = { ...row, cells: row.subtree }
  sums.set(row, folded)
  return folded
}
