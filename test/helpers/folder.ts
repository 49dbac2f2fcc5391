// Temporary folders of test files.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Folders of this worker that still exist; a worker without isolation evaluates this module for each of its files. */
const FOLDERS = Symbol.for('ksys.test-folders')
const known = globalThis as { [FOLDERS]?: Set<string> }

function foldersOfWorker(): Set<string> {
  if (known[FOLDERS] !== undefined) return known[FOLDERS]
  const folders = new Set<string>()
  process.once('exit', () => {
    for (const folder of folders) remove(folder)
  })
  known[FOLDERS] = folders
  return folders
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * A folder that is removed after the tests of the file or block that calls this, and at the end of the worker: no hook runs if all of
 * these tests are skipped.
 */
export function folderFor(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `ksys-${name}-`))
  const folders = foldersOfWorker()
  folders.add(folder)
  afterAll(() => {
    remove(folder)
    folders.delete(folder)
  })
  return folder
}
