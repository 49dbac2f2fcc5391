// The process tree: rows below their parents, and the tree lines drawn before their names.

import { GLYPHS } from '../../model/glyphs.js'
import { type Page, page, type ShownRow, type UiState, type ViewResult } from '../model/model.js'
import { sortRows } from '../rows.js'

export interface Tree {
  readonly rows: readonly ShownRow[]
  /** by row, the tree lines before its name */
  readonly branches: readonly string[]
}

interface FoldedTree {
  readonly folded: Page['folded']
  readonly tree: Tree
}

const known = new WeakMap<ViewResult, FoldedTree>()

/** Whether the page can show a tree: its rows are processes or threads. */
export function hasTree(p: Page): boolean {
  const { table } = p.view
  const [key] = table?.groupBy ?? table?.keys ?? []
  return key === 'proc.pid' || key === 'thread.tid'
}

/** The present result as a tree; undefined if it is shown as a list. Cached, since it is called for every frame. */
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
  // rows still to be shown, the next one last; a stack instead of recursion, since processes may be deeply nested
  const todo: { row: ShownRow; branch: string; indent: string }[] = []
  const push = (children: readonly ShownRow[] | undefined, indent: string, root: boolean) => {
    if (children === undefined) return
    const sorted = bySums(children, sort)
    for (let i = sorted.length - 1; i >= 0; i--) {
      const last = i === sorted.length - 1
      const [line, space] = root ? ['', ''] : last ? [GLYPHS.lastChild, '  '] : [GLYPHS.child, GLYPHS.beside]
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

/** Siblings are sorted by their values aggregated with all descendants. */
function bySums(rows: readonly ShownRow[], sort: ViewResult['sort']): readonly ShownRow[] {
  if (sort === undefined || rows.length < 2 || rows.every((r) => r.subtree === undefined)) return rows
  const sums = rows.map((row) => ({ id: row.id, cells: row.subtree ?? row.cells, row }))
  return sortRows(sums, sort).map(({ row }) => row)
}

const sums = new WeakMap<ShownRow, ShownRow>()

/**
 * A folded row, with the aggregates of its descendants; the same object for the same row, so that it is not drawn
 * again.
 */
function summedUp(row: ShownRow): ShownRow {
  if (row.subtree === undefined) return row
  const before = sums.get(row)
  if (before !== undefined) return before
  const folded = { ...row, cells: row.subtree }
  sums.set(row, folded)
  return folded
}
