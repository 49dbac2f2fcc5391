// Checks that an unpacked folder has exactly the content of the executable, and that only this user can change it.
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { type PackedFile, sha256 } from './manifest.js'

const OTHERS_WRITE = 0o022

/** Whether the limit of open files was reached, which says nothing about the folder. */
export function isOutOfFiles(e: unknown): boolean {
  const { code } = e as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE'
}

/**
 * Compares every file. Additional files, and entries that are not regular files, make the folder invalid. Throws only if too many files
 * are open.
 */
export function isIntact(folder: string, files: readonly PackedFile[], uid: number): boolean {
  try {
    return sameTree(folder, new Map(files.map((f) => [f.path, f])), uid)
  } catch (e) {
    if (isOutOfFiles(e)) throw e
    // a file is missing or cannot be read
    return false
  }
}

function sameTree(folder: string, files: ReadonlyMap<string, PackedFile>, uid: number): boolean {
  const folders = ['']
  let seen = 0
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    const dir = join(folder, at)
    const stat = lstatSync(dir)
    if (!stat.isDirectory() || !isOwn(stat, uid)) return false
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else if (sameFile(join(folder, path), files.get(path), uid)) seen++
      else return false
    }
  }
  return seen === files.size
}

function sameFile(path: string, file: PackedFile | undefined, uid: number): boolean {
  if (file === undefined) return false
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile() || !isOwn(stat, uid) || stat.size !== file.size) return false
    const bytes = Buffer.allocUnsafe(file.size)
    let read = 0
    while (read < file.size) {
      const n = readSync(fd, bytes, read, file.size - read, null)
      if (n === 0) return false
      read += n
    }
    return sha256(bytes) === file.sha256
  } finally {
    closeSync(fd)
  }
}

function isOwn(stat: Stats, uid: number): boolean {
  return stat.uid === uid && (stat.mode & OTHERS_WRITE) === 0
}
