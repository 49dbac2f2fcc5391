// Which files rules are read from, and their texts: files that are named, and those of folders that are named.
import { closeSync, constants, fstatSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ownUser } from '../../model/own-user.js'
import { trustedFile, trustedOwners, UntrustedError } from '../../model/trusted-file.js'
import { doSync, readUpTo } from '../../source/foreign/steps.js'
import { MOST } from './limits.js'
import type { RulesText } from './load.js'

/** standard input */
const STDIN = '-'
const { O_NOCTTY, O_NONBLOCK, O_RDONLY } = constants

export interface ReadOptions {
  /** refuse files that others than this user and root can change; on by default where root reads */
  readonly trustedOnly?: boolean
}

/** The texts of files; of a folder those that end in .yaml or .yml, by name. Nothing is thrown: what cannot be read says why. */
export function readRulesFiles(paths: readonly string[], options: ReadOptions = {}): RulesText[] {
  return paths
    .flatMap((path) => filesIn(path))
    .map((file) => ('unreadable' in file ? file : readTextFile(file.name, options.trustedOnly)))
}

/** The files that a path names, itself or those in it. */
export function filesIn(path: string): ({ name: string } | { name: string; unreadable: string })[] {
  if (path === STDIN) return [{ name: path }]
  try {
    if (!statSync(path).isDirectory()) return [{ name: path }]
    const names = readdirSync(path).filter((name) => /^[^.].*\.ya?ml$/.test(name))
    if (names.length > MOST.files)
      return [{ name: path, unreadable: `${names.length} files are in it; the most are ${MOST.files}` }]
    return names.sort().map((name) => ({ name: join(path, name) }))
  } catch (e) {
    return [{ name: path, unreadable: why(e) }]
  }
}

/** The text of a file (- is standard input), or why it is not read. trustedOnly: as in ReadOptions. */
export function readTextFile(name: string, trustedOnly = ownUser === 0): RulesText {
  try {
    const path = trustedOnly && name !== STDIN ? trustedFile(name, trustedOwners()) : name
    return {
      name,
      text: readAll(name === STDIN ? 0 : openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY), name === STDIN),
    }
  } catch (e) {
    return { name, unreadable: why(e) }
  }
}

/** All that a descriptor has to read, as text; it is closed. */
function readAll(fd: number, isStdin: boolean): string {
  try {
    if (!isStdin && !fstatSync(fd).isFile()) throw new Error('it is no file')
    const bytes = doSync(readUpTo(fd, 0, MOST.fileBytes))
    if (bytes === undefined) throw new Error(`it is larger than ${MOST.fileBytes >> 20} megabytes`)
    return bytes.toString('utf8').replace(/^\ufeff/, '')
  } finally {
    if (!isStdin) closeSync(fd)
  }
}

/** Why a file is not read, in a sentence. */
function why(e: unknown): string {
  const { code, message } = e as NodeJS.ErrnoException
  if (e instanceof UntrustedError) return `it is not taken, as others could change what root watches for: ${message}`
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it'
  if (code === 'ELOOP') return 'its symbolic links lead in a circle'
  return message.replace(/^[A-Z]+: /, '')
}
