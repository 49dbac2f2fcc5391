// The settings file: its path, how it is read safely and replaced atomically.
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { isTrusted } from '../../source/folder-owner.js'
import { openRegular } from '../../source/rotation-files.js'
import { NONE, parseSettings, type Settings, settingsText } from './settings.js'

/** Maximum size in bytes of a file that is read. */
const LARGEST = 1 << 20
const OTHERS_WRITE = 0o022
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** The settings read, and a message if they could not be read. */
interface LoadedSettings {
  readonly settings: Settings
  readonly note?: string
}

export class SettingsFile {
  /** why the file could not be read: the user has to fix it, so it is not replaced */
  private refused: string | undefined

  private constructor(readonly path: string) {}

  /** The file of this user: `ksys/ui.json` below $XDG_CONFIG_HOME, or below ~/.config. */
  static of(env: Readonly<Record<string, string | undefined>>): SettingsFile {
    const folder = env.XDG_CONFIG_HOME ?? ''
    return new SettingsFile(join(isAbsolute(folder) ? folder : join(homedir(), '.config'), 'ksys', 'ui.json'))
  }

  /** The settings in the file; none, with a note, if it cannot be trusted or read. */
  read(): LoadedSettings {
    try {
      return { settings: parseSettings(settingsContent(this.path)) }
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') return { settings: NONE }
      this.refused = `settings are neither used nor saved: ${this.path}: ${(e as Error).message}`
      return { settings: NONE, note: this.refused }
    }
  }

  /** Replaces the file atomically; returns why it could not. */
  write(settings: Settings): string | undefined {
    if (this.refused !== undefined) return this.refused
    const { path } = this
    const folder = dirname(path)
    const next = join(folder, `.ui.json.${process.pid}`)
    try {
      refuseWay(folder)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      refuseOthers(folder, statSync(folder))
      const there = lstatSync(path, { throwIfNoEntry: false })
      if (there !== undefined && !there.isFile()) throw new Error('it is not a regular file')
      rmSync(next, { force: true })
      const fd = openSync(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
      try {
        writeFileSync(fd, settingsText(settings))
        if (there !== undefined) fchmodSync(fd, there.mode & 0o644)
      } finally {
        closeSync(fd)
      }
      renameSync(next, path)
      return undefined
    } catch (e) {
      return `settings are not saved: ${path}: ${(e as Error).message}`
    }
  }
}

function settingsContent(path: string): string {
  const fd = openRegular(path)
  try {
    const stat = fstatSync(fd)
    refuseOthers('it', stat)
    if (stat.size > LARGEST) throw new Error('it is too large')
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

/**
 * Creates nothing below a folder or link of another user, who could redirect it: with sudo, HOME may be that of the
 * invoking user.
 */
function refuseWay(folder: string): void {
  for (let at = folder; ; at = dirname(at)) {
    const stat = lstatSync(at, { throwIfNoEntry: false })
    if (stat !== undefined && !isTrusted(stat.uid)) throw new Error(`${at} belongs to another user`)
    if (dirname(at) === at) return
  }
}

/** A file or folder that others can write is neither read nor written. */
function refuseOthers(what: string, { uid, mode }: { readonly uid: number; readonly mode: number }): void {
  const own = process.geteuid?.() ?? 0
  if (uid !== own) throw new Error(`${what} belongs to another user`)
  if ((mode & OTHERS_WRITE) !== 0) throw new Error(`others may write to ${what}`)
}
