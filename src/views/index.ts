// All views: every file of this folder declares one, except those of FRAME.
import { declaredIn } from '../model/declared-in.js'
import type { View } from './define.js'

/** Files of this folder that declare no view. */
export const FRAME: ReadonlySet<string> = new Set(['columns', 'define', 'index'])
/** first in the list of views; others follow by name */
const FIRST = ['procs', 'procs_cpu', 'threads']

/** Joined modules contain these files (src/setup/chunks.ts). */
const FOLDER = new URL('./', import.meta.url)

/** The views in menu order. */
export async function loadViews(): Promise<readonly View[]> {
  const views = await declaredIn<View>(FOLDER, FRAME)
  const rank = (v: View) => (FIRST.includes(v.id) ? FIRST.indexOf(v.id) : FIRST.length)
  return views.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

/** The views that may be opened for a selection by `field` (WHOLE_MACHINE for none). */
export function viewsFor(views: readonly View[], field: string): View[] {
  return views.filter((v) => v.appliesTo.includes(field))
}
