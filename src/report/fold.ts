// Many files of one folder as one row, so that a page shows hundreds of files.

import type { FileRow } from './report.js'
import { MOST_NAMES } from './report.js'

/** Files that a folder may have before they become one row. */
const FEW = 4
/** Folders that are never one row: what lies in them has nothing in common. */
const TOO_HIGH =
  /^\/(|home|root|var|opt|srv|mnt|media|tmp|run|usr|etc|proc|sys|dev|var\/(lib|cache|log|tmp|spool)|home\/[^/]+|(root|home\/[^/]+)\/\.(config|cache|local|local\/share))$/

/** A file before folding. */
export interface Leaf {
  readonly path: string
  readonly by: readonly string[]
}

interface Folder {
  readonly path: string
  readonly folders: Map<string, Folder>
  readonly leaves: Leaf[]
  /** files in it and below */
  size: number
}

/** Rows for files: folders with more than a few files become one row. Sorted by path. */
export function folded(leaves: readonly Leaf[]): FileRow[] {
  const root = folderAt('')
  for (const leaf of leaves) place(root, leaf)
  const rows: FileRow[] = []
  addRows(root, rows)
  return rows.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

function folderAt(path: string): Folder {
  return { path, folders: new Map(), leaves: [], size: 0 }
}

function place(root: Folder, leaf: Leaf): void {
  const parts = leaf.path.split('/')
  let at = root
  at.size++
  // the first part is empty, the last one is the file
  for (let i = 1; i < parts.length - 1; i++) {
    const name = parts[i] as string
    let next = at.folders.get(name)
    if (next === undefined) {
      next = folderAt(`${at.path}/${name}`)
      at.folders.set(name, next)
    }
    next.size++
    at = next
  }
  at.leaves.push(leaf)
}

function addRows(folder: Folder, rows: FileRow[]): void {
  if (folder.size > FEW && !TOO_HIGH.test(folder.path === '' ? '/' : folder.path)) {
    rows.push(rowOf(folder))
    return
  }
  for (const { path, by } of folder.leaves) rows.push({ path, files: 1, by })
  for (const child of folder.folders.values()) addRows(child, rows)
}

/** One row for all files below a folder: that of the deepest folder that contains all of them. */
function rowOf(folder: Folder): FileRow {
  let at = folder
  while (at.leaves.length === 0 && at.folders.size === 1) at = at.folders.values().next().value as Folder
  return { path: `${at.path}/`, files: folder.size, by: namesBelow(folder) }
}

function namesBelow(folder: Folder): string[] {
  const names = new Set<string>()
  const visit = (f: Folder) => {
    for (const { by } of f.leaves) for (const name of by) if (names.size < MOST_NAMES) names.add(name)
    for (const child of f.folders.values()) visit(child)
  }
  visit(folder)
  return [...names]
}

/** Whether a row of folded files includes the path. */
export function includes(row: string, path: string): boolean {
  return row.endsWith('/') ? path.startsWith(row) : path === row
}
