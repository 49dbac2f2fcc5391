// Where tests make cgroups.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const LIMITS = ['memory.limit_in_bytes', 'cgroup.controllers']

/** The top of the hierarchy that limits memory; undefined where it cannot be seen. */
export const memoryCgroups = ['/sys/fs/cgroup/memory', '/sys/fs/cgroup'].find((d) =>
  LIMITS.some((f) => existsSync(join(d, f))),
)
