// Owner and permissions of the files that ksys writes.

/** Owner and permission bits of a file; undefined members were not specified. */
export interface Belonging {
  readonly uid?: number | undefined
  readonly gid?: number | undefined
  readonly mode?: number | undefined
}

/** permission bits of files for which none were specified */
export const PRIVATE = 0o600
