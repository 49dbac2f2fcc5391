// The place where tests create cgroups.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const LIMITS = ['memory.limit_in_bytes', 'cgroup.controllers']

/** The root of the hierarchy that limits memory; undefined if it is not visible. */
export const memoryCgroups = ['/sys/fs/cgroup/memory', '/sys/fs/cgroup'].find((d) =>
  LIMITS.some((f) => existsSync(join(d, f))),
)
