// The kind of an open file, by its inode's mode and its kernel name; and the name that is shown for it.
import type { FdType } from './snapshot.js'

const S_IFMT = 0o170000
const S_IFSOCK = 0o140000
const S_IFDIR = 0o040000
const S_IFIFO = 0o010000

const ANONYMOUS: Readonly<Record<string, FdType>> = {
  '[eventpoll]': 'eventpoll',
  '[eventfd]': 'event',
  '[signalfd]': 'signalfd',
  '[timerfd]': 'timerfd',
  inotify: 'inotify',
  '[inotify]': 'inotify',
  '[pidfd]': 'pidfd',
  '[io_uring]': 'io_uring',
  '[userfaultfd]': 'userfaultfd',
  'bpf-map': 'bpf',
  'bpf-prog': 'bpf',
  bpf_link: 'bpf',
  'bpf-link': 'bpf',
}
const ANON_INODE = 'anon_inode:'
const MEMFD = '/memfd:'

/** Whether an inode's mode is that of a socket. */
export function isSocketMode(mode: number): boolean {
  return (mode & S_IFMT) === S_IFSOCK
}

/** name: a path, or `anon_inode:KIND`; sockets are distinguished by their family, elsewhere. */
export function kindOf(mode: number, name: string): FdType {
  switch (mode & S_IFMT) {
    case S_IFSOCK:
      return 'socket'
    case S_IFIFO:
      return 'pipe'
    case S_IFDIR:
      return 'directory'
  }
  if (name.startsWith(ANON_INODE)) return ANONYMOUS[name.slice(ANON_INODE.length).replace(/\.\d+\]$/, ']')] ?? 'other'
  if (name.startsWith(MEMFD)) return 'memfd'
  return name.startsWith('pidfd:') ? 'pidfd' : 'file'
}

/**
 * The displayed name of a descriptor of this kind: none for sockets and pipes without a path; for a memfd the name given at its
 * creation.
 */
export function nameOf(type: FdType, name: string): string {
  if (type === 'memfd') return name.slice(MEMFD.length).replace(/ \(deleted\)$/, '')
  if (type === 'socket' || (type === 'pipe' && (name === '/' || !name.startsWith('/')))) return ''
  return name
}
