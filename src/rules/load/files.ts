// Finds and reads rules files: the named files, and the files in named folders.
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

interface ReadOptions {
  /** reject files that users other than this one and root can change; default: true for root */
  readonly trustedOnly?: boolean
}

/** The texts of files; for a folder, of its .yaml and .yml files in order of name. Never throws: an unreadable file has the reason. */
export function readRulesFiles(paths: readonly string[], options: ReadOptions = {}): RulesText[] {
  return paths
    .flatMap((path) => filesIn(path))
    .map((file) => ('unreadable' in file ? file : readTextFile(file.name, options.trustedOnly)))
}

/** The file at a path, or the files in the folder there. */
export function filesIn(path: string): ({ name: string } | { name: string; unreadable: string })[] {
  if (path === STDIN) return [{ name: path }]
  try {
    if (!statSync(path).isDirectory()) return [{ name: path }]
    const names = readdirSync(path).filter((name) => /^[^.].*\.ya?ml$/.test(name))
    if (names.length > MOST.files)
      return [{ name: path, unreadable: `it contains ${names.length} files; the maximum is ${MOST.files}` }]
    return names.sort().map((name) => ({ name: join(path, name) }))
  } catch (e) {
    return [{ name: path, unreadable: why(e) }]
  }
}

/** The text of a file (- is standard input), or why it cannot be read. trustedOnly: as in ReadOptions. */
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

/** Reads a descriptor to its end, as text, and closes it. */
function readAll(fd: number, isStdin: boolean): string {
  try {
    if (!isStdin && !fstatSync(fd).isFile()) throw new Error('it is not a regular file')
    const bytes = doSync(readUpTo(fd, 0, MOST.fileBytes))
    if (bytes === undefined) throw new Error(`it is larger than ${MOST.fileBytes >> 20} megabytes`)
    return bytes.toString('utf8').replace(/^\ufeff/, '')
  } finally {
    if (!isStdin) closeSync(fd)
  }
}

/** Why a file is not read, as a clause. */
function why(e: unknown): string {
  const { code, message } = e as NodeJS.ErrnoException
  if (e instanceof UntrustedError) return `it is rejected, as other users could change what root monitors: ${message}`
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it'
  if (code === 'ELOOP') return 'its symbolic links form a loop'
  return message.replace(/^[A-Z]+: /, '')
}
