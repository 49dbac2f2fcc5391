// Which part of the file system a path belongs to.

/** Folders whose files belong to the system: reading them is what every program does. */
const SYSTEM =
  /^\/(usr|lib|lib32|lib64|libx32|bin|sbin|etc|proc|sys|dev|boot|nix\/store|gnu\/store|snap)(\/|$)|^\/(var\/)?run\/(systemd|nscd|utmp)(\/|$)|^\/var\/cache\/(fontconfig|ldconfig)\//
const TEMPORARY = /^\/(tmp|var\/tmp|dev\/shm|run\/user\/\d+|run\/shm)(\/|$)/
/** Devices that discard, repeat or show what is written to them. */
const HARMLESS = /^\/dev\/(null|zero|full|tty|random|urandom|std(in|out|err)|fd\/|pts\/|ptmx|console)/

export type Place = 'system' | 'temporary' | 'harmless' | 'other'

/** The place of an absolute path. */
export function placeOf(path: string): Place {
  if (TEMPORARY.test(path)) return 'temporary'
  if (HARMLESS.test(path)) return 'harmless'
  return SYSTEM.test(path) ? 'system' : 'other'
}

/** The path relative to the working folder, as `./NAME`; the absolute path if it lies elsewhere. */
export function shownPath(path: string, folder: string | undefined): string {
  if (folder === undefined || !isInside(path, folder)) return path
  return path === folder ? '.' : `.${path.slice(folder.length)}`
}

/** Whether the path is the folder or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path.charCodeAt(folder.length) === SLASH)
}

const SLASH = 47
