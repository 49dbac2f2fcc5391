// proc.*: the descriptors of a process.
import type { Thread } from '../model/thread.js'
import { fdName } from '../state/fd-name.js'
import { threadField } from './proc.js'

const standard = (n: number, word: string) => ({
  [`proc.${word}.type`]: threadField('string', `Kind of what descriptor ${n} (${word}) is.`, (t) => fd(t, n)?.type),
  [`proc.${word}.name`]: threadField(
    'string',
    `Name of what descriptor ${n} (${word}) is.`,
    (t) => {
      const f = fd(t, n)
      return f === undefined ? undefined : fdName(f)
    },
    { cost: 16 },
  ),
})

/** RLIM_INFINITY, and the limits that a Number cannot distinguish from it. */
const UNLIMITED = 2 ** 63

/** Any process may change the limits of another one. */
const limit = { needs: ['everybody'] } as const

const fd = (t: Thread, n: number) => t.fdTable.fds.get(n)
const open = (t: Thread): number => t.fdTable.fds.size

export const fields = {
  'proc.fdopencount': threadField('uint64', 'Number of open descriptors.', open),
  'proc.fdlimit': threadField(
    'int64',
    'Maximum number of open descriptors of the process; -1 if there is no limit.',
    (t) => (t.leader.fdLimit < 0 ? undefined : t.leader.fdLimit < UNLIMITED ? t.leader.fdLimit : -1),
    { ...limit },
  ),
  'proc.fdusage': threadField(
    'double',
    'Open descriptors as a percentage of the limit.',
    (t) => (t.leader.fdLimit > 0 ? (100 * open(t)) / t.leader.fdLimit : undefined),
    limit,
  ),
  ...standard(0, 'stdin'),
  ...standard(1, 'stdout'),
  ...standard(2, 'stderr'),
}
